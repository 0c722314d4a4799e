"""A chart repository, a registry, and a repository that uses both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.conftest import NO_SKIP, WANTS_REGISTRY
from tests.vendoring.serving import Packer, Server, chart_repository, registry


@pytest.fixture
def packer(tools: ToolPair, tmp_path: Path) -> Packer:
    """Makes charts in a folder that nobody serves yet."""
    return packer_in(tmp_path, tools)


def packer_in(folder: Path, tools: ToolPair) -> Packer:
    for name in ("charts", "homes"):
        (folder / name).mkdir()
    return Packer(tools.helm.path, folder / "charts", folder / "homes")


@pytest.fixture(scope="session")
def packed(tools: ToolPair, tmp_path_factory: pytest.TempPathFactory) -> Packer:
    """`demo` in four versions and `lib` in three, to be copied."""
    packer = packer_in(tmp_path_factory.mktemp("packed"), tools)
    packer.pack("demo", "1.2.3", "1.2.9", "1.3.0", "2.0.0")
    packer.pack("lib", "0.5.0", "0.5.1", "0.6.0")
    return packer


@pytest.fixture
def served(packer: Packer, packed: Packer) -> Iterator[Server]:
    """`demo` in four versions and `lib` in three, served on this machine."""
    shutil.copytree(packed.folder, packer.folder, dirs_exist_ok=True)
    shutil.copytree(packed.homes, packer.homes, dirs_exist_ok=True)
    with chart_repository(packer.folder) as server:
        yield server


@pytest.fixture
def oci(tmp_path: Path) -> Iterator[str]:
    """The address of an empty registry. Skipped where there is no docker-registry, unless MIGRATE_TEST_NO_SKIP is set."""
    program = shutil.which("docker-registry")
    if program is None:
        if NO_SKIP:
            raise FileNotFoundError("docker-registry")
        pytest.skip(WANTS_REGISTRY)
    folder = tmp_path / "registry"
    folder.mkdir()
    with registry(program, folder) as address:
        yield address
