"""What people decided when they merged the legacy tree into a branch by hand stays; what the merge did not reach is carried."""

from __future__ import annotations

from migrate.merge import merge_trees
from migrate.merge.virtual_base import virtual_base
from migrate.model.paths import RepoPath
from tests.merge.trees import files, tree

NEW = RepoPath("new/values")
TEXT = "one\ntwo\nthree\nfour\n"
OLD = tree({"values": TEXT, "README": TEXT})
ALONE = tree({"values": TEXT, "README": TEXT.replace("two", "TWO"), NEW: TEXT})


def test_what_was_merged_by_hand_is_no_news() -> None:
    merged = tree({"values": TEXT + "five\n", "README": TEXT + "five\n"})
    base = virtual_base(OLD, ALONE, merged, [NEW])
    assert files(base) == {"values": TEXT + "five\n", "README": TEXT.replace("two", "TWO") + "five\n", NEW: TEXT}


def test_a_conflict_that_people_solved_is_none_again() -> None:
    theirs = tree({"values": TEXT, "README": TEXT.replace("two", "TWO") + "five\n", NEW: TEXT})
    ours = tree({"values": TEXT, "README": TEXT.replace("two", "TWO") + "by hand\nfive\n", NEW: TEXT})
    base = virtual_base(OLD, ALONE, tree({"values": TEXT, "README": TEXT + "five\n"}), [NEW])
    assert merge_trees(ALONE, ours, theirs).conflicts
    found = merge_trees(base, ours, theirs)
    assert not found.conflicts
    assert files(found.tree) == files(ours)


def test_a_change_that_a_merge_by_hand_left_out_of_the_new_tree_is_still_to_come() -> None:
    merged = tree({"values": TEXT + "five\n", "README": TEXT})
    base = virtual_base(OLD, ALONE, merged, [NEW])
    ours = tree({"values": TEXT, "README": TEXT, NEW: TEXT})
    theirs = tree({"values": TEXT + "five\n", "README": TEXT, NEW: TEXT + "five\n"})
    assert files(merge_trees(base, ours, theirs).tree)[NEW] == TEXT + "five\n"


def test_after_a_cleanup_a_change_of_a_removed_file_stays_in_the_new_one() -> None:
    values = "color: blue\nsize: 1\nshape: round\n"
    old, alone = tree({"values": values, "README": TEXT}), tree({"README": TEXT, NEW: values})
    assert files(virtual_base(old, alone, tree({"values": f"{values}more: 1\n", "README": TEXT}), [NEW])) == files(alone)


def test_a_file_that_came_with_a_merge_and_that_people_removed_does_not_come_back() -> None:
    merged = tree({"values": TEXT, "README": TEXT, "extra": TEXT})
    base = virtual_base(OLD, ALONE, merged, [NEW])
    theirs = tree({**files(ALONE), "extra": TEXT})
    assert "extra" not in merge_trees(base, ALONE, theirs).tree


def test_where_the_two_can_not_both_stay_the_migration_alone_is_the_base() -> None:
    merged = tree({"values": TEXT, "README": TEXT.replace("two", "zwei")})
    assert files(virtual_base(OLD, ALONE, merged, [NEW])) == files(ALONE)


def test_a_folder_in_the_place_of_a_file_gives_no_torn_tree() -> None:
    alone = tree({**files(ALONE), "extra": "x\n"})
    merged = tree({"values": TEXT, "README": TEXT, "extra/file": "y\n"})
    assert files(virtual_base(OLD, alone, merged, [NEW])) == files(alone)
