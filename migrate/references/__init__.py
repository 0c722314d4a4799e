"""Everything that points at a piece that moves: which texts name it, and how to respell them.

A finder a kind of file yields mentions; `respell` and `commands` say what each means by the `Moves`; `groups` settles what is
rewritten together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Mention, Reference
from migrate.model.tree import Mode, Tree
from migrate.references.commands import command_reference
from migrate.references.finding import Finder
from migrate.references.groups import settled
from migrate.references.moves import Moves
from migrate.references.respell import reference
from migrate.references.snippet import Snippet

FINDERS: tuple[Finder, ...] = ()
"""The kinds of files, the first that reads a file is asked."""

HEAD = 200
"""So many bytes decide of what kind a file is."""


def find_in(tree: Tree, path: RepoPath, moves: Moves) -> tuple[Reference, ...]:
    """The references of one file to what moves. UnreadableSource if its syntax can't be followed."""
    data = tree.read(path)
    finder = next((finder for finder in FINDERS if finder.reads(path, data[:HEAD])), None)
    if finder is None:
        return ()
    found: list[Reference] = []
    untouched: list[Mention] = []
    for item in finder.find(tree, Snippet.whole(path, data)):
        meant = command_reference(item, moves) if isinstance(item, CommandLine) else reference(item, moves)
        if meant is not None:
            found.append(meant)
        elif isinstance(item, Mention):
            untouched.append(item)
    return settled(_distinct(found), untouched)


def _distinct(references: Sequence[Reference]) -> list[Reference]:
    """A script is read once for each way through it, so the same reference may be found again."""
    return sorted(dict.fromkeys(references), key=lambda found: (found.origin.line, found.target))


def find_all(tree: Tree, moves: Moves) -> Iterator[tuple[RepoPath, tuple[Reference, ...] | UnreadableSource]]:
    """Each file of the tree with its references; files that move themselves, and those that are absent, are left out."""
    for path, entry in tree.entries.items():
        if entry.mode not in (Mode.FILE, Mode.EXECUTABLE) or moves.concerns(path):
            continue
        try:
            found = find_in(tree, path, moves)
        except KeyError:
            continue  # its blob is not in this clone
        except UnreadableSource as error:
            yield path, error
            continue
        if found:
            yield path, found
