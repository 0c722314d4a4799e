"""Which pieces count as moved, with a record and without one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.claims.pieces import moves_of, pending, still_there
from migrate.model.paths import RepoPath
from tests.claims import small_platform
from tests.claims.small_platform import copies, new_files, old_files, tree


def test_a_record_is_believed_also_where_the_bytes_differ() -> None:
    target = copies()["environments/dev.yaml"]
    case = small_platform.case(new=tree({**new_files(), target: "other: 1\n"}))
    assert moves_of(case).files[RepoPath("environments/dev.yaml")] == target
    assert RepoPath("environments/dev.yaml") not in moves_of(replace(case, record=None)).files


def test_a_file_of_the_new_trees_own_folder_is_no_legacy_piece_unless_it_changed() -> None:
    own, again = "helmfile/notes/a.txt", "helmfile/more/a.txt"
    old = tree({**old_files(), own: "a\n", "notes/b.txt": "b\n"})
    new = {**new_files(), own: "a\n", again: "a\n", "notes/b.txt": "b\n", "helmfile/b.txt": "b\n"}
    case = small_platform.case(old, tree(new), without_record=True)
    assert RepoPath(own) not in moves_of(case).files
    assert moves_of(case).files[RepoPath("notes/b.txt")] == "helmfile/b.txt"
    changed = small_platform.case(old, tree({**new, own: "changed\n"}), without_record=True)
    assert moves_of(changed).files[RepoPath(own)] == again


@pytest.mark.parametrize(
    ("target", "there"),
    [
        *(("environments/dev.yaml", True), ("environments", True), ("environments/prod.yaml", False), ("gone", False)),
        *(("environments/{name}.yaml", True), ("apps/web/fi*", True), ("gone/*.yaml", False), ("apps/gone/[ab].yaml", False)),
    ],
)
def test_a_piece_or_its_folder_is_still_there(target: str, *, there: bool) -> None:
    case = small_platform.case(without_record=True)
    assert still_there(case, target, "scripts/x.sh") is there
    assert not still_there(small_platform.case(), target, "scripts/x.sh")
    one_commit = replace(small_platform.case(), base="x", branch="x")
    assert still_there(one_commit, target, "scripts/x.sh") is there


def test_a_state_file_at_the_top_has_no_folder_whose_files_are_no_legacy_pieces() -> None:
    old = {**old_files(), "notes/b.txt": "b\n"}
    new = tree({**new_files(), "notes/b.txt": "b\n", "more/b.txt": "b\n"})
    case = replace(small_platform.case(tree(old), new, without_record=True), new_state="flat.yaml")
    assert moves_of(case).files[RepoPath("notes/b.txt")] == "more/b.txt"


def test_of_a_file_whose_phase_is_to_come_a_legacy_piece_is_still_there() -> None:
    early = replace(small_platform.case(), record=replace(small_platform.record(), through=4))
    assert pending(early, "deploy.sh")
    assert not pending(early, ".github/workflows/x.yaml")
    assert not pending(small_platform.case(), "deploy.sh")
    assert still_there(early, "environments/dev.yaml", "deploy.sh")
    assert not still_there(early, "environments/dev.yaml", ".github/workflows/x.yaml")


@pytest.mark.parametrize(("first", "second"), [("a/x/f.txt", "b/y/f.txt"), ("b/x/f.txt", "a/y/f.txt"), ("z.txt", "a/y/f.txt")])
def test_of_files_with_equal_bytes_the_one_whose_path_ends_most_alike_has_moved(first: str, second: str) -> None:
    old = tree({**old_files(), first: "same\n", second: "same\n"})
    new = tree({**new_files(), first: "same\n", second: "same\n", "helmfile/more/y/f.txt": "same\n"})
    moved = moves_of(small_platform.case(old, new, without_record=True)).files
    assert moved.get(RepoPath(second)) == "helmfile/more/y/f.txt"
    assert RepoPath(first) not in moved
