"""A second look at a tree reads only the files in which the first one found something, and finds the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Event, Timer
from time import sleep
from typing import Any

import pytest

from migrate import references
from migrate.flatten.mentions import respelt
from migrate.model.paths import RepoPath
from migrate.model.references import Reference
from migrate.model.tree import Mode, Tree
from migrate.references.finding import Found
from migrate.references.moves import Moves
from migrate.references.readings import Readings
from migrate.references.remembered import reading_ahead
from tests.references.scripts import tree as tree_of

MOVES = Moves(
    {RepoPath("environments/dev/values.yaml"): RepoPath("helmfile/environments/dev/values.yaml")},
    frozenset({RepoPath("helmfile.yaml")}),
    RepoPath("helmfile.yaml"),
    RepoPath("helmfile/helmfile.yaml"),
    frozenset({RepoPath("environments/dev/values.yaml"), RepoPath("helmfile.yaml")}),
)
FILES = {
    "show.sh": "cat environments/dev/values.yaml\n",
    "read.sh": '#!/bin/bash\nwhile read -r e f; do cat "$f"; done <<< "dev environments/dev/values.yaml"\n',
    "quiet.sh": "echo the environments are elsewhere\n",
}


@dataclass
class Kept:
    """A memory in a dictionary."""

    values: dict[str, Any] = field(default_factory=dict)

    def recall(self, key: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        return self.values.get(key)

    def keep(self, key: str, value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
        self.values[key] = value


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that finders read, as they are read."""
    seen: list[str] = []
    plainly = references._read

    def noted(tree: Tree, path: RepoPath) -> Iterator[Found]:
        seen.append(str(path))
        return plainly(tree, path)

    monkeypatch.setattr(references, "_READINGS", Readings(noted))
    return seen


def test_a_second_look_finds_the_same_and_leaves_out_the_files_without_any(read: list[str]) -> None:
    memory = Kept()
    first = respelt(tree_of(FILES), MOVES, (), memory)
    assert "quiet.sh" in read
    read.clear()
    assert respelt(tree_of(FILES), MOVES, (), memory) == first == respelt(tree_of(FILES), MOVES, ())
    assert [rewrite.target for rewrite in first[0]] == ["show.sh"]
    assert [(found.slug, found.path) for found in first[1]] == [("reference-not-rewritten", "read.sh")]
    read.clear()
    respelt(tree_of(FILES), MOVES, (), memory)
    assert "quiet.sh" not in read
    assert "show.sh" in read


def test_no_text_and_no_name_is_remembered() -> None:
    memory = Kept()
    respelt(tree_of(FILES), MOVES, ({"name": "web", "token": "s3cr3t"},), memory)
    assert "sh" not in repr(memory.values.values())
    assert "s3cr3t" not in repr(memory.values)


@pytest.mark.parametrize(
    "change",
    [
        lambda tree, moves: (tree.changed({RepoPath("quiet.sh"): (Mode.EXECUTABLE, FILES["show.sh"].encode())}), moves),
        lambda tree, moves: (tree.changed({RepoPath("a.sh"): (Mode.FILE, FILES["show.sh"].encode())}), moves),
        lambda tree, moves: (tree, replace(moves, files={**moves.files, RepoPath("the/x"): RepoPath("helmfile/x")})),
    ],
    ids=["another content", "another file", "other moves"],
)
def test_another_tree_or_other_moves_are_looked_at_anew(read: list[str], change: Any) -> None:  # noqa: ANN401  # a lambda
    memory = Kept()
    respelt(tree_of(FILES), MOVES, (), memory)
    read.clear()
    tree, moves = change(tree_of(FILES), MOVES)
    assert respelt(tree, moves, (), memory) == respelt(tree, moves, ())
    assert "quiet.sh" in read


def test_a_file_that_was_absent_is_looked_at_once_it_is_there() -> None:
    memory, whole = Kept(), tree_of(FILES)
    lost = whole.entries[RepoPath("show.sh")].oid
    partial = Tree(whole.commit, whole.entries, whole.reader, {oid: data for oid, data in whole.fresh.items() if oid != lost})
    assert respelt(partial, MOVES, (), memory)[0] == ()
    assert [rewrite.target for rewrite in respelt(whole, MOVES, (), memory)[0]] == ["show.sh"]


