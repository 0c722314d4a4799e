"""What lies in a folder of a tree, however its name sorts among others."""

from __future__ import annotations

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree

PARTS = st.text("a-./0~ é\udcff", min_size=1, max_size=3).map(lambda text: text.strip("./") or "x")
PATHS = st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=12)


@given(PATHS, PATHS)
def test_a_folder_holds_what_begins_with_its_name_and_a_slash(texts: list[str], folders: list[str]) -> None:
    paths = [RepoPath(text) for text in dict.fromkeys(texts) if all(part not in ("", ".", "..") for part in text.split("/"))]
    tree = Tree("0" * 40, MappingProxyType({path: Entry(Mode.FILE, "0" * 40) for path in paths}), dict[str, bytes]().__getitem__)
    for folder in (*folders, *(path.folder for path in paths), *paths, ""):
        below = tuple(sorted(path for path in paths if path.is_below(folder)))
        assert tree.below(folder) == below
        assert tree.is_folder(folder) == bool(below)


def test_files_with_other_contents_stay_in_their_order_and_a_new_or_dropped_one_is_sorted_in() -> None:
    empty = Tree("0" * 40, MappingProxyType({}), dict[str, bytes]().__getitem__)
    tree = empty.changed({RepoPath(path): (Mode.FILE, path.encode()) for path in ("c", "a", "b/x")})
    assert list(tree) == ["a", "b/x", "c"]
    again = tree.changed({RepoPath("c"): (Mode.EXECUTABLE, b"new"), RepoPath("a"): (Mode.FILE, b"a")})
    assert list(again) == ["a", "b/x", "c"]
    assert (again.read("c"), again.entries[RepoPath("c")].mode, tree.read("c")) == (b"new", Mode.EXECUTABLE, b"c")
    assert list(again.changed({RepoPath("b"): (Mode.FILE, b"")}, frozenset({RepoPath("b/x"), RepoPath("gone")}))) == [
        "a",
        "b",
        "c",
    ]
