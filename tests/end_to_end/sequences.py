"""Random histories of a migrated branch: `python -m tests.end_to_end.sequences --seeds 100`.

People edit the legacy tree and the branch, merge by hand, run again, solve conflicts, go on to the next phase, undo. Each edit
adds a line with a mark of its own, so that what was lost, doubled or came back can be counted. After each step a run has either
gone through or stopped with a conflict, with the branch where it was.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.conftest import write_file
from tests.end_to_end.edits import (
    added_file,
    branch_edit,
    hand_merge,
    legacy_edit,
    legacy_edit_on_branch,
    new_app,
    removed_app,
    renamed_file,
    renamed_release,
    script_edit,
)
from tests.end_to_end.history import BRANCH, Fault, History, Marks
from tests.end_to_end.later import FILES, TWO_ENVIRONMENTS
from tests.end_to_end.small import git
from tests.end_to_end.solving import solve

CONFLICT = "error [merge-conflict]"
STATE_PHASE, LAST = 2, 6


def rerun(history: History, *words: str, through: int = 0) -> str:
    """Run again, and judge what came of it."""
    old, was, carried = history.tip(), history.through, history.carried
    expected = merged(history)
    done = history.run("apply", "--branch", BRANCH, *words)
    name = f"apply {' '.join(words)}".strip()
    if done.exit_code:
        if CONFLICT not in done.stderr:
            raise Fault(f"{name}: {done.output}")
        if history.tip() != old:
            raise Fault(f"{name}: a conflict, and the branch has moved")
        files = [] if "--solved" in words else solve(history, done.stderr)
        options = [word for file in files for word in ("--solved", file)]
        return rerun(history, *words, *options, through=through) if files else f"{name}: conflict"
    history.through = max(was, through)
    if history.tip() == old:
        if "Nothing to do" not in done.output:
            raise Fault(f"{name}: nothing was written, and it is not said")
        if history.through < STATE_PHASE:  # most pieces are in the legacy tree only, and come with a merge
            return f"{name}: nothing to do"
    else:
        history.before.append((old, was, carried))
    history.carried = history.tip("main")
    judge(history, name, *expected)
    return f"{name}: {'done' if history.tip() != old else 'nothing to do'}"


def merged(history: History) -> tuple[Marks, Marks]:
    """What a run must keep: of main's pieces (in the new tree), and of what people made of the branch (anywhere)."""
    base, theirs = (frozenset(history.marks(each, legacy=True)) for each in (history.carried, "main"))
    gone = base - theirs
    new = frozenset(history.marks(BRANCH, legacy=False))
    others = frozenset(history.marks(BRANCH, legacy=None)) - frozenset(history.marks(history.carried, legacy=None))
    mine = frozenset(history.marks(BRANCH, legacy=True)) - base - theirs
    return (new - gone) | (theirs - base), others | (mine - gone)


def judge(history: History, name: str, pieces: Marks, others: Marks) -> None:
    """Fault if a mark was lost, doubled, or came back."""
    new, legacy, rest = (history.marks(BRANCH, legacy=legacy) for legacy in (False, True, None))
    anywhere = {*new, *legacy, *rest}
    if lost := sorted((pieces - frozenset(new if history.through >= STATE_PHASE else anywhere)) | (others - anywhere)):
        raise Fault(f"{name}: lost {lost}")
    if doubled := sorted(mark for count in (new, legacy) for mark, times in count.items() if times > 1):
        raise Fault(f"{name}: doubled {doubled}")
    if back := sorted(new.keys() - pieces - legacy.keys()):
        raise Fault(f"{name}: came back {back}")


def next_phase(history: History) -> str:
    """The next phase."""
    number = history.through + 1
    return rerun(history, "--phase", str(number), through=number) if number <= LAST else rerun(history)


