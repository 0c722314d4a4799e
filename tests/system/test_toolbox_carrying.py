"""Tools carried to a machine without a network: exported, checked, installed; a flipped byte is refused."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.errors import BadInput, ToolMissing, WrongChecksum
from migrate.system.network import network_cut
from migrate.system.toolbox.cache import tool_folder
from migrate.system.toolbox.carrying import SUMS, Wanted, export
from migrate.system.toolbox.install import Pins, ToolSet, built_from, install_from, source_of
from migrate.system.toolbox.pins import BinaryPin, ModulePin, WheelPin
from tests.system.toolbox_fakes import script

READY, BUILT = script("0.166.0"), script("5.8.1")
PINS = Pins(
    WheelPin("layer", "1.0.0", "0" * 64, "x", (BinaryPin("helmfile", "0.166.0", "x", hashlib.sha256(READY).hexdigest()),)),
    (ModulePin("kustomize", "5.8.1", "example.org/k", "h1:x", ".", ()),),
)
ALL = (
    Wanted("helmfile", "0.166.0", source_of(PINS.default), PINS.default.binaries[0].sha256),
    Wanted("kustomize", "5.8.1", built_from(PINS.current[0]), ""),
)


def cached(cache: Path) -> Path:
    """A cache with both tools."""
    for wanted, content in zip(ALL, (READY, BUILT), strict=True):
        folder = tool_folder(cache, wanted.name, wanted.version)
        folder.mkdir(parents=True)
        (folder / wanted.name).write_bytes(content)
        (folder / wanted.name).chmod(0o755)
        data = {"name": wanted.name, "version": wanted.version, "source": wanted.source, "made_by": "go1.26"}
        (folder / "manifest.json").write_text(json.dumps({**data, "schema": 1, "sha256": hashlib.sha256(content).hexdigest()}))
    return cache


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    export(cached(tmp_path / "cache"), tmp_path / "stick", ALL)
    return tmp_path / "stick"


def installed(stick: Path, cache: Path) -> dict[str, bool]:
    return {each.tool.name: each.fresh for each in install_from(stick, ToolSet.ALL, cache, lambda *_: None, PINS)}


def test_what_is_exported_can_be_checked_by_sha256sum_and_installed_once(stick: Path, tmp_path: Path) -> None:
    lines = (stick / SUMS).read_text().splitlines()
    assert [line.partition("  ")[2] for line in lines] == [
        "helmfile/0.166.0/helmfile",
        "helmfile/0.166.0/manifest.json",
        "kustomize/5.8.1/kustomize",
        "kustomize/5.8.1/manifest.json",
    ]
    assert all(hashlib.sha256((stick / line[66:]).read_bytes()).hexdigest() == line[:64] for line in lines)
    assert installed(stick, tmp_path / "new") == {"helmfile": True, "kustomize": True}
    assert installed(stick, tmp_path / "new") == {"helmfile": False, "kustomize": False}


@pytest.mark.parametrize("name", ["helmfile/0.166.0/helmfile", "kustomize/5.8.1/kustomize", "kustomize/5.8.1/manifest.json"])
def test_a_flipped_byte_is_refused_and_nothing_of_that_tool_is_there(stick: Path, tmp_path: Path, name: str) -> None:
    file = stick / name
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)
    with pytest.raises((WrongChecksum, ToolMissing)):
        installed(stick, tmp_path / "new")
    assert not (tmp_path / "new" / "tools" / name).parent.exists()


def test_a_ready_made_tool_is_checked_by_the_pin_whatever_the_folder_says(stick: Path, tmp_path: Path) -> None:
    other = script("0.166.0", also="exit 0")
    digest = {name: hashlib.sha256(content).hexdigest() for name, content in (("old", READY), ("new", other))}
    (stick / "helmfile/0.166.0/helmfile").write_bytes(other)
    (stick / SUMS).write_text((stick / SUMS).read_text().replace(digest["old"], digest["new"]))
    with pytest.raises(WrongChecksum, match=digest["old"]):
        installed(stick, tmp_path / "new")


def test_a_tool_built_from_another_source_is_refused(stick: Path, tmp_path: Path) -> None:
    pins = Pins(PINS.default, (ModulePin("kustomize", "5.8.1", "example.org/k", "h1:y", ".", ()),))
    with pytest.raises(WrongChecksum, match="source of kustomize"):
        install_from(stick, ToolSet.CURRENT, tmp_path / "new", lambda *_: None, pins)


def test_a_folder_without_digests_or_without_the_tool_is_told(stick: Path, tmp_path: Path) -> None:
    (stick / "kustomize/5.8.1/kustomize").unlink()
    with pytest.raises(ToolMissing, match=r"holds no kustomize 5\.8\.1"):
        installed(stick, tmp_path / "new")
    (stick / SUMS).unlink()
    with pytest.raises(ToolMissing, match=SUMS):
        installed(stick, tmp_path / "other")


def test_nothing_is_exported_over_something(stick: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not empty"):
        export(tmp_path / "cache", stick, ALL)


@pytest.mark.skipif(not network_cut().words, reason="wants a system that can cut the network off")
def test_the_real_tools_are_installed_in_an_empty_home_with_the_network_cut_off(tmp_path: Path) -> None:
    home, stick = tmp_path / "home", tmp_path / "stick"
    home.mkdir()
    migrate = [sys.executable, "-m", "migrate", "tools"]
    subprocess.run([*migrate, "export", "--to", stick], check=True, capture_output=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("MIGRATE_CACHE", "HOME")}
    command: list[str | Path] = [*network_cut().words, *migrate, "install", "--from", stick]
    done = subprocess.run(command, env={**kept, "HOME": str(home)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" installed") == 2
    assert (home / ".cache/migrate/tools/helm/3.15.3/helm").is_file()
