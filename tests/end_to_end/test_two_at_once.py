"""Two runs at once on one repository: one waits for the other, or says who is at work; neither harms the other."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from migrate.system.git import open_repository
from tests.conftest import MakeRepo
from tests.end_to_end import warm
from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import git, migrate, one_environment, state, words

BRANCH, OTHER = "feature/BE-384", "feature/BE-385"
Done = tuple[int, str]


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    return make_repo(one_environment())


def start(repo: Path, *arguments: str) -> warm.Run:
    return warm.start(words(repo, *arguments))


def end(run: warm.Run) -> Done:
    done = run.wait()
    return done.returncode, done.stdout + done.stderr


def both(repo: Path, first: tuple[str, ...], second: tuple[str, ...]) -> tuple[Done, Done]:
    """Exit code and output of two commands that are started together."""
    runs = start(repo, *first), start(repo, *second)
    return end(runs[0]), end(runs[1])


def refused(done: Done) -> bool:
    """Whether a run gave up waiting: where the other one took longer than it is waited for."""
    return done[0] == 6 and "is at work in this repository" in done[1]


def test_two_applies_to_different_branches_are_both_done_or_one_says_why_not(repo: Path) -> None:
    before = state(repo)
    ends = both(repo, ("apply", "--branch", BRANCH), ("apply", "--branch", OTHER))
    for branch, done in zip((BRANCH, OTHER), ends, strict=True):
        assert done[0] == 0 or refused(done), done[1]
        assert bool(git(repo, "branch", "--list", branch)) == (done[0] == 0)
    assert 0 in (ends[0][0], ends[1][0])
    assert state(repo) == before
    assert open_repository(repo).recover() is None


def test_of_two_applies_to_one_branch_one_works_and_the_other_finds_nothing_to_do(repo: Path) -> None:
    ends = both(repo, ("apply", "--branch", BRANCH), ("apply", "--branch", BRANCH))
    assert sorted(("The proof holds" in text, "Nothing to do" in text or refused((code, text))) for code, text in ends) == [
        (False, True),
        (True, False),
    ]
    assert len(git(repo, "reflog", BRANCH).splitlines()) == 1


def test_an_undo_and_an_apply_at_once_come_one_after_the_other(applied_copy: Applied) -> None:
    repo = applied_copy(one_environment())
    before = git(repo, "show-ref", "main")
    applied = git(repo, "rev-parse", f"{BRANCH}^{{tree}}")
    undone, again = both(repo, ("undo", "--branch", BRANCH), ("apply", "--branch", BRANCH))
    assert (undone[0], again[0]) == (0, 0) or refused(undone) or refused(again), undone[1] + again[1]
    there = git(repo, "branch", "--list", BRANCH)
    assert git(repo, "rev-parse", f"{BRANCH}^{{tree}}") == applied if there else git(repo, "show-ref") == before
    assert open_repository(repo).recover() is None


@pytest.mark.parametrize("arguments", [("apply", "--branch", BRANCH), ("undo", "--branch", BRANCH)])
def test_who_has_the_lock_is_waited_for(repo: Path, arguments: tuple[str, ...]) -> None:
    with open_repository(repo).locked():
        run = start(repo, *arguments)
        time.sleep(3)
        assert not run.ended()
    _, output = end(run)
    assert ("The proof holds" in output) or ("there is no branch" in output), output


def test_who_keeps_the_lock_is_named(repo: Path) -> None:
    before = state(repo)
    with open_repository(repo).locked():
        done = migrate(repo, "undo", "--branch", BRANCH)
    assert (done.returncode, f"process {os.getpid()} on " in done.stderr) == (6, True)
    assert "is at work in this repository" in done.stderr
    assert state(repo) == before
