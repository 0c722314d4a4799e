"""`migrate apply` from outside: what it writes, what it leaves alone, what it refuses."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end import warm
from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import command, git, migrate, one_environment, small_files, state

BRANCH = "feature/BE-384"


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    return make_repo(one_environment())


@pytest.fixture
def applied(applied_copy: Applied) -> Path:
    """The same after a first `apply`."""
    return applied_copy(one_environment())


def test_apply_writes_the_branch_and_leaves_everything_else_alone(make_repo: MakeRepo) -> None:
    repo = make_repo(small_files())
    before = state(repo)
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "The proof holds: 4 cells: 2 equal, 2 equal failure" in done.stdout
    [digest] = {
        line.split()[1] for line in git(repo, "log", "--format=%B", f"main..{BRANCH}").splitlines() if "Migrate-Plan" in line
    }
    assert digest in done.stdout
    assert state(repo) == before
    assert "helmfile/helmfile.yaml" in git(repo, "ls-tree", "-r", "--name-only", BRANCH).split()


def test_a_second_apply_finds_nothing_to_do(applied: Path) -> None:
    tip, objects = git(applied, "rev-parse", BRANCH), git(applied, "count-objects", "-v")
    again = migrate(applied, "apply", "--branch", BRANCH)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, f"Nothing to do: {BRANCH} holds this migration already.")
    assert (git(applied, "rev-parse", BRANCH), git(applied, "count-objects", "-v")) == (tip, objects)


def test_a_plan_for_a_migrated_commit_says_so(applied: Path) -> None:
    plan = migrate(applied, "plan", "--base", BRANCH, "--json")
    slugs = [finding["slug"] for finding in json.loads(plan.stdout)["findings"]]
    assert slugs.count("already-migrated") == 1
    assert "target-clash" not in slugs


def test_each_line_of_a_moved_file_is_blamed_on_its_first_commit(applied: Path) -> None:
    start = git(applied, "rev-parse", "main").strip()
    files = git(applied, "ls-tree", "-r", "--name-only", BRANCH).split()
    moved = "helmfile/values/api.yaml.gotmpl", "helmfile/charts/custom/api/chart/templates/config.yaml"
    assert {*moved} <= {*files}
    blamed = git(applied, "blame", "--porcelain", BRANCH, "--", moved[0])
    assert blamed.split()[0] == start


def test_the_reviewed_plan_is_applied_and_every_commit_names_it_and_its_sub_issue(repo: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert migrate(repo, "plan", "--out", str(plan)).returncode == 0
    done = migrate(repo, "apply", "--branch", BRANCH, "--plan", str(plan), "--json")
    assert done.returncode == 0, done.stderr
    told, digest = json.loads(done.stdout), json.loads(plan.read_text())["digest"]
    assert told["planDigest"] == digest
    bodies = git(repo, "log", "--format=%B%x00", f"main..{BRANCH}").split("\0")[:-1]
    assert len(bodies) == told["commits"]
    assert all(f"Migrate-Plan: {digest}" in body and "Issue: BE-384" in body for body in bodies)
    assert any("Sub-issue: 4 the one helmfile.yaml" in body for body in bodies)


def test_a_stale_plan_is_refused(repo: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert migrate(repo, "plan", "--out", str(plan)).returncode == 0
    (repo / "README.md").write_text("# Changed\n")
    git(repo, "commit", "-q", "-a", "-m", "Change")
    done = migrate(repo, "apply", "--branch", BRANCH, "--plan", str(plan))
    assert (done.returncode, done.stderr.splitlines()[0][:19]) == (5, "error [stale-plan]:")
    assert BRANCH not in git(repo, "branch", "--list", BRANCH)


def test_a_plan_that_was_edited_by_hand_is_refused(repo: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert migrate(repo, "plan", "--out", str(plan)).returncode == 0
    plan.write_text(plan.read_text().replace("./charts/custom", "./charts/other"))
    done = migrate(repo, "apply", "--branch", BRANCH, "--plan", str(plan))
    assert (done.returncode, "error [bad-plan-file]:" in done.stderr) == (2, True)


def test_another_configuration_makes_a_plan_stale(repo: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert migrate(repo, "plan", "--out", str(plan)).returncode == 0
    (repo / "migrate.yaml").write_text("order: legacy\n")
    done = migrate(repo, "apply", "--branch", BRANCH, "--plan", str(plan))
    assert (done.returncode, "error [stale-plan]:" in done.stderr) == (5, True)


def test_a_blocked_plan_writes_nothing(make_repo: MakeRepo) -> None:
    files = dict(one_environment())
    files["applications/web/helmfile.yaml"] = files["applications/api/helmfile.yaml"]
    files["applications/web/chart/Chart.yaml"] = files["applications/api/chart/Chart.yaml"]
    repo = make_repo(files)
    before = state(repo)
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert (done.returncode, "error [plan-blocked]:" in done.stderr) == (3, True)
    assert state(repo) == before
    assert git(repo, "branch", "--list", BRANCH) == ""


def test_a_checked_out_clean_branch_follows(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", BRANCH)
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr
    assert git(repo, "status", "--porcelain") == ""
    assert (repo / "helmfile/helmfile.yaml").exists()


def test_a_checked_out_dirty_branch_is_refused(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", BRANCH)
    (repo / "README.md").write_text("# Not committed\n")
    before = state(repo)
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert (done.returncode, "error [branch-state]:" in done.stderr) == (6, True)
    assert state(repo) == before


def test_a_branch_that_a_person_edited_is_judged_again(applied: Path) -> None:
    git(applied, "checkout", "-q", BRANCH)
    assert migrate(applied, "prove", "--branch", BRANCH).returncode == 0
    values = applied / "helmfile/environments/prod/values.yaml"
    values.write_text("color: green\n")
    git(applied, "commit", "-q", "-a", "-m", "Another color")
    done = migrate(applied, "prove", "--branch", BRANCH)
    assert (done.returncode, "The proof FAILS" in done.stdout) == (4, True)


def test_without_an_identity_nothing_is_proved_and_nothing_written(
    repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "gitconfig"
    empty.write_text("[user]\n\tuseConfigOnly = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(empty))
    done = warm.start(["apply", "--repo", str(repo), "--branch", BRANCH]).wait()
    assert (done.returncode, "error [identity-missing]:" in done.stderr) == (8, True)
    assert ("reading" in done.stderr, "asking helmfile" in done.stderr) == (True, False), "the proof would be for nothing"
    assert git(repo, "branch", "--list", BRANCH) == ""


@pytest.mark.parametrize("name", ["../x", "a..b", "-x", "a b"])
def test_an_impossible_branch_name_is_refused(repo: Path, name: str) -> None:
    done = migrate(repo, "apply", f"--branch={name}")
    assert (done.returncode, "error [" in done.stderr) == (2, True)


def test_works_in_a_linked_worktree(repo: Path, tmp_path: Path) -> None:
    linked = tmp_path / "다른 곳"
    git(repo, "worktree", "add", "-q", "--detach", str(linked))
    done = migrate(linked, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr
    assert git(repo, "branch", "--list", BRANCH).strip() == BRANCH


def test_works_in_a_shallow_clone(repo: Path, tmp_path: Path) -> None:
    (repo / "README.md").write_text("# Second\n")
    git(repo, "commit", "-q", "-a", "-m", "Second")
    clone = tmp_path / "clone"
    git(repo, "clone", "-q", "--depth", "1", f"file://{repo}", str(clone))
    done = migrate(clone, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr


def test_any_file_name_and_encoding_is_carried_with_its_attributes(make_repo: MakeRepo) -> None:
    names = ["caf\udce9.txt", "two\nlines.txt", "한글 이름.txt", "\"'[a]*.txt"]
    odd = {f"applications/api/chart/files/{name}": f"kept {number}\n" for number, name in enumerate(names)}
    korean = {"applications/api/extra.yaml": "# 한글\na: 1\n".encode("euc-kr")}
    repo = make_repo({**one_environment(), **odd, **korean, ".gitattributes": "applications/** export-ignore\n"})
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr + done.stdout
    for number, name in enumerate(names):
        assert git(repo, "show", f"{BRANCH}:helmfile/charts/custom/api/chart/files/{name}") == f"kept {number}\n"
    [moved] = [line for line in git(repo, "ls-tree", "-r", BRANCH, "helmfile").splitlines() if line.endswith("/extra.yaml")]
    assert moved.split()[2] == git(repo, "rev-parse", "main:applications/api/extra.yaml").strip()
    assert migrate(repo, "apply", "--branch", BRANCH).stdout.splitlines()[-1].startswith("Nothing to do")


def test_a_plan_that_can_not_be_written_is_said_in_words(repo: Path, tmp_path: Path) -> None:
    done = migrate(repo, "plan", "--out", str(tmp_path / "missing" / "plan.json"))
    assert done.returncode == 2
    assert "error [bad-input]" in done.stderr
    assert "No such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_with_130_and_leaves_nothing(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = state(repo)
    process = subprocess.Popen(command(repo, "apply", "--branch", BRANCH), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not list(tmp_path.glob("*/[!l]*")):  # something in a folder but its lock
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert (process.returncode, err.decode().splitlines()[-1]) == (130, "interrupted")
    assert (state(repo), list(tmp_path.iterdir())) == (before, [])


def test_trouble_with_a_file_is_said_in_words(repo: Path) -> None:
    (repo / ".git/migrate").write_text("in the way of the folder for the lock\n")
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "error [error]: " in done.stderr
    assert ".git/migrate" in done.stderr


def test_a_locale_that_can_not_name_gits_paths_is_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LC_ALL", "POSIX"), ("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0")):
        monkeypatch.setenv(name, value)
    done = migrate(repo, "inventory")
    assert (done.returncode, "PYTHONUTF8=1" in done.stderr) == (2, True)


def test_helmfiles_that_load_each_other_are_refused_at_once(make_repo: MakeRepo) -> None:
    repo = make_repo({**one_environment(), "applications/api/helmfile.yaml": "helmfiles:\n- ../../helmfile.yaml\n"})
    done = subprocess.run(
        command(repo, "apply", "--branch", BRANCH),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        start_new_session=True,
    )
    assert (done.returncode, "plan-blocked" in done.stderr) == (3, True)
    assert "[helmfile-cycle]" in migrate(repo, "plan").stdout


def test_an_empty_file_of_attributes_is_added_to(make_repo: MakeRepo) -> None:
    rules = {".gitattributes": "", "applications/.gitattributes": "* export-ignore\n"}
    repo = make_repo({**one_environment(), **rules})
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "/helmfile/values/api.yaml.gotmpl export-ignore\n" in git(repo, "show", f"{BRANCH}:.gitattributes")
