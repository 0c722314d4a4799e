"""The stand-in for helm: sets it up for one run of helmfile and reads back what it wrote down."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

STILL_RUNNING = 2**62
"""The end of a call that never came to its end: helmfile or the time limit stopped it."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call as the recorder saw it. `folder` holds copies of what it named; times count the events of the run."""

    argv: tuple[str, ...]
    cwd: Path
    folder: Path
    started: int
    ended: int

    def kept(self, kind: str, number: int) -> Path:
        """Where the copy of a file lies: `values`, `file` and `post-renderer`, numbered from 0. It need not exist."""
        return self.folder / f"{kind}.{number}"

    @property
    def kept_chart(self) -> Path | None:
        """The copy of the chart, if that lay outside of the workspace."""
        chart = self.folder / "chart"
        return chart if chart.is_dir() else None


def install(folder: Path) -> Path:
    """Put the recorder into `folder` as an executable, and give its path."""
    script = folder / "recorder"
    script.write_bytes(files("migrate.system").joinpath("recorder.sh").read_bytes())
    script.chmod(0o700)
    return script


@dataclass(frozen=True, slots=True)
class Recorder:
    """How the recorder is to behave in one run. `helm_version` is what it answers to `helm version`.

    `pause` is in seconds: what an upgrade or uninstall takes. 0 hides missing barriers, for nothing ever overlaps.
    `passed` are verbs (`dependency`, `repo`, `pull`) that the real helm does. `fetched` is a folder for charts that are not in
    the tree; without it none is fetched.
    """

    workspace: Path
    helm: Path
    helm_version: str
    pause: float = 0.0
    installed: bool = True
    passed: tuple[str, ...] = ()
    fetched: Path | None = None

    def environment(self, record: Path) -> Mapping[str, str]:
        """The variables that the recorder reads. Makes the folder `record`."""
        record.mkdir(mode=0o700)
        return {
            "MIGRATE_RECORD": str(record),
            "MIGRATE_WORKSPACE": str(self.workspace),
            "MIGRATE_REAL_HELM": str(self.helm),
            "MIGRATE_HELM_VERSION": self.helm_version,
            "MIGRATE_PASS": "".join(f" {verb} " for verb in self.passed),
            "MIGRATE_FETCH": str(self.fetched) if self.fetched else "",
            "MIGRATE_INSTALLED": "1" if self.installed else "0",
            "MIGRATE_PAUSE": f"{self.pause:g}",
        }


def read(record: Path) -> tuple[RecordedCall, ...]:
    """All calls of one run, in the order in which they began."""
    return tuple(_calls(record))


def _calls(record: Path) -> Iterator[RecordedCall]:
    log = record / "log"
    events = [line.split() for line in log.read_text().splitlines()] if log.exists() else []
    ends = {name: moment for moment, (kind, name) in enumerate(events) if kind == "end"}
    for moment, (kind, name) in enumerate(events):
        if kind == "begin":
            folder = record / name
            fields = (folder / "argv").read_bytes().split(b"\0")[:-1]
            argv = tuple(os.fsdecode(field) for field in fields)
            cwd = Path(os.fsdecode((folder / "cwd").read_bytes()))
            yield RecordedCall(argv, cwd, folder, moment, ends.get(name, STILL_RUNNING))
