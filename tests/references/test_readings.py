"""Each file of a tree is read once for all who ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references.finding import Found
from migrate.references.readings import KEPT, Readings
from tests.references.scripts import tree

FILE = RepoPath("deploy.sh")


class Asked:
    """Counts how often a file is read; one without bytes can't be followed."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, tree: Tree, path: RepoPath) -> Iterator[Found]:
        self.times += 1
        if not tree.read(path):
            raise UnreadableSource("it is empty", path=path)
        yield from ()


def test_a_file_is_read_once() -> None:
    asked, one = Asked(), tree({FILE: b"a"})
    readings = Readings(asked)
    assert [readings.of(one, FILE) for _ in range(3)] == [(), (), ()]
    assert asked.times == 1


def test_what_cannot_be_followed_is_said_each_time() -> None:
    asked, one = Asked(), tree({FILE: b""})
    readings = Readings(asked)
    for _ in range(2):
        with pytest.raises(UnreadableSource, match="it is empty"):
            readings.of(one, FILE)
    assert asked.times == 1


def test_an_equal_tree_is_another_one() -> None:
    asked = Asked()
    readings = Readings(asked)
    for _ in range(2):
        readings.of(tree({FILE: b"a"}), FILE)
    assert asked.times == 2


def test_the_tree_that_was_asked_for_longest_ago_is_forgotten() -> None:
    asked, trees = Asked(), [tree({FILE: b"a"}) for _ in range(KEPT + 1)]
    readings = Readings(asked)
    for one in (*trees, trees[-1], trees[0]):
        readings.of(one, FILE)
    assert asked.times == len(trees) + 1
