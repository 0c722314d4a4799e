"""Image lists that a repository keeps, against what is rendered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from migrate.images.spelling import repository_of, whole
from migrate.model.images import ListComparison


def read_list(text: str) -> tuple[frozenset[str], tuple[int, ...]]:
    """The whole names in a list of one image a line, and the numbers of lines that hold none; `#` begins a comment."""
    names: set[str] = set()
    unread: list[int] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        word = line.split("#", 1)[0].strip()
        if word and not (name := whole(word)):
            unread.append(number)
        elif word:
            names.add(name)
    return frozenset(names), tuple(unread)


def compare(lists: Mapping[str, str], rendered: Collection[str]) -> tuple[tuple[str, ...], tuple[ListComparison, ...]]:
    """What no list has under any tag, and for each list what nothing renders and what it has with other tags only."""
    read = {path: read_list(text) for path, text in sorted(lists.items())}
    listed = frozenset(name for names, _ in read.values() for name in names)
    absent = sorted(frozenset(rendered) - listed)
    known = {repository_of(name) for name in listed}
    missing = tuple(name for name in absent if repository_of(name) not in known)
    return missing, tuple(_compared(path, names, unread, absent, rendered) for path, (names, unread) in read.items())


def _compared(
    path: str, names: frozenset[str], unread: tuple[int, ...], absent: Sequence[str], rendered: Collection[str]
) -> ListComparison:
    by_repository: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        by_repository[repository_of(name)].append(name)
    other = tuple((name, tuple(by_repository[repository_of(name)])) for name in absent if repository_of(name) in by_repository)
    surplus = tuple(sorted(names - frozenset(rendered)))
    return ListComparison(path, len(names), surplus, other, unread)
