"""Runs one program to its end: no shell, no input, its own process group, a time limit."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TIMED_OUT = 124
"""The exit code of a program that was stopped at its time limit, as timeout(1) gives it."""

GRACE = 2.0
"""Seconds between asking a process group to end and ending it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program left behind. `exit_code` is negative for a signal and TIMED_OUT at the time limit."""

    exit_code: int
    stdout: bytes
    stderr: bytes

    @property
    def ok(self) -> bool:
        """Whether it exited with 0."""
        return self.exit_code == 0


def run(argv: Sequence[str], *, folder: Path, environment: Mapping[str, str], timeout: float, stdin: bytes = b"") -> Outcome:
    """Run `argv` in `folder` with exactly these environment variables; `timeout` is in seconds.

    The program and all that it started end with this call, also when the call is interrupted. OSError if it can't be started.
    """
    process = subprocess.Popen(
        list(argv),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        stdout, stderr = _end(process)
        return Outcome(TIMED_OUT, stdout, stderr)
    except BaseException:
        _end(process)
        raise
    return Outcome(process.returncode, stdout, stderr)


def _end(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """End the process group, gently first, and give what it had written."""
    _signal(process.pid, signal.SIGTERM)
    try:
        return process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _signal(process.pid, signal.SIGKILL)
    return process.communicate()


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # nothing of the group is left; macOS says EPERM for a group of zombies
