"""Runs helmfile with the recorder as its helm, and the real helm, in the clean world of one side."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Semaphore
from typing import Any

from migrate.model.facts import HelmInputs
from migrate.model.reaching import ReachOut
from migrate.system import recorder
from migrate.system.exhausted import refuse_exhausted
from migrate.system.helmfile.reaching import address_of, surely_local, wants_network, wish_of
from migrate.system.process import Outcome, run
from migrate.system.recorder import RecordedCall, Recorder
from migrate.system.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SideSettings:
    """How a side asks.

    `helm_version` is what helm answers to `version --short`; `slots` limits how many programs run at once; `timeout` is in
    seconds for each call; `pause` in seconds for each recorded upgrade; `hooks` says that the user agrees to them;
    `fetch` that charts which are not in the tree are got as a deployment gets them;
    `complete` are folders of charts whose dependencies are. `cut` are the words in front of a command line that cut the
    network off; none leave it.
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
    cut: tuple[str, ...] = ()


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
    reached: list[ReachOut] = field(init=False, default_factory=list)
    """what calls wanted while the network was cut off"""
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

        `passed` are verbs that the real helm does. A run that fails with the network cut off is made again with the network,
        unless its words name another cause; the outcome is that of the second one, and `reached` keeps what the first wanted.
        """
        argv = [str(self.settings.helmfile), "--helm-binary", str(self.stand_in), "--file", state_file, "--no-color"]
        argv += [] if environment == "default" else ["--environment", environment]
        fetched = self.fetched if self.settings.fetch else None
        recorder_ = Recorder(
            self.workspace.top,
            self.settings.helm,
            self.settings.helm_version,
            pause=pause,
            passed=passed,
            fetched=fetched,
        )
        with ExitStack() as stack:
            recorded = stack.enter_context(self._recorded([*argv, *arguments], recorder_, self.settings.cut))
            if self._doubtful(recorded.outcome):
                first = recorded.outcome
                recorded = stack.enter_context(self._recorded([*argv, *arguments], recorder_, ()))
                self._compare(first, recorded.outcome, environment=environment, command=_command(arguments))
            yield recorded

    @contextmanager
    def _recorded(self, argv: Sequence[str], answers: Recorder, cut: tuple[str, ...]) -> Iterator[Recorded]:
        settings, folder = self.settings, self.folder / f"run-{next(self._numbers)}"
        temporary, record = folder / "tmp", folder / "record"
        folder.mkdir(mode=0o700)
        temporary.mkdir()
        variables = {**settings.environment, **answers.environment(record), "TMPDIR": str(temporary)}
        try:
            with settings.slots:
                outcome = run([*cut, *argv], folder=self.workspace.top, environment=variables, timeout=settings.timeout)
            refuse_exhausted(outcome, self.folder)
            yield Recorded(outcome, recorder.read(record))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def helm(self, argv: Sequence[str], folder: Path, *, about: HelmInputs | None = None) -> Outcome:
        """Run the real helm in `folder`; what fails with the network cut off is run again with it, as `helmfile` does."""
        outcome = self.helm_once(argv, folder)
        if not self._doubtful(outcome):
            return outcome
        again = self._helm(argv, folder, ())
        self._compare(
            outcome, again, argv=about.argv if about else tuple(argv[:1]), chart_folder=about.chart_folder if about else ""
        )
        return again

    def helm_once(self, argv: Sequence[str], folder: Path) -> Outcome:
        """Run the real helm in `folder`, with the network cut off if the side has it cut off."""
        return self._helm(argv, folder, self.settings.cut)

    def _helm(self, argv: Sequence[str], folder: Path, cut: tuple[str, ...]) -> Outcome:
        settings = self.settings
        with settings.slots:
            words = [*cut, str(settings.helm), *argv]
            outcome = run(words, folder=folder, environment=settings.environment, timeout=settings.timeout)
        return refuse_exhausted(outcome, self.folder)

    def _doubtful(self, outcome: Outcome) -> bool:
        """Whether the cut may be why a call failed."""
        return bool(self.settings.cut) and not outcome.ok and not surely_local(_said(outcome))

    def _compare(self, cut: Outcome, open_: Outcome, **about: Any) -> None:  # noqa: ANN401  (the fields of a ReachOut)
        said = _said(cut)
        if open_.ok or wants_network(said):
            self.reached.append(ReachOut(wish_of(said), address_of(said), **about))


def _said(outcome: Outcome) -> str:
    return outcome.stderr.decode(errors="replace")


def _command(arguments: Sequence[str]) -> str:
    """The word that says what helmfile is to do."""
    before = ("", *arguments)
    pairs = zip(before, arguments, strict=False)
    return next((word for flag, word in pairs if not word.startswith("-") and flag != "--selector"), "")
