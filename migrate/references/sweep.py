"""The last finder: it looks through every text that no other one reads, and only tells."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.loose_calls import loose_calls
from migrate.references.snippet import Snippet
from migrate.references.tokens import loose

MAX_BYTES = 8_000_000
BINARY = 8_000
"""A NUL in so many bytes makes a file binary, as for git."""


class Sweep:
    """Every file. Its mentions are never rewritten."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """Whether it may be text."""
        return b"\0" not in head

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:  # noqa: ARG002  # the shape of a finder
        """Each word with a slash, read from the file's own folder or the top. UnreadableSource for more than 8 MB."""
        if b"\0" in snippet.text[:BINARY]:
            return
        path = snippet.file
        if len(snippet.text) > MAX_BYTES:
            raise UnreadableSource(f"{path}: too large to be looked through for paths ({len(snippet.text)} bytes)", path=path)
        doubt = f"a {_named(path)} file is only looked through: its syntax is not known here"
        yield from loose(snippet, Place(_folders(path)), "text", doubt)
        yield from loose_calls(snippet, _folders(path), "text", doubt)


def _folders(path: RepoPath) -> tuple[str, ...]:
    return (path.folder, "") if path.folder else ("",)


def _named(path: RepoPath) -> str:
    """What people call such a file: by the end of its name, or the name."""
    _, dot, end = path.name.rpartition(".")
    return f".{end}" if dot and end else path.name


SWEEP = Sweep()
"""The finder for all other texts."""
