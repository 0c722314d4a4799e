from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.fixtures.platform import FILES, applications, expected, make, settings
from tests.fixtures.platform.__main__ import main
from tests.fixtures.repository import blob
from tests.fixtures_check.running import CELL, Ran, Runner

APPLICATIONS = applications.APPLICATIONS
NAMES = tuple(release.name for release in expected.RELEASES)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("platform")
    assert make(folder) == expected.TIP
    return folder


@pytest.fixture(scope="module")
def runner(platform: Path, tools: ToolPair) -> Runner:
    return Runner(tools, platform)


@pytest.fixture(scope="module")
def rendered(runner: Runner) -> dict[str, Ran]:
    """Each loadable environment without the release that fails there."""
    failing = dict(expected.FAILING)
    without = {name: ("-l", f"name!={failing[name]}") if name in failing else () for name in expected.LOADABLE}
    return {environment: runner.helmfile(environment, *without[environment], *CELL) for environment in expected.LOADABLE}


def manifests(ran: Ran) -> dict[str, str]:
    """Release -> what it renders to."""
    release_of = {release.chart.rpartition("/")[2]: release.name for release in expected.RELEASES}
    found = dict.fromkeys(NAMES, "")
    for document in ran.out.split("---\n# Source: ")[1:]:
        found[release_of[document.partition("/")[0]]] += document
    return found


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def text(path: str) -> str:
    return blob(FILES[path]).decode("utf-8-sig")


def comments(paths: list[str]) -> tuple[int, int]:
    lines = [line for path in paths for line in text(path).splitlines()]
    full = [line for line in lines if line.strip().startswith("#")]
    trailing = [line for line in lines if line not in full and re.search(r"\s#", line)]
    return len(full), len(trailing)


def test_the_checkout_is_clean_and_has_the_expected_size(platform: Path) -> None:
    assert git(platform, "status", "--porcelain") == ""
    assert len(git(platform, "ls-files", "-z").split("\0")) - 1 == expected.FILES
    assert git(platform, "rev-list", "--count", "main").strip() == str(expected.COMMITS)
    assert len(git(platform, "shortlog", "-s", "main").splitlines()) == 3


def test_blame_of_the_values_names_several_commits(platform: Path) -> None:
    blame = git(platform, "blame", "-s", "environments/prod/values.yaml")
    assert len({line.split()[0] for line in blame.splitlines()}) >= 3


