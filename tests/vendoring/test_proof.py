"""A pulled chart is proved against what a deployment of the old tree gets, never taken for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.small import git, migrate
from tests.vendoring.remote_platform import remote_files
from tests.vendoring.serving import Packer, Server

BRANCH = "feature/BE-384"
DEMO = "helmfile/charts/external/demo-1.2.9"
EXTERNAL = "./charts/external/"
STATE = "helmfile/helmfile.yaml"


@pytest.fixture
def applied(make_repo: MakeRepo, packer: Packer, served: Server) -> Path:
    """A migrated repository, with the branch checked out."""
    packer.pack("umbrella", "3.0.0", dependencies=f"dependencies:\n- name: lib\n  version: 0.5.0\n  repository: {served.url}\n")
    repo = make_repo(remote_files(served.url))
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stdout + done.stderr
    return repo


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(repo: Path) -> None:
        text = (repo / path).read_text()
        assert old in text
        (repo / path).write_text(text.replace(old, new, 1))

    return edit


def removed(path: str) -> Callable[[Path], None]:
    return lambda repo: (repo / path).unlink()


def by_name(repo: Path) -> None:
    edited("helmfile/charts/custom/chart/Chart.yaml", "repository: http", 'repository: "@up" # http')(repo)
    state = (repo / STATE).read_text()
    (repo / STATE).write_text(re.sub(r"\n +skipDeps: true", "", state))


OTHER = "chart: other bytes"
EDITS = {
    "a default value": (edited(f"{DEMO}/values.yaml", "color: red", "color: rot"), OTHER),
    "a template that renders alike": (edited(f"{DEMO}/templates/config.yaml", "data:", "data: # same"), OTHER),
    "a missing dependency": (removed("helmfile/charts/custom/chart/charts/lib/Chart.yaml"), "own/own"),
    "another pulled version": (edited(STATE, f"{EXTERNAL}demo-1.2.9", f"{EXTERNAL}demo-2.0.0"), OTHER),
    "a repository that is still asked": (by_name, "repository up: only on the old side\n"),
}


def test_another_chart_than_the_one_that_is_deployed_today_is_seen(applied: Path) -> None:
    for name, (edit, words) in EDITS.items():
        git(applied, "checkout", "-q", "-B", "changed", BRANCH)
        edit(applied)
        git(applied, "commit", "-q", "-a", "-m", name)
        proof = migrate(applied, "prove", "--branch", "changed")
        assert proof.returncode == 4, name + proof.stdout + proof.stderr
        assert words in proof.stdout, name
