"""Operations: each can be undone, they don't depend on their order, and they refuse what they were not made for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Copy, Create, Operation, Rewrite
from tests.system.trees import tree_of

A, B, C = RepoPath("a"), RepoPath("b"), RepoPath("c/d")


def content(tree: Tree) -> dict[str, tuple[Mode, bytes]]:
    return {path: (tree.entries[path].mode, tree.read(path)) for path in tree}


@st.composite
def rewrites(draw: st.DrawFn) -> tuple[bytes, Rewrite]:
    """A file and edits of it that don't overlap: at its beginning, its end, insertions and deletions, several at one place."""
    data = draw(st.binary(max_size=12))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    spans = [(start, end) for start, end in pairwise(cuts) if draw(st.booleans())]
    edits = [Edit(start, data[start:end], draw(st.binary(max_size=4))) for start, end in spans]
    return data, Rewrite(A, tuple(draw(st.permutations(edits))), "because", 1)


@given(rewrites())
def test_a_rewrite_is_undone_by_its_inverse(made: tuple[bytes, Rewrite]) -> None:
    data, operation = made
    tree = tree_of({"a": data, "b": "other"})
    assert content(operation.undo(operation.apply(tree))) == content(tree)


@given(rewrites())
def test_a_rewrite_touches_its_own_bytes_only(made: tuple[bytes, Rewrite]) -> None:
    data, operation = made
    new = operation.apply(tree_of({"a": data})).read("a")
    kept = len(data) - sum(len(edit.old) for edit in operation.edits)
    assert len(new) == kept + sum(len(edit.new) for edit in operation.edits)


def test_insertions_at_one_place_keep_their_order_and_can_be_undone() -> None:
    tree = tree_of({"a": "xy"})
    operation = Rewrite(A, (Edit(1, b"", b"zz"), Edit(1, b"", b"a"), Edit(1, b"y", b"")), "because", 1)
    new = operation.apply(tree)
    assert new.read("a") == b"xzza"
    assert content(operation.undo(new)) == content(tree)


@pytest.mark.parametrize(
    "edits",
    [
        (Edit(0, b"ab", b"x"), Edit(1, b"bc", b"y")),
        (Edit(0, b"abc", b"x"), Edit(1, b"", b"y")),
        (Edit(0, b"b", b"x"),),
        (Edit(2, b"cd", b"x"),),
        (Edit(3, b"d", b""),),
    ],
)
def test_edits_that_overlap_or_do_not_fit_are_refused(edits: tuple[Edit, ...]) -> None:
    with pytest.raises(ValueError, match=r"overlap|not those"):
        Rewrite(A, edits, "because", 1).apply(tree_of({"a": "abc"}))


def test_a_rewrite_keeps_the_mode() -> None:
    tree = tree_of({"a": ("x", Mode.EXECUTABLE)})
    assert Rewrite(A, (Edit(1, b"", b"y"),), "because", 1).apply(tree).entries[A].mode is Mode.EXECUTABLE


def test_a_copy_has_the_blob_and_the_mode_and_is_undone() -> None:
    tree = tree_of({"a": ("x", Mode.EXECUTABLE)})
    operation = Copy(A, C, "because", 1)
    new = operation.apply(tree)
    assert new.entries[C] == tree.entries[A]
    assert content(operation.undo(new)) == content(tree)


def test_a_file_is_created_with_its_mode_and_is_undone() -> None:
    tree = tree_of({"a": "x"})
    operation = Create(C, "한글\n", Mode.EXECUTABLE, "because", 1)
    new = operation.apply(tree)
    assert content(new)[C] == (Mode.EXECUTABLE, "한글\n".encode())
    assert content(operation.undo(new)) == content(tree)


@pytest.mark.parametrize(
    "operation", [Copy(B, C, "", 1), Copy(A, A, "", 1), Create(A, "x", Mode.FILE, "", 1), Rewrite(B, (), "", 1)]
)
def test_what_does_not_fit_the_tree_is_refused(operation: Operation) -> None:
    with pytest.raises(ValueError, match=r"missing|exists"):
        operation.apply(tree_of({"a": "x"}))


@pytest.mark.parametrize(
    "operation",
    [Copy(A, C, "", 1), Create(C, "x", Mode.EXECUTABLE, "", 1), Create(C, "y", Mode.FILE, "", 1)],
)
@pytest.mark.parametrize("now", [{"a": "x2"}, {"a": "y2", "c/d": "x"}])
def test_what_was_changed_since_is_not_undone(operation: Operation, now: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"changed|no longer"):
        operation.undo(tree_of(now))


def test_a_rewrite_of_what_was_changed_since_is_not_undone() -> None:
    operation = Rewrite(A, (Edit(0, b"x", b"y"),), "", 1)
    for now in ({"a": "z"}, {"b": "y"}):
        with pytest.raises(ValueError, match=r"not those|missing"):
            operation.undo(tree_of(now))


APART: tuple[Operation, ...] = (
    Copy(A, C, "", 1),
    Copy(B, RepoPath("e"), "", 1),
    Create(RepoPath("f"), "new", Mode.FILE, "", 1),
    Rewrite(RepoPath("g"), (Edit(0, b"g", b"h"),), "", 1),
)


@given(st.permutations(APART), st.permutations(APART))
def test_operations_on_different_files_may_be_applied_and_undone_in_any_order(
    there: list[Operation], back: list[Operation]
) -> None:
    tree = tree_of({"a": "1", "b": "2", "g": "g"})
    new = tree
    for operation in there:
        new = operation.apply(new)
    assert {path: data for path, (_, data) in content(new).items()} == {
        **{"a": b"1", "b": b"2", "g": b"h"},
        **{"c/d": b"1", "e": b"2", "f": b"new"},
    }
    for operation in back:
        new = operation.undo(new)
    assert content(new) == content(tree)


@pytest.mark.parametrize("operation", APART)
def test_an_operation_says_what_it_does(operation: Operation) -> None:
    assert operation.target in operation.describe()
    assert operation.describe().split()[0] in ("copy", "create", "edit")
