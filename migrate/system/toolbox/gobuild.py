"""The current set: built with the Go toolchain of this machine from pinned modules, in Go's own caches.

Every tool is built in its folder of the module cache (`go mod download`, then `go build -C`): helmfile's go.mod has `replace`
lines, which `go install` refuses, and built there the go.sum of the module, which the pinned checksum covers, guards the
sources of everything that is compiled. The sha256 of what comes out depends on the Go release and the machine and can't be
pinned; it is written into the manifest beside the binary and checked on each use.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from migrate.errors import ToolMissing, WrongChecksum
from migrate.system.toolbox import advice
from migrate.system.toolbox.pins import OLDEST_GO, ModulePin

LINES_OF_TROUBLE = 5


def go_release(folder: Path) -> str:
    """The Go release of this machine, as in `go1.26.8`. ToolMissing if there is none or it is too old."""
    if shutil.which("go") is None:
        raise ToolMissing("there is no Go toolchain on PATH", hint=advice.go_missing("go was not found"))
    release = go(folder, ["env", "GOVERSION"]).strip()
    found = re.search(r"go(\d+)\.(\d+)", release)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GO:
        raise ToolMissing(f"the Go toolchain on PATH is too old: {release}", hint=advice.go_missing(f"found {release}"))
    return release


def build(pin: ModulePin, target: Path) -> None:
    """Download and check the module, and build the tool as the file `target`. WrongChecksum names both checksums."""
    source = download(pin, target.parent)
    link = " ".join(["-s", "-w", *(f"-X {setting}" for setting in pin.settings)])
    go(target.parent, ["build", "-C", source, "-ldflags", link, "-o", str(target), pin.package])


def download(pin: ModulePin, folder: Path) -> str:
    """The folder of the module's sources, checked against the pin."""
    wanted = f"{pin.module}@v{pin.version}"
    report: dict[str, Any] = json.loads(go(folder, ["mod", "download", "-json", wanted]))
    if report.get("Sum") != pin.h1:
        raise WrongChecksum(
            f"the checksum of {wanted} is {report.get('Sum')}, expected {pin.h1}",
            hint="nothing was built; the module proxy serves other sources than the pinned ones",
        )
    return str(report["Dir"])


def go(folder: Path, arguments: Sequence[str]) -> str:
    """What a go command prints. ToolMissing with its last lines if it fails."""
    done = subprocess.run(
        ["go", *arguments], cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = "\n  ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-LINES_OF_TROUBLE:])
        raise ToolMissing(
            f"go {arguments[0]} failed:\n  {said}", hint="check the network and Go's settings (go env GOPROXY), then run it again"
        )
    return done.stdout


def environment() -> dict[str, str]:
    """The user's environment with Go's own settings (proxy, caches), but for this machine and with no other toolchain."""
    kept = {name: value for name, value in os.environ.items() if name not in ("GOOS", "GOARCH", "GOBIN")}
    return {**kept, "GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "-mod=readonly"}
