"""Everything that points at a piece that moves: which texts name it, and how to respell them.

A finder a kind of file yields mentions; `respell` and `commands` say what each means by the `Moves`; `groups` settles what is
rewritten together.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Mention, Reference
from migrate.model.tree import Mode, Tree
from migrate.references.ci.github import GITHUB
from migrate.references.ci.gitlab import GITLAB
from migrate.references.commands import command_reference
from migrate.references.dockerfile import DOCKERFILE
from migrate.references.finding import Finder, Found
from migrate.references.groups import settled
from migrate.references.ignore_files import IGNORE_FILES
from migrate.references.jenkins import JENKINSFILE
from migrate.references.makefile import MAKEFILE
from migrate.references.markdown import MARKDOWN, PLAIN_DOCUMENT
from migrate.references.moves import Moves
from migrate.references.python import PYTHON
from migrate.references.readings import Readings
from migrate.references.respell import reference
from migrate.references.settings_files import SETTINGS_FILES
from migrate.references.shell import SHELL
from migrate.references.snippet import Snippet
from migrate.references.sweep import SWEEP

FINDERS: tuple[Finder, ...] = (
    GITHUB,
    GITLAB,
    MAKEFILE,
    DOCKERFILE,
    JENKINSFILE,
    IGNORE_FILES,
    SETTINGS_FILES,
    SHELL,
    PYTHON,
    MARKDOWN,
    PLAIN_DOCUMENT,
    SWEEP,
)
"""The kinds of files, the first that reads a file is asked."""

_SOURCES = re.compile(rb"(?m)^\s*(?:\.|source)\s+\S")
HEAD = 200
"""So many bytes decide of what kind a file is."""


def find_in(tree: Tree, path: RepoPath, moves: Moves) -> tuple[Reference, ...]:
    """The references of one file to what moves. UnreadableSource if its syntax can't be followed."""
    data = tree.read(path)
    if not moves.may_be_named(path, data, slash=_finder(path, data) is SWEEP) and not _may_mean(data):
        return ()
    found: list[Reference] = []
    untouched: list[Mention] = []
    for item in _READINGS.of(tree, path):
        meant = command_reference(item, moves) if isinstance(item, CommandLine) else reference(item, moves)
        if meant is not None:
            found.append(meant)
        elif isinstance(item, Mention):
            untouched.append(item)
    return settled(_distinct(found), untouched)


def _may_mean(data: bytes) -> bool:
    """A script that sources another one may mean what stands there, and `find` comes upon pieces that nobody names."""
    return b" -maxdepth " in data or bool(_SOURCES.search(data))


def _read(tree: Tree, path: RepoPath) -> Iterator[Found]:
    data = tree.read(path)
    finder = _finder(path, data)
    try:
        yield from () if finder is None else finder.find(tree, Snippet.whole(path, data))
    except RecursionError:
        raise UnreadableSource(f"{path}: it is nested too deeply", path=path) from None


_READINGS = Readings(_read)


def _finder(path: RepoPath, data: bytes) -> Finder | None:
    return next((finder for finder in FINDERS if finder.reads(path, data[:HEAD])), None)


def commands_in(tree: Tree, path: RepoPath) -> tuple[CommandLine, ...]:
    """The calls of helmfile in one file, in order, each once; none if it is not there or can't be read."""
    try:
        if b"helmfile" not in tree.read(path).lower():  # `$HELMFILE` may call it as well
            return ()
        found = {item.words: item for item in _READINGS.of(tree, path) if isinstance(item, CommandLine)}
    except (KeyError, UnreadableSource):
        return ()
    return tuple(sorted(found.values(), key=lambda item: item.words[0].start))


def command_lines(tree: Tree, moves: Moves) -> Iterator[tuple[RepoPath, tuple[CommandLine, ...]]]:
    """Each file that calls helmfile, with its calls; files that move themselves are left out."""
    for path in _readable(tree, moves):
        found = commands_in(tree, path)
        if found:
            yield path, found


def read_ahead(old: Tree, new: Tree, moves: Moves) -> Iterator[RepoPath]:
    """Read the files that a proof of these trees will ask for, so that it finds them read. Yields each one's path."""
    for path, _ in command_lines(old, moves):
        commands_in(new, path)
        yield path
    for path, _ in find_all(old, moves):
        with suppress(KeyError, UnreadableSource):
            find_in(new, path, moves)
        yield path


def read_through(tree: Tree, paths: Iterable[RepoPath]) -> Iterator[RepoPath]:
    """Read the files of a tree whose references will be asked for. Yields each one's path."""
    for path in paths:
        with suppress(KeyError, UnreadableSource):
            _READINGS.of(tree, path)
        yield path


def _readable(tree: Tree, moves: Moves, among: Iterable[RepoPath] | None = None) -> Iterator[RepoPath]:
    for path in tree if among is None else among:
        if tree.entries[path].mode in (Mode.FILE, Mode.EXECUTABLE) and not moves.concerns(path):
            yield path


def _distinct(references: Sequence[Reference]) -> list[Reference]:
    """A script is read once for each way through it, so the same reference may be found again."""
    return sorted(dict.fromkeys(references), key=lambda found: (found.origin.line, found.target))


def find_all(
    tree: Tree, moves: Moves, among: Iterable[RepoPath] | None = None
) -> Iterator[tuple[RepoPath, tuple[Reference, ...] | UnreadableSource]]:
    """Each file of the tree with its references; files that move themselves, and those that are absent, are left out.

    `among` are the files in which there is anything to be found, if that is known: of the last trees that were looked at
    from one end to the other, told apart by identity, it is.
    """
    known = among if among is not None else next((met for t, m, met in tuple(_LOOKS) if t is tree and m == moves), None)
    met = []
    for path in _readable(tree, moves, known):
        try:
            found: tuple[Reference, ...] | UnreadableSource = find_in(tree, path, moves)
        except KeyError:
            met.append(path)
            continue  # its blob is not in this clone
        except UnreadableSource as error:
            found = error
        if found:
            met.append(path)
            yield path, found
    if known is None:
        _LOOKS.append((tree, moves, tuple(met)))


_LOOKS: deque[tuple[Tree, Moves, tuple[RepoPath, ...]]] = deque(maxlen=2)
"""Trees that were looked at as a whole, and the files in which something was found, or that were absent."""
