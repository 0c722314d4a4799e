"""How the last apply of a branch is taken back: what `apply` writes at the end of its last commit's message.

The branch is named because other branches come to hold the same commit: by a fast-forward, by `git branch other feature`, and a
squash on a Git host joins the messages of all commits. The tree is named because an amended commit keeps its message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BRANCH = "Migrate-Branch"
BEFORE = "Migrate-Before"
TREE = "Migrate-Tree"
NONE = "none"

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class WayBack:
    """The branch that an apply wrote, the commit that it had before (None: there was no such branch), and the tree it got."""

    branch: str
    before: str | None
    tree: str = ""
    """the id of the tree of the commit that holds this, as git names it"""

    def trailers(self, tree: str) -> str:
        """Three lines of a trailer block, for the last commit of an apply, which has this tree."""
        return f"{BRANCH}: {self.branch}\n{BEFORE}: {self.before or NONE}\n{TREE}: {tree}"

    @classmethod
    def of(cls, message: str) -> WayBack | None:
        """What a commit message says; None if it says nothing, or not clearly."""
        found = trailers_of(message)
        if any(len(found.get(key, ())) != 1 for key in (BRANCH, BEFORE, TREE)):
            return None
        before = found[BEFORE][0]
        if before != NONE and not _ID.fullmatch(before):
            return None
        return cls(found[BRANCH][0], None if before == NONE else before, found[TREE][0])


def trailers_of(message: str) -> dict[str, list[str]]:
    """Key -> values of the trailers in the last paragraph of a commit message."""
    last = message.rstrip("\n").replace("\r\n", "\n").rpartition("\n\n")[2]
    pairs = (line.partition(": ") for line in last.split("\n"))
    found: dict[str, list[str]] = {}
    for key, colon, value in pairs:
        if colon:
            found.setdefault(key, []).append(value.strip())
    return found
