from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.fixtures.cases import CASES, CLEAN, ENVIRONMENTS, Case, write_case
from tests.fixtures.repository import blob
from tests.fixtures_check.running import Runner

SLUGS = {
    *("duplicate-release", "state-values-differ", "helm-defaults-without-twin", "repository-conflict", "state-hooks"),
    *("explicit-selectors", "remote-state", "release-not-in-every-environment", "missing-file-handler-differs", "unmapped-path"),
    *("chart-reads-moved-files", "template-reads-chart-path", "control-flow-around-releases", "tier-label-taken", "unknown-tier"),
    *("environment-file-missing", "environment-not-registered", "values-file-unused", "sub-helmfile-missing", "inactive-state"),
    *("dead-helm-defaults", "executes-commands", "not-plain-yaml", "link-leaves-repository", "unreadable-yaml", "helmfile-cycle"),
    *("path-leaves-repository", "binary-yaml", "huge-file", "version-1-reads-differently", "no-helmfile", "not-a-repository"),
    *("unknown-key", "uninstalls-first"),
}

RUNNABLE = [CLEAN, *(case for case in CASES.values() if case.may_run)]


def named(case: Case) -> str:
    return case.name


def test_there_is_a_case_for_each_slug() -> None:
    assert {case.slug for case in CASES.values()} == SLUGS
    assert all(case.name.startswith(case.slug) for case in CASES.values())


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.line], ids=named)
def test_the_finding_points_at_a_line_with_text(case: Case) -> None:
    assert blob(case.files[case.path]).decode().splitlines()[case.line - 1].strip()


@pytest.mark.parametrize("case", RUNNABLE, ids=named)
def test_helmfile_renders_it_unless_that_is_the_trouble(case: Case, tmp_path: Path, tools: ToolPair) -> None:
    folder = write_case(case, tmp_path)
    for environment in ENVIRONMENTS:
        ran = Runner(tools, folder).helmfile(environment, "template", "--skip-deps")
        assert (ran.code == 0) == case.renders, ran.err
        assert not case.renders or "kind: ConfigMap" in ran.out


@pytest.mark.parametrize("name", ["duplicate-release", "link-leaves-repository"])
def test_a_case_is_one_clean_commit(name: str, tmp_path: Path) -> None:
    folder = write_case(CASES[name], tmp_path)
    for arguments, expected in ((["status", "--porcelain"], ""), (["rev-list", "--count", "main"], "1\n")):
        done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
        assert done.stdout == expected


def test_what_is_no_repository_has_no_git_folder(tmp_path: Path) -> None:
    folder = write_case(CASES["not-a-repository"], tmp_path)
    assert [path.name for path in folder.iterdir()] == ["README.md"]
