"""git, seen through GitPython: commits are read and written beside the checkout, and one compare-and-swap publishes them."""

import os

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

# The variable above must be set before GitPython is imported, or a machine without git fails at the import.
from migrate.system.git.blame import LineOrigin, LineOrigins
from migrate.system.git.discovery import open_repository
from migrate.system.git.repository import GitRepository

__all__ = ["GitRepository", "LineOrigin", "LineOrigins", "open_repository"]
