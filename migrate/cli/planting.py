"""`--plant` and `--seed` of `migrate prove`: faults that test a proof which holds."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from migrate.claims.gathered import Gathered
from migrate.errors import BadInput, FaultMissed
from migrate.model.planted import SelfTest
from migrate.ports import Progress, SideFactory
from migrate.trial import AttributesOf, try_faults

SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Planting:
    """What the two options ask for; `count` is None if no fault is to be planted."""

    count: int | None
    seed: int | None

    @property
    def asked(self) -> bool:
        """Whether faults are to be planted."""
        return self.count is not None

    def tried(self, gathered: Gathered, sides: SideFactory, attributes: AttributesOf, progress: Progress) -> SelfTest | None:
        """What became of the faults planted in the new tree of a proof that holds; None if none are to be planted."""
        if self.count is None:
            return None
        seed = secrets.randbelow(SEEDS) if self.seed is None else self.seed
        return try_faults(gathered, sides, attributes, progress, count=self.count, seed=seed)


def require_caught(test: SelfTest | None) -> None:
    """FaultMissed if a planted fault was missed, or if none could be planted."""
    if test is not None and not test.holds:
        missed = f"{len(test.missed)} of {len(test.tried)} planted faults were missed"
        hint = f"--plant {test.asked} --seed {test.seed} plants them again"
        raise FaultMissed(missed if test.tried else "there is no place for any fault", hint=hint)


def planting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--plant and --seed; the command gets them as one argument, `planting`."""

    @click.option(
        "--plant",
        type=click.IntRange(min=1),
        metavar="N",
        help="Plant N faults in the new tree, each alone, to test the proof.",
    )
    @click.option(
        "--seed", type=click.IntRange(min=0), metavar="S", help="Which faults are planted. Default: random, and printed."
    )
    @functools.wraps(command)
    def with_planting(*arguments: object, plant: int | None, seed: int | None, **others: object) -> object:
        if seed is not None and plant is None:
            raise BadInput("--seed goes with --plant")
        return command(*arguments, planting=Planting(plant, seed), **others)

    return with_planting
