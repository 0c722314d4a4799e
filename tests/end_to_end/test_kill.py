"""Killed at any moment, the repository is as before or as after. `kill_sweep.py` does the same at many more moments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.kill_sweep import Sweep


@pytest.mark.parametrize("checked_out", [False, True])
def test_a_killed_apply_leaves_old_or_new_and_the_next_one_works(tmp_path: Path, *, checked_out: bool) -> None:
    assert Sweep(tmp_path, 2, checked_out).apply() == []


@pytest.mark.parametrize("checked_out", [False, True])
def test_a_killed_undo_leaves_old_or_new_and_the_next_one_works(tmp_path: Path, *, checked_out: bool) -> None:
    assert Sweep(tmp_path, 2, checked_out).undo() == []


def test_a_killed_rerun_leaves_old_or_new_and_the_next_one_works(tmp_path: Path) -> None:
    assert Sweep(tmp_path, 2, checked_out=True).rerun() == []


def test_a_killed_cleanup_leaves_old_or_new_and_the_next_one_works(tmp_path: Path) -> None:
    assert Sweep(tmp_path, 2, checked_out=True).cleanup() == []
