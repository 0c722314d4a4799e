"""The verdict of a cell, from comparisons and failures told beforehand."""

from __future__ import annotations

from dataclasses import replace

from migrate.claims.cells import judge_cell, judge_cells, speaks_of
from migrate.claims.gathered import Gathered
from migrate.claims.rendering import RenderResult
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import CellId, Failure
from migrate.model.proof import CellVerdict, ClaimResult, Evidence
from migrate.model.settings import Unproved
from tests.claims.test_renders_equal import DIFFERENCE, DIFFERENT, EQUAL, FAIL, MASKED, NEW_FAILS, OLD_FAILS, WAITING, rendered
from tests.claims.told import CELL, OTHER, STATE, STOP, B, call, case, entry, gathered, line, run, side, state


def verdict(told: Gathered, *evidence: Evidence, cell: CellId = CELL) -> tuple[CellVerdict, str]:
    claims = (ClaimResult.of("claim", "", evidence),) if evidence else ()
    judged = judge_cell(told, cell, claims)
    assert judged == next(each for each in judge_cells(told, claims) if each.id == cell)
    return judged.verdict, judged.reason


def test_a_cell_is_equal_if_inputs_and_renders_are() -> None:
    assert verdict(rendered(EQUAL)) == (CellVerdict.EQUAL, "equal inputs; 3 objects equal")
    built = "equal inputs; 3 objects equal, also after `helm dependency build`"
    assert verdict(rendered(replace(EQUAL, built=True))) == (CellVerdict.EQUAL, built)
    masked = "equal inputs; 3 objects equal but for 2 leaves that vary from render to render"
    assert verdict(rendered(MASKED)) == (CellVerdict.EQUAL, masked)
    assert judge_cell(rendered(MASKED), CELL, ()).masked_leaves == 2
    assert judge_cell(rendered(EQUAL), CELL, ()).masked_leaves == 0


def test_equal_renders_of_other_inputs_prove_nothing() -> None:
    said = "helm is given other inputs: arguments: --wait is only on the new side"
    assert verdict(rendered(EQUAL, new=WAITING)) == (CellVerdict.UNPROVED, f"renders equal, but {said}")
    assert verdict(rendered(MASKED, new=WAITING)) == (CellVerdict.UNPROVED, f"renders equal, but 2 leaves vary, and {said}")
    for old, new in ((side(), side(run("template"))), (side(run("template")), side())):
        unseen = "renders equal, but helm is given other inputs: the call that renders it was not seen"
        assert verdict(rendered(EQUAL, old, new)) == (CellVerdict.UNPROVED, unseen)


def test_other_renders_are_different() -> None:
    assert verdict(rendered(DIFFERENT)) == (CellVerdict.DIFFERENT, "Pod p (v1) spec.x differs")
    two = replace(DIFFERENT, differences=(DIFFERENCE, DIFFERENCE))
    assert verdict(rendered(two)) == (CellVerdict.DIFFERENT, "Pod p (v1) spec.x differs and 1 more")
    assert verdict(rendered(OLD_FAILS)) == (CellVerdict.DIFFERENT, "only the old side fails: stop")
    assert verdict(rendered(NEW_FAILS)) == (CellVerdict.DIFFERENT, "only the new side fails: stop")


def drawing(verb: str = "upgrade", times: int = 1, values: str = "w") -> SideFacts:
    """A side whose `sync` gives helm other values than its `template`."""
    deploys = [call(verb, values=(values,))] * times
    return side(run("template", call(), call(of=B)), run("sync", *deploys, call("upgrade", B)))


def test_values_that_are_drawn_anew_in_each_run_leave_nothing_to_compare_with() -> None:
    assert verdict(rendered(DIFFERENT, drawing()))[0] is CellVerdict.UNPROVED
    for steady in (drawing(values="v"), drawing(times=2), drawing("install"), side(run("sync", call("upgrade", values=("w",))))):
        assert verdict(rendered(DIFFERENT, steady))[0] is CellVerdict.DIFFERENT
    assert verdict(rendered(DIFFERENT, new=drawing()))[0] is CellVerdict.DIFFERENT
    assert verdict(rendered(EQUAL, drawing()))[0] is CellVerdict.EQUAL


