"""The guard, run for real: its script, by bash, in git repositories that have gone through a cleanup."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.flatten.guard import SCRIPT, guard, table_of
from migrate.formats.plain_yaml import load_plain
from migrate.layout import layout_of
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Mode, Tree
from tests.conftest import FileContent, MakeRepo, write_file
from tests.system.trees import tree_of

LAYOUT = layout_of(Settings())
WEB = "applications/web"
MOVED = {
    "helmfile.yaml": "helmfile/helmfile.yaml",
    f"{WEB}/helmfile.yaml": "helmfile/helmfile.yaml",
    f"{WEB}/values.yaml": "helmfile/values/web.yaml",
    f"{WEB}/chart/Chart.yaml": "helmfile/charts/custom/web/Chart.yaml",
    f"{WEB}/chart/templates/a.yaml": "helmfile/charts/custom/web/templates/a.yaml",
    f"{WEB}/old.tgz": "",
    "environments/운영 prod/values.yaml": "helmfile/environments/운영 prod/values.yaml",
    "tools/[ab]*.yaml": "helmfile/values/glob.yaml",
    "tools/two\nlines\t.yaml": "helmfile/values/lines.yaml",
    "tools/caf\udce9\\n.yaml": "helmfile/values/bytes.yaml",
    "#odd": "helmfile/values/#odd",
}
KEPT = ("README.md", "tools/kept.sh", "kubespray/helmfile.yaml")


def tree(*more: str) -> Tree:
    return tree_of(dict.fromkeys((*KEPT, *more, *(new for new in MOVED.values() if new)), "x\n"))


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    """After the cleanup, with one commit that has all of it."""
    return make_repo(after_cleanup())


def after_cleanup() -> Mapping[str, FileContent]:
    files: dict[str, FileContent] = {**dict.fromkeys(KEPT, "x\n"), **{new: "x\n" for new in MOVED.values() if new}}
    return {**files, **{str(made.target): made.text for made in guard(MOVED, LAYOUT, tree())}}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return os.fsdecode(done.stdout).removesuffix("\n")


def commit(folder: Path, path: str, content: str = "new\n", message: str = "Update") -> str:
    write_file(folder / path, content)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--author", "Some Bot <bot@example.org>", "-m", message)
    return git(folder, "rev-parse", "--short", "HEAD")


def check(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Exit code and output of the script, as CI would run it."""
    return run(folder, ["bash", f"scripts/{SCRIPT}", *arguments], **variables)


