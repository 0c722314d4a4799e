"""renders_equal and the verdict of a cell, judged on comparisons told beforehand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.claims import renders_equal
from migrate.claims.gathered import Gathered
from migrate.claims.rendering import Difference, RenderResult
from migrate.claims.side_facts import SideFacts
from tests.claims.told import CELL, OTHER, STOP, A, B, call, gathered, run, side, wrong

EQUAL = RenderResult(3)
DIFFERENCE = Difference("Pod p (v1)", "spec.x", "differs")
DIFFERENT = RenderResult(3, (DIFFERENCE,))
MASKED, EMPTY = RenderResult(3, masked=2), RenderResult(0)
OLD_FAILS, NEW_FAILS, FAIL = (
    RenderResult(0, old_failure=STOP),
    RenderResult(0, new_failure=STOP),
    RenderResult(0, old_failure=STOP, new_failure=STOP),
)
WAITING = side(run("template", call("template", A, "--wait"), call(of=B)))


def rendered(result: RenderResult, old: SideFacts | None = None, new: SideFacts | None = None) -> Gathered:
    """The first cell with this comparison, the second equal."""
    return gathered(old or side(), new or side(), renders={CELL: result, OTHER: EQUAL})


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (EQUAL, ""),
        (DIFFERENT, "Pod p (v1) spec.x differs"),
        (OLD_FAILS, "only the old side fails: stop"),
        (NEW_FAILS, "only the new side fails: stop"),
        (MASKED, ""),
        (EMPTY, ""),
    ],
)
def test_a_comparison_beside_equal_inputs(result: RenderResult, said: str) -> None:
    assert wrong(renders_equal.judge(rendered(result))) == ({str(CELL): said} if said else {})


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (EQUAL, ""),
        (DIFFERENT, "Pod p (v1) spec.x differs"),
        (MASKED, "2 leaves vary, and the inputs are not equal"),
        (EMPTY, "nothing is rendered, and the inputs are not equal"),
    ],
)
def test_what_varies_or_is_empty_needs_equal_inputs(result: RenderResult, said: str) -> None:
    expected = {str(CELL): said} if said else {}
    assert wrong(renders_equal.judge(rendered(result, new=WAITING))) == expected
    assert wrong(renders_equal.judge(rendered(result, old=WAITING))) == expected


def test_every_difference_is_told() -> None:
    two = replace(DIFFERENT, differences=(DIFFERENCE, replace(DIFFERENCE, path="spec.y")))
    assert wrong(renders_equal.judge(rendered(two))) == {str(CELL): "Pod p (v1) spec.x differs; Pod p (v1) spec.y differs"}


def test_a_render_that_fails_on_both_sides_is_no_evidence() -> None:
    assert renders_equal.judge(rendered(FAIL)).checked == 1


def test_a_cell_that_one_side_renders_is_seen() -> None:
    without = side(run("template", call(of=B)))
    for old, new in ((side(), without), (without, side())):
        both = gathered(old, new, renders={OTHER: EQUAL})
        assert wrong(renders_equal.judge(both)) == {str(CELL): "only one side renders it"}
    assert renders_equal.judge(gathered(without, without, renders={OTHER: EQUAL})).checked == 1


def test_what_varies_where_no_call_was_seen_is_not_let_pass() -> None:
    without = side(run("template", call(of=B)))
    for old, new in ((side(), without), (without, side())):
        assert wrong(renders_equal.judge(rendered(MASKED, old, new))) == {
            str(CELL): "2 leaves vary, and the inputs are not equal"
        }
