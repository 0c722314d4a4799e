"""Phases one after the other, and the last one: the cleanup of the legacy tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.later import BRANCH, NEW_VALUES, VALUES, applied, change, shown
from tests.end_to_end.small import git, migrate


def test_phase_after_phase_ends_where_one_run_ends(repo: Path) -> None:
    for phase in range(1, 7):
        applied(repo, "--phase", str(phase))
        if phase in (1, 2, 6):  # before there is a new state file, beside the old one, and without that
            assert migrate(repo, "prove", "--branch", BRANCH).returncode == 0
    other = migrate(repo, "apply", "--branch", "feature/at-once", "--through", "6")
    assert other.returncode == 0, other.stderr
    assert git(repo, "rev-parse", f"{BRANCH}^{{tree}}") == git(repo, "rev-parse", "feature/at-once^{tree}")
    assert "Nothing to do" in applied(repo, "--phase", "6")


def test_a_phase_is_refused_before_the_one_below_it(repo: Path) -> None:
    done = migrate(repo, "apply", "--branch", BRANCH, "--phase", "3")
    assert (done.returncode, "[branch-state]" in done.stderr) == (6, True)
    applied(repo, "--phase", "1")
    done = migrate(repo, "apply", "--branch", BRANCH, "--phase", "3")
    assert (done.returncode, "phase 2, which is not done" in done.stderr) == (6, True)


def test_the_cleanup_removes_the_legacy_files_and_later_changes_still_come(repo: Path) -> None:
    applied(repo, "--through", "6")
    files = git(repo, "ls-tree", "-r", "--name-only", BRANCH).split()
    assert not [path for path in files if path.startswith(("applications/", "environments/")) or path == "helmfile.yaml"]
    assert {"scripts/check-legacy-paths.sh", "helmfile/.migrate/moved.txt", ".github/workflows/legacy-paths.yml"} <= {*files}
    commit = change(repo, "main", VALUES, lambda text: text.replace("blue", "green"))
    applied(repo)
    assert shown(repo, NEW_VALUES) == shown(repo, VALUES, "main")
    assert git(repo, "ls-tree", "-r", "--name-only", BRANCH).split() == files
    assert git(repo, "blame", "--porcelain", "-L2,2", BRANCH, "--", NEW_VALUES).split()[0] == commit
    assert migrate(repo, "prove", "--branch", BRANCH, "--authorship").returncode == 0


def test_a_piece_that_a_script_still_points_at_stays(repo: Path) -> None:
    (repo / "tool.sh").write_text(
        '#!/bin/bash\nfor each in "$@"; do cat "environments/$each/values.yaml"; done\ncat "$X/web/values.yaml.gotmpl"\n'
    )
    (repo / "odd.cfg").write_text("path = applications/web/values.yaml.gotmpl\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Tool")
    plan = migrate(repo, "plan", "--phase", "6", "-v").stdout
    assert "applications/web/values.yaml.gotmpl: it stays: odd.cfg:1 points at" in plan
    applied(repo, "--through", "6")
    assert "applications/web/values.yaml.gotmpl" in git(repo, "ls-tree", "-r", "--name-only", BRANCH).split()


def test_the_cleanup_stops_where_work_on_the_branch_reads_a_legacy_file(migrated: Path) -> None:
    git(migrated, "checkout", "-q", BRANCH)
    (migrated / "mine.sh").write_text(f"#!/bin/bash\ncat {VALUES}\n")
    (migrated / "mine.cfg").write_text("path = applications/web/values.yaml.gotmpl\n")
    (migrated / "link").symlink_to("applications/web/chart")
    (migrated / "NOTES.md").write_text(f"It was in `{VALUES}`.\n")
    git(migrated, "add", "-A")
    git(migrated, "commit", "-qm", "Mine")
    git(migrated, "checkout", "-q", "main")
    tip = git(migrated, "rev-parse", BRANCH)
    done = migrate(migrated, "apply", "--branch", BRANCH, "--phase", "6")
    assert (done.returncode, git(migrated, "rev-parse", BRANCH)) == (6, tip)
    for place in (f"mine.sh:2 names {VALUES}", "mine.cfg:1 names applications/web/values.yaml.gotmpl", "link names applications"):
        assert place in done.stderr
    assert "NOTES.md" not in done.stderr
    git(migrated, "checkout", "-q", BRANCH)
    (migrated / "mine.sh").write_text(f"#!/bin/bash\ncat {NEW_VALUES}\n")
    git(migrated, "rm", "-q", "mine.cfg", "link")
    git(migrated, "commit", "-qam", "Mend")
    git(migrated, "checkout", "-q", "main")
    applied(migrated, "--phase", "6")
    assert VALUES not in git(migrated, "ls-tree", "-r", "--name-only", BRANCH).split()


def test_a_merged_migration_is_cleaned_up_on_a_new_branch(migrated: Path) -> None:
    git(migrated, "merge", "-q", "--no-ff", "--no-edit", BRANCH)
    commit = change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    plan = migrate(migrated, "plan", "--phase", "6").stdout
    assert ("Removed: 12 legacy files" in plan, "Nothing is in the way" in plan) == (True, True)
    done = migrate(migrated, "apply", "--branch", "feature/cleanup", "--phase", "6")
    assert done.returncode == 0, done.stderr + done.stdout
    files = git(migrated, "ls-tree", "-r", "--name-only", "feature/cleanup").split()
    assert not [path for path in files if path.startswith(("applications/", "environments/")) or path == "helmfile.yaml"]
    assert shown(migrated, NEW_VALUES, "feature/cleanup") == shown(migrated, VALUES, "main")
    assert git(migrated, "blame", "--porcelain", "-L2,2", "feature/cleanup", "--", NEW_VALUES).split()[0] == commit
    again = migrate(migrated, "apply", "--branch", "feature/cleanup", "--phase", "6")
    assert "Nothing to do" in again.stdout, again.stderr
    assert migrate(migrated, "prove", "--branch", "feature/cleanup", "--authorship").returncode == 0
    git(migrated, "merge", "-q", "--no-ff", "--no-edit", "feature/cleanup")
    change(migrated, "main", "README.md", lambda text: text + "More.\n")
    third = migrate(migrated, "apply", "--branch", "feature/third", "--phase", "6")
    assert "Nothing to do: feature/third was not made, the commit that it would be made from holds" in third.stdout, third.stderr
    assert not git(migrated, "branch", "--list", "feature/third")


@pytest.mark.parametrize("command", [("plan",), ("apply", "--branch", BRANCH)])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--through", "6", "--accept", "no/such"), "--accept no/such: nobody outside is known"),
        (("--through", "6", "--orphan", VALUES), f"--orphan {VALUES}: it is no unread file"),
        (("--orphan", "applications/api/extra.txt"), "are for the cleanup, which is not asked for"),
    ],
)
def test_a_file_that_the_cleanup_knows_nothing_of_is_told(
    repo: Path, command: tuple[str, ...], options: tuple[str, ...], told: str
) -> None:
    done = migrate(repo, *command, *options)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not git(repo, "branch", "--list", BRANCH)
