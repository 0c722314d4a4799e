"""Values only: what the rest of the house passes around. Standard library only, no effects."""
