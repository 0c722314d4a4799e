"""apply on a disk that fills up: as before, and said; or complete. Two sides that fail for want of room are no equal failure."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.small import git, small_files, state
from tests.small_disk import run_on_small_disk

TOP = Path(__file__).resolve().parents[2]
BRANCH = "feature/BE-384"


@pytest.mark.parametrize("room", [20, 270, 330])
def test_nothing_is_written_or_everything(make_repo: MakeRepo, room: int) -> None:
    """With 270 and 330 kB the trees still find room, and what helmfile writes for a release does not."""
    repo = make_repo(small_files())
    before = state(repo)
    words = [sys.executable, "-m", "migrate", "apply", "-q", "--branch", BRANCH]
    done = run_on_small_disk(repo, room, words, {**os.environ, "PYTHONPATH": str(TOP)})
    assert state(repo) == before
    if done.returncode == 0:
        assert git(repo, "branch", "--list", BRANCH)
        return
    assert (done.returncode, git(repo, "branch", "--list", BRANCH)) == (1, ""), done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert "make room" in done.stderr
