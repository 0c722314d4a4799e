"""Whatever moment a publication is killed at: the branch, index and checkout are old or new, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.model.carried import Carried
from migrate.system.git import open_repository
from migrate.system.git.journal import Journal, JournalFolder
from tests.system.git.kill_sweep import BRANCH, REMOVED, Sample, killed_before_effect, make_sample, recovered, sweep, wrong

MOMENTS = 25


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return make_sample(tmp_path / "한 repository", files=30)


def test_a_kill_at_any_moment_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    outcomes = sweep(tmp_path / "repository", MOMENTS)
    assert outcomes.total() == MOMENTS
    assert any(outcome.startswith("killed") for outcome in outcomes)


def test_a_kill_before_any_of_its_own_steps_leaves_the_old_or_the_new_state(sample: Sample) -> None:
    seen = set()
    number = 0
    while killed_before_effect(sample, number):
        seen.add(recovered(sample, BRANCH))
        assert wrong(sample, BRANCH, (sample.old, sample.new)) == [], f"killed before step {number}"
        sample.reset()
        number += 1
    assert seen == {
        "branch is old: nothing to recover",
        "branch is old: the lock on the index that a stopped run had left is gone",
        "branch is old: an earlier run was stopped before it moved",
        "branch is new: an earlier run was stopped after it had moved",
        "branch is new: the lock on the index that a stopped run had left is gone",
    }


def test_a_kill_before_any_step_of_a_removal_leaves_the_branch_or_none(sample: Sample) -> None:
    seen = set()
    number = 0
    while killed_before_effect(sample, number, REMOVED):
        seen.add(recovered(sample, REMOVED))
        assert wrong(sample, REMOVED, (sample.new, None)) == [], f"killed before step {number}"
        sample.reset()
        number += 1
    assert seen == {
        "branch is old: nothing to recover",
        "branch is old: an earlier run was stopped before it moved",
        "branch is new: an earlier run was stopped after it had removed",
        "branch is new: nothing to recover",
    }


@pytest.mark.parametrize(
    "left", [("packed-refs.lock",), ("packed-refs.lock", "packed-refs.new"), (f"refs/heads/{REMOVED}.lock",)]
)
def test_locks_of_a_git_that_was_killed_while_it_removed_a_branch_go(sample: Sample, left: tuple[str, ...]) -> None:
    repository = open_repository(sample.folder)
    folder = JournalFolder(sample.folder / ".git")
    folder.write(Journal(REMOVED, sample.new, ""))
    for name in left:
        (sample.folder / ".git" / name).write_text("# pack-refs with: peeled\n" if name.endswith("new") else "")
    assert "taken back" in (repository.recover() or "")
    assert repository.publish(REMOVED, sample.new, None, "again") == Carried()
    assert wrong(sample, REMOVED, (None,)) == []
