from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.merge import Kind, Merge, merge_trees
from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree
from tests.merge.trees import Content, files, tree

LONG = "".join(f"line {number}: some words\n" for number in range(10))


def merge(base: dict[str, Content], ours: dict[str, Content], theirs: dict[str, Content]) -> Merge:
    return merge_trees(tree(base), tree(ours), tree(theirs))


def kinds(merged: Merge) -> list[tuple[str, Kind]]:
    return [(str(conflict.path), conflict.kind) for conflict in merged.conflicts]


def test_each_side_is_told_from_the_other() -> None:
    base: dict[str, Content] = {"both": LONG, "gone": "x\n", "mine": "x\n", "other": "x\n", "same": "x\n", "still": "x\n"}
    ours: dict[str, Content] = {**base, "mine": "y\n", "both": LONG + "ours\n", "same": "z\n", "new": "n\n"}
    theirs: dict[str, Content] = {**base, "other": "y\n", "both": "theirs\n" + LONG, "same": "z\n", "fresh": "f\n"}
    del theirs["gone"]
    merged = merge(base, ours, theirs)
    assert not merged.conflicts
    assert files(merged.tree) == {
        "both": f"theirs\n{LONG}ours\n",
        "fresh": "f\n",
        "mine": "y\n",
        "new": "n\n",
        "other": "y\n",
        "same": "z\n",
        "still": "x\n",
    }
    assert merged.both == ("both",)
    assert merged.ours_only == ("mine", "new")
    assert merged.theirs_only == ("fresh", "gone", "other")


def test_blobs_that_exist_nowhere_yet_come_along_and_others_do_not() -> None:
    merged = merge({"a": "old\n", "b": "b\n"}, {"a": "old\n", "b": "mine\n"}, {"a": "new\n", "b": "b\n"})
    assert set(merged.tree.fresh.values()) == {b"new\n", b"mine\n"}
    assert merged.tree.commit == "0" * 40


def test_a_conflict_that_people_solved_leaves_their_lines_and_takes_the_others_of_theirs() -> None:
    base: dict[str, Content] = {"a": LONG, "b": LONG}
    ours: dict[str, Content] = {"a": LONG.replace("line 1", "mine and other 1"), "b": LONG.replace("line 1", "mine")}
    theirs: dict[str, Content] = {
        "a": (Mode.EXECUTABLE, LONG.replace("line 1", "other 1").replace("line 8", "other 8")),
        "b": LONG.replace("line 1", "other"),
    }
    merged = merge_trees(tree(base), tree(ours), tree(theirs), solved=[RepoPath("a"), RepoPath("c")])
    assert kinds(merged) == [("b", Kind.BOTH_CHANGED)]
    assert files(merged.tree)["a"] == LONG.replace("line 1", "mine and other 1").replace("line 8", "other 8")
    assert merged.tree.entries[RepoPath("a")].mode is Mode.EXECUTABLE
    assert (merged.both, merged.unsolved) == (("a",), ("c",))
    assert [conflict.where() for conflict in merged.settled] == ["a:2 (base 2, theirs 2)"]


def test_a_file_that_people_removed_stays_away_if_they_say_so() -> None:
    sides = tree({"a": LONG, "b": "x\n"}), tree({"b": "x\n"}), tree({"a": f"{LONG}more\n", "b": "x\n"})
    assert kinds(merge_trees(*sides)) == [("a", Kind.DELETED_AND_CHANGED)]
    merged = merge_trees(*sides, solved=[RepoPath("a")])
    assert (merged.conflicts, set(merged.tree)) == ((), {"b"})


def test_nothing_is_read_where_ids_tell_enough() -> None:
    def reader(oid: str) -> bytes:
        raise AssertionError(oid)

    def of(**oids: str) -> Tree:
        return Tree("0" * 40, {RepoPath(path): Entry(Mode.FILE, oid * 40) for path, oid in oids.items()}, reader)

    merged = merge_trees(of(a="1", b="1", c="1", d="1"), of(a="2", b="1", c="3"), of(a="1", b="2", c="3", d="1", e="5"))
    assert not merged.conflicts
    assert {path: entry.oid[0] for path, entry in merged.tree.entries.items()} == {"a": "2", "b": "2", "c": "3", "e": "5"}


