"""SIGKILL at many moments of runs: `python -m tests.end_to_end.kill_sweep --moments 104`.

An `apply`, an `undo`, a re-run and a cleanup are killed, with the branch checked out and not. After each kill the branch is as
before or complete, nothing else has changed, and the next run works without help. Half of the moments are spread over the whole
run, the others over its publication, which begins when the journal folder is in use.
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
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from migrate.system.git import open_repository
from migrate.system.git.journal import JournalFolder
from tests.conftest import write_file
from tests.end_to_end import warm
from tests.end_to_end.small import git, migrate, one_environment, state, words

BRANCH = "feature/BE-384"
CLEANUP = ("--phase", "6")


@dataclass(frozen=True)
class Moment:
    """So many seconds after the start of a run, or of its publication."""

    after: float
    publishing: bool

    def __str__(self) -> str:
        return f"{self.after:.4f} s after the start of the {'publication' if self.publishing else 'run'}"


@dataclass
class Sweep:
    """Kills of one kind of run in copies of a repository. Each kind returns what went wrong, in words."""

    folder: Path
    moments: int
    checked_out: bool
    found: Counter[str] = field(default_factory=Counter)
    """how often a kill found the run at work, publishing, or ended"""

    def apply(self) -> list[str]:
        """A first apply."""
        return self._applies(made(self.folder / "origin", one_environment(), checked_out=self.checked_out), ())

    def rerun(self, options: tuple[str, ...] = ()) -> list[str]:
        """A re-run that carries a legacy change over."""
        origin = made(self.folder / "origin", one_environment(), checked_out=False)
        if (first := migrate(origin, "apply", "--branch", BRANCH)).returncode:
            return [f"apply fails by itself: {first.stderr}"]
        write_file(origin / "environments/prod/values.yaml", "color: green\n")
        git(origin, "commit", "-q", "-a", "-m", "Green")
        if self.checked_out:
            git(origin, "checkout", "-q", BRANCH)
        return self._applies(origin, options)

    def cleanup(self) -> list[str]:
        """A re-run that carries a legacy change over and removes the legacy files."""
        return self.rerun(CLEANUP)

    def undo(self) -> list[str]:
        """An undo of a first apply."""
        origin = made(self.folder / "origin", one_environment(), checked_out=self.checked_out)
        before, whole = standing(origin), copy(origin, self.folder / "whole")
        if (first := migrate(whole, "apply", "--branch", BRANCH)).returncode:
            return [f"apply fails by itself: {first.stderr}"]
        applied = standing(whole)
        _, *durations = timed(copy(whole, self.folder / "undone"), "undo")
        wrong = []
        for repo, moment in self._copies(whole, *durations):
            self.found[kill(repo, "undo", moment)] += 1
            open_repository(repo).recover()
            if (now := standing(repo)) not in (before, applied):
                wrong.append(f"killed {moment}: neither as before nor as after")
            again = migrate(repo, "undo", "--branch", BRANCH)
            if (again.returncode == 0) != (now == applied) or standing(repo) != before:
                wrong.append(f"killed {moment}: the next undo: {again.stderr}")
        return wrong

    def _applies(self, origin: Path, options: tuple[str, ...]) -> list[str]:
        whole = copy(origin, self.folder / "whole")
        first, *durations = timed(whole, "apply", *options)
        if first.returncode:
            return [f"apply fails by itself: {first.stderr}"]
        finished = git(whole, "rev-parse", f"{BRANCH}^{{tree}}")
        wrong = []
        for repo, moment in self._copies(origin, *durations):
            wrong += [f"killed {moment}: {fault}" for fault in self._killed(repo, moment, finished, options)]
        return wrong

    def _killed(self, repo: Path, moment: Moment, finished: str, options: tuple[str, ...]) -> Iterator[str]:
        """Kill one apply, look, apply again, look."""
        before = None if self.checked_out else state(repo)
        old = tree_of_branch(repo)
        self.found[kill(repo, "apply", moment, *options)] += 1
        if before is not None and state(repo) != before:
            yield "something else than the branch has changed"
        if tree_of_branch(repo) not in (old, finished):
            yield "the branch is neither as before nor as after"
        again = migrate(repo, "apply", "--branch", BRANCH, *options)
        if again.returncode:
            yield f"the next apply fails: {again.stderr}"
        elif tree_of_branch(repo) != finished:
            yield "the branch has another tree"
        if git(repo, "status", "--porcelain"):
            yield "the checkout is dirty"

    def _copies(self, origin: Path, whole: float, publication: float) -> Iterator[tuple[Path, Moment]]:
        """A copy for each moment: evenly over the run and over its publication in turn."""
        for number in range(self.moments):
            publishing = number % 2 == 1
            part = (number // 2 + 1) / ((self.moments + 1) // 2 + 1)
            repo = copy(origin, self.folder / f"repo-{number}")
            yield repo, Moment((publication if publishing else whole) * part, publishing)
            shutil.rmtree(repo)


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


def tree_of_branch(repo: Path) -> str:
    """The id of its tree; empty if there is no branch."""
    return git(repo, "rev-parse", f"{BRANCH}^{{tree}}") if git(repo, "branch", "--list", BRANCH) else ""


def started(repo: Path, subcommand: str, *options: str) -> warm.Run:
    """A run of it, in a process group of its own."""
    return warm.start(words(repo, subcommand, "--branch", BRANCH, *options), own_group=True)


def timed(repo: Path, subcommand: str, *options: str) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """What came of a whole run, how many seconds it took, and how many its publication."""
    start = time.monotonic()
    run = started(repo, subcommand, *options)
    await_publication(repo, run)
    publishing = time.monotonic()
    await_publication(repo, run, over=True)
    published = time.monotonic()
    done = run.wait()
    return done, time.monotonic() - start, published - publishing


def await_publication(repo: Path, run: warm.Run, *, over: bool = False) -> None:
    """Return when the run begins to publish, or is over with that, or has ended."""
    folder = JournalFolder(repo / ".git")
    while not run.ended() and folder.in_use() is over:
        time.sleep(0.0002)


def kill(repo: Path, subcommand: str, moment: Moment, *options: str) -> str:
    """Start it and kill it at that moment, with all that it has started; where the kill found it."""
    run = started(repo, subcommand, *options)
    if moment.publishing:
        await_publication(repo, run)
    time.sleep(moment.after)
    if not run.ended():
        with suppress(ProcessLookupError):  # it ends right now
            os.killpg(run.pid, signal.SIGKILL)
    if run.wait().returncode != -signal.SIGKILL:
        return "ended"
    return "publishing" if JournalFolder(repo / ".git").in_use() else "at work"


KINDS: Mapping[str, Callable[[Sweep], list[str]]] = {
    "apply": Sweep.apply,
    "undo": Sweep.undo,
    "re-run": Sweep.rerun,
    "cleanup": Sweep.cleanup,
}


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=104, help="in all; eight sweeps share them")
    each = parser.parse_args().moments // (2 * len(KINDS))
    found, faults = Counter[str](), 0
    with tempfile.TemporaryDirectory() as name:
        for checked_out in (False, True):
            for what, run in KINDS.items():
                sweep = Sweep(Path(name) / f"{what}-{checked_out}", each, checked_out)
                wrong = run(sweep)
                found, faults = found + sweep.found, faults + len(wrong)
                place = "checked out" if checked_out else "not checked out"
                told = f"{what}, branch {place}: {each} kills, {len(wrong)} faults; {dict(sweep.found)}"
                sys.stdout.write("\n".join([*wrong, told]) + "\n")
                sys.stdout.flush()
    sys.stdout.write(f"{2 * len(KINDS) * each} kills, {faults} faults; the kill found the run {dict(found)}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