def test_a_failing_render_is_equal_only_with_equal_inputs() -> None:
    assert verdict(rendered(FAIL))[0] is CellVerdict.EQUAL_FAILURE
    reason = "fails on both sides, but arguments: --wait is only on the new side"
    assert verdict(rendered(FAIL, new=WAITING)) == (CellVerdict.DIFFERENT, reason)
    unknown = side(run("template", call(chart_digest=""), call(of=B)))
    assert verdict(rendered(FAIL, unknown, unknown)) == (
        CellVerdict.DIFFERENT,
        f"fails on both sides for the same cause, {STATE}:1: stop; chart: its bytes are not known",
    )
    other = RenderResult(0, old_failure=STOP, new_failure=Failure(1, "other"))
    assert verdict(rendered(other))[0] is CellVerdict.DIFFERENT


def test_no_cell_is_green_of_which_a_claim_finds_something_wrong() -> None:
    held, failed = Evidence(str(CELL), True, "fine"), Evidence(str(CELL), False, "wrong")
    assert verdict(rendered(EQUAL), held)[0] is CellVerdict.EQUAL
    assert verdict(rendered(EQUAL), held, failed) == (CellVerdict.DIFFERENT, "claim: wrong")
    assert verdict(rendered(EQUAL), Evidence(f"{CELL} sync", False, "wrong"))[0] is CellVerdict.DIFFERENT
    assert verdict(rendered(EQUAL), Evidence(str(OTHER), False, "wrong"))[0] is CellVerdict.EQUAL
    assert verdict(rendered(EQUAL), Evidence("dev: sync", False, "wrong"))[0] is CellVerdict.EQUAL
    assert verdict(rendered(EQUAL), failed, Evidence(str(CELL), False, "more")) == (CellVerdict.DIFFERENT, "claim: wrong")
    assert verdict(rendered(DIFFERENT), failed)[1] == "Pod p (v1) spec.x differs"


def test_evidence_speaks_of_a_cell_by_its_whole_name() -> None:
    assert speaks_of(Evidence(str(CELL), True, ""), CELL)
    assert speaks_of(Evidence(f"{CELL} sync", True, ""), CELL)
    assert not speaks_of(Evidence(f"{CELL}b", True, ""), CELL)


def listed(*cells: bool | None, called: bool = False) -> SideFacts:
    """A side where `a` is not listed (None), or listed as enabled or not."""
    lines = tuple(line(enabled=enabled) for enabled in cells if enabled is not None)
    runs = (run("template", call(), call(of=B)),) if called else (run("template", call(of=B)),)
    return side(*runs, listed=(*lines, line(B)))


def test_a_cell_is_absent_only_if_list_says_so_on_both_sides_and_helm_is_never_called() -> None:
    for old, new, said in (
        (listed(None), listed(None), "not listed"),
        (listed(False), listed(False), "disabled by its condition"),
        (listed(None), listed(False), "old side: not listed; new side: disabled by its condition"),
    ):
        assert verdict(gathered(old, new)) == (CellVerdict.ABSENT, said)
    for old, new, name in ((listed(None, called=True), listed(None), "old"), (listed(None), listed(False, called=True), "new")):
        said = f"`list` says that it is not there, but helm is called for it on the {name} side"
        assert verdict(gathered(old, new)) == (CellVerdict.DIFFERENT, said)


def test_a_cell_that_is_there_on_one_side_only_differs() -> None:
    for old, new in ((side(), listed(None)), (listed(None), side()), (side(), listed(False))):
        assert verdict(gathered(old, new, renders={CELL: EQUAL}))[0] is CellVerdict.DIFFERENT
    uncalled = side(run("template", call(of=B)))
    for old, new in ((uncalled, listed(None)), (listed(False), uncalled)):
        assert verdict(gathered(old, new))[0] is CellVerdict.DIFFERENT
    removed = side(listed=(line(installed=False), line(B)))
    assert verdict(gathered(side(), removed, renders={CELL: EQUAL})) == (
        CellVerdict.DIFFERENT,
        "old side: listed; new side: to be uninstalled",
    )
    broken = side(listed=STOP)
    assert verdict(gathered(side(), broken, renders={CELL: EQUAL}))[0] is CellVerdict.DIFFERENT


