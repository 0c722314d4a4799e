"""`migrate status`: phases and sub-issues with evidence, drift on both sides, commits that a squash took."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.small import git, migrate, small_files

BRANCH = "feature/BE-384"
VALUES = "environments/prod/values.yaml"


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    made = make_repo(small_files())
    done = migrate(made, "apply", "--branch", BRANCH, "--through", "2")
    assert done.returncode == 0, done.stderr
    return made


def status(repo: Path, *options: str) -> dict[str, Any]:
    done = migrate(repo, "status", "--branch", BRANCH, "--json", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def edit(repo: Path, branch: str, path: str, text: str) -> None:
    git(repo, "checkout", "-q", branch)
    (repo / path).write_text(text)
    git(repo, "commit", "-qam", "Edit")
    git(repo, "checkout", "-q", "main")


def test_phases_are_done_next_and_later(repo: Path) -> None:
    found = status(repo)
    assert [phase["state"] for phase in found["phases"]][1:] == ["done", "next", "later", "later", "later"]
    assert len(found["subIssues"]) == 15
    evidence = {issue["number"]: issue["evidence"] for issue in found["subIssues"]}
    assert "helmfile/helmfile.yaml with 2 releases" in evidence[4]
    assert found["next"].endswith("--phase 3")


def test_drift_is_told_on_both_sides(repo: Path) -> None:
    assert (status(repo)["legacyDrift"], status(repo)["newDrift"]) == ([], [])
    edit(repo, "main", VALUES, "color: green\n")
    edit(repo, BRANCH, "helmfile/values/api.yaml.gotmpl", "color: mine\n")
    found = status(repo)
    assert (found["legacyDrift"], found["newDrift"]) == ([VALUES], ["helmfile/values/api.yaml.gotmpl"])
    assert "carries 1 changed legacy files over" in found["next"]


def test_a_squash_is_seen(repo: Path) -> None:
    assert status(repo)["lost"] == ""
    git(repo, "merge", "-q", "--squash", BRANCH)
    git(repo, "commit", "-qm", "Squashed\n\n" + git(repo, "log", "--format=%B", f"main..{BRANCH}"))
    done = migrate(repo, "status", "--branch", "main")
    assert done.returncode == 0, done.stderr
    assert "a squash or a rebase took them" in done.stdout


def test_a_rebase_onto_a_later_commit_is_seen(repo: Path) -> None:
    edit(repo, "main", "README.md", "# Later\n")
    git(repo, "rebase", "-q", "main", BRANCH)
    git(repo, "checkout", "-q", "main")
    assert "a squash or a rebase took them" in status(repo)["lost"]


def test_a_branch_without_a_migration_is_refused(repo: Path) -> None:
    done = migrate(repo, "status", "--branch", "main")
    assert (done.returncode, "main holds no migration" in done.stderr) == (2, True)
