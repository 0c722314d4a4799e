"""What `undo` did, as JSON."""

from __future__ import annotations

from migrate.model.json_text import json_text
from migrate.model.undone import Undone

SCHEMA = "migrate/undo/1"


def undo_json(undone: Undone) -> str:
    """The branch, its commits before and after, what became of files that no commit holds, and who else holds the commits."""
    document = {
        "schema": SCHEMA,
        "branch": undone.branch,
        "taken": undone.taken,
        "tip": undone.tip,
        "start": undone.start,
        "made": undone.made,
        "checkout": undone.checkout,
        "movedBack": undone.carried.along,
        "left": undone.carried.left,
        "remotes": undone.remotes,
        "merged": undone.merged,
    }
    return json_text(document, indent=1) + "\n"
