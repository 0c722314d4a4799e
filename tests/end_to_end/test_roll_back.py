"""Every command of docs/how-to/roll-back.md, run on a small repository.

helm is a stand-in that writes down what it is called with; the real one only says whether it knows the options.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.system.recorder import Recorder, install, read
from migrate.system.toolbox import ToolPair
from tests.conftest import MakeRepo, write_file
from tests.end_to_end.kill_sweep import standing
from tests.end_to_end.small import git, migrate, small_files
from tests.test_docs import DOCS, FENCE

PAGE = (DOCS / "how-to" / "roll-back.md").read_text(encoding="utf-8")
BRANCH = "feature/BE-384"
HELM = """\
#!/bin/sh
case " $* " in
*" rollback "* | *" history "*)
	"$MIGRATE_REAL_HELM" "$@" --help >/dev/null || exit
	printf '%s\\n' "$*" >>"$MIGRATE_SAID"
	;;
*) exec "$MIGRATE_STAND_IN" "$@" ;;
esac
"""


def blocks(section: str) -> list[str]:
    """The code blocks between a heading and the next one."""
    part = re.split(r"^#+ ", PAGE.split(f"# {section}\n")[1], flags=re.MULTILINE)[0]
    return [match["text"] for match in FENCE.finditer(part)]


class World:
    """A repository with an apply on a branch that was there before, and the programs that the page names."""

    def __init__(self, folder: Path, origin: Path, tools: ToolPair) -> None:
        self.repo, self.record, self.said = folder / "repo", folder / "record", folder / "said"
        shutil.copytree(origin, self.repo, symlinks=True)
        git(self.repo, "status")
        programs = folder / "bin"
        write_file(programs / "helm", HELM)
        write_file(programs / "migrate", f'#!/bin/sh\nexec {sys.executable} -m migrate "$@"\n')
        (programs / "helmfile").symlink_to(tools.helmfile.path)
        for name in ("helm", "migrate"):
            (programs / name).chmod(0o755)
        recorder = Recorder(folder / "before", tools.helm.path, f"v{tools.helm.version}")
        self.variables: Mapping[str, str] = {
            **os.environ,
            **recorder.environment(self.record),
            "MIGRATE_STAND_IN": str(install(folder)),
            "MIGRATE_SAID": str(self.said),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def run(self, block: str) -> str:
        """Run a block as one script that ends at the first failure; what it prints."""
        command = ["bash", "-e", "-o", "pipefail", "-c", block]
        done = subprocess.run(command, cwd=self.repo, env=self.variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def upgraded(self) -> list[tuple[str, str]]:
        """The releases that helm was told to upgrade, each with the folder of its chart, seen from the folder above."""
        calls = [call for call in read(self.record) if call.argv[0] == "upgrade"]
        named = [(call.cwd, [word for word in call.argv[1:] if not word.startswith("-")]) for call in calls]
        return sorted((words[0], os.path.relpath(cwd / words[1], self.repo.parent)) for cwd, words in named)


@pytest.fixture(scope="module")
def origin(make_repo: MakeRepo) -> Path:
    repo = make_repo(small_files())
    git(repo, "checkout", "-q", "-b", BRANCH)
    git(repo, "commit", "-q", "--allow-empty", "-m", "Mine")
    git(repo, "tag", "before")
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr
    return repo


@pytest.fixture
def world(tmp_path: Path, origin: Path, tools: ToolPair) -> World:
    return World(tmp_path, origin, tools)


def tree(world: World, revision: str) -> str:
    return git(world.repo, "rev-parse", f"{revision}^{{tree}}")


def test_the_migration_is_taken_back_before_the_merge(world: World) -> None:
    (block,) = blocks("The migration")
    assert "is at" in world.run(block)
    assert git(world.repo, "rev-parse", BRANCH) == git(world.repo, "rev-parse", "before")
    assert git(world.repo, "status", "--porcelain") == ""


@pytest.mark.parametrize("made", [False, True])
def test_the_migration_is_taken_back_without_a_forced_push(world: World, *, made: bool) -> None:
    if made:  # by the apply itself
        git(world.repo, "checkout", "-q", "main")
        git(world.repo, "branch", "-q", "-D", BRANCH)
        assert migrate(world.repo, "apply", "--branch", BRANCH).returncode == 0
        git(world.repo, "checkout", "-q", BRANCH)
    tip = git(world.repo, "rev-parse", "HEAD")
    world.run(blocks("Without a forced push")[0])
    assert tree(world, "HEAD") == tree(world, "before")
    assert git(world.repo, "rev-parse", "HEAD~1") == tip


def test_work_that_came_after_stays_without_a_forced_push(world: World) -> None:
    write_file(world.repo / "README.md", "# Mine\n")
    git(world.repo, "commit", "-q", "-a", "-m", "My work")
    world.run(blocks("Without a forced push")[0])
    assert git(world.repo, "diff", "--name-only", "before", "HEAD") == "README.md\n"


def test_the_migration_is_taken_back_after_the_merge(world: World) -> None:
    git(world.repo, "checkout", "-q", "main")
    git(world.repo, "merge", "-q", "--no-ff", "--no-edit", BRANCH)
    write_file(world.repo / "later", "work\n")
    git(world.repo, "add", "-A")
    git(world.repo, "commit", "-q", "-m", "Later")
    world.run(blocks("After the merge")[0])
    assert git(world.repo, "diff", "--name-only", "before", "HEAD") == "later\n"


def test_one_application_goes_back_to_its_revision(world: World) -> None:
    world.run(blocks("One application")[0])
    assert world.said.read_text() == "--namespace web history web\n--namespace web rollback web 2 --wait\n"


@pytest.mark.parametrize("cleaned", [False, True])
def test_one_application_is_deployed_the_legacy_way(world: World, *, cleaned: bool) -> None:
    if cleaned:
        git(world.repo, "rm", "-q", "-r", "applications", "helmfile.yaml", "environments")
        git(world.repo, "commit", "-q", "-m", "Clean up")
    before = standing(world.repo)
    world.run(blocks("One application")[1])
    assert world.upgraded() == [("web", "before/applications/web/chart")]
    assert standing(world.repo) == before
    assert not (world.repo.parent / "before").exists()


def test_what_was_changed_of_one_application_is_taken_back(world: World) -> None:
    values = world.repo / "helmfile/values/web.yaml.gotmpl"
    text = values.read_text()
    values.write_text("color: green\n")
    git(world.repo, "commit", "-q", "-a", "-m", "Another color")
    assert "Another color" in world.run(blocks("One application")[2])
    assert values.read_text() == text


def test_everything_is_deployed_from_before_the_migration(world: World) -> None:
    note, deploy, rollback = blocks("Everything")
    world.run(note)
    assert (world.repo / "revisions.json").exists()
    world.run(deploy)
    assert world.upgraded() == [(name, f"before/applications/{name}/chart") for name in ("api", "web")]
    world.run(rollback)
    assert world.said.read_text() == "--namespace api rollback api 2 --wait\n--namespace web rollback web 2 --wait\n"


def test_the_stand_in_refuses_what_helm_does_not_know(world: World) -> None:
    with pytest.raises(AssertionError, match="nonsense"):
        world.run("helm --namespace web rollback web 2 --nonsense")