def run(folder: Path, command: list[str], **variables: str) -> tuple[int, str]:
    """Exit code and output, without what the CI that runs these tests says of itself."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CI_", "GITHUB_", "CHANGE_"))}
    done = subprocess.run(command, cwd=folder, env={**own, **variables}, capture_output=True, check=False)
    return done.returncode, os.fsdecode(done.stdout + done.stderr)


def test_what_touches_no_moved_path_passes(repo: Path) -> None:
    commit(repo, "helmfile/values/web.yaml")
    commit(repo, "kubespray/helmfile.yaml")
    assert check(repo, "HEAD~2") == (0, check(repo, "HEAD~2")[1])
    assert check(repo, "HEAD~2")[1].startswith("None of 2 commits (")


@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("helmfile.yaml", "has moved to helmfile/helmfile.yaml"),
        (f"{WEB}/values.yaml", "has moved to helmfile/values/web.yaml"),
        (f"{WEB}/old.tgz", "is gone, nothing has taken its place"),
        (f"{WEB}/chart/templates/a.yaml", "belongs to helmfile/charts/custom/web/templates/a.yaml"),
        (f"{WEB}/chart/templates/new.yaml", "belongs to helmfile/charts/custom/web/templates/new.yaml"),
        (f"{WEB}/other.yaml", f"lies in {WEB}/, which is closed: helmfile/.migrate/moved.txt says where its pieces are"),
        ("applications/new/helmfile.yaml", "lies in applications/, which is closed: helmfile/.migrate/moved.txt says where"),
        ("environments/운영 prod/values.yaml", "belongs to helmfile/environments/운영 prod/values.yaml"),
        ("environments/운영 prod/새 것.yaml", "belongs to helmfile/environments/운영 prod/새 것.yaml"),
        ("tools/[ab]*.yaml", "has moved to helmfile/values/glob.yaml"),
        ("tools/two\nlines\t.yaml", "has moved to helmfile/values/lines.yaml"),
        ("tools/caf\udce9\\n.yaml", "has moved to helmfile/values/bytes.yaml"),
        ("#odd", "has moved to helmfile/values/#odd"),
    ],
)
def test_a_push_that_brings_a_moved_path_back_fails_and_says_where_it_is(repo: Path, path: str, now: str) -> None:
    named = commit(repo, path, message="Set the tag")
    code, said = check(repo)
    assert code == 1
    shown = path.replace("\n", "?").replace("\t", "?")
    assert f"- {shown} {now}" in said
    assert f"    {named} Some Bot: Set the tag\n" in said


@pytest.mark.parametrize(
    "path", ["README.md", "tools/a.yaml", "tools/[ab]*.yaml.bak", "other/helmfile.yaml", "applications2/x", "odd"]
)
def test_what_only_looks_like_a_moved_path_passes(repo: Path, path: str) -> None:
    commit(repo, path)
    assert check(repo)[0] == 0


def test_every_commit_that_touched_the_path_is_named(repo: Path) -> None:
    first = commit(repo, "helmfile.yaml", "one\n", "One")
    commit(repo, "README.md")
    second = commit(repo, "helmfile.yaml", "two\n", "Two")
    code, said = check(repo, "HEAD~3")
    assert (code, f"    {second} Some Bot: Two\n    {first} Some Bot: One\n" in said) == (1, True)


def test_a_path_with_glob_characters_names_no_commit_of_another_path(repo: Path) -> None:
    other = commit(repo, "tools/a.yaml")
    mine = commit(repo, "tools/[ab]*.yaml")
    code, said = check(repo, "HEAD~2")
    assert (code, f"    {mine} " in said, f"    {other} " in said) == (1, True, False)


def test_an_unguarded_path_that_is_renamed_onto_a_moved_one_fails(repo: Path) -> None:
    git(repo, "mv", "README.md", "helmfile.yaml")
    git(repo, "commit", "-q", "-m", "Rename")
    assert check(repo)[0] == 1


def test_removing_a_moved_path_is_fine(repo: Path) -> None:
    commit(repo, "helmfile.yaml")
    assert check(repo)[0] == 1
    git(repo, "rm", "-q", "helmfile.yaml")
    git(repo, "commit", "-q", "-m", "Remove")
    assert check(repo)[0] == 0
    assert check(repo, "HEAD~2")[0] == 0


def test_who_comes_after_a_fault_is_not_blamed_for_it(repo: Path) -> None:
    commit(repo, "helmfile.yaml")
    commit(repo, "README.md")
    assert check(repo)[0] == 0


def pull_request(repo: Path, path: str) -> Path:
    """A clone as CI has it: HEAD is the merge of a pull request, which began before `main` went on."""
    git(repo, "checkout", "-q", "-b", "topic")
    commit(repo, path, message="My change")
    git(repo, "checkout", "-q", "main")
    commit(repo, "README.md")
    clone = repo.parent / f"{repo.name}-clone"
    git(repo, "clone", "-q", str(repo), str(clone))
    git(clone, "checkout", "-q", "--detach", "main")
    git(clone, "merge", "-q", "--no-ff", "--no-edit", "origin/topic")
    git(clone, "branch", "-q", "-D", "main")
    return clone


@pytest.mark.parametrize(("path", "code"), [(f"{WEB}/values.yaml", 1), ("helmfile/values/web.yaml", 0)])
def test_the_merge_of_a_pull_request_is_judged_against_its_target(repo: Path, path: str, code: int) -> None:
    clone = pull_request(repo, path)
    for given in ({"GITHUB_BASE_REF": "main"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, {}):
        found, said = check(clone, **given)
        assert (found, "Some Bot: My change" in said) == (code, code == 1), said


def test_a_branch_from_before_the_cleanup_is_judged_where_it_is_merged(make_repo: MakeRepo) -> None:
    repo = make_repo({"README.md": "x\n", **dict.fromkeys(MOVED, "x\n")})
    git(repo, "checkout", "-q", "-b", "topic")
    commit(repo, "applications/new/helmfile.yaml", message="A new application")
    git(repo, "checkout", "-q", "main")
    git(repo, "rm", "-q", "-r", ".")
    for path, content in after_cleanup().items():
        write_file(repo / path, content)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "Clean up")
    assert check(repo)[0] == 0
    git(repo, "merge", "-q", "--no-edit", "topic")
    code, said = check(repo)
    assert (code, "Some Bot: A new application" in said) == (1, True)


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_BASE_REF": "main"},
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "main~2"},
        {"CI_COMMIT_BEFORE_SHA": "main~2"},
        {},
    ],
)
def test_a_shallow_clone_that_can_not_tell_says_what_to_fetch(repo: Path, variables: dict[str, str]) -> None:
    commit(repo, "helmfile.yaml")
    commit(repo, "README.md")
    given = {name: git(repo, "rev-parse", value) if "~" in value else value for name, value in variables.items()}
    clone = repo.parent / f"{repo.name}-shallow"
    git(repo, "checkout", "-q", "-b", "topic")
    git(repo, "clone", "-q", "--depth", "1", "--single-branch", "--branch", "topic", f"file://{repo}", str(clone))
    code, said = check(clone, **given)
    assert (code, "fetch" in said) == (2, True), said


def test_two_shallow_ends_without_a_common_commit_can_not_be_told(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "topic")
    commit(repo, "helmfile.yaml")
    commit(repo, "README.md")
    git(repo, "checkout", "-q", "main")
    commit(repo, "README.md")
    clone = repo.parent / f"{repo.name}-ends"
    git(repo, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo}", str(clone))
    git(clone, "checkout", "-q", "topic")
    code, said = check(clone, GITHUB_BASE_REF="main")
    assert (code, "no commit in common" in said) == (2, True)


def test_without_a_table_it_can_not_be_told(repo: Path) -> None:
    git(repo, "rm", "-q", "helmfile/.migrate/moved.txt")
    git(repo, "commit", "-q", "-m", "Remove")
    assert check(repo) == (2, "check-legacy-paths: HEAD has no helmfile/.migrate/moved.txt\n")


def test_zeros_and_nothing_stand_for_the_commit_before(repo: Path) -> None:
    commit(repo, "helmfile.yaml")
    for given in ("0" * 40, ""):
        assert check(repo, given)[0] == 1
    assert check(repo, CI_COMMIT_BEFORE_SHA="0" * 40)[0] == 1


def test_the_very_first_commit_is_judged_too(repo: Path) -> None:
    assert check(repo)[0] == 0
    write_file(repo / "helmfile.yaml", "x\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--amend", "--no-edit")
    assert check(repo)[0] == 1


def test_a_line_that_a_person_adds_to_the_table_holds(repo: Path) -> None:
    table = repo / "helmfile/.migrate/moved.txt"
    table.write_text(table.read_text(encoding="utf-8") + "tools/\nkubespray/\thelmfile/\n", encoding="utf-8")
    commit(repo, "README.md")
    commit(repo, "tools/new.sh")
    assert "lies in tools/, which is closed" in check(repo)[1]
    commit(repo, "kubespray/x/y")
    assert "belongs to helmfile/x/y" in check(repo)[1]


def test_it_runs_from_any_folder_and_with_any_layout(make_repo: MakeRepo) -> None:
    layout = layout_of(Settings(layout={"folder": "it's new", "scripts": "ci/$x"}))
    made = guard({"a/b": "it's new/b"}, layout, tree_of({"README.md": "x\n"}))
    repo = make_repo({str(each.target): each.text for each in made})
    commit(repo, "a/b")
    code, said = run(repo / "ci/$x", ["bash", f"../$x/{SCRIPT}"])
    assert (code, "- a/b belongs to it's new/b" in said) == (1, True), said


def test_the_table_is_short_sorted_and_says_where_a_whole_folder_went() -> None:
    lines = table_of(MOVED, tree()).splitlines()[2:]
    assert f"{WEB}/chart/\thelmfile/charts/custom/web/" in lines
    assert "environments/\thelmfile/environments/" in lines
    assert not [line for line in lines if line.startswith((f"{WEB}/chart/C", "environments/운"))]
    assert lines == sorted(lines, key=lambda line: line.partition("\t")[0].encode())
    assert [line for line in lines if line.startswith("tools")] == [
        "tools/[ab]*.yaml\thelmfile/values/glob.yaml",
        "tools/caf\\0351\\\\n.yaml\thelmfile/values/bytes.yaml",
        "tools/two\\nlines\\t.yaml\thelmfile/values/lines.yaml",
    ]


def test_a_folder_that_still_has_something_is_not_closed() -> None:
    lines = table_of(MOVED, tree("applications/kept.md")).splitlines()
    assert not [line for line in lines if line.startswith("applications/\t")]
    assert [line for line in lines if line.startswith(f"{WEB}/\t")]


def test_a_workflow_is_made_only_where_there_are_some() -> None:
    assert [str(made.target) for made in guard(MOVED, LAYOUT, tree())] == [f"scripts/{SCRIPT}", "helmfile/.migrate/moved.txt"]
    *_, workflow = guard(MOVED, LAYOUT, tree(".github/workflows/build.yml"))
    assert workflow.target == ".github/workflows/legacy-paths.yml"
    document = load_plain(workflow.text.encode(), "workflow").value
    steps = document["jobs"]["legacy-paths"]["steps"]
    assert (steps[0]["with"]["fetch-depth"], steps[1]["run"]) == (0, f'bash scripts/{SCRIPT} "$BEFORE"\n')


def test_the_script_can_be_run_and_the_same_is_made_again() -> None:
    first = guard(MOVED, LAYOUT, tree())
    assert (first[0].mode, first) == (Mode.EXECUTABLE, guard(dict(reversed(MOVED.items())), LAYOUT, tree()))
    assert all(RepoPath(made.target) == made.target for made in first)


def shellcheck() -> str | None:
    beside = Path(sys.executable).with_name("shellcheck")
    return str(beside) if beside.exists() else shutil.which("shellcheck")


@pytest.mark.skipif(shellcheck() is None, reason="wants shellcheck")
def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    script = tmp_path / SCRIPT
    script.write_text(guard(MOVED, LAYOUT, tree())[0].text)
    done = subprocess.run([str(shellcheck()), str(script)], capture_output=True, text=True, check=False)
    assert done.stdout == ""