def test_contents_that_are_missing_are_a_conflict_only_if_they_are_needed() -> None:
    def gone(oid: str) -> bytes:
        raise KeyError(oid)

    def of(oid: str) -> Tree:
        return Tree("0" * 40, {RepoPath("a"): Entry(Mode.FILE, oid * 40)}, gone)

    assert not merge_trees(of("1"), of("1"), of("2")).conflicts
    assert kinds(merge_trees(of("1"), of("2"), of("3"))) == [("a", Kind.CONTENT_MISSING)]


def test_modes_are_merged_apart_from_contents() -> None:
    merged = merge({"a": LONG}, {"a": (Mode.EXECUTABLE, LONG)}, {"a": LONG + "more\n"})
    assert merged.tree.entries[RepoPath("a")].mode == Mode.EXECUTABLE
    assert files(merged.tree) == {"a": LONG + "more\n"}
    assert merged.both == ("a",)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "kind"),
    [
        ({"a": "x\n"}, {"a": "y\n"}, {"a": "z\n"}, Kind.BOTH_CHANGED),
        ({}, {"a": "y\n"}, {"a": "z\n"}, Kind.BOTH_ADDED),
        ({"a": "x\n"}, {}, {"a": "z\n"}, Kind.DELETED_AND_CHANGED),
        ({"a": "x\n"}, {"a": "z\n"}, {}, Kind.DELETED_AND_CHANGED),
        ({"a": "x\0"}, {"a": "y\0"}, {"a": "z\0"}, Kind.BINARY),
        ({"a": (Mode.LINK, "x")}, {"a": (Mode.LINK, "y")}, {"a": (Mode.LINK, "z")}, Kind.NO_TEXT),
        ({"a": "x\n"}, {"a": (Mode.LINK, "y")}, {"a": "z\n"}, Kind.KIND_OF_FILE),
        ({}, {"a": (Mode.EXECUTABLE, "y\n")}, {"a": "y\n"}, Kind.MODE),
    ],
)
def test_what_is_not_certain_is_a_conflict_and_stays_as_ours_has_it(
    base: dict[str, Content], ours: dict[str, Content], theirs: dict[str, Content], kind: Kind
) -> None:
    merged = merge(base, ours, theirs)
    assert kinds(merged) == [("a", kind)]
    assert files(merged.tree) == files(tree(ours))
    assert kinds(merge(base, theirs, ours)) == [("a", kind)]


def test_a_file_where_the_other_side_has_a_folder_is_a_conflict() -> None:
    assert kinds(merge({}, {"a": "x\n"}, {"a/b": "y\n"})) == [("a/b", Kind.FILE_AND_FOLDER)]
    assert not merge({"a": "x\n"}, {"a": "x\n"}, {"a/b": "y\n"}).conflicts


@pytest.mark.parametrize("more", ["", "theirs\n"])
def test_an_edit_follows_a_file_that_the_other_side_renamed(more: str) -> None:
    base: dict[str, Content] = {"a": LONG, "other": "x\n"}
    merged = merge(base, {"a": "ours\n" + LONG, "other": "x\n"}, {"b": LONG + more, "other": "x\n"})
    assert not merged.conflicts
    assert files(merged.tree) == {"b": f"ours\n{LONG}{more}", "other": "x\n"}
    assert merged.both == ("b",)


@pytest.mark.parametrize("more", ["", "ours\n"])
def test_an_edit_is_carried_to_where_people_moved_the_file(more: str) -> None:
    merged = merge({"a": LONG}, {"b": LONG + more}, {"a": "theirs\n" + LONG})
    assert not merged.conflicts
    assert files(merged.tree) == {"b": f"theirs\n{LONG}{more}"}


@pytest.mark.parametrize("more", ["", "theirs\n"])
def test_a_file_that_is_there_twice_is_followed_on_its_own_side_of_the_new_folder(more: str) -> None:
    base, ours = {"old/a": LONG, "new/a": LONG}, {"old/a": LONG, "new/a": f"ours\n{LONG}"}
    theirs = {"old/b": LONG + more, "new/b": LONG + more}
    merged = merge_trees(tree(base), tree(ours), tree(theirs), apart="new")
    assert not merged.conflicts
    assert files(merged.tree) == {"old/b": LONG + more, "new/b": f"ours\n{LONG}{more}"}
    assert kinds(merge_trees(tree(base), tree(ours), tree(theirs))) == [("new/a", Kind.DELETED_AND_CHANGED)]


