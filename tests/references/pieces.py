"""A small legacy repository and its moves, for the finders; and what finding and splicing makes of one file of it."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Mention, Reference
from migrate.model.tree import Mode, Tree
from migrate.references.commands import command_reference
from migrate.references.finding import Finder
from migrate.references.groups import edits_of, settled
from migrate.references.moves import Moves
from migrate.references.respell import reference
from migrate.references.snippet import Snippet
from tests.references.test_respell import MOVES, PRESENT

__all__ = ["MOVES", "after", "found", "outcome", "tree_of"]


def tree_of(**files: bytes | str) -> Tree:
    """The legacy tree with these files as well."""
    put = {RepoPath(name): (Mode.FILE, b"") for name in PRESENT}
    for name, content in files.items():
        put[RepoPath(name)] = (Mode.FILE, content.encode() if isinstance(content, str) else content)
    return Tree("0" * 40, MappingProxyType({}), _absent).changed(put)


def _absent(oid: str) -> bytes:
    raise KeyError(oid)


def found(finder: Finder, path: str, content: bytes | str, moves: Moves = MOVES) -> tuple[Reference, ...]:
    """What `migrate.references.find_in` gives for one file, with one finder."""
    data = content.encode() if isinstance(content, str) else content
    assert finder.reads(RepoPath(path), data[:200])
    meant: list[Reference] = []
    rest: list[Mention] = []
    for item in finder.find(tree_of(**{path: data}), Snippet.whole(RepoPath(path), data)):
        one = command_reference(item, moves) if isinstance(item, CommandLine) else reference(item, moves)
        if one is not None:
            meant.append(one)
        elif isinstance(item, Mention):
            rest.append(item)
    ordered = sorted(dict.fromkeys(meant), key=lambda item: (item.origin.line, item.target))
    return settled(ordered, rest)


def after(finder: Finder, path: str, content: str) -> str:
    """The file with all edits made."""
    edits = edits_of(found(finder, path, content)).get(RepoPath(path), ())
    return splice(content.encode(), edits).decode()


def outcome(references: Sequence[Reference]) -> list[tuple[int, str, str]]:
    """Line, target and certainty of each."""
    return [(item.origin.line, item.target, str(item.certainty)) for item in references]