@pytest.mark.parametrize("damaged", [["x"], [10_000], [-1], {"a": 1}, None], ids=str)
def test_a_memory_of_another_shape_is_as_if_it_were_empty(damaged: object) -> None:
    memory = Kept()
    expected = respelt(tree_of(FILES), MOVES, (), memory)
    memory.values = dict.fromkeys(memory.values, damaged)
    assert respelt(tree_of(FILES), MOVES, (), memory) == expected


def test_what_a_proof_asks_of_both_trees_is_read_ahead(read: list[str]) -> None:
    files = {**FILES, "deploy.sh": "helmfile -e dev sync\n"}
    old, new = tree_of(files), tree_of({**files, "show.sh": "cat helmfile/environments/dev/values.yaml\n"})
    assert set(references.read_ahead(old, new, MOVES)) == {"deploy.sh", "show.sh"}
    read.clear()
    found = [path for path, _ in references.find_all(old, MOVES)]
    for path in (*found, *(path for path, _ in references.command_lines(old, MOVES))):
        references.commands_in(new, path)
        references.find_in(new, path, MOVES)
    assert not read


def test_what_a_second_look_will_read_is_read_ahead(read: list[str]) -> None:
    memory = Kept()
    respelt(tree_of(FILES), MOVES, (), memory)
    tree = tree_of(FILES)
    read.clear()
    with reading_ahead(tree, memory):
        wait_until(lambda: "show.sh" in read)
    list(references.find_all(tree, MOVES))
    assert read.count("show.sh") == 1


def test_reading_ahead_ends_with_the_block(read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    memory, block_ended = Kept(), Event()
    files = {**FILES, "too.sh": FILES["show.sh"]}
    respelt(tree_of(files), MOVES, (), memory)
    read.clear()
    plainly = references._read

    def held(tree: Tree, path: RepoPath) -> Iterator[Found]:
        read.append(str(path))
        block_ended.wait(10)
        return plainly(tree, path)

    monkeypatch.setattr(references, "_READINGS", Readings(held))
    with reading_ahead(tree_of(files), memory):
        wait_until(lambda: bool(read))
        Timer(0.2, block_ended.set).start()
    assert len(read) == 1


def test_nothing_is_read_ahead_of_a_tree_that_nobody_looked_at(read: list[str]) -> None:
    memory = Kept()
    respelt(tree_of(FILES), MOVES, (), memory)
    read.clear()
    for tree, known in ((tree_of({**FILES, "more.sh": "true\n"}), memory), (tree_of(FILES), None), (tree_of(FILES), Kept())):
        with reading_ahead(tree, known):
            pass
    assert not read


def wait_until(condition: Callable[[], bool]) -> None:
    """At most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        sleep(0.01)
    pytest.fail("nothing came of it")


def test_a_tree_that_was_looked_at_as_a_whole_is_not_looked_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tree, seen, plainly = tree_of(FILES), list[str](), references.find_in

    def noted(tree: Tree, path: RepoPath, moves: Moves) -> tuple[Reference, ...]:
        seen.append(str(path))
        return plainly(tree, path, moves)

    monkeypatch.setattr(references, "find_in", noted)
    next(references.find_all(tree, MOVES))  # not to its end
    first = list(references.find_all(tree, MOVES))
    assert set(seen) == set(FILES)
    seen.clear()
    assert list(references.find_all(tree, MOVES)) == first
    assert set(seen) == {path for path, _ in first} < set(FILES)
    list(references.find_all(tree, replace(MOVES, files={**MOVES.files, RepoPath("the/x"): RepoPath("helmfile/x")})))
    assert set(seen) == set(FILES)
    seen.clear()
    list(references.find_all(tree_of(FILES), MOVES))
    assert set(seen) == set(FILES)


def test_a_file_that_was_absent_in_one_look_is_looked_at_in_the_next() -> None:
    whole, blobs = tree_of(FILES), dict[str, bytes]()
    tree = Tree(whole.commit, whole.entries, blobs.__getitem__)
    assert list(references.find_all(tree, MOVES)) == []
    blobs.update(whole.fresh)
    assert [path for path, _ in references.find_all(tree, MOVES)] == [path for path, _ in references.find_all(whole, MOVES)] != []
