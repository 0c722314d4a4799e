"""order_kept judged on states told beforehand: what is declared, what is lost, and what a run shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrate.claims import order_kept
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, CellId, EnvironmentFacts, Failure, HelmCall, ListedRelease, ReleaseId, Run
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimVerdict
from tests.claims import small_platform

A, B, C = ReleaseId("", "", "a"), ReleaseId("", "", "b"), ReleaseId("", "", "c")
Groups = Sequence[Sequence[ReleaseId]]

NESTED: Groups = ((A,), (B,), (C,))
"""One release after the other."""
PAIRED: Groups = ((A, B), (C,))
"""Two that start together."""


def run(order: Groups, command: str = "sync", verb: str = "upgrade", failure: Failure | None = None) -> Run:
    """Each group at once, one group after the other."""
    moments = ((position, release) for position, group in enumerate(order) for release in group)
    calls = tuple(
        HelmCall(verb, release, (), "", "", "", "", (), 10 * position, 10 * position + 5) for position, release in moments
    )
    return Run(command, "dev", "", calls, failure)


def side(groups: Groups, *runs: Run) -> SideFacts:
    """A side whose state files are the groups, one after the other."""
    states = tuple(
        BuiltState(RepoPath(f"{n}.yaml"), {"releases": [{"name": release.name} for release in group]}, "")
        for n, group in enumerate(groups)
    )
    listed = tuple(ListedRelease(release, True, True, "", "", "") for group in groups for release in group)
    facts = EnvironmentFacts("dev", states, listed, {one.command: one for one in runs or (run(groups),)})
    return SideFacts(small_platform.tree({"0.yaml": ""}), "0.yaml", {"dev": facts})


def gathered(old: SideFacts, new: SideFacts, stages: Groups | None) -> Gathered:
    case = small_platform.case(without_record=True)
    if stages is not None:
        case = replace(case, record=replace(small_platform.record(), stages=tuple(tuple(stage) for stage in stages)))
    return Gathered(case, old, new, {}, tuple(CellId("dev", release) for release in (A, B, C)), {})


def failing(old: SideFacts, new: SideFacts, stages: Groups | None = None) -> list[str]:
    result = order_kept.judge(gathered(old, new, stages))
    assert result.verdict is not ClaimVerdict.NOT_CHECKED
    return [piece.detail for piece in result.evidence if not piece.holds]


def test_the_same_order_holds_without_a_record() -> None:
    assert failing(side(NESTED), side(NESTED)) == []


def test_a_declared_order_holds() -> None:
    turned = ((B,), (A,), (C,))
    assert failing(side(NESTED), side(turned), turned) == []


def test_an_undeclared_order_fails() -> None:
    assert failing(side(NESTED), side(((B,), (A,), (C,)))) == ["b waits for a is expected and not so on the new side"]


def test_a_barrier_that_is_lost_fails_even_if_the_record_says_so() -> None:
    assert failing(side(NESTED), side(PAIRED), PAIRED) == ["b waits for a on the old side; on the new side they start together"]


def test_a_declared_barrier_that_is_not_there_fails() -> None:
    assert failing(side(PAIRED), side(PAIRED), NESTED) == ["b waits for a is expected and not so on the new side"]


def test_a_barrier_that_nothing_declares_fails() -> None:
    assert failing(side(PAIRED), side(NESTED)) == ["b waits for a on the new side, which nothing declares"]
    assert failing(side(PAIRED), side(NESTED), PAIRED) == ["b waits for a on the new side, which nothing declares"]


def test_a_barrier_inside_a_stage_that_was_there_before_is_expected() -> None:
    assert failing(side(NESTED), side(NESTED), PAIRED) == []


def test_a_run_that_shows_otherwise_fails() -> None:
    overlapping = side(NESTED, run(PAIRED))
    assert failing(side(NESTED), overlapping) == ["the run shows otherwise: b waits for a"]
    assert failing(overlapping, side(NESTED)) == ["the run shows otherwise: b waits for a"]


def test_destroying_goes_backwards() -> None:
    forwards, backwards = run(NESTED, "destroy", "delete"), run(NESTED[::-1], "destroy", "delete")
    assert failing(side(NESTED, backwards), side(NESTED, backwards)) == []
    assert failing(side(NESTED, backwards), side(NESTED, forwards)) == ["the run shows otherwise: b waits for a"]


def test_what_changes_is_told() -> None:
    stop = Failure(1, "no")
    old = side(NESTED, run(((A,), (B,)), failure=stop))
    new = side(((B,), (A,), (C,)), run(((B,),), failure=stop))
    assert order_kept.declared_changes(gathered(old, new, None)) == (
        "b now before a (dev)",
        "dev: sync fails; before that it reached a, b, now b",
    )


def needing(needs: dict[str, list[str]]) -> SideFacts:
    """A side with one state file: the releases, and what each of them needs."""
    releases = [{"name": name, "needs": texts} for name, texts in needs.items()]
    states = (BuiltState(RepoPath("0.yaml"), {"releases": releases}, ""),)
    listed = tuple(ListedRelease(ReleaseId("", "", name), True, True, "", "", "") for name in needs)
    return SideFacts(small_platform.tree({"0.yaml": ""}), "0.yaml", {"dev": EnvironmentFacts("dev", states, listed, {})})


def test_each_of_several_needs_must_be_needed_still() -> None:
    both, one, through = {"a": [], "b": [], "c": ["a", "b"]}, {"a": [], "b": [], "c": ["a"]}, {"a": [], "b": ["a"], "c": ["b"]}
    assert failing(needing(both), needing(both)) == []
    assert failing(needing(both), needing(one)) == ["b: not needed any more"]
    assert failing(needing({"a": [], "b": [], "c": ["a"]}), needing(through), ((A,), (B,), (C,))) == []
    assert failing(needing(both), needing(both | {"c": []}))[-1] == "a, b: not needed any more"


def declared(old: SideFacts, new: SideFacts) -> tuple[str, ...]:
    return order_kept.declared_changes(gathered(old, new, NESTED))


def test_what_a_failing_run_reaches_otherwise_is_declared() -> None:
    failed = Failure(1, "x")
    both, one = side(NESTED, run(NESTED, failure=failed)), side(NESTED, run(NESTED[:1], failure=failed))
    assert declared(both, one) == ("dev: sync fails; before that it reached a, b, c, now a",)
    assert declared(both, both) == declared(side(NESTED), one) == declared(one, side(NESTED)) == ()


def test_what_is_deployed_alone_where_an_environment_does_not_load_is_declared() -> None:
    def broken(*deployed: ReleaseId) -> SideFacts:
        alone = {release: run(((release,),)) for release in deployed}
        facts = EnvironmentFacts("dev", Failure(1, "x"), Failure(1, "x"), {}, alone_sync=alone)
        return SideFacts(small_platform.tree({}), "0.yaml", {"dev": facts})

    said = "dev does not load; a `sync` that selects one release (`-l name=…`) still deployed"
    assert declared(broken(A, B), broken(B, C)) == (f"{said} a, now c",)
    assert declared(broken(A), broken(A)) == ()
