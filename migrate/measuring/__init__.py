"""What the tools say of two commits, gathered for the claims: they judge it, and ask nothing more."""

from migrate.measuring.gather import LATER, MODERN, gather, gather_from

__all__ = ["LATER", "MODERN", "gather", "gather_from"]
