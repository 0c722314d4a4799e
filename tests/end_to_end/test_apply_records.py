"""Migrated branches whose record or state files people changed: what a proof of them refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import git, migrate, one_environment

BRANCH = "feature/BE-384"


@pytest.fixture
def applied(applied_copy: Applied) -> Path:
    """The same after a first `apply`."""
    return applied_copy(one_environment())


def recorded(repo: Path, **changes: object) -> str:
    """What `prove` says once a person edited the record on the branch: its exit code and message."""
    place = repo / "helmfile/.migrate/record.json"
    place.write_text(json.dumps({**json.loads(place.read_text()), **changes}))
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "Another record")
    done = migrate(repo, "prove", "--branch", BRANCH)
    return f"{done.returncode} {done.stderr}"


@pytest.fixture
def migrated(applied: Path) -> Path:
    git(applied, "checkout", "-q", BRANCH)
    return applied


def test_a_record_that_compares_the_branch_with_itself_is_refused(migrated: Path) -> None:
    (migrated / "helmfile/environments/prod/values.yaml").write_text("color: green\n")
    git(migrated, "commit", "-q", "-a", "-m", "Another color")
    tip = git(migrated, "rev-parse", "HEAD").strip()
    assert "holds a migration already" in recorded(migrated, base=tip, legacyState="helmfile/helmfile.yaml", copies={})
    assert "`base` is no commit id" in recorded(migrated, base=BRANCH)


def test_a_record_with_a_base_that_the_branch_was_not_made_from_is_refused(migrated: Path) -> None:
    git(migrated, "checkout", "-q", "-b", "other", "main")
    git(migrated, "commit", "-q", "--allow-empty", "-m", "Another base")
    tip = git(migrated, "rev-parse", "HEAD").strip()
    git(migrated, "checkout", "-q", BRANCH)
    assert "the branch was not made from its base" in recorded(migrated, base=tip)


def test_a_record_that_names_other_state_files_is_refused(migrated: Path) -> None:
    root = migrated / "helmfile/helmfile.yaml"
    (migrated / "helmfile/judged.yaml").write_bytes(root.read_bytes())
    root.write_text(root.read_text().replace("namespace: web", "namespace: other"))
    assert "2 error [bad-input]: helmfile/.migrate/record.json: `newState` is" in recorded(
        migrated, newState="helmfile/judged.yaml"
    )
    assert "`legacyState` is" in recorded(
        migrated, legacyState="applications/api/helmfile.yaml", newState="helmfile/helmfile.yaml"
    )


def test_two_forms_of_the_new_state_file_are_refused(migrated: Path) -> None:
    (migrated / "helmfile/helmfile.yaml.gotmpl").write_text("releases: []\n")
    created = ["helmfile/helmfile.yaml", "helmfile/helmfile.yaml.gotmpl", "helmfile/.migrate/record.json"]
    assert "lies beside helmfile/helmfile.yaml" in recorded(migrated, created=created)


def test_environments_that_a_template_names_are_refused(migrated: Path) -> None:
    state = migrated / "helmfile/helmfile.yaml"
    text = state.read_text()
    assert text.count("  default:\n") == 1
    state.write_text(text.replace("  default:\n", "  {{ .Environment.Name }}:\n"))
    git(migrated, "commit", "-q", "-a", "-m", "Any environment")
    done = migrate(migrated, "prove", "--branch", BRANCH)
    assert (done.returncode, "a template names the environments" in done.stderr) == (2, True)
