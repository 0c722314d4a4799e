"""Random histories lose no edit, double none, and end proved or stopped. `sequences.py` plays many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.sequences import play


@pytest.mark.parametrize("seed", [3, 4, 12])
def test_no_history_loses_or_doubles_an_edit(tmp_path: Path, seed: int) -> None:
    play(tmp_path, seed, 8)