def test_a_renamed_application_is_followed_back(platform: Path) -> None:
    log = git(platform, "log", "--follow", "--format=%h", "--", "applications/artifacts/minio/templates/state.yaml")
    assert len(log.splitlines()) == 2


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("mine")
    assert main([str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_each_release_renders_but_for_the_intended_failures(rendered: dict[str, Ran]) -> None:
    assert {name: ran.code for name, ran in rendered.items()} == dict.fromkeys(expected.LOADABLE, 0)
    cells = [(name, release) for name, ran in rendered.items() for release, text in manifests(ran).items() if text]
    assert len(cells) == expected.RENDERING
    assert not expected.FAILING & {*cells}
    assert not expected.ABSENT & {*cells}


def test_the_missing_key_breaks_one_release_and_stops_what_follows(runner: Runner) -> None:
    for environment, release in sorted(expected.FAILING):
        alone = runner.helmfile(environment, "-l", f"name={release}", *CELL)
        assert (alone.code, alone.out) == (1, "")
        assert expected.FAILING_CAUSE in alone.err
    whole = runner.helmfile("stage", *CELL)
    assert whole.code == 1
    assert [name for name, text in manifests(whole).items() if text] == list(NAMES[: NAMES.index("log-stack")])


def test_a_release_whose_condition_is_false_is_not_found(runner: Runner) -> None:
    for environment, release in sorted(expected.ABSENT):
        assert runner.helmfile(environment, "-l", f"name={release}", *CELL).code == 3


def test_the_registered_environment_without_a_file_does_not_load(runner: Runner) -> None:
    ran = runner.helmfile(expected.WITHOUT_FILE, *CELL)
    assert ran.code == 1
    assert expected.WITHOUT_FILE_CAUSE in ran.err


def test_a_lent_file_makes_it_load_and_stays_out_of_git(tmp_path: Path, tools: ToolPair) -> None:
    make(tmp_path)
    lent = tmp_path / "environments/onsite/values.yaml"
    lent.parent.mkdir()
    lent.write_text(settings.LENT_ONSITE)
    assert git(tmp_path, "status", "--porcelain") == ""
    assert Runner(tools, tmp_path).helmfile(expected.WITHOUT_FILE, *CELL).code == 0


def test_every_cell_of_the_implicit_environment_fails(runner: Runner) -> None:
    cells = runner.cells(("default",), NAMES)
    assert [ran.code for ran in cells.values()] == [1] * expected.DEFAULT_FAILING
    by_condition = {release for (_, release), ran in cells.items() if expected.DEFAULT_CONDITION_CAUSE in ran.err}
    assert by_condition == expected.DEFAULT_BY_CONDITION


def test_the_releases_are_listed_in_their_order(runner: Runner) -> None:
    listed = json.loads(runner.helmfile("qa", "list", "--skip-charts", "--output", "json").out)
    assert [(entry["name"], entry["namespace"]) for entry in listed] == [(r.name, r.namespace) for r in expected.RELEASES]
    assert {("qa", entry["name"]) for entry in listed if not entry["enabled"]} == expected.ABSENT


def test_only_the_random_leaves_differ_between_two_renders(runner: Runner, rendered: dict[str, Ran]) -> None:
    once, twice = manifests(rendered["prod"]), manifests(runner.helmfile("prod", *CELL))
    assert {name for name in NAMES if once[name] != twice[name]} == {"artifacts"}
    lines = zip(once["artifacts"].splitlines(), twice["artifacts"].splitlines(), strict=True)
    keys = {line.split(":")[0].strip() for line, other in lines if line != other}
    assert keys == {leaf.rpartition("/")[2].replace("~1", "/") for _, _, leaf in expected.RANDOM_LEAVES}


def test_crds_tests_and_line_ends_show_in_the_render(rendered: dict[str, Ran]) -> None:
    prod = manifests(rendered["prod"])
    assert {name for name, out in prod.items() if "kind: CustomResourceDefinition" in out} == expected.CRDS
    assert {name for name, out in prod.items() if "helm.sh/hook: test" in out} == expected.TESTS
    assert "made with light\\r\\n" in prod["lumen"]


def test_the_rendered_output_in_git_is_what_helmfile_prints(runner: Runner) -> None:
    ran = runner.helmfile("dev", "-l", "app=local-storage", "template", "--skip-deps")
    assert ran.out == text(expected.RENDERED_IN_GIT)


def test_dependencies_resolve_when_they_are_built(tmp_path: Path, tools: ToolPair) -> None:
    make(tmp_path)
    ran = Runner(tools, tmp_path).helmfile("dev", "-l", "type!=infra", "template")
    assert ran.code == 0, ran.err
    assert (tmp_path / "applications/lumen/lumen/Chart.lock").exists()


def test_no_release_gets_the_defaults_of_the_root(runner: Runner) -> None:
    states = runner.helmfile("prod", "build").out.split("#  Source: ")[1:]
    assert len(states) == len(APPLICATIONS) + 1
    assert ["helmDefaults:" in state for state in states] == [False] * len(APPLICATIONS) + [True]
    assert [key for key in expected.DEAD_HELM_DEFAULTS if f"  {key}: " not in states[-1]] == []


def test_comments_are_counted() -> None:
    helmfiles = [path for path in FILES if path.endswith("helmfile.yaml")]
    assert comments(helmfiles) == (expected.HELMFILE_COMMENT_LINES, expected.HELMFILE_TRAILING_COMMENTS)
    kept = [*expected.VALUES_FILES, *expected.UNUSED_VALUES_FILES, *expected.ENVIRONMENT_FILES]
    assert comments(kept) == (expected.KEPT_COMMENT_LINES, expected.KEPT_TRAILING_COMMENTS)


def test_oddities_of_the_files_are_there(platform: Path) -> None:
    assert b"\r\n" in blob(FILES[expected.CRLF_IN_GIT])
    assert blob(FILES[expected.WITH_BOM]).startswith(b"\xef\xbb\xbf")
    assert b"\r" not in blob(FILES[expected.CHECKED_OUT_WITH_CRLF])
    assert b"\r\n" in (platform / expected.CHECKED_OUT_WITH_CRLF).read_bytes()
    assert all(not text(path).endswith("\n") for path in expected.WITHOUT_FINAL_NEWLINE)
    assert (platform / expected.LINK).is_symlink()
    staged = git(platform, "-c", "core.quotePath=false", "ls-files", "--stage").splitlines()
    assert [line.split("\t")[1] for line in staged if line.startswith("100755")] == list(expected.EXECUTABLE)
    assert max(Counter(line.split()[1] for line in staged).values()) == expected.EQUAL_BLOBS
    assert [line for line in staged if " " in line.split("\t")[1]]


def test_every_chart_and_values_file_that_is_expected_exists() -> None:
    charts = {f"{release.chart}/Chart.yaml" for release in expected.RELEASES}
    named = {*charts, *expected.VALUES_FILES, *expected.UNUSED_VALUES_FILES, *expected.ENVIRONMENT_FILES}
    assert named - FILES.keys() == set()
    reading = {path for path, content in FILES.items() if "/templates/" in path and b".Files" in blob(content)}
    chart_of = {release.name: release.chart for release in expected.RELEASES}
    assert {name for name, chart in chart_of.items() for path in reading if path.startswith(chart + "/")} == expected.READS_FILES
    templates = {path for path in FILES if path.startswith("applications") and ".gotmpl" in path}
    assert templates - named == set()
