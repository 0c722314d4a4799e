"""Inventory, Plan and Proof as text and JSON."""
