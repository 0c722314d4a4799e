"""SIGKILL at many moments of an `apply`, a re-run, a cleanup and an `undo`: `python -m tests.end_to_end.kill_sweep --moments 50`.

After each kill the branch is as before or complete, nothing else has changed, and the next run works without help.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from migrate.system.git import open_repository
from tests.conftest import write_file
from tests.end_to_end.small import command, git, migrate, small_files, state

BRANCH = "feature/BE-384"


def sweep(folder: Path, moments: int, *, checked_out: bool) -> list[str]:
    """Kill an apply at moments spread evenly over its duration; what went wrong, in words."""
    origin = made(folder / "origin", small_files(), checked_out=checked_out)
    return sweep_apply(folder, origin, moments, (), checked_out=checked_out)


def sweep_later(folder: Path, moments: int, *, cleanup: bool, checked_out: bool) -> list[str]:
    """Kill a re-run that carries a legacy change over, and cleans up if so asked; what went wrong, in words."""
    origin = made(folder / "origin", small_files(), checked_out=False)
    if (first := migrate(origin, "apply", "--branch", BRANCH)).returncode:
        return [f"apply fails by itself: {first.stderr}"]
    write_file(origin / "environments/prod/values.yaml", "color: green\n")
    git(origin, "commit", "-q", "-a", "-m", "Green")
    if checked_out:
        git(origin, "checkout", "-q", BRANCH)
    return sweep_apply(folder, origin, moments, ("--phase", "6") if cleanup else (), checked_out=checked_out)


def sweep_apply(folder: Path, origin: Path, moments: int, options: tuple[str, ...], *, checked_out: bool) -> list[str]:
    """Kill an apply in copies of a repository."""
    whole = copy(origin, folder / "whole")
    start = time.monotonic()
    first = migrate(whole, "apply", "--branch", BRANCH, *options)
    duration = time.monotonic() - start
    if first.returncode:
        return [f"apply fails by itself: {first.stderr}"]
    finished = git(whole, "rev-parse", f"{BRANCH}^{{tree}}")
    wrong = []
    for moment in range(moments):
        repo = copy(origin, folder / f"repo-{moment}")
        wrong += killed(repo, duration * (moment + 1) / moments, finished, options, checked_out=checked_out)
        shutil.rmtree(repo)
    return wrong


def sweep_undo(folder: Path, moments: int, *, checked_out: bool) -> list[str]:
    """Kill an undo at moments spread evenly over its duration; what went wrong, in words."""
    origin = made(folder / "origin", small_files(), checked_out=checked_out)
    before = standing(origin)
    whole = copy(origin, folder / "whole")
    if (first := migrate(whole, "apply", "--branch", BRANCH)).returncode:
        return [f"apply fails by itself: {first.stderr}"]
    applied = standing(whole)
    start = time.monotonic()
    migrate(copy(whole, folder / "undone"), "undo", "--branch", BRANCH)
    duration = time.monotonic() - start
    wrong = []
    for moment in range(moments):
        repo = copy(whole, folder / f"repo-{moment}")
        label = f"undo killed after {kill(repo, 'undo', duration * (moment + 1) / moments):.2f} s"
        open_repository(repo).recover()
        if (found := standing(repo)) not in (before, applied):
            wrong.append(f"{label}: neither as before nor as after")
        again = migrate(repo, "undo", "--branch", BRANCH)
        if (again.returncode == 0) != (found == applied) or standing(repo) != before:
            wrong.append(f"{label}: the next undo: {again.stderr}")
        shutil.rmtree(repo)
    return wrong


def standing(repo: Path) -> tuple[str, ...]:
    """Refs, HEAD, index and checkout."""
    texts = (git(repo, *words) for words in (["show-ref"], ["rev-parse", "HEAD"], ["ls-files", "--stage"]))
    return (*texts, git(repo, "status", "--porcelain", "--ignored"))


def made(folder: Path, files: Mapping[str, str], *, checked_out: bool) -> Path:
    """The repository before."""
    for name, content in files.items():
        write_file(folder / name, content)
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    if checked_out:
        git(folder, "checkout", "-q", "-b", BRANCH)
    return folder


def copy(origin: Path, target: Path) -> Path:
    """A copy with an index that knows its files."""
    shutil.copytree(origin, target, symlinks=True)
    git(target, "status")
    return target


def killed(repo: Path, after: float, finished: str, options: tuple[str, ...], *, checked_out: bool) -> list[str]:
    """Kill one apply, look, apply again, look."""
    before = None if checked_out else state(repo)
    old = git(repo, "rev-parse", "--verify", "-q", f"{BRANCH}^{{tree}}") if branch_is_there(repo) else ""
    kill(repo, "apply", after, *options)
    torn = branch_is_there(repo) and git(repo, "rev-parse", f"{BRANCH}^{{tree}}") not in (old, finished)
    label = f"killed after {after:.2f} s"
    wrong = [f"{label}: something else than the branch has changed"] if before is not None and state(repo) != before else []
    wrong += [f"{label}: the branch is neither as before nor as after"] if torn else []
    again = migrate(repo, "apply", "--branch", BRANCH, *options)
    if again.returncode:
        return [*wrong, f"{label}: the next apply fails: {again.stderr}"]
    if git(repo, "rev-parse", f"{BRANCH}^{{tree}}") != finished:
        wrong.append(f"{label}: the branch has another tree")
    if git(repo, "status", "--porcelain"):
        wrong.append(f"{label}: the checkout is dirty")
    return wrong


def branch_is_there(repo: Path) -> bool:
    """Whether the branch exists."""
    return bool(git(repo, "branch", "--list", BRANCH))


def kill(repo: Path, subcommand: str, after: float, *options: str) -> float:
    """Start it and kill it, with all that it has started, after so many seconds."""
    words = command(repo, subcommand, "--branch", BRANCH, *options)
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(after)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return after


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = sweep(Path(folder) / "beside", chosen.moments // 2, checked_out=False)
        wrong += sweep(Path(folder) / "inside", chosen.moments - chosen.moments // 2, checked_out=True)
        wrong += sweep_undo(Path(folder) / "undo beside", chosen.moments, checked_out=False)
        wrong += sweep_undo(Path(folder) / "undo inside", chosen.moments, checked_out=True)
        for cleanup in (False, True):
            place = Path(folder) / ("cleanup" if cleanup else "re-run")
            wrong += sweep_later(place / "beside", chosen.moments, cleanup=cleanup, checked_out=False)
            wrong += sweep_later(place / "inside", chosen.moments, cleanup=cleanup, checked_out=True)
    sys.stdout.write("\n".join([*wrong, f"{7 * chosen.moments} kills, {len(wrong)} faults"]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
