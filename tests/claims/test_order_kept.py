"""order_kept judged on states told beforehand: what is declared, what is lost, and what a run shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

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


def details(old: SideFacts, new: SideFacts, stages: Groups | None = None) -> dict[str, str]:
    return {piece.subject: piece.detail for piece in order_kept.judge(gathered(old, new, stages)).evidence}


def test_what_was_looked_at_can_be_read() -> None:
    assert details(side(NESTED), side(NESTED)) == {
        "dev: what waits for what": "3 pairs as on the old side",
        "dev: recorded sync, old side": "3 recorded calls agree",
        "dev: recorded sync, new side": "3 recorded calls agree",
    }
    assert details(side(NESTED), side(NESTED), NESTED)["dev: what waits for what"] == "3 pairs as declared"
    needs = {"a": [], "b": ["a"], "c": ["a", "b"]}
    pieces = details(needing(needs), needing(needs))
    assert (pieces["dev: what b needs"], pieces["dev: what c needs"]) == ("1 needed as before", "2 needed as before")
    assert "dev: what a needs" not in pieces


@pytest.mark.parametrize(
    ("command", "verb"), [("sync", "upgrade"), ("apply", "upgrade"), ("destroy", "delete"), ("destroy", "uninstall")]
)
def test_each_deploying_command_is_looked_at(command: str, verb: str) -> None:
    groups = NESTED[::-1] if command == "destroy" else NESTED
    sound, together = side(NESTED, run(groups, command, verb)), side(NESTED, run(((A, B, C),), command, verb))
    assert failing(sound, sound) == []
    assert failing(sound, together) == failing(together, sound) == ["the run shows otherwise: b waits for a"]
    assert f"dev: recorded {command}, new side" in details(sound, sound)
    assert len(details(side(NESTED, run(groups, command, "diff")), side(NESTED, run(groups, command, "diff")))) == 1


def test_an_environment_that_loads_on_one_side_alone_has_no_order_to_compare() -> None:
    broken = EnvironmentFacts("dev", Failure(1, "x"), Failure(1, "x"), {})
    gone = SideFacts(small_platform.tree({}), "0.yaml", {"dev": broken})
    for old, new in ((gone, side(NESTED)), (side(NESTED), gone), (gone, gone)):
        assert order_kept.judge(gathered(old, new, None)).evidence == ()


def test_what_is_uninstalled_sooner_is_a_fault_without_a_record_and_declared_with_one() -> None:
    def going(first: ReleaseId, verb: str, second: ReleaseId, other: str) -> SideFacts:
        calls = (run(((first,),), verb=verb).calls[0], replace(run(((second,),), verb=other).calls[0], started=10, ended=15))
        return side(((A,), (B,)), Run("sync", "dev", "", calls, None))

    old, new = going(A, "upgrade", B, "delete"), going(B, "delete", A, "upgrade")
    said = "dev: sync uninstalls b before it deploys a, no longer after that"
    assert said in failing(old, new)
    assert said in order_kept.declared_changes(gathered(old, new, ((A,), (B,))))
    assert said not in failing(old, new, ((A,), (B,)))
    assert said not in failing(old, old)


def test_only_what_is_deployed_counts_as_reached() -> None:
    failed = Failure(1, "x")
    repositories = replace(run(NESTED).calls[0], verb="upgrade", release=None)
    diffed = replace(run(NESTED).calls[1], verb="diff")
    mixed = side(NESTED, Run("sync", "dev", "", (repositories, run(NESTED).calls[0], diffed), failed))
    assert declared(mixed, side(NESTED, run(NESTED[:1], failure=failed))) == ()
    facts = EnvironmentFacts("dev", failed, failed, {}, alone_sync={A: Run("sync", "dev", "", (repositories, diffed), None)})
    alone = SideFacts(small_platform.tree({}), "0.yaml", {"dev": facts})
    assert declared(alone, replace(alone, environments={"dev": replace(facts, alone_sync={})})) == ()
    loads = side(NESTED, run(NESTED))
    also = replace(loads, environments={"dev": replace(loads.environments["dev"], alone_sync={A: run(((A,),))})})
    assert declared(loads, also) == ()


def test_releases_that_are_not_deployed_wait_for_nothing() -> None:
    def without_b(groups: Groups) -> SideFacts:
        made = side(groups)
        listed = tuple(ListedRelease(release, release != B, True, "", "", "") for group in groups for release in group)
        return replace(made, environments={"dev": replace(made.environments["dev"], listed=listed, runs={})})

    assert failing(without_b(NESTED), without_b(((B,), (A,), (C,)))) == []
    assert details(without_b(NESTED), without_b(NESTED)) == {"dev: what waits for what": "1 pairs as on the old side"}