NOTHING, ONLY_B = run("template"), run("template", call(of=B))
FAILING = run("template", failure=STOP)


def test_a_cell_that_is_not_rendered_is_never_equal() -> None:
    lost = "only the old side renders it; the other: stop"
    assert verdict(gathered(side(), side(FAILING))) == (CellVerdict.DIFFERENT, lost)
    assert verdict(gathered(side(FAILING), side())) == (CellVerdict.DIFFERENT, lost.replace("old", "new"))
    assert verdict(gathered(side(), side(NOTHING)))[1] == "only the old side renders it; the other: unknown"
    assert verdict(gathered(side(FAILING), side(NOTHING))) == (CellVerdict.DIFFERENT, "only the old side fails: stop")
    assert verdict(gathered(side(NOTHING), side(FAILING))) == (CellVerdict.DIFFERENT, "only the new side fails: stop")
    assert verdict(gathered(side(ONLY_B), side(ONLY_B))) == (
        CellVerdict.UNPROVED,
        "listed, but helm was never called to render it",
    )
    assert verdict(gathered(side(FAILING), side(FAILING)))[0] is CellVerdict.EQUAL_FAILURE


def test_a_release_that_both_sides_uninstall_has_nothing_to_render() -> None:
    removed = side(ONLY_B, listed=(line(installed=False), line(B)))
    assert verdict(gathered(removed, removed)) == (CellVerdict.EQUAL, "to be uninstalled on both sides; nothing to render")


def test_an_environment_that_loads_on_no_side_fails_alike_only_for_one_cause() -> None:
    broken = side(FAILING, states=STOP, listed=STOP)
    assert verdict(gathered(broken, broken))[0] is CellVerdict.EQUAL_FAILURE
    other = Failure(1, "other", STATE, 1)
    assert verdict(gathered(broken, side(FAILING, states=other, listed=other)))[0] is CellVerdict.DIFFERENT


OUTSIDE = Failure(1, "required env var X is not set")


def test_only_a_cause_outside_of_the_commit_that_the_user_names_is_vouched_for() -> None:
    stuck = side(run("template", failure=OUTSIDE))
    plain = gathered(stuck, stuck)
    assert verdict(plain)[0] is CellVerdict.UNPROVED
    good = Unproved("n/a", "dev", OUTSIDE.message, "set in production")
    for entry_, expected in (
        (good, CellVerdict.VOUCHED),
        (replace(good, cause="another"), CellVerdict.UNPROVED),
        (replace(good, release="n/b"), CellVerdict.UNPROVED),
        (replace(good, environment="prod"), CellVerdict.UNPROVED),
    ):
        told = replace(plain, case=case(stuck, stuck, unproved=(entry_,)))
        assert verdict(told)[0] is expected
    told = replace(plain, case=case(stuck, stuck, unproved=(good,)))
    assert verdict(told)[1].endswith("; set in production")
    assert judge_cell(told, CELL, ()).cause == OUTSIDE.message
    assert verdict(told, Evidence(str(CELL), False, "wrong"))[0] is CellVerdict.DIFFERENT


def test_nothing_else_can_be_vouched_for() -> None:
    other = state(entry(version="2"), entry(B))
    both = gathered(side(FAILING), side(FAILING, states=(other,)))
    reason = verdict(both)[1]
    assert verdict(both)[0] is CellVerdict.DIFFERENT
    vouching = case(both.old, both.new, unproved=(Unproved("n/a", "dev", "", ""), Unproved("n/a", "dev", reason, "")))
    assert verdict(replace(both, case=vouching))[0] is CellVerdict.DIFFERENT
    unproved = gathered(side(ONLY_B), side(ONLY_B))
    vouching = case(unproved.old, unproved.new, unproved=(Unproved("n/a", "dev", "", ""),))
    assert verdict(replace(unproved, case=vouching))[0] is CellVerdict.UNPROVED
