"""A legacy tree whose pieces move, and a script in it that is followed and rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Reference
from migrate.model.tree import Mode, Tree
from migrate.references import find_in
from migrate.references.groups import edits_of
from tests.references.test_respell import MOVES


def tree(files: Mapping[str, str | bytes]) -> Tree:
    """A tree of texts; scripts can be executed."""
    empty = Tree("0" * 40, MappingProxyType({}), dict[str, bytes]().__getitem__)
    put = {RepoPath(path): (Mode.EXECUTABLE, text.encode() if isinstance(text, str) else text) for path, text in files.items()}
    return empty.changed(put)


def references(text: str | bytes, path: str = "scripts/deploy.sh", **others: str) -> tuple[Reference, ...]:
    """What a file names of what moves. `others` are files beside it, by their names without `.sh`."""
    beside = {f"scripts/{name}.sh": other for name, other in others.items()}
    return find_in(tree({path: text, **beside}), RepoPath(path), MOVES)


def rewritten(text: str, path: str = "scripts/deploy.sh", **others: str) -> str:
    """The file as it is afterwards."""
    edits = edits_of(references(text, path, **others)).get(RepoPath(path), ())
    return splice(text.encode(), edits).decode()


def told(text: str, path: str = "scripts/deploy.sh", **others: str) -> list[tuple[int, str]]:
    """Line and reason of what is only reported."""
    return [(found.origin.line, found.reason) for found in references(text, path, **others) if not found.edits and found.reason]
