"""A migrated repository, a chart repository, and the real programs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.shell_scripts.migrated import Migrated, make
from tests.shell_scripts.served import ChartRepository, archive, chart_files, serve

SYSTEM = (
    "awk bash cat chmod cmp cp cut df diff dirname env find git grep gzip head ln mkdir mktemp mv readlink rm sed sh sha256sum "
    "sleep sort tail tar touch tr wc xargs"
)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory, tools: ToolPair) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    (folder / "helmfile").symlink_to(tools.helmfile.path)
    (folder / "helm").symlink_to(tools.helm.path)
    return folder


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the scripts may call besides helmfile and helm, so that no test depends on what else is installed here."""
    folder = tmp_path_factory.mktemp("system")
    for name in SYSTEM.split():
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, programs: Path, system: Path) -> Migrated:
    """What each test's own repository is a copy of."""
    return make(tmp_path_factory.mktemp("first"), programs, system)


@pytest.fixture
def repo(tmp_path: Path, first: Migrated) -> Migrated:
    return first.copy(tmp_path / "a repository")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, tools: ToolPair) -> Iterator[ChartRepository]:
    with serve(tmp_path_factory.mktemp("charts"), tools.helm.path) as repository:
        for version in ("1.0.0", "1.1.0"):
            repository.put(f"redis-{version}.tgz", archive(chart_files(version)))
        yield repository


@pytest.fixture
def charts(served: ChartRepository) -> Iterator[ChartRepository]:
    """The chart repository, with every fault of the last test gone."""
    yield served
    served.torn.clear()


@pytest.fixture(scope="session")
def first_stocked(tmp_path_factory: pytest.TempPathFactory, first: Migrated, served: ChartRepository) -> Migrated:
    made = first.copy(tmp_path_factory.mktemp("stocked") / "repository")
    done = made.run("sync-charts.sh", "--add", "redis", "--repo", served.url, "--version", "1.0.0")
    assert done.returncode == 0, done.stderr
    made.commit()
    return made


@pytest.fixture
def stocked(tmp_path: Path, first_stocked: Migrated, charts: ChartRepository) -> Migrated:
    """A repository that keeps redis 1.0.0."""
    assert charts.url
    return first_stocked.copy(tmp_path / "a repository")
