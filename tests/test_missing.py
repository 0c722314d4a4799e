"""What a branch of a migration has no more: its record, the base of its record, its legacy files, its name. With real git."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate.cli import main
from migrate.errors import BadInput, BranchState
from migrate.layout import layout_of
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from migrate.model.settings import Settings
from migrate.model.way_back import WayBack
from migrate.pipeline.missing import require_legacy, require_record
from migrate.pipeline.past import Past
from migrate.pipeline.status import status
from migrate.system.git import open_repository
from tests.conftest import MakeRepo, write_file

BRANCH = "feature/x"
LAYOUT = layout_of(Settings())
COPIES = (
    (RepoPath("environments/dev.yaml"), RepoPath("helmfile/environments/dev.yaml")),
    (RepoPath("applications/a/values.yaml"), RepoPath("helmfile/values/a.yaml")),
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.removesuffix("\n")


def record(base: str) -> Record:
    new = RepoPath("helmfile/helmfile.yaml")
    return Record(base, "0" * 64, RepoPath("helmfile.yaml"), new, "tier", COPIES, (new,), (), ())


@pytest.fixture
def folder(make_repo: MakeRepo) -> Path:
    """A branch as an apply leaves it, by its files and its last message."""
    made = make_repo({"helmfile.yaml": "releases: []\n", **{str(old): f"{old}: 1\n" for old, _ in COPIES}})
    base = git(made, "rev-parse", "HEAD")
    git(made, "checkout", "-q", "-b", BRANCH)
    for path, text in ((LAYOUT.record, record(base).to_json()), (LAYOUT.state_file, "releases: []\n")):
        write_file(made / path, text)
    git(made, "add", "-A")
    git(made, "commit", "-q", "-m", f"Record\n\n{WayBack(BRANCH, None).trailers('0' * 40)}")
    return made


def refusal(folder: Path) -> str:
    repository = open_repository(folder)
    try:
        require_record(repository, BRANCH, repository.resolve(BRANCH), LAYOUT)
    except BranchState as error:
        return f"{error.message} {error.hint}"
    return ""


def test_a_record_that_is_gone_is_named_with_the_commit_that_had_it(folder: Path) -> None:
    had = git(folder, "rev-parse", "HEAD")[:12]
    git(folder, "rm", "-q", LAYOUT.record)
    git(folder, "commit", "-q", "-m", "No record")
    assert refusal(folder) == (
        f"{BRANCH} has the new tree of a migration, but no {LAYOUT.record}; {had} had it "
        f"git checkout {had} -- {LAYOUT.record}, and commit it on {BRANCH}"
    )
    git(folder, "checkout", had, "--", LAYOUT.record)
    git(folder, "commit", "-q", "-m", "The record")
    assert refusal(folder) == ""


def test_a_migration_that_was_taken_back_as_a_whole_may_begin_anew(folder: Path) -> None:
    git(folder, "revert", "--no-edit", "HEAD")
    assert refusal(folder) == ""


def test_a_state_file_that_people_wrote_is_no_migration(make_repo: MakeRepo) -> None:
    folder = make_repo({str(LAYOUT.state_file): "releases: []\n"})
    git(folder, "checkout", "-q", "-b", BRANCH)
    assert refusal(folder) == ""


@pytest.mark.parametrize(
    ("authored", "removed", "refused"),
    [(False, [0, 1], True), (False, [0], False), (True, [0, 1], False)],
)
def test_a_rebase_that_took_the_legacy_files_is_told(folder: Path, removed: list[int], *, authored: bool, refused: bool) -> None:
    for number in removed:
        git(folder, "rm", "-q", COPIES[number][0])
    git(folder, "commit", "-q", "-m", "Gone")
    repository = open_repository(folder)
    tree = repository.read_tree(BRANCH)
    past = Past(tree.commit, tree, record(git(folder, "rev-parse", "main")), None, authored)
    if not refused:
        require_legacy(past, tree, BRANCH)
        return
    with pytest.raises(BranchState, match=f"{BRANCH} holds a migration without its 2 legacy files: a rebase took them"):
        require_legacy(past, tree, BRANCH)


def test_the_status_in_a_clone_without_the_base_says_so(folder: Path) -> None:
    path = folder / LAYOUT.record
    path.write_text(record("1" * 40).to_json())
    git(folder, "commit", "-q", "-a", "-m", "Another base")
    with pytest.raises(BadInput, match=f"its base {'1' * 12} is not in this clone") as raised:
        status(open_repository(folder), BRANCH, "", Settings())
    assert raised.value.hint == "in a shallow clone, fetch the whole history first"


def test_the_status_names_the_edited_scripts_that_people_changed_since(folder: Path) -> None:
    made = record(git(folder, "rev-parse", "main"))
    (folder / LAYOUT.record).write_text(replace(made, edited=(RepoPath("deploy.sh"), RepoPath("run.sh")), through=5).to_json())
    for name in ("deploy.sh", "run.sh"):
        write_file(folder / name, "true\n")
    git(folder, "add", "-A")
    tree = git(folder, "write-tree")
    git(folder, "commit", "-q", "-m", f"Record\n\nMigrate-Plan: {made.plan_digest}\nMigrate-Alone: {tree}")
    write_file(folder / "deploy.sh", "false\n")
    git(folder, "commit", "-q", "-a", "-m", "By hand")
    found = status(open_repository(folder), BRANCH, "main", Settings())
    evidence = next(issue.evidence for issue in found.sub_issues if issue.number == 12)
    assert evidence == "2 scripts were made to name the new places, of which people changed deploy.sh since"


def test_a_record_with_the_marks_of_a_conflict_is_named_with_a_way_out(folder: Path) -> None:
    (folder / LAYOUT.record).write_text("<<<<<<< HEAD\n{}\n")
    git(folder, "commit", "-q", "-a", "-m", "Conflict")
    result = CliRunner().invoke(main, ["status", "--repo", str(folder), "--branch", BRANCH])
    assert result.exit_code == 2
    assert f"hint: git log -- {LAYOUT.record} names the commits of applies that wrote it" in result.output


def test_undo_on_a_branch_with_another_name_says_how_to_go_on(folder: Path) -> None:
    git(folder, "branch", "-m", BRANCH, "feature/y")
    result = CliRunner().invoke(main, ["undo", "--repo", str(folder), "--branch", "feature/y"])
    assert result.exit_code == 6
    assert f"hint: if it was renamed: git branch -m feature/y {BRANCH}, then migrate undo --branch {BRANCH}" in result.output
