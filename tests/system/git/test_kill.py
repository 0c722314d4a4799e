"""Whatever moment a publication is killed at: the branch, index and checkout are old or new, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.git.kill_sweep import BRANCH, Sample, killed_before_effect, make_sample, recovered, sweep, wrong

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
