"""The object database: reading by one long-lived process, asking what is there, writing blobs in bulk."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from git.cmd import Git

from migrate.errors import GitFailed
from migrate.system.git.plumbing import Plumbing

SMALL = 1 << 18
"""bytes of the largest object that is remembered: a tree and the tree that it becomes hold the same ones"""
ROOM = 1 << 25
"""bytes of all that are remembered"""


class ObjectReader:
    """Object id -> bytes, by one `git cat-file --batch` that starts with the first question."""

    def __init__(self, plumbing: Plumbing) -> None:
        self._plumbing = plumbing
        self._process: Git.AutoInterrupt | None = None
        self._turn = threading.Lock()
        self._known: dict[str, bytes] = {}
        self._room = ROOM

    def read(self, oid: str) -> bytes:
        """The bytes of an object, unfiltered. KeyError if it is not here (partial clone); nothing is ever fetched."""
        if (known := self._known.get(oid)) is not None:
            return known
        content = self._ask(oid)
        if len(content) <= min(SMALL, self._room):
            self._room -= len(content)
            self._known[oid] = content
        return content

    def _ask(self, oid: str) -> bytes:
        with self._turn:
            if self._process is None:
                self._process = self._plumbing.start("cat-file", "--batch")
            process = self._process
            process.stdin.write(oid.encode() + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
            if not header:
                self._buried(oid)
            if header[-1] == b"missing":
                raise KeyError(oid)
            content: bytes = process.stdout.read(int(header[2]))
            process.stdout.read(1)
            return content

    def _buried(self, oid: str) -> None:
        """The process died: in a partial clone, git before 2.39.4 does where it may not fetch."""
        process, self._process = self._process, None
        _, err = process.communicate() if process else (b"", b"")
        if b"promisor" in err or b"not allowed" in err:
            raise KeyError(oid)
        raise GitFailed(f"git cat-file failed: {err.decode(errors='replace').strip()}")


def absent(plumbing: Plumbing, oids: Iterable[str]) -> frozenset[str]:
    """Which of the objects are not in the database."""
    wanted = sorted(set(oids))
    if not wanted:
        return frozenset()
    asked = "".join(f"{oid}\n" for oid in wanted).encode()
    answer = plumbing.run("cat-file", "--batch-check=%(objectname)", stdin=asked)
    if answer.code:
        return frozenset(wanted) - _all_objects(plumbing)
    return frozenset(line.split()[0].decode() for line in answer.out.splitlines() if line.endswith(b" missing"))


def _all_objects(plumbing: Plumbing) -> frozenset[str]:
    """The slow way, for partial clones with git before 2.39.4: there it asks for a fetch, and dies as it may not."""
    listed = plumbing.ask("cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch-check=%(objectname)")
    return frozenset(listed.decode().split())


def write_blobs(plumbing: Plumbing, blobs: Mapping[str, bytes]) -> None:
    """Store blobs under the ids given. Contents go through a pipe: nothing of them ever lies in a temporary file."""
    missing = absent(plumbing, blobs)
    if not missing:
        return
    commands = (b"blob\ndata %d\n%s\n" % (len(blobs[oid]), blobs[oid]) for oid in sorted(missing))
    plumbing.ask("fast-import", "--quiet", stdin=b"".join(commands))
    if lost := absent(plumbing, missing):
        raise GitFailed(f"git stored {len(lost)} blobs under other ids than expected")
