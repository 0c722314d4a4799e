"""What `undo` did."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.carried import Carried

REMOTE = "refs/remotes/"


@dataclass(frozen=True, slots=True)
class Undone:
    """The branch was at `taken`, and is now at `tip` (None: it is gone).

    `start` is the first parent of the apply's first commit: the branch's commit before, or the base if the apply `made` the
    branch, which stays there if it is checked out. `checkout` is the folder that followed. `carried` are files that no commit
    holds: back at their old places, or left. `holders` are the full names of the other branches that hold `taken`.
    """

    branch: str
    taken: str
    tip: str | None
    start: str
    made: bool
    checkout: str | None
    carried: Carried
    holders: tuple[str, ...]

    @property
    def remotes(self) -> tuple[str, ...]:
        """The remotes that have the branch with what was taken back; a forced push would take it back there."""
        ends = f"/{self.branch}"
        return tuple(n.removeprefix(REMOTE).removesuffix(ends) for n in self.holders if n.startswith(REMOTE) and n.endswith(ends))

    @property
    def merged(self) -> tuple[str, ...]:
        """The other branches that hold it, named as git does."""
        own = {f"{REMOTE}{remote}/{self.branch}" for remote in self.remotes}
        return tuple(n.removeprefix("refs/heads/").removeprefix(REMOTE) for n in self.holders if n not in own)
