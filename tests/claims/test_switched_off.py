"""Releases that are switched off on both sides, and what is uninstalled sooner: judged on states and runs told beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.claims import switched_off
from migrate.claims.side_facts import SideFacts
from migrate.claims.uninstalls import uninstalled_sooner
from migrate.model.facts import HelmCall, ReleaseId, Run
from tests.claims.told import CELL, A, B, call, entry, gathered, line, run, side, state

DISABLED, GONE = line(enabled=False), line(installed=False)


def off(listed: object = DISABLED, *entries: dict[str, Any], **settings: Any) -> SideFacts:  # noqa: ANN401  (whatever YAML holds)
    """A side where `a` is listed like this, with other settings of its entry."""
    return side(states=(state(*(entries or (entry(**settings),)), entry(B)),), listed=(listed, line(B)))


def told(old: SideFacts, new: SideFacts) -> dict[str, tuple[bool, str]]:
    return {piece.subject: (piece.holds, piece.detail) for piece in switched_off.evidence(gathered(old, new))}


@pytest.mark.parametrize(("old", "new"), [(DISABLED, DISABLED), (GONE, GONE), (DISABLED, GONE), (GONE, DISABLED)])
def test_what_is_switched_off_on_both_sides_has_to_mean_the_same(old: object, new: object) -> None:
    subject = f"{CELL} switched off"
    assert told(off(old), off(new)) == {subject: (True, "what it would be deployed with is the same")}
    assert told(off(old), off(new, version="2")) == {subject: (False, "`version` differs")}
    assert told(off(old, version="2"), off(new)) == {subject: (False, "`version` differs")}


def test_what_is_switched_on_on_a_side_is_judged_by_its_calls() -> None:
    for old, new in ((line(), DISABLED), (DISABLED, line()), (line(), line())):
        assert told(off(old), off(new, version="2")) == {}


def test_what_is_not_defined_once_on_each_side_is_judged_elsewhere() -> None:
    twice, none = (entry(), entry()), (entry(ReleaseId("", "n", "c")),)
    for old, new in (
        (off(), off(DISABLED, *twice)),
        (off(DISABLED, *twice), off()),
        (off(DISABLED, *twice), off(DISABLED, *twice)),
        (off(), off(DISABLED, *none)),
    ):
        assert told(old, new) == {}


C = ReleaseId("", "n", "c")


def at(moment: int, of: ReleaseId, verb: str = "upgrade") -> HelmCall:
    """A call that begins at a moment, and ends one later."""
    return call(verb, of, started=moment, ended=moment + 1)


def sooner(old: list[HelmCall], new: list[HelmCall], command: str = "sync") -> list[str]:
    before, after = (side(Run(command, "dev", "", tuple(calls), None)) for calls in (old, new))
    return list(uninstalled_sooner(before, after, "dev"))


@pytest.mark.parametrize("verb", ["uninstall", "delete"])
@pytest.mark.parametrize("command", ["sync", "apply"])
def test_what_is_uninstalled_before_a_deployment_that_went_first_is_told(verb: str, command: str) -> None:
    late, early = [at(0, A), at(2, B), at(4, C, verb)], [at(0, C, verb), at(2, A), at(4, B)]
    said = f"dev: {command} uninstalls n/c before it deploys"
    assert sooner(late, early, command) == [f"{said} n/a, n/b, no longer after that"]
    assert sooner(late, late, command) == sooner(early, early, command) == sooner(early, late, command) == []
    between = [at(0, A), at(2, C, verb), at(4, B)]
    assert sooner(late, between, command) == [f"{said} n/b, no longer after that"]
    assert sooner(between, early, command) == [f"{said} n/a, no longer after that"]


def test_only_deployments_that_surely_went_first_count() -> None:
    late = [at(0, A), at(2, C, "delete")]
    assert sooner(late, [at(0, C, "delete"), at(1, A)]) == []
    assert sooner([at(0, A), at(1, C, "delete")], [at(0, C, "delete"), at(2, A)]) == []
    assert sooner(late, [at(2, A)]) == []
    assert sooner(late, [at(0, B, "delete"), at(2, A)]) == []
    assert sooner(late, [at(0, C, "delete"), at(2, A, "diff")]) == []
    assert sooner([at(0, A, "diff"), at(2, C, "delete")], [at(0, C, "delete"), at(2, A)]) == []
    assert sooner(late, [at(0, C, "delete"), at(2, A), at(4, C, "delete")]) == []


def test_a_command_that_was_not_run_tells_nothing() -> None:
    early, late = run("sync", at(0, C, "delete"), at(2, A)), run("apply", at(0, A), at(2, C, "delete"))
    assert list(uninstalled_sooner(side(late), side(early), "dev")) == []
