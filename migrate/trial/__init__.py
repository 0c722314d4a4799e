"""Tries a proof on planted faults: each one alone in a copy of the new tree, looked at only where it can show."""

from migrate.trial.run import AttributesOf, try_faults

__all__ = ["AttributesOf", "try_faults"]
