"""How many state files become one: entries, order, refusals, the new document."""
