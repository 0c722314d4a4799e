"""The options that say how far a migration goes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import click

from migrate.errors import BadInput
from migrate.model.paths import RepoPath
from migrate.model.phases import CLEANUP, PHASES
from migrate.model.settings import Settings

_PHASE = click.IntRange(1, CLEANUP)


@dataclass(frozen=True, slots=True)
class Phases:
    """How far to go, and which legacy files the cleanup may take beyond those that it takes by itself."""

    through: int | None
    phase: int | None
    released: tuple[RepoPath, ...]
    orphans: tuple[RepoPath, ...]

    def settings(self, settings: Settings) -> Settings:
        """The settings with what was named for the cleanup."""
        return replace(settings, released=self.released, orphans=self.orphans)


def phase_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--phase, --through, --accept and --orphan; the command gets them as one argument, `phases`."""
    titles = ", ".join(f"{number} {title}" for number, title in PHASES.items())

    @click.option("--phase", type=_PHASE, metavar="N", help=f"Do this phase, the ones before it being done: {titles}.")
    @click.option("--through", type=_PHASE, metavar="N", help="Do all phases up to this one. Default: all but the cleanup.")
    @click.option(
        "--accept", multiple=True, metavar="PATH", help="The cleanup may remove it although somebody outside writes it."
    )
    @click.option("--orphan", multiple=True, metavar="PATH", help="The cleanup removes this unread file of a legacy folder too.")
    @functools.wraps(command)
    def with_phases(
        *arguments: object,
        phase: int | None,
        through: int | None,
        accept: tuple[str, ...],
        orphan: tuple[str, ...],
        **others: object,
    ) -> object:
        if phase is not None and through is not None:
            raise BadInput("--phase and --through can't both be given", hint="--through does all phases up to the one it names")
        phases = Phases(through, phase, tuple(map(RepoPath, accept)), tuple(map(RepoPath, orphan)))
        return command(*arguments, phases=phases, **others)

    return with_phases