def undo(history: History) -> str:
    """Take back the last apply. Where people worked since, that is refused."""
    old = history.tip()
    done = history.run("undo", "--branch", BRANCH)
    if done.exit_code:
        if history.tip() != old:
            raise Fault(f"undo: refused, and the branch has moved: {done.output}")
        return "undo: refused"
    if not history.before:
        if git(history.repo, "branch", "--list", BRANCH):
            raise Fault("undo: the branch that the first apply made is still there")
        first_apply(history)
        return "undo: of the first apply, which is made again"
    if history.before[-1][0] != history.tip():
        raise Fault("undo: the branch is not where it was before the apply")
    _, history.through, history.carried = history.before.pop()
    return "undo: done"


STEPS: list[tuple[Callable[[History], str], int]] = [
    (legacy_edit, 6),
    (script_edit, 1),
    (new_app, 1),
    (removed_app, 1),
    (renamed_file, 1),
    (renamed_release, 1),
    (branch_edit, 4),
    (added_file, 1),
    (legacy_edit_on_branch, 1),
    (hand_merge, 1),
    (rerun, 5),
    (next_phase, 2),
    (undo, 1),
]


def play(folder: Path, seed: int, length: int) -> History:
    """One history of so many steps; an odd seed has two environments. Fault, with the steps, if anything goes wrong."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    history = History(folder, dice)
    for path, text in (TWO_ENVIRONMENTS if seed % 2 else FILES).items():
        write_file(folder / path, text)
    git(folder, "init", "-q", "-b", "main")
    commit_first(history)
    history.through = dice.choice([1, 2, 3, 5, 5, 5, 6])
    first_apply(history)
    history.steps.append(f"seed {seed}: apply --through {history.through}")
    chosen = dice.choices([step for step, _ in STEPS], [weight for _, weight in STEPS], k=length)
    try:
        for step in [*chosen, rerun]:
            history.steps.append(step(history))
            history.seen[history.steps[-1].partition(":")[2].strip() if step in (rerun, next_phase, undo) else step.__name__] += 1
            keeps_main(history)
        same_as_at_once(history)
    except (Fault, subprocess.CalledProcessError, AssertionError) as fault:
        raise Fault("\n".join([*history.steps, f"{type(fault).__name__}: {fault}", str(folder)])) from fault
    return history


def first_apply(history: History) -> None:
    """The branch is made."""
    first = history.run("apply", "--branch", BRANCH, "--through", str(history.through))
    if first.exit_code:
        raise Fault(first.output)
    history.carried = history.tip("main")


def commit_first(history: History) -> None:
    """The first commit of main."""
    git(history.repo, "add", "-A")
    git(history.repo, "commit", "-q", "-m", "Start")


def keeps_main(history: History) -> None:
    """The checkout is clean, and on main."""
    if git(history.repo, "status", "--porcelain") or git(history.repo, "branch", "--show-current") != "main\n":
        raise Fault("the checkout has changed")


def same_as_at_once(history: History) -> None:
    """Where nobody worked on the branch, it ends as a new one begins."""
    if history.edited or not history.steps[-1].endswith(("done", "nothing to do")):
        return
    done = history.run("apply", "--branch", "feature/at-once", "--through", str(history.through))
    if done.exit_code:
        raise Fault(f"at once: {done.output}")
    changed = git(history.repo, "diff", "--stat", BRANCH, "feature/at-once", "--", ".", ":!helmfile/.migrate")
    if changed and "nothing to do" not in history.steps[-1]:
        raise Fault(f"another tree than at once: {changed}")
    if re.search("helmfile/", changed):
        raise Fault(f"another tree than at once: {changed}")


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--steps", type=int, default=14)
    parser.add_argument("--verbose", action="store_true", help="tell the steps of each history")
    chosen = parser.parse_args()
    faults, seen = 0, Counter[str]()
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        with tempfile.TemporaryDirectory() as folder:
            try:
                played = play(Path(folder), seed, chosen.steps)
                seen += played.seen
                if chosen.verbose:
                    sys.stdout.write("; ".join(played.steps) + "\n")
            except Fault as fault:
                faults += 1
                sys.stdout.write(f"{fault}\n\n")
            sys.stdout.flush()
    sys.stdout.write(f"{chosen.seeds} histories, {faults} faults; {dict(seen.most_common())}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