def test_a_file_that_left_the_new_folder_is_followed_too() -> None:
    merged = merge_trees(tree({"new/a": LONG}), tree({"b": LONG}), tree({"new/a": f"theirs\n{LONG}"}), apart="new")
    assert files(merged.tree) == {"b": f"theirs\n{LONG}"}


def test_a_file_that_is_on_both_sides_of_the_new_folder_now_is_followed_on_its_own() -> None:
    theirs = tree({"new/b": LONG, "c": LONG})
    merged = merge_trees(tree({"new/a": LONG}), tree({"new/a": f"ours\n{LONG}"}), theirs, apart="new")
    assert files(merged.tree) == {"new/b": f"ours\n{LONG}", "c": LONG}


def test_a_file_that_may_be_two_on_its_own_side_is_not_looked_for_elsewhere() -> None:
    theirs = tree({"new/b": LONG, "new/c": LONG, "d": LONG})
    merged = merge_trees(tree({"new/a": LONG}), tree({"new/a": f"ours\n{LONG}"}), theirs, apart="new")
    assert kinds(merged) == [("new/a", Kind.DELETED_AND_CHANGED)]


def test_both_renamed_a_file_alike() -> None:
    merged = merge({"a": LONG}, {"b": "ours\n" + LONG}, {"b": LONG + "theirs\n"})
    assert not merged.conflicts
    assert files(merged.tree) == {"b": f"ours\n{LONG}theirs\n"}


def test_what_both_made_of_several_files_is_no_conflict() -> None:
    both: dict[str, Content] = {"c": LONG}
    assert files(merge({"a": LONG + "a\n", "b": LONG + "b\n"}, both, both).tree) == both


def test_a_file_that_each_side_renamed_otherwise_is_a_conflict() -> None:
    assert kinds(merge({"a": LONG}, {"b": LONG}, {"c": LONG})) == [("b", Kind.RENAMED_TWICE)]


def test_a_file_that_one_side_renamed_and_the_other_removed_is_a_conflict() -> None:
    assert kinds(merge({"a": LONG}, {"b": LONG}, {})) == [("b", Kind.RENAMED_AND_DELETED)]
    assert kinds(merge({"a": LONG}, {}, {"b": LONG})) == [("b", Kind.RENAMED_AND_DELETED)]


def test_what_could_have_become_several_files_is_not_followed() -> None:
    merged = merge({"a": LONG}, {"a": "ours\n" + LONG}, {"b": LONG, "c": LONG})
    assert kinds(merged) == [("a", Kind.DELETED_AND_CHANGED)]


def test_files_that_are_alike_everywhere_are_not_followed() -> None:
    base: dict[str, Content] = {"one/.helmignore": LONG, "two/.helmignore": LONG}
    ours: dict[str, Content] = {"one/.helmignore": LONG + "ours\n", "two/.helmignore": LONG}
    theirs: dict[str, Content] = {"two/.helmignore": LONG, "three/.helmignore": LONG}
    assert kinds(merge(base, ours, theirs)) == [("one/.helmignore", Kind.DELETED_AND_CHANGED)]


def test_several_files_that_became_one_are_a_conflict() -> None:
    base: dict[str, Content] = {"a": LONG, "b": LONG + "b\n"}
    ours: dict[str, Content] = {"a": "ours\n" + LONG, "b": "ours\n" + LONG + "b\n"}
    merged = merge(base, ours, {"c": LONG + "c\n"})
    assert kinds(merged) == [("a", Kind.RENAMED_TWICE), ("b", Kind.RENAMED_TWICE)]


def test_a_place_that_is_taken_is_a_conflict() -> None:
    merged = merge({"a": LONG}, {"a": LONG + "ours\n", "b": "mine\n"}, {"b": LONG})
    assert merged.conflicts


