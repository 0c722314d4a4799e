"""A migrated branch, weeks later: what changed is carried over, people's edits stay, phases go on, the cleanup removes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import git, migrate, small_files

BRANCH = "feature/BE-384"
VALUES = "environments/prod/values.yaml"
NEW_VALUES = f"helmfile/{VALUES}"
STATE = "helmfile/helmfile.yaml"

EXTRA = {
    "deploy.sh": "#!/bin/bash\nhelmfile -e prod sync\ncat environments/prod/values.yaml\n",
    ".github/workflows/ci.yaml": "jobs:\n  a:\n    runs-on: x\n    steps:\n    - run: cat environments/prod/values.yaml\n",
    "README.md": "# Small\n\nSee `environments/prod/values.yaml`.\n",
    VALUES: "# what prod is like\ncolor: blue\nsize: 1\nshape: round\n",
}


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    return make_repo({**small_files(), **EXTRA})


@pytest.fixture
def migrated(applied_copy: Applied) -> Path:
    """The same with the branch that a first `apply` made."""
    return applied_copy({**small_files(), **EXTRA})


def applied(repo: Path, *options: str) -> str:
    done = migrate(repo, "apply", "--branch", BRANCH, *options)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def shown(repo: Path, path: str, branch: str = BRANCH) -> str:
    return git(repo, "show", f"{branch}:{path}")


def change(repo: Path, branch: str, path: str, edit: Callable[[str], str]) -> str:
    """A commit on a branch that edits one file; its id."""
    git(repo, "checkout", "-q", branch)
    (repo / path).write_text(edit((repo / path).read_text()))
    git(repo, "commit", "-qam", f"Edit {path}")
    git(repo, "checkout", "-q", "main")
    return git(repo, "rev-parse", branch).strip()


def test_a_legacy_change_comes_into_the_new_tree_and_keeps_its_author(migrated: Path) -> None:
    before = git(migrated, "rev-parse", BRANCH).strip()
    commit = change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    applied(migrated)
    assert shown(migrated, NEW_VALUES) == shown(migrated, VALUES, "main")
    assert git(migrated, "rev-parse", f"{BRANCH}^1", f"{BRANCH}^2").split() == [before, commit]
    blamed = git(migrated, "blame", "--porcelain", "-L2,2", BRANCH, "--", NEW_VALUES)
    assert blamed.split()[0] == commit
    assert git(migrated, "diff", "--name-only", f"main...{BRANCH}", "--", VALUES) == ""
    assert migrate(migrated, "prove", "--branch", BRANCH, "--authorship").returncode == 0


def test_nothing_changed_writes_nothing(migrated: Path) -> None:
    before = git(migrated, "rev-parse", BRANCH), git(migrated, "count-objects", "-v")
    (migrated / "NOTES.txt").write_text("nothing to do with it\n")
    git(migrated, "add", "-A")
    git(migrated, "commit", "-qm", "Notes")
    assert "Nothing to do" in applied(migrated)
    assert (git(migrated, "rev-parse", BRANCH), git(migrated, "count-objects", "-v").split()[1]) != (before[0], "0")
    assert git(migrated, "rev-parse", BRANCH) == before[0]


def test_what_people_changed_on_the_branch_stays_and_is_named(migrated: Path) -> None:
    change(migrated, BRANCH, NEW_VALUES, lambda text: text.replace("shape: round", "shape: square   # by hand"))
    change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    assert f"Kept as people changed it on the branch, and not part of this proof: {NEW_VALUES}" in applied(migrated)
    assert shown(migrated, NEW_VALUES) == "# what prod is like\ncolor: green\nsize: 1\nshape: square   # by hand\n"
    assert "Nothing to do" in applied(migrated)


def test_a_file_that_people_renamed_on_the_branch_is_named_by_both_paths(migrated: Path) -> None:
    git(migrated, "checkout", "-q", BRANCH)
    git(migrated, "mv", "README.md", "READ-ME.md")
    git(migrated, "commit", "-qm", "Rename")
    git(migrated, "checkout", "-q", "main")
    change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    told = [line.rpartition(": ")[2] for line in applied(migrated).splitlines() if line.startswith("Kept as people")]
    assert told == ["READ-ME.md", "README.md"]


def test_a_second_carrying_over_starts_from_the_first(migrated: Path) -> None:
    change(migrated, BRANCH, NEW_VALUES, lambda text: text.replace("shape: round", "shape: square"))
    for old, new in (("blue", "green"), ("green", "red")):
        change(migrated, "main", VALUES, lambda text, old=old, new=new: text.replace(old, new))  # type: ignore[misc]
        applied(migrated)
    assert shown(migrated, NEW_VALUES) == "# what prod is like\ncolor: red\nsize: 1\nshape: square\n"


def test_both_sides_changing_one_value_stops_with_nothing_written(migrated: Path) -> None:
    tip = change(migrated, BRANCH, NEW_VALUES, lambda text: text.replace("blue", "yellow"))
    change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    done = migrate(migrated, "apply", "--branch", BRANCH)
    assert (done.returncode, done.stderr.splitlines()[-2][:23]) == (6, "error [merge-conflict]:")
    assert NEW_VALUES in done.stderr
    assert all(f"| color: {word}" in done.stderr for word in ("yellow", "green", "blue"))
    assert git(migrated, "rev-parse", BRANCH).strip() == tip


def test_a_conflict_that_people_solved_on_the_branch_is_solved_once_they_say_so(migrated: Path) -> None:
    change(migrated, BRANCH, NEW_VALUES, lambda text: text.replace("blue", "yellow"))
    change(migrated, "main", VALUES, lambda text: text.replace("blue", "green").replace("round", "oval"))
    change(migrated, BRANCH, NEW_VALUES, lambda text: text.replace("yellow", "olive"))
    elsewhere = migrate(migrated, "apply", "--branch", BRANCH, "--solved", VALUES)
    assert elsewhere.returncode == 6, "another file than the one in conflict"
    told = applied(migrated, "--solved", NEW_VALUES)
    assert f"these are solved there:\n{NEW_VALUES}:2 " in told
    assert all(f"| color: {word}" in told for word in ("blue", "olive", "green"))
    assert f"and not part of this proof: {NEW_VALUES}" in told
    assert shown(migrated, NEW_VALUES) == "# what prod is like\ncolor: olive\nsize: 1\nshape: oval\n"
    change(migrated, "main", VALUES, lambda text: text.replace("size: 1", "size: 2"))
    done = migrate(migrated, "apply", "--branch", BRANCH, "--solved", NEW_VALUES)
    assert (done.returncode, done.stderr.splitlines()[-2]) == (
        2,
        f"error [bad-input]: --solved {NEW_VALUES}: the merge has no conflict there; nothing was written",
    )
    applied(migrated)
    assert shown(migrated, NEW_VALUES) == "# what prod is like\ncolor: olive\nsize: 2\nshape: oval\n"


def test_main_merged_by_hand_before_does_not_disturb(migrated: Path) -> None:
    change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    git(migrated, "checkout", "-q", BRANCH)
    git(migrated, "merge", "-q", "--no-edit", "main")
    git(migrated, "checkout", "-q", "main")
    applied(migrated)
    assert shown(migrated, NEW_VALUES) == shown(migrated, VALUES, "main") == shown(migrated, VALUES)


def test_a_conflict_that_people_solved_in_a_merge_by_hand_is_not_asked_again(migrated: Path) -> None:
    change(migrated, BRANCH, "README.md", lambda text: f"{text}\nBy the branch.\n")
    change(migrated, "main", "README.md", lambda text: f"{text}\nBy main.\n")
    change(migrated, "main", VALUES, lambda text: text.replace("blue", "green"))
    git(migrated, "checkout", "-q", BRANCH)
    git(migrated, "-c", "merge.default=union", "merge", "-q", "--no-edit", "main")
    solved = "# Small\n\nSee `helmfile/environments/prod/values.yaml`.\n\nBy main,\nby the branch.\n"
    (migrated / "README.md").write_text(solved)
    git(migrated, "commit", "-qa", "--amend", "--no-edit")
    git(migrated, "checkout", "-q", "main")
    applied(migrated)
    assert shown(migrated, "README.md") == solved
    assert shown(migrated, NEW_VALUES) == shown(migrated, VALUES, "main")
    change(migrated, "main", "README.md", lambda text: f"# Title\n{text}")
    applied(migrated)
    assert shown(migrated, "README.md") == f"# Title\n{solved}"


def test_a_new_application_and_a_removed_one_follow(migrated: Path) -> None:
    new = {
        path.replace("/web/", "/shop/"): text.replace("web", "shop") for path, text in small_files().items() if "/web/" in path
    }
    for path, text in new.items():
        (migrated / path).parent.mkdir(parents=True, exist_ok=True)
        (migrated / path).write_text(text)
    git(migrated, "rm", "-rq", "applications/web")
    (migrated / "helmfile.yaml").write_text((migrated / "helmfile.yaml").read_text().replace("/web/", "/shop/"))
    git(migrated, "add", "-A")
    git(migrated, "commit", "-qm", "shop instead of web")
    applied(migrated)
    files = git(migrated, "ls-tree", "-r", "--name-only", BRANCH, "helmfile").split()
    assert "helmfile/values/shop.yaml.gotmpl" in files
    assert not [path for path in files if "web" in path]
    assert "name: shop" in shown(migrated, STATE)


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


def test_a_base_branch_that_is_gone_is_told(migrated: Path) -> None:
    git(migrated, "checkout", "-q", BRANCH)
    git(migrated, "branch", "-m", "main", "trunk")
    (done, status) = (migrate(migrated, "apply", "--branch", BRANCH), migrate(migrated, "status", "--branch", BRANCH))
    assert (done.returncode, status.returncode) == (2, 2)
    assert "main, the branch that the migration was made from, is not in this clone" in done.stderr
    assert "--base origin/main" in status.stderr
    assert "Nothing to do" in applied(migrated, "--base", "trunk")


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


def test_nothing_to_do_needs_no_tools_and_hides_no_stale_plan(migrated: Path) -> None:
    none = ("--helmfile", str(migrated / "none"))
    assert "Nothing to do" in applied(migrated, *none)
    migrate(migrated, "plan", "--out", str(migrated.parent / "plan.json"), "--through", "2")
    done = migrate(migrated, "apply", "--branch", BRANCH, "--plan", str(migrated.parent / "plan.json"))
    assert (done.returncode, "[stale-plan]" in done.stderr) == (5, True), done.stderr
