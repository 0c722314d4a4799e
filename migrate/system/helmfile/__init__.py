"""Asks the real helmfile and helm about a tree: `Sides` opens a tree as a `Side` (see migrate.ports)."""

from migrate.system.helmfile.side import HelmfileSide
from migrate.system.helmfile.sides import Sides

__all__ = ["HelmfileSide", "Sides"]
