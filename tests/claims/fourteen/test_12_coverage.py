"""What is to be compared is listed apart from the renders; what is not compared is red, and so is nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.measuring import gather
from migrate.model.facts import CellId, EnvironmentFacts
from migrate.model.proof import CellVerdict, ClaimVerdict
from migrate.prover import judge
from tests.claims.conftest import RememberingSides, quiet
from tests.claims.fourteen.one_release import CELL, SOUND, case, cell_of

Change = Callable[[EnvironmentFacts], EnvironmentFacts]


@pytest.fixture(scope="module")
def sound(sides: RememberingSides) -> Gathered:
    """Measured by the real tools, without a fault."""
    return gather(case({}), sides, quiet, only="dev")


def side_with(side: SideFacts, change: Change) -> SideFacts:
    return replace(side, environments={"dev": change(side.environments["dev"])})


def test_nothing_is_missing_from_the_sound_one(sound: Gathered) -> None:
    assert judge(sound).holds
    assert set(sound.cells) == {CELL, CellId("dev", SOUND)}


def test_a_cell_without_a_render_is_red(sound: Gathered) -> None:
    proof = judge(replace(sound, renders={cell: render for cell, render in sound.renders.items() if cell != CELL}))
    assert not cell_of(proof).verdict.green
    assert not proof.holds


def test_no_differences_in_no_comparisons_is_red(sound: Gathered) -> None:
    proof = judge(replace(sound, cells=(), renders={}))
    assert not proof.cells
    assert not proof.holds
    assert {claim.verdict for claim in proof.claims if claim.claim in ("inputs_equal", "renders_equal")} == {
        ClaimVerdict.NOT_CHECKED
    }


def silent(facts: EnvironmentFacts) -> EnvironmentFacts:
    """helmfile succeeds and calls nothing, as with a selector that matches no release."""
    return replace(facts, runs={name: replace(run, calls=()) for name, run in facts.runs.items()}, alone={}, alone_sync={})


def unlisted(facts: EnvironmentFacts) -> EnvironmentFacts:
    assert isinstance(facts.listed, tuple)
    return replace(facts, listed=tuple(line for line in facts.listed if line.release != CELL.release))


def unbuilt(facts: EnvironmentFacts) -> EnvironmentFacts:
    assert isinstance(facts.states, tuple)
    return replace(facts, states=tuple(replace(state, document={**state.document, "releases": []}) for state in facts.states))


def unrecorded(facts: EnvironmentFacts) -> EnvironmentFacts:
    return replace(facts, runs={name: run for name, run in facts.runs.items() if name == "template"}, alone_sync={})


@pytest.mark.parametrize("change", [silent, unlisted, unbuilt, unrecorded])
@pytest.mark.parametrize("both", [True, False], ids=["both sides", "one side"])
def test_what_only_one_source_knows_of_still_has_to_be_proved(change: Change, both: bool, sound: Gathered) -> None:
    """A release that `build`, `list` or the runs leave out, on one side or on both, is never green by that."""
    old = side_with(sound.old, change) if both else sound.old
    renders = {} if change is silent else sound.renders
    proof = judge(replace(sound, old=old, new=side_with(sound.new, change), renders=renders))
    assert not proof.holds


def test_a_listed_release_that_nothing_is_done_for_is_unproved(sound: Gathered) -> None:
    proof = judge(replace(sound, old=side_with(sound.old, silent), new=side_with(sound.new, silent), renders={}))
    assert cell_of(proof).verdict is CellVerdict.UNPROVED
    assert cell_of(proof).reason == "listed, but helm was never called to render it"
