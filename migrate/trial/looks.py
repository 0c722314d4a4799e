"""Looks: narrow questions to both sides, with the claims that can be judged from their answers alone.

Each gives the facts that a whole proof has too, but fewer, and the same of both sides. So what a claim finds wrong in a look it
finds wrong in the whole proof; what no look shows says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from migrate.claims import (
    Claim,
    bytes_kept,
    comments_kept,
    deploys_equal,
    every_file_has_a_verdict,
    hooks_equal,
    inputs_equal,
    order_kept,
    renders_equal,
    values_equal,
)
from migrate.model.facts import EnvironmentFacts, ReleaseId
from migrate.model.planted import FILE_CLAIMS, Fault
from migrate.ports import Side

NAMED: Mapping[str, Claim] = {
    inputs_equal.NAME: inputs_equal.judge,
    renders_equal.NAME: renders_equal.judge,
    deploys_equal.NAME: deploys_equal.judge,
    order_kept.NAME: order_kept.judge,
    values_equal.NAME: values_equal.judge,
    hooks_equal.NAME: hooks_equal.judge,
    comments_kept.NAME: comments_kept.judge,
    every_file_has_a_verdict.NAME: every_file_has_a_verdict.judge,
    bytes_kept.NAME: bytes_kept.judge,
}
"""The claims that a look can judge, by name."""
FEW = 2
"""In how many environments, or for how many cells, a fault is looked for before the whole proof is made."""


class Question(Enum):
    """What a look asks."""

    BUILD = "build"
    SYNC = "sync"
    TEMPLATE = "template"
    RENDER = "render"


JUDGING: Mapping[Question, tuple[str, ...]] = {
    Question.BUILD: (deploys_equal.NAME, order_kept.NAME, values_equal.NAME, hooks_equal.NAME),
    Question.SYNC: (deploys_equal.NAME, order_kept.NAME, values_equal.NAME, hooks_equal.NAME),
    Question.TEMPLATE: (inputs_equal.NAME,),
    Question.RENDER: (inputs_equal.NAME, renders_equal.NAME),
}
"""The claims that hold on a healthy tree from the answers to a question alone."""


@dataclass(frozen=True, slots=True)
class Look:
    """One question about one environment; `TEMPLATE` and `RENDER` are asked of one release."""

    question: Question
    environment: str
    release: ReleaseId | None = None

    def __str__(self) -> str:
        of = f"{self.environment}/{self.release}" if self.release else self.environment
        return f"{self.question.value} of {of}"

    def facts(self, side: Side) -> EnvironmentFacts:
        """The answer of one side."""
        name = self.environment
        if self.release is not None:
            return EnvironmentFacts(name, side.build(name), (), {"template": side.record(name, "template", self.release)})
        runs = {"sync": side.record(name, "sync")} if self.question is Question.SYNC else {}
        return EnvironmentFacts(name, side.build(name), side.list(name), runs)


def looks_for(fault: Fault, *, render: bool) -> Iterator[Look]:
    """Where a fault should show, the cheapest look first. `render` asks the second witness at once, not only if it is needed."""
    if FILE_CLAIMS.issuperset(fault.expected) and fault.expected:
        return
    for question in (Question.RENDER,) if render else (Question.TEMPLATE, Question.RENDER):
        for cell in fault.cells[:FEW]:
            yield Look(question, cell.environment, cell.release)
    for question in (Question.BUILD, Question.SYNC):
        for environment in fault.environments[:FEW]:
            yield Look(question, environment)


def file_claims_for(fault: Fault) -> tuple[str, ...]:
    """The claims on files alone that are judged at once; comments are read only where they are at stake, for that takes long."""
    if fault.expected and FILE_CLAIMS.isdisjoint(fault.expected):
        return ()
    quick = (bytes_kept.NAME, every_file_has_a_verdict.NAME)
    at_stake = not fault.expected or comments_kept.NAME in fault.expected
    return (*quick, comments_kept.NAME) if at_stake else quick
