from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from migrate.system.process import TIMED_OUT, Outcome, run

SYSTEM = {"PATH": "/usr/bin:/bin"}


def sh(script: str, folder: Path, timeout: float = 30.0, **environment: str) -> Outcome:
    return run(["sh", "-c", script], folder=folder, environment=SYSTEM | environment, timeout=timeout)


def test_gives_exit_code_and_both_outputs(tmp_path: Path) -> None:
    outcome = sh("echo out; echo err >&2; exit 3", tmp_path)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (3, b"out\n", b"err\n")
    assert not outcome.ok


def test_only_the_given_variables_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAK", "yes")
    assert sh('echo "$LEAK$GIVEN"', tmp_path, GIVEN="1").stdout == b"1\n"


def test_input_is_empty(tmp_path: Path) -> None:
    assert sh("cat; echo end", tmp_path).stdout == b"end\n"


def test_grandchildren_end_at_the_time_limit(tmp_path: Path) -> None:
    start = time.monotonic()
    outcome = sh("sleep 60 & echo $! > pid; wait", tmp_path, timeout=0.5)
    assert time.monotonic() - start < 30
    assert outcome.exit_code == TIMED_OUT
    assert not alive(int((tmp_path / "pid").read_text()))


def test_grandchildren_end_when_the_call_is_interrupted(tmp_path: Path) -> None:
    def interrupt() -> None:
        wait_for(tmp_path / "pid")
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        sh("sleep 60 & echo $! > pid.new; mv pid.new pid; wait", tmp_path)
    assert not alive(int((tmp_path / "pid").read_text()))


def wait_for(file: Path) -> None:
    for _ in range(500):
        if file.exists():
            return
        time.sleep(0.01)
    pytest.fail(f"{file.name} did not appear")


def alive(process: int) -> bool:
    """Whether it still runs a moment later; a zombie waits for its parent only."""
    for _ in range(100):
        status = os.popen(f"ps -o stat= -p {process}").read().strip()  # noqa: S605 -- a number in a fixed command
        if not status or status.startswith("Z"):
            return False
        time.sleep(0.02)
    return True
