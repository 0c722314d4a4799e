"""SIGKILL at moments spread over a publication: afterwards `recover` must leave the old or the new state, exactly.

By hand: `python -m tests.system.git.kill_sweep --moments 100`. The moments are spread evenly over the measured duration, with a
deterministic jitter. Every other time the git processes are killed too; else they live on as orphans.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.ports import NewCommit
from migrate.system.git import open_repository

BRANCH = "feature/이전"
"""is checked out"""
EFFECTS = ("os.link", "os.remove", "os.rename", "shutil.copyfile", "subprocess.Popen")
MADE = "feature/made"
"""does not exist before"""
REMOVED = "feature/removed"
"""is there before, in packed-refs and beside them, and is to go"""
GOLDEN = 0.618034
"""Spreads the jitter: its multiples fill the unit interval evenly."""


@dataclass(frozen=True)
class Sample:
    """A repository with the branch checked out at `old`, and a commit `new` beside it. `other` is a branch at `old` as well."""

    folder: Path
    old: str
    new: str

    def move(self, branch: str) -> tuple[str | None, str | None]:
        """Where a branch is before and after its publication."""
        return {MADE: (None, self.new), REMOVED: (self.new, None)}.get(branch, (self.old, self.new))

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def reset(self) -> None:
        """Back to the old state."""
        self.git("checkout", "-q", "-f", "--detach", self.old)
        self.git("branch", "-q", "-f", BRANCH, self.old)
        self.git("checkout", "-q", BRANCH)
        subprocess.run(["git", "branch", "-q", "-D", MADE], cwd=self.folder, check=False, stderr=subprocess.DEVNULL)
        self.git("branch", "-q", "-f", REMOVED, self.new)
        self.git("pack-refs", "--all", "--no-prune")


def make_sample(folder: Path, files: int = 300) -> Sample:
    """Files added, changed, removed; a folder that becomes a file and the other way round; links, line ends, a big file."""
    subprocess.run(["git", "init", "-q", "-b", BRANCH, str(folder)], check=True)
    for name, value in (("user.name", "Test Person"), ("user.email", "test@example.org"), ("gc.auto", "0")):
        subprocess.run(["git", "config", name, value], cwd=folder, check=True)
    (folder / ".gitignore").write_text("*.ignored\n")
    for command in (["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    repository = open_repository(folder)
    start = repository.read_tree("HEAD")
    old_tree = start.changed(_old_files(files // 3))
    new_tree = old_tree.changed(
        _new_files(files // 3), frozenset(path for path in old_tree if path.startswith(("gone/", "turns/", "becomes-folder")))
    )
    old, new = repository.write_chain([NewCommit(old_tree, "Old", (start.commit,)), NewCommit(new_tree, "New", (0,))])
    repository.publish(BRANCH, start.commit, old, "old")
    (folder / "untracked").write_text("mine\n")
    (folder / "some.ignored").write_text("mine\n")
    sample = Sample(folder, old, new)
    sample.reset()
    return sample


Files = dict[RepoPath, tuple[Mode, bytes | str]]


def _old_files(count: int) -> Files:
    names = [f"{part}/{n % 7}/파일 {n}.yaml" for n in range(count) for part in ("stays", "changes", "gone")]
    files: Files = {RepoPath(name): (Mode.FILE, f"{name}\nold: true\n".encode() * 20) for name in names}
    files[RepoPath("turns/into/a/file")] = (Mode.FILE, b"was in a folder\n")
    files[RepoPath("becomes-folder")] = (Mode.FILE, b"was a file\n")
    files[RepoPath("link")] = (Mode.LINK, b"stays")
    files[RepoPath("rules/windows.txt")] = (Mode.FILE, b"one\ntwo\n")
    files[RepoPath("big.bin")] = (Mode.FILE, _noise("old", 1 << 20))
    return files


def _new_files(count: int) -> Files:
    changed = [f"changes/{n % 7}/파일 {n}.yaml" for n in range(count)]
    added = [f"added/{n % 7}/새 {n}.yaml" for n in range(count)]
    files: Files = {RepoPath(name): (Mode.EXECUTABLE, f"{name}\nnew: true\n".encode() * 20) for name in changed + added}
    files[RepoPath("turns")] = (Mode.FILE, b"is a file\n")
    files[RepoPath("becomes-folder/with/file")] = (Mode.FILE, b"in a folder\n")
    files[RepoPath("link")] = (Mode.LINK, b"added")
    files[RepoPath("rules/.gitattributes")] = (Mode.FILE, b"*.txt text eol=crlf\n")
    files[RepoPath("rules/windows.txt")] = (Mode.FILE, b"one\ntwo\nthree\n")
    files[RepoPath("big.bin")] = (Mode.FILE, _noise("new", 4 << 20))
    return files


def _noise(seed: str, size: int) -> bytes:
    return hashlib.shake_128(seed.encode()).digest(size)


def publication(sample: Sample, branch: str) -> Callable[[], object]:
    """What is going to be killed."""
    old, new = sample.move(branch)
    return lambda: open_repository(sample.folder).publish(branch, old, new, "killed")


def measure(sample: Sample, branch: str) -> float:
    """Seconds that one undisturbed publication takes, at best."""
    durations = []
    for _ in range(3):
        started = time.monotonic()
        os.waitpid(_child(publication(sample, branch)), 0)
        durations.append(time.monotonic() - started)
        sample.reset()
    return min(durations)


def _child(action: Callable[[], object]) -> int:
    """A new process, leader of a group of its own, that does it."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            action()
        finally:
            os._exit(0)
    os.setpgid(child, child)
    return child


