"""Killed at any moment, the repository is as before or as after. `kill_sweep.py` does the same at many more moments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.kill_sweep import sweep, sweep_later, sweep_undo


@pytest.mark.parametrize("checked_out", [False, True])
def test_a_killed_apply_leaves_old_or_new_and_the_next_one_works(tmp_path: Path, *, checked_out: bool) -> None:
    assert sweep(tmp_path, 4, checked_out=checked_out) == []


@pytest.mark.parametrize("checked_out", [False, True])
def test_a_killed_undo_leaves_old_or_new_and_the_next_one_works(tmp_path: Path, *, checked_out: bool) -> None:
    assert sweep_undo(tmp_path, 3, checked_out=checked_out) == []


@pytest.mark.parametrize("cleanup", [False, True])
def test_a_killed_rerun_leaves_old_or_new_and_the_next_one_works(tmp_path: Path, *, cleanup: bool) -> None:
    assert sweep_later(tmp_path, 3, cleanup=cleanup, checked_out=True) == []