def test_a_conflict_says_where_and_shows_no_secret() -> None:
    base = "one: 1\nname: app\npassword: hunter1\nlast: 1\n"
    merged = merge(
        {"v.yaml": base}, {"v.yaml": base.replace("hunter1", "hunter2")}, {"v.yaml": base.replace("hunter1", "hunter3")}
    )
    (conflict,) = merged.conflicts
    (block,) = conflict.blocks
    assert conflict.where() == "v.yaml:3 (base 3, theirs 3)"
    assert block.texts == (b"password: hunter1", b"password: hunter2", b"password: hunter3")
    assert block.shown == ("password: <hidden 1>", "password: <hidden 2>", "password: <hidden 3>")
    assert "hunter" not in repr(merged.conflicts)


def test_every_kind_of_conflict_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "re-run.md").read_text(encoding="utf-8")
    assert [kind for kind in Kind if f"| `{kind}` |" not in page] == []


def test_a_conflict_says_where_the_file_was() -> None:
    merged = merge({"a": LONG}, {"a": LONG.replace("line 3", "ours")}, {"b": LONG.replace("line 3", "theirs")})
    assert [conflict.where() for conflict in merged.conflicts] == ["a:4 (base 4, theirs b:4)"]


contents = st.sampled_from(["", "x\n", "y\n", LONG, LONG + "end\n", "start\n" + LONG])
trees = st.dictionaries(st.sampled_from(["a", "b", "c", "d.yaml", "e/f"]), contents, max_size=5)


@given(trees, trees)
def test_what_one_side_left_alone_is_the_tree_of_the_other(base: dict[str, Content], other: dict[str, Content]) -> None:
    for merged in (merge(base, base, other), merge(base, other, base), merge(base, other, other)):
        assert not merged.conflicts
        assert files(merged.tree) == other


@given(trees, trees, trees)
def test_a_second_run_changes_nothing(base: dict[str, Content], ours: dict[str, Content], theirs: dict[str, Content]) -> None:
    first = merge_trees(tree(base), tree(ours), tree(theirs))
    again = merge_trees(tree(theirs), first.tree, tree(theirs))
    assert first.conflicts or files(again.tree) == files(first.tree)
    assert first.conflicts or not again.conflicts


@given(trees, trees, trees)
def test_sides_of_trees_can_be_swapped(base: dict[str, Content], ours: dict[str, Content], theirs: dict[str, Content]) -> None:
    one, two = merge(base, ours, theirs), merge(base, theirs, ours)
    assert sorted(c.kind for c in one.conflicts) == sorted(c.kind for c in two.conflicts)
    assert one.conflicts or files(one.tree) == files(two.tree)
    assert one.conflicts or (one.ours_only, one.theirs_only, one.both) == (two.theirs_only, two.ours_only, two.both)


deeds = st.lists(st.sampled_from(["keep", "edit", "move", "edit and move", "delete"]), min_size=3, max_size=3)


def done(side: str, work: list[str]) -> dict[str, Content]:
    """Three files that have no line in common, after a side's work on each."""
    found: dict[str, Content] = {}
    for name, deed in zip("abc", work, strict=True):
        lines = [f"{name} line {number}\n" for number in range(10)]
        if "edit" in deed:
            lines.insert(3 if side == "ours" else 7, f"{name} by {side}\n")
        if deed != "delete":
            found[f"{side}/{name}" if "move" in deed else name] = "".join(lines)
    return found


@given(deeds, deeds)
def test_every_edit_is_there_once_and_follows_its_file(mine: list[str], other: list[str]) -> None:
    merged = merge(done("base", ["keep"] * 3), done("ours", mine), done("theirs", other))
    for name, one, two in zip("abc", mine, other, strict=True):
        clash = ("move" in one and "move" in two) or ({one, two} & {"delete"} and {one, two} - {"delete", "keep"})
        trouble = [conflict for conflict in merged.conflicts if conflict.paths[0] == name]
        assert bool(trouble) == bool(clash), (one, two, merged.conflicts)
        if clash:
            continue
        place = f"ours/{name}" if "move" in one else f"theirs/{name}" if "move" in two else name
        found = [path for path in files(merged.tree) if path.endswith(name)]
        assert found == ([] if "delete" in (one, two) else [place])
        for path in found:
            text = files(merged.tree)[path]
            assert text.count("by ours") == one.count("edit")
            assert text.count("by theirs") == two.count("edit")
