"""Who changed what before: commits with their author, day and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.ports import PastCommit
from migrate.system.git.plumbing import Plumbing

_FORMAT = "--format=%x01%an%x02%as%x02"


def past_commits(plumbing: Plumbing, commit: str, places: Sequence[str]) -> Iterator[PastCommit]:
    """The commits without merges that touch one of the files or folders, newest first, each with all files that it touches.

    Renames are not looked for, so no blob is read. A shallow clone tells as far as it goes.
    """
    if not places:
        return
    out = plumbing.ask("log", "-z", "--no-merges", "--no-renames", "--full-diff", "--name-only", _FORMAT, commit, "--", *places)
    for record in out.decode("utf-8", "surrogateescape").split("\x01")[1:]:
        author, day, names = record.split("\x02", 2)
        yield PastCommit(author, day, tuple(name.lstrip("\n") for name in names.split("\0") if name.strip("\n")))
