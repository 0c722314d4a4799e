from __future__ import annotations

from pathlib import Path

from migrate.system.toolbox import ToolPair
from tests.fixtures.scale import environment_name, make_scale, release_name, scale_files
from tests.fixtures_check.running import CELL, Runner


def test_every_cell_renders_and_half_of_the_releases_depend_on_the_environment(tmp_path: Path, tools: ToolPair) -> None:
    make_scale(tmp_path, 10, 2)
    environments, releases = (environment_name(0), environment_name(1)), tuple(release_name(number) for number in range(10))
    runner = Runner(tools, tmp_path)
    outs = [runner.helmfile(environment, *CELL).out for environment in environments]
    assert [out.count("kind: Deployment") for out in outs] == [10, 10]
    first, second = (out.split("kind: Deployment") for out in outs)
    assert sum(a != b for a, b in zip(first, second, strict=True)) == len(releases) // 2


def test_size_is_what_was_asked_for() -> None:
    files = scale_files(50, 7)
    assert sum(path.endswith("helmfile.yaml") for path in files) == 51
    assert sum(path.startswith("environments/site-") for path in files) == 7


def test_the_same_size_gives_the_same_commit(tmp_path: Path) -> None:
    assert make_scale(tmp_path / "a", 3, 2) == make_scale(tmp_path / "b", 3, 2)
