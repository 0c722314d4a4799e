"""`migrate status`: phases and sub-issues with evidence, drift on both sides, commits that a squash took."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import git, migrate, one_environment

BRANCH = "feature/BE-384"
VALUES = "environments/prod/values.yaml"
RECORD = "helmfile/.migrate/record.json"


@pytest.fixture
def repo(applied_copy: Applied) -> Path:
    return applied_copy(one_environment(), "--through", "2")


def status(repo: Path, *options: str) -> dict[str, Any]:
    done = migrate(repo, "status", "--branch", BRANCH, "--json", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def made_through_3(repo: Path) -> Path:
    done = migrate(repo, "apply", "--branch", BRANCH, "--phase", "3")
    assert done.returncode == 0, done.stderr
    return repo


def evidence_of(repo: Path, number: int) -> tuple[str, str]:
    found = next(issue for issue in status(repo)["subIssues"] if issue["number"] == number)
    return found["state"], found["evidence"]


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


def test_a_proof_from_before_people_changed_the_branch_is_no_evidence(made_through_3: Path) -> None:
    assert {number: evidence_of(made_through_3, number)[0] for number in (8, 9)} == {8: "done", 9: "done"}
    edit(made_through_3, BRANCH, "helmfile/values/api.yaml.gotmpl", "color: mine\n")
    for number in (8, 9):
        state, evidence = evidence_of(made_through_3, number)
        assert (state, "before people changed the branch (files: 1): `migrate prove` judges it" in evidence) == ("blocked", True)


def test_a_record_that_was_written_by_hand_is_refused_until_it_is_as_it_was(repo: Path) -> None:
    edit(repo, BRANCH, RECORD, git(repo, "show", f"{BRANCH}:{RECORD}").replace('"through": 2', '"through": 6'))
    tip = git(repo, "rev-parse", BRANCH)
    for command in ("apply", "status"):
        done = migrate(repo, command, "--branch", BRANCH)
        assert (done.returncode, git(repo, "rev-parse", BRANCH)) == (2, tip)
        assert "is not as commit" in done.stderr
    wrote = git(repo, "rev-parse", f"{BRANCH}~1").strip()
    assert f"git checkout {wrote[:12]} -- {RECORD}" in done.stderr
    edit(repo, BRANCH, RECORD, git(repo, "show", f"{wrote}:{RECORD}"))
    assert status(repo)["newDrift"] == []


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
