"""A migrated branch, weeks later: what changed is carried over, and people's edits stay."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.later import BRANCH, NEW_VALUES, STATE, VALUES, applied, change, shown
from tests.end_to_end.small import git, migrate, one_environment


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
        change(migrated, "main", VALUES, lambda text, old=old, new=new: text.replace(old, new))  # type: ignore[misc]  # mypy infers no type for a lambda with a default
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
    done = migrate(migrated, "apply", "--branch", BRANCH, "--solved", "no/such")
    assert (done.returncode, "--solved no/such: the branch has no such file" in done.stderr) == (2, True)
    assert "are solved there" not in applied(migrated, "--solved", NEW_VALUES), "both sides may have come to agree"
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
        path.replace("/web/", "/shop/"): text.replace("web", "shop")
        for path, text in one_environment().items()
        if "/web/" in path
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


def test_a_base_branch_that_is_gone_is_told(migrated: Path) -> None:
    git(migrated, "checkout", "-q", BRANCH)
    git(migrated, "branch", "-m", "main", "trunk")
    (done, status) = (migrate(migrated, "apply", "--branch", BRANCH), migrate(migrated, "status", "--branch", BRANCH))
    assert (done.returncode, status.returncode) == (2, 2)
    assert "main, the branch that the migration was made from, is not in this clone" in done.stderr
    assert "--base origin/main" in status.stderr
    assert "Nothing to do" in applied(migrated, "--base", "trunk")


def test_nothing_to_do_needs_no_tools_and_hides_no_stale_plan(migrated: Path) -> None:
    none = ("--helmfile", str(migrated / "none"))
    assert "Nothing to do" in applied(migrated, *none)
    migrate(migrated, "plan", "--out", str(migrated.parent / "plan.json"), "--through", "2")
    done = migrate(migrated, "apply", "--branch", BRANCH, "--plan", str(migrated.parent / "plan.json"))
    assert (done.returncode, "[stale-plan]" in done.stderr) == (5, True), done.stderr
