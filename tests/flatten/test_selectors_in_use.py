"""A second look for selectors reads only the files in which the first one found some, and finds the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.analyzers.selectors import uses_of_selectors
from migrate.flatten.selectors_in_use import selectors_in_use
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from tests.references.scripts import tree as tree_of
from tests.references.test_remembered import Kept

COMMAND = "helmfile -e dev -l app=web sync\n"
FILES = {"deploy.sh": COMMAND, "quiet.sh": "echo helmfile\n", "README.md": "Run `helmfile -l tier=web list`.\n"}


def noting(tree: Tree, read: list[str]) -> Tree:
    """The same tree, which notes the ids of the blobs that are read."""
    contents = dict(tree.fresh)

    def reader(oid: str) -> bytes:
        read.append(oid)
        return contents[oid]

    return replace(tree, reader=reader, fresh={})


def test_only_the_files_with_selectors_are_read_again() -> None:
    tree, memory, read = tree_of(FILES), Kept(), list[str]()
    first = selectors_in_use(noting(tree, read), memory)
    assert {use.path for use in first} == {"deploy.sh", "README.md"}
    assert len(set(read)) == 3
    read.clear()
    assert selectors_in_use(noting(tree, read), memory) == first == uses_of_selectors(tree)
    assert set(read) == {tree.entries[RepoPath(path)].oid for path in ("deploy.sh", "README.md")}


@pytest.mark.parametrize("path", ["quiet.sh", "new.sh"])
def test_another_tree_is_looked_at_anew(path: str) -> None:
    memory, tree = Kept(), tree_of(FILES)
    selectors_in_use(tree, memory)
    changed = tree.changed({RepoPath(path): (Mode.EXECUTABLE, COMMAND.encode())})
    assert path in {use.path for use in selectors_in_use(changed, memory)}


def test_a_file_that_was_absent_is_looked_at_once_it_is_there() -> None:
    memory, whole = Kept(), tree_of(FILES)
    lost = whole.entries[RepoPath("deploy.sh")].oid
    partial = replace(whole, fresh={oid: data for oid, data in whole.fresh.items() if oid != lost})
    assert {use.path for use in selectors_in_use(partial, memory)} == {"README.md"}
    assert {use.path for use in selectors_in_use(whole, memory)} == {"deploy.sh", "README.md"}


def test_no_text_is_remembered() -> None:
    memory = Kept()
    selectors_in_use(tree_of({"deploy.sh": "helmfile -l token=s3cr3t sync\n"}), memory)
    assert memory.values
    assert "s3cr3t" not in repr(memory.values)
    assert "deploy" not in repr(memory.values)
