"""Runs a command of the repository's own in a copy of a tree, with stand-ins for helm and for what reaches further."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from migrate.system import recorder
from migrate.system.helmfile.runner import SideSettings
from migrate.system.process import run
from migrate.system.recorder import RecordedCall, Recorder
from migrate.system.workspace import Workspace

STAND_INS = ("sudo", "kubectl", "yq", "docker", "nerdctl", "ssh", "scp", "systemctl")
"""What is not to be reached. `helmfile` is the real one; its helm, and the script's own, is the recorder."""


@dataclass(frozen=True, slots=True)
class Performed:
    """What the command left, with the calls of helm as they were recorded; see `Rehearsal`."""

    exit_code: int
    calls: tuple[RecordedCall, ...]
    files: Mapping[str, str]
    stand_ins: tuple[str, ...]


def rehearse(command: str, workspace: Workspace, folder: Path, settings: SideSettings) -> Performed:
    """Run `command` by bash in the top of the workspace. `folder` is private, and keeps the record."""
    programs, noted, record = folder / "programs", folder / "stand-ins", folder / "rehearsed"
    programs.mkdir()
    helm = recorder.install(programs)
    (programs / "helm").symlink_to(helm)
    _program(programs / "helmfile", f'#!/bin/sh\nexec "{settings.helmfile}" --helm-binary "{helm}" "$@"\n')
    for name in STAND_INS:
        _program(programs / name, files("migrate.system").joinpath("stand_in.sh").read_text(encoding="utf-8"))
    environment = {
        **settings.environment,
        **Recorder(workspace.top, settings.helm, settings.helm_version).environment(record),
        "PATH": f"{programs}:/usr/bin:/bin",
        "MIGRATE_STAND_INS": str(noted),
    }
    before = dict(_digests(workspace.top))
    outcome = run(["bash", "-c", command], folder=workspace.top, environment=environment, timeout=settings.timeout)
    after = dict(_digests(workspace.top))
    changed = {path: after.get(path, "") for path in sorted({*before, *after}) if before.get(path) != after.get(path)}
    calls = tuple(noted.read_text().splitlines()) if noted.exists() else ()
    return Performed(outcome.exit_code, recorder.read(record), changed, calls)


def _program(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")
    place.chmod(0o700)


def _digests(top: Path) -> Iterator[tuple[str, str]]:
    for path in top.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(top).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
