"""The outside world as the pure rooms see it. `system/` implements these; only the command line hands them in."""

from migrate.ports.factory import ChartSource, Overlays, Progress, SideFactory
from migrate.ports.memory import Memory
from migrate.ports.repository import NewCommit, PastCommit, Repository
from migrate.ports.side import COMMANDS, Side

__all__ = [
    "COMMANDS",
    "ChartSource",
    "Memory",
    "NewCommit",
    "Overlays",
    "PastCommit",
    "Progress",
    "Repository",
    "Side",
    "SideFactory",
]
