"""What a user has after `migrate apply`: scripts on the branch that run as they are."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import MakeRepo
from tests.end_to_end.small import migrate, small_files
from tests.shell_scripts.migrated import Migrated, git


def test_the_scripts_of_a_migrated_branch_run(make_repo: MakeRepo, programs: Path, system: Path, tmp_path: Path) -> None:
    top = make_repo(small_files())
    done = migrate(top, "apply", "--branch", "migrated", "--issue", "BE-1")
    assert done.returncode == 0, done.stderr
    git(top, "checkout", "-q", "migrated")
    subjects = git(top, "log", "--format=%s", "main..migrated").splitlines()
    assert {"feat(scripts): chart download script", "feat(scripts): validation script"} <= set(subjects)
    assert "feat(scripts): offline environment test" in subjects
    repo = Migrated(top, programs, system)
    checked = repo.run("validate.sh", "--all").stdout.splitlines()
    assert "pass     prod: template: 2 objects" in checked
    assert "pass     prod: lint of web" in checked
    packed = [repo.run("package-offline.sh", "-o", str(tmp_path / name)).stdout for name in ("a", "b")]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes(), packed
    verified = repo.run("package-offline.sh", "--verify", str(tmp_path / "a"), PATH=f"{programs}:{system}")
    assert "environment prod is rendered from the package: 2 objects" in verified.stdout
