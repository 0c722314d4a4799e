"""What a checkout makes of blobs: line ends, encodings and `$Id$`, decided by the .gitattributes files of the tree alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from migrate.errors import BadInput
from migrate.model.paths import RepoPath
from migrate.system.process import run

_ATTRIBUTES = ("eol", "ident", "working-tree-encoding")
"""With git's own defaults (no core.autocrlf, no core.eol; LF is native) no other attribute changes bytes on checkout."""

_TIMEOUT = 300.0


def convert(top: Path, files: Sequence[RepoPath]) -> None:
    """Rewrite those of `files` below `top` whose attributes ask for it, by git's own hands.

    BadInput if git refuses (an unknown encoding). Without a .gitattributes nothing is run.
    """
    if not any(path.name == ".gitattributes" for path in files):
        return
    with TemporaryDirectory(dir=top.parent) as folder:
        git = _Git(top, Path(folder))
        affected = git.affected(files)
        if affected:
            git.check_out(affected)


class _Git:
    """git with an empty repository beside the files and without the configuration of machine and user."""

    def __init__(self, top: Path, folder: Path) -> None:
        self._top = top
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_DIR": str(folder / "git"),
            "GIT_WORK_TREE": str(top),
            "LC_ALL": "C",
        }
        self._call("init", "--quiet", "--template=", "--initial-branch=main")

    def affected(self, files: Iterable[RepoPath]) -> list[str]:
        """Which files have an attribute that changes their bytes."""
        listing = b"".join(os.fsencode(path) + b"\0" for path in files)
        fields = self._call("check-attr", "-z", "--stdin", *_ATTRIBUTES, stdin=listing).split(b"\0")
        triples = zip(fields[0::3], fields[1::3], fields[2::3], strict=False)
        return sorted({os.fsdecode(path) for path, name, value in triples if _matters(name, value)})

    def check_out(self, files: Sequence[str]) -> None:
        """Put the files into an index as they are, and let git check them out again."""
        listing = b"".join(os.fsencode(self._top / path) + b"\n" for path in files if "\n" not in path)
        names = [path for path in files if "\n" not in path]
        ids = self._call("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listing).split()
        rows = b"".join(
            b"100%s %s\t%s\0" % (b"755" if os.access(self._top / path, os.X_OK) else b"644", oid, os.fsencode(path))
            for path, oid in zip(names, ids, strict=True)
        )
        self._call("update-index", "-z", "--index-info", stdin=rows)
        self._call("checkout-index", "--force", "--all", "--quiet")

    def _call(self, *arguments: str, stdin: bytes = b"") -> bytes:
        outcome = run(["git", *arguments], folder=self._top, environment=self._environment, timeout=_TIMEOUT, stdin=stdin)
        if not outcome.ok:
            reason = outcome.stderr.decode(errors="replace").strip().replace(str(self._top) + "/", "")
            raise BadInput(f"git can't check out the tree: {reason}")
        return outcome.stdout


def _matters(name: bytes, value: bytes) -> bool:
    if name == b"eol":
        return value == b"crlf"
    return value not in (b"unspecified", b"unset")
