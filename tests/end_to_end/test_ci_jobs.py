"""The jobs of docs/how-to/use-in-ci.md, as far as they run without their servers: in clones of the merge commits of those."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import git, migrate, one_environment

PAGE = Path(__file__).parents[2] / "docs/how-to/use-in-ci.md"
BRANCH = "feature/BE-384"
MERGE = "refs/pull/7/merge"
VALUES = "environments/prod/values.yaml"


def jobs() -> tuple[Any, Any]:
    """The workflow for GitHub and the job for GitLab."""
    github, gitlab = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    reader = YAML(typ="safe", pure=True)
    return reader.load(github)["jobs"]["prove"], reader.load(gitlab)["helmfile proof"]


def without_pip(lines: str) -> str:
    """`migrate` is there already; what a package index would be asked for is left out."""
    return "".join(f"{line}\n" for line in lines.splitlines() if not line.startswith("python -m pip"))


def on_github() -> str:
    steps = [step["run"] for step in jobs()[0]["steps"] if "run" in step]
    return "\n".join(f"(\n{without_pip(lines)})" for lines in steps)


def on_gitlab() -> str:
    job = jobs()[1]
    return without_pip("\n".join([*job["before_script"], *job["script"]]))


@dataclass(frozen=True)
class Server:
    """A repository whose `main` goes on while the migration waits for its review."""

    path: Path

    def commit(self, branch: str, files: Mapping[str, str]) -> str:
        git(self.path, "checkout", "-q", branch)
        for name, text in files.items():
            (self.path / name).write_text(text)
        git(self.path, "commit", "-q", "-a", "-m", "Go on")
        return git(self.path, "rev-parse", "HEAD").strip()

    def merge(self, branch: str = BRANCH) -> None:
        """The merge commit that is tested, under the name that GitHub gives it."""
        git(self.path, "checkout", "-q", "--detach", "main")
        git(self.path, "merge", "-q", "--no-ff", "--no-edit", branch)
        git(self.path, "update-ref", MERGE, "HEAD")
        git(self.path, "checkout", "-q", "main")

    def clone(self, folder: Path, *depth: str) -> Path:
        """As the checkout of the git hosts does it: an empty repository, a fetch, a detached HEAD."""
        folder.mkdir()
        git(folder, "init", "-q")
        names = () if depth else ("+refs/heads/*:refs/remotes/origin/*",)
        git(folder, "fetch", "-q", *depth, self.path.as_uri(), f"+{MERGE}:refs/remotes/pull/7/merge", *names)
        git(folder, "checkout", "-q", "--detach", "refs/remotes/pull/7/merge")
        return folder


@pytest.fixture(scope="module")
def applied(applied_once: Applied) -> Path:
    return applied_once(one_environment())


@pytest.fixture
def server(applied: Path, tmp_path: Path) -> Server:
    git(tmp_path, "clone", "-q", "--mirror", applied.as_uri(), "server/.git")
    git(tmp_path / "server", "config", "core.bare", "false")
    git(tmp_path / "server", "checkout", "-q", "--force", "main")
    return Server(tmp_path / "server")


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A job's script in bash with the options that both runners give it."""
    shim = tmp_path / "bin" / "migrate"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m migrate "$@"\n')
    shim.chmod(0o755)

    def running(script: str, clone: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {
            **os.environ,
            "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "PYTHONPATH": str(PAGE.parents[2]),
            **variables,
        }
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(words, cwd=clone, env=env, check=False, capture_output=True, text=True)

    return running


def test_a_target_that_went_on_elsewhere_is_green_and_the_reviewer_gets_a_summary(
    server: Server, tmp_path: Path, run: Run
) -> None:
    server.commit("main", {"README.md": "# Went on\n"})
    server.merge()
    clone = server.clone(tmp_path / "clone")
    done = run(on_github(), clone)
    assert (done.returncode, "The proof holds" in done.stdout) == (0, True), done.stdout + done.stderr
    assert "    The proof holds" in (tmp_path / "summary.md").read_text()
    again = migrate(clone, "prove", "--base", "HEAD^1", "--branch", "HEAD", "--verify", str(clone / "proof.json"))
    assert again.returncode == 0, again.stderr


def test_a_legacy_change_that_the_new_tree_lacks_is_red(server: Server, tmp_path: Path, run: Run) -> None:
    target = server.commit("main", {VALUES: "color: green\n"})
    server.merge()
    clone = server.clone(tmp_path / "clone")
    done = run(on_github(), clone)
    assert (done.returncode, "default/web/web" in done.stdout, "error [proof-failed]" in done.stdout) == (4, True, True), (
        done.stderr
    )
    assert "DIFFERENT" in (tmp_path / "summary.md").read_text()
    done = run(on_gitlab(), clone, CI_MERGE_REQUEST_TARGET_BRANCH_SHA=target)
    assert (done.returncode, "The proof FAILS" in done.stdout) == (4, True), done.stderr


def test_a_legacy_change_that_the_branch_carries_over_is_green(server: Server, tmp_path: Path, run: Run) -> None:
    target = server.commit("main", {VALUES: "color: green\n"})
    server.commit(BRANCH, {f"helmfile/{VALUES}": "color: green\n"})
    server.merge()
    clone = server.clone(tmp_path / "clone")
    done = run(on_gitlab(), clone, CI_MERGE_REQUEST_TARGET_BRANCH_SHA=target)
    assert (done.returncode, "The proof holds" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_branch_that_changes_both_trees_alike_is_red_before_it_is_merged(server: Server, tmp_path: Path, run: Run) -> None:
    server.commit(BRANCH, {VALUES: "color: green\n", f"helmfile/{VALUES}": "color: green\n"})
    server.merge()
    done = run(on_github(), server.clone(tmp_path / "clone"))
    assert (done.returncode, f"{VALUES}: changed, and no record says so" in done.stdout) == (4, True), done.stdout


def test_after_the_merge_both_trees_have_to_change_alike(server: Server, tmp_path: Path, run: Run) -> None:
    git(server.path, "merge", "-q", "--no-ff", "--no-edit", BRANCH)
    git(server.path, "branch", "both", "main")
    git(server.path, "branch", "one", "main")
    server.commit("both", {VALUES: "color: green\n", f"helmfile/{VALUES}": "color: green\n"})
    server.commit("one", {VALUES: "color: green\n"})
    server.merge("both")
    done = run(on_github(), server.clone(tmp_path / "clone-both"))
    assert (done.returncode, "judged in one commit" in done.stdout) == (0, True), done.stdout + done.stderr
    server.merge("one")
    done = run(on_github(), server.clone(tmp_path / "clone-one"))
    assert (done.returncode, "The proof FAILS" in done.stdout) == (4, True), done.stdout + done.stderr


def test_a_gitlab_pipeline_without_merged_results_compares_with_where_the_branch_left_the_target(
    server: Server, tmp_path: Path, run: Run
) -> None:
    left = git(server.path, "rev-parse", "main").strip()
    git(server.path, "update-ref", MERGE, BRANCH)
    done = run(on_gitlab(), server.clone(tmp_path / "clone"), CI_MERGE_REQUEST_DIFF_BASE_SHA=left)
    assert (done.returncode, "The proof holds" in done.stdout) == (0, True), done.stdout + done.stderr


def test_without_a_migration_there_is_nothing_to_judge_but_a_dropped_record_is_judged(
    server: Server, tmp_path: Path, run: Run
) -> None:
    git(server.path, "branch", "other", "main")
    server.commit("other", {"README.md": "# Other\n"})
    server.merge("other")
    done = run(on_github(), server.clone(tmp_path / "clone-other"))
    assert (done.returncode, "no migration here" in done.stdout) == (0, True), done.stdout + done.stderr
    git(server.path, "merge", "-q", "--no-ff", "--no-edit", BRANCH)
    git(server.path, "checkout", "-q", "-b", "dropped")
    (server.path / "helmfile/.migrate/record.json").unlink()
    server.commit("dropped", {VALUES: "color: green\n"})
    server.merge("dropped")
    done = run(on_github(), server.clone(tmp_path / "clone-dropped"))
    assert done.returncode == 4, done.stdout + done.stderr


@pytest.mark.parametrize(("depth", "said"), [("1", (128, "fatal: ")), ("2", (2, "is not in this clone"))])
def test_a_shallow_clone_is_never_green(server: Server, tmp_path: Path, run: Run, depth: str, said: tuple[int, str]) -> None:
    server.commit("main", {"README.md": "# Went on\n"})
    server.commit("main", {"README.md": "# Went on again\n"})
    server.merge()
    done = run(on_github(), server.clone(tmp_path / "clone", "--depth", depth))
    assert (done.returncode, said[1] in done.stdout + done.stderr) == (said[0], True), done.stdout + done.stderr


def test_no_tool_comes_from_the_commit_that_is_judged(server: Server, tmp_path: Path, run: Run) -> None:
    server.merge()
    clone = server.clone(tmp_path / "clone")
    (clone / ".migrate-cache").mkdir()
    (clone / ".migrate-cache/x").write_text("")
    git(clone, "add", "-f", ".migrate-cache/x")
    assert run(on_gitlab(), clone).returncode == 1
