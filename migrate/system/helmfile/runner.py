"""Runs helmfile with the recorder as its helm, and the real helm, in the clean world of one side."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Semaphore

from migrate.system import recorder
from migrate.system.process import Outcome, run
from migrate.system.recorder import RecordedCall, Recorder
from migrate.system.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SideSettings:
    """How a side asks.

    `helm_version` is what helm answers to `version --short`; `slots` limits how many programs run at once; `timeout` is in
    seconds for each call; `pause` in seconds for each recorded upgrade; `hooks` says that the user agrees to them;
    `fetch` that charts which are not in the tree are got as a deployment gets them;
    `complete` are folders of charts whose dependencies are.
    """

    helmfile: Path
    helm: Path
    helm_version: str
    environment: Mapping[str, str]
    slots: Semaphore
    timeout: float
    pause: float
    hooks: bool
    fetch: bool = False
    complete: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run of helmfile left: how it ended, and the calls of helm with the copies of their files."""

    outcome: Outcome
    calls: tuple[RecordedCall, ...]


@dataclass(slots=True)
class Runner:
    """The programs of one side. `folder` is private to it. Safe to use from several threads."""

    settings: SideSettings
    workspace: Workspace
    folder: Path
    stand_in: Path = field(init=False)
    fetched: Path = field(init=False)
    _numbers: Iterator[int] = field(init=False, default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.stand_in = recorder.install(self.folder)
        self.fetched = self.folder / "fetched"
        self.fetched.mkdir(mode=0o700)

    @contextmanager
    def helmfile(
        self, state_file: str, environment: str, arguments: Sequence[str], *, pause: float = 0.0, passed: tuple[str, ...] = ()
    ) -> Iterator[Recorded]:
        """Run helmfile in the top folder. What it recorded lies on disk until the block ends.

        `passed` are verbs that the real helm does.
        """
        settings, folder = self.settings, self.folder / f"run-{next(self._numbers)}"
        fetched = self.fetched if settings.fetch else None
        answers = Recorder(self.workspace.top, settings.helm, settings.helm_version, pause=pause, passed=passed, fetched=fetched)
        temporary, record = folder / "tmp", folder / "record"
        folder.mkdir(mode=0o700)
        temporary.mkdir()
        variables = {**settings.environment, **answers.environment(record), "TMPDIR": str(temporary)}
        argv = [str(settings.helmfile), "--helm-binary", str(self.stand_in), "--file", state_file, "--no-color"]
        argv += [] if environment == "default" else ["--environment", environment]
        try:
            with settings.slots:
                outcome = run([*argv, *arguments], folder=self.workspace.top, environment=variables, timeout=settings.timeout)
            yield Recorded(outcome, recorder.read(record))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def helm(self, argv: Sequence[str], folder: Path) -> Outcome:
        """Run the real helm in `folder`."""
        settings = self.settings
        with settings.slots:
            return run([str(settings.helm), *argv], folder=folder, environment=settings.environment, timeout=settings.timeout)
