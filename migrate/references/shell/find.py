"""`find`: besides the paths among its words, what it comes upon when it starts above the pieces (GNU findutils manual, 2).

A start at the top counts folders from there (`-maxdepth`), and state files that it collects by their name become one. A mere
listing is none of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise

from migrate.model.paths import RepoPath
from migrate.model.references import TOP, Mention, Piece
from migrate.model.tree import Tree
from migrate.references.shell.argument import Argument
from migrate.references.shell.helmfile import handed_on
from migrate.references.shell.paths import paths
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import under

DEEP = "how deep `find` looks decides whether it comes upon this"
COLLECTED = "`find` collects files of this name, and there will be one"
_NAMES, _PATHS = ("-name", "-iname"), ("-path", "-wholename", "-ipath", "-iwholename")


def find(words: list[Argument], state: State, reading: Reading) -> None:
    """Note the paths among the words, and the first file of each folder that is come upon from the top."""
    paths("find", words, state, reading)
    handed_on(words, state, reading)
    texts = [word.plain or "" for word in words[1:]]
    limit = next((following for word, following in pairwise(texts) if word == "-maxdepth" and following.isdigit()), "")
    named = any("helmfile" in text for text in _values(texts, _NAMES))
    sought = limit and _values(texts, _NAMES + _PATHS)
    if not (sought or named) or not _from_top(words, state):
        return
    line = reading.line(words[0].node)
    for path in _firsts(_met(texts, int(limit or 0), reading)):
        doubt = DEEP if limit else COLLECTED
        pieces = (Piece(f"{TOP}/{path}"),)
        reading.add(Mention(reading.snippet.file, line, pieces, ("",), "shell", doubt=doubt, group=reading.place.group))


def _values(texts: list[str], options: tuple[str, ...]) -> list[str]:
    """What follows these options, without those that are denied."""
    before = ("", *texts)
    return [
        following
        for denied, (word, following) in zip(before, pairwise(texts), strict=False)
        if word in options and denied not in ("!", "-not")
    ]


def _from_top(words: list[Argument], state: State) -> bool:
    """Whether it starts at the top: at `.` there, or where nothing is said."""
    starts = []
    for word in words[1:]:
        if (word.plain or "x").startswith(("-", "(", "!")) and word.plain not in ("-L", "-P", "-H"):
            break
        starts += [value for value in word.values if word.plain not in ("-L", "-P", "-H")]
    found = [folder for cwd in state.cwd for start in starts for folder in under(cwd, start).folders()]
    return "" in (found if starts else [folder for cwd in state.cwd for folder in cwd.folders() or ("",)])


def _met(texts: list[str], limit: int, reading: Reading) -> Iterator[RepoPath]:
    names, whole = _values(texts, _NAMES), _values(texts, _PATHS)
    for path in _all_of(reading.tree) if limit else reading.tree:
        if limit and path.count("/") >= limit:
            continue
        if all(fnmatchcase(path.name, name) for name in names) and all(fnmatchcase(f"./{path}", one) for one in whole):
            yield path


def _all_of(tree: Tree) -> set[RepoPath]:
    """All files and folders."""
    found: set[RepoPath] = set()
    for path in tree:
        head: str = path
        while head and head not in found:
            found.add(RepoPath(head))
            head = head.rpartition("/")[0]
    return found


def _firsts(found: Iterator[RepoPath]) -> Iterator[RepoPath]:
    seen: set[str] = set()
    for path in sorted(found):
        first = path.partition("/")[0]
        if first not in seen:
            seen.add(first)
            yield path
