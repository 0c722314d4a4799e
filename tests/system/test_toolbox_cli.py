"""`migrate tools` as a user sees it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migrate.cli.app import main
from migrate.system.toolbox import ToolPair
from tests.conftest import MakeRepo
from tests.system.toolbox_fakes import write_script


@pytest.fixture(autouse=True)
def only_git_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own tools decide nothing here."""
    git = shutil.which("git")
    assert git
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))


def run(*arguments: str | Path) -> Result:
    """The command in this process."""
    return CliRunner().invoke(main, ["tools", *map(str, arguments)])


def test_the_list_names_version_place_and_path_of_what_judges(tools: ToolPair, make_repo: MakeRepo) -> None:
    result = run("--repo", make_repo({}))
    assert result.exit_code == 0
    for tool in (tools.helmfile, tools.helm):
        assert f"{tool.name} {tool.version}" in result.stdout
        assert f"sha256 {tool.sha256}" in result.stdout


def test_the_list_as_json_has_a_schema_and_both_sides(tools: ToolPair, make_repo: MakeRepo) -> None:
    data = json.loads(run("--json", "--repo", make_repo({})).stdout)
    assert data["schema"] == "migrate/tools/1"
    assert data["pairs"]["legacy"]["helm"]["sha256"] == tools.helm.sha256
    assert sorted(data["found"]) == ["helm", "helmfile", "kustomize"]


def test_a_tool_of_the_repository_is_listed_as_found_and_not_used(make_repo: MakeRepo) -> None:
    repository = make_repo({"helmfile.yaml": ""})
    brought = write_script(repository / "tools" / "linux" / "helm", "3.11.0")
    result = run("--repo", repository)
    (line,) = [line for line in result.stdout.splitlines() if str(brought) in line]
    assert "found, not used: brought by the repository" in line
    assert "--use-repository-tools" in line
    assert str(brought) in run("--repo", repository, "--use-repository-tools").stdout.split("legacy side")[1]


def test_the_repository_around_the_working_directory_is_looked_at(make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = make_repo({"deep/er/file": ""})
    brought = write_script(repository / "tools" / "helm", "3.11.0")
    monkeypatch.chdir(repository / "deep" / "er")
    assert str(brought) in run().stdout


def test_an_unfit_pair_gives_exit_code_7_and_still_the_list(make_repo: MakeRepo, tmp_path: Path) -> None:
    result = run("--repo", make_repo({}), "--helm", write_script(tmp_path / "helm", "4.0.1"))
    assert result.exit_code == 7
    assert "can't work with helm 4.0.1" in result.stderr
    assert str(tmp_path / "helm") in result.stdout


def test_an_unknown_set_is_refused_with_the_sets_there_are() -> None:
    result = run("install", "--set", "newest")
    assert result.exit_code == 2
    for name in ("default", "current", "all"):
        assert name in result.stderr


def test_an_installed_set_is_reported_as_there(tools: ToolPair) -> None:
    if str(tools.helm.origin) != "cache":
        pytest.skip("the tools of this run are not the cache's")
    data = json.loads(run("install", "--json").stdout)
    assert [(each["name"], each["fresh"]) for each in data["installed"]] == [("helmfile", False), ("helm", False)]
