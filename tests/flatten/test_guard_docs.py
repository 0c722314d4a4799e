"""What docs/how-to/keep-legacy-paths-closed.md tells people to put into their CI, run as that CI would run it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrate.formats.plain_yaml import load_plain
from tests.conftest import MakeRepo, write_file
from tests.flatten.test_guard import after_cleanup, check, commit, git, pull_request, run
from tests.test_docs import DOCS, FENCE

PAGE = (DOCS / "how-to" / "keep-legacy-paths-closed.md").read_text(encoding="utf-8")
MOVED = "environments/운영 prod/values.yaml"


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    return make_repo(after_cleanup())


def block(section: str) -> str:
    """The code block of a section."""
    match = FENCE.search(PAGE.split(f"## {section}\n")[1])
    assert match
    return match["text"]


def test_the_example_is_what_is_said(repo: Path) -> None:
    git(repo, "update-ref", "refs/remotes/origin/main", "HEAD")
    write_file(repo / MOVED, "tag: 2\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--author", "Deploy Bot <bot@example.org>", "-m", "Set the image tag")
    command, *said = FENCE.findall(PAGE)[0][1].splitlines()
    code, found = run(repo, ["bash", "-c", command.removeprefix("$ ")])
    expected = "\n".join(said).replace("environments/prod/", "environments/운영 prod/")
    named = git(repo, "rev-parse", "--short", "HEAD")
    assert (code, found) == (1, expected.replace("4c2f1ab", named) + "\n")


@pytest.mark.parametrize(("path", "code"), [(MOVED, 1), (f"helmfile/{MOVED}", 0)])
def test_the_job_for_gitlab(repo: Path, path: str, code: int) -> None:
    (line,) = load_plain(block("GitLab").encode(), "page").value["legacy-paths"]["script"]
    before = git(repo, "rev-parse", "HEAD")
    commit(repo, path)
    commit(repo, "README.md")
    assert run(repo, ["bash", "-c", line], CI_COMMIT_BEFORE_SHA=before)[0] == code
    assert run(repo, ["bash", "-c", line], CI_MERGE_REQUEST_DIFF_BASE_SHA=before, CI_COMMIT_BEFORE_SHA="0" * 40)[0] == code
    assert run(repo, ["bash", "-c", line], CI_MERGE_REQUEST_TARGET_BRANCH_SHA=before)[0] == code


@pytest.mark.parametrize(("path", "code"), [(MOVED, 1), (f"helmfile/{MOVED}", 0)])
def test_the_stage_for_jenkins(repo: Path, path: str, code: int) -> None:
    line = re.findall(r"sh '(.*)'", block("Jenkins"))[0]
    clone = pull_request(repo, path)
    assert run(clone, ["bash", "-c", line], CHANGE_TARGET="main")[0] == code
    assert run(clone, ["bash", "-c", line])[0] == code


@pytest.mark.parametrize(("path", "code"), [(MOVED, 1), (f"helmfile/{MOVED}", 0)])
def test_the_hook_before_a_push(repo: Path, tmp_path: Path, path: str, code: int) -> None:
    git(repo, "clone", "-q", "--bare", ".", str(tmp_path / "hub.git"))
    git(repo, "remote", "add", "origin", str(tmp_path / "hub.git"))
    git(repo, "fetch", "-q", "origin")
    hook = repo / ".git/hooks/pre-push"
    write_file(hook, f"#!/bin/sh\n{block('Before a push')}")
    hook.chmod(0o755)
    commit(repo, path)
    assert (run(repo, ["git", "push", "origin", "main"])[0] != 0) == (code == 1)


def test_a_folder_is_closed_and_opened_by_its_line(repo: Path) -> None:
    table = repo / "helmfile/.migrate/moved.txt"
    assert "`applications/` alone" in PAGE
    commit(repo, "applications/new.yaml")
    assert check(repo)[0] == 1
    table.write_text(
        "".join(line for line in table.read_text(encoding="utf-8").splitlines(True) if line[0] == "#"), encoding="utf-8"
    )
    commit(repo, "README.md")
    assert check(repo, "HEAD~2")[0] == 0
