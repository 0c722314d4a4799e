"""Runs the real helmfile the way the tests of the fixtures need it."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from migrate.system.toolbox import ToolPair

CELL = ("template", "--skip-deps", "--include-crds")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of helmfile left."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Runner:
    """A tree on disk, with helmfile and helm to ask it."""

    tools: ToolPair
    folder: Path

    def helmfile(self, environment: str, *arguments: str) -> Ran:
        """`helmfile -e ENVIRONMENT ARGUMENTS` with an empty home. Both outputs as text; a CR in them stays."""
        with TemporaryDirectory() as home:
            own = {"HOME": home, "PATH": os.defpath} | {
                f"HELM_{name}_HOME": f"{home}/{name}" for name in ("CACHE", "CONFIG", "DATA")
            }
            binaries = [str(self.tools.helmfile.path), "--helm-binary", str(self.tools.helm.path)]
            command = [*binaries, "-e", environment, *arguments]
            done = subprocess.run(command, cwd=self.folder, env=own, capture_output=True, check=False)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def cells(self, environments: tuple[str, ...], releases: tuple[str, ...]) -> dict[tuple[str, str], Ran]:
        """Each release alone in each environment, without touching the charts."""
        cells = [(environment, release) for environment in environments for release in releases]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            ran = pool.map(lambda cell: self.helmfile(cell[0], "-l", f"name={cell[1]}", *CELL), cells)
            return dict(zip(cells, ran, strict=True))