def killed(action: Callable[[], object], seconds: float, *, group: bool) -> float | None:
    """Do it in a child process and kill that after so many seconds, with its git processes if asked.

    None if it was killed; the seconds that it took if it ended before.
    """
    started = time.monotonic()
    child = _child(action)
    while (taken := time.monotonic() - started) < seconds:
        if os.waitpid(child, os.WNOHANG)[0]:
            return taken
        time.sleep(0.002)
    if group:
        os.killpg(child, signal.SIGKILL)
    else:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def disturb(sample: Sample, branch: str, seconds: float, moment: int) -> tuple[float | None, str]:
    """Kill one publication, every third time its recovery as well, and recover; its duration, and what came of it."""
    taken = killed(publication(sample, branch), seconds, group=moment % 2 == 0)
    if moment % 3 == 0:
        killed(lambda: open_repository(sample.folder).recover(), seconds / 2, group=moment % 4 == 0)
    return taken, f"{'ended' if taken else 'killed'}, {recovered(sample, branch)}"


def recovered(sample: Sample, branch: str) -> str:
    """Recover; what came of it."""
    said = open_repository(sample.folder).recover() or "nothing to recover"
    tip = open_repository(sample.folder).branch_tip(branch)
    return f"branch is {'new' if tip == sample.move(branch)[1] else 'old'}: {said.partition(' branch')[0]}"


def wrong(sample: Sample, branch: str, allowed: tuple[str | None, ...]) -> list[str]:
    """What is not as it was before or as it should be afterwards."""
    tip = open_repository(sample.folder).branch_tip(branch)
    git_dir = sample.folder / ".git"
    trouble = [str(path) for path in git_dir.rglob("*.lock")]
    trouble += [f"left: {path.name}" for path in (git_dir / "migrate").iterdir() if path.name != "lock"]
    if tip not in allowed:
        trouble.append(f"the branch is at {tip}")
    if (status := sample.git("status", "--porcelain")) != "?? untracked":
        trouble.append(status)
    if sample.git("write-tree") != sample.git("rev-parse", "HEAD^{tree}"):
        trouble.append("the index is not that of the branch")
    trouble += [f"{name} is lost" for name in ("untracked", "some.ignored") if not (sample.folder / name).is_file()]
    return trouble


def sweep(folder: Path, moments: int) -> Counter[str]:
    """Disturb at each moment; how often which outcome was seen. AssertionError with all that went wrong."""
    sample = make_sample(folder)
    durations = {branch: measure(sample, branch) for branch in (BRANCH, MADE, REMOVED)}
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    for moment in range(moments):
        branch = {2: REMOVED, 4: MADE}.get(moment % 5, BRANCH)
        seconds = durations[branch] * (moment + moment * GOLDEN % 1) / moments
        taken, outcome = disturb(sample, branch, seconds, moment)
        durations[branch] = taken or durations[branch]
        outcomes[outcome] += 1
        failures += [f"moment {moment} ({seconds:.3f} s): {what}" for what in wrong(sample, branch, sample.move(branch))]
        if open_repository(sample.folder).recover() is not None:
            failures.append(f"moment {moment}: a second recover found something to do")
        sample.reset()
    assert not failures, "\n".join(failures)
    return outcomes


def killed_before_effect(sample: Sample, number: int, branch: str = BRANCH) -> bool:
    """Publish in a child process that kills itself before its effect number so-and-so; whether there are so many."""

    def action() -> None:
        count = 0

        def on_event(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            writes = event == "open" and isinstance(arguments[1], str) and arguments[1][:1] in ("w", "x", "a")
            count += event in EFFECTS or writes
            if count > number and event != "os.kill":
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(on_event)
        publication(sample, branch)()

    _, status = os.waitpid(_child(action), 0)
    return os.WIFSIGNALED(status)


def main() -> None:
    """The sweep on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=100)
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        outcomes = sweep(Path(folder) / "repository", parser.parse_args().moments)
    for outcome, count in sorted(outcomes.items()):
        sys.stdout.write(f"{count:4}  {outcome}\n")
    sys.stdout.write(f"{outcomes.total()} moments in {time.monotonic() - started:.0f} s, nothing lost\n")


if __name__ == "__main__":
    main()
