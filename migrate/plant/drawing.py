"""How places are drawn: in turns over charts and files, so that a large chart does not get all faults."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import TypeVar

from migrate.model.facts import CellId
from migrate.model.paths import RepoPath
from migrate.model.planted import Fault
from migrate.plant.ground import Ground

T = TypeVar("T")

GIVEN = frozenset(("inputs_equal", "renders_equal", "deploys_equal"))
"""Claims of which one has to see that helm is given, or makes, something else."""
DEPLOYED = frozenset(("deploys_equal", "inputs_equal"))
"""Claims of which one has to see that a release is deployed in another way."""
FILES = frozenset(("bytes_kept", "every_file_has_a_verdict"))
"""Claims of which one has to see a file that nothing renders."""


def turns(iterators: Iterable[Iterator[T]]) -> Iterator[T]:
    """One of each iterator, then the next of each, until all are at their end."""
    queue = deque(iterators)
    while queue:
        first = queue.popleft()
        for item in first:
            yield item
            queue.append(first)
            break


def shuffled(items: Iterable[T], rng: Random) -> list[T]:
    """The items in an order that the seed decides."""
    found = list(items)
    rng.shuffle(found)
    return found


Places = Callable[[RepoPath, str], Iterable[Fault]]
"""The faults that a file with this text has places for, in the order in which they are to be drawn."""


def in_files(ground: Ground, files: Iterable[RepoPath], rng: Random, places: Places) -> Iterator[Fault]:
    """The faults of all files in turns."""

    def of(path: RepoPath) -> Iterator[Fault]:
        text = ground.text(path)
        yield from places(path, text) if text is not None else ()

    return turns([of(path) for path in shuffled(files, rng)])


def in_charts(
    ground: Ground, rng: Random, wanted: Callable[[str], bool], places: Callable[[tuple[CellId, ...]], Places]
) -> Iterator[Fault]:
    """The faults of the files of all rendered charts, chart by chart in turns. `wanted` judges a path inside its chart."""

    def of(folder: str, cells: tuple[CellId, ...]) -> Iterator[Fault]:
        files = [path for path in ground.chart_files(folder) if wanted(path.relative_to(folder))]
        return in_files(ground, files, rng, places(cells))

    return turns([of(folder, cells) for folder, cells in shuffled(ground.charts.items(), rng)])


def edited(  # noqa: PLR0913 -- a fault is made of this much; all but the first four by keyword
    ground: Ground,
    kind: str,
    path: RepoPath,
    content: str,
    *,
    line: int,
    wording: str,
    expected: frozenset[str],
    cells: tuple[CellId, ...] = (),
    environments: Sequence[str] = (),
) -> Fault:
    """A fault that gives one file another text. `line` counts from 0; -1 stands for the whole file."""
    put = {path: (ground.case.new.entries[path].mode, content.encode())}
    return Fault(kind, path, line + 1, wording, expected, put, frozenset(), cells, tuple(environments))


def dropped(  # noqa: PLR0913 -- as above
    kind: str,
    path: RepoPath,
    *,
    wording: str,
    expected: frozenset[str],
    cells: tuple[CellId, ...] = (),
    environments: Sequence[str] = (),
) -> Fault:
    """A fault that takes a file away."""
    return Fault(kind, path, 0, wording, expected, {}, frozenset((path,)), cells, tuple(environments))
