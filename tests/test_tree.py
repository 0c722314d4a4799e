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
