"""What waits for what, from states and `needs`, and runs that contradict it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from migrate.claims.order import contradictions, needed, order_of, order_of_stages
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, EnvironmentFacts, HelmCall, ReleaseId
from migrate.model.paths import RepoPath
from tests.claims.small_platform import tree


def release(name: str, namespace: str = "", context: str = "") -> ReleaseId:
    return ReleaseId(context, namespace, name)


A, B, C, D = release("a"), release("b"), release("c"), release("d")
ALL = frozenset((A, B, C, D))


def side(*states: Sequence[dict[str, object]]) -> SideFacts:
    """States with these releases, in the order in which helmfile runs them."""
    built = tuple(BuiltState(RepoPath(f"{n}.yaml"), {"releases": list(releases)}, "") for n, releases in enumerate(states))
    return SideFacts(tree({"0.yaml": ""}), "0.yaml", {"dev": EnvironmentFacts("dev", built, (), MappingProxyType({}))})


def call(of: ReleaseId, started: int, ended: int) -> HelmCall:
    return HelmCall("upgrade", of, (), "", "", "", "", (), started, ended)


def test_releases_of_one_state_wait_for_nothing_without_needs() -> None:
    assert not order_of(side([{"name": "a"}, {"name": "b"}]), "dev", ALL)


def test_states_run_one_after_the_other() -> None:
    assert order_of(side([{"name": "a"}, {"name": "b"}], [{"name": "c"}]), "dev", ALL) == {(A, C), (B, C)}


def test_needs_make_groups_that_are_barriers() -> None:
    releases: list[dict[str, object]] = [{"name": "c", "needs": ["b"]}, {"name": "a"}, {"name": "b"}, {"name": "d"}]
    assert order_of(side(releases), "dev", ALL) == {(A, C), (B, C), (D, C)}


def test_needs_reach_through_a_release_that_is_not_active() -> None:
    chain: list[dict[str, object]] = [{"name": "a"}, {"name": "b", "needs": ["a"]}, {"name": "c", "needs": ["b"]}]
    assert order_of(side(chain), "dev", ALL - {B}) == {(A, C)}


def test_needs_are_read_as_build_prints_them() -> None:
    one, two, three = release("x", "n"), release("x", "", "k"), release("x", "n", "k")
    releases: list[dict[str, object]] = [
        {"name": "a", "needs": ["n/x", "k//x", "k/n/x"]},
        {"name": "x", "namespace": "n"},
        {"name": "x", "kubeContext": "k"},
        {"name": "x", "namespace": "n", "kubeContext": "k"},
    ]
    assert order_of(side(releases), "dev", frozenset((A, one, two, three))) == {(one, A), (two, A), (three, A)}


def test_a_cycle_ends() -> None:
    assert order_of(side([{"name": "a", "needs": ["b"]}, {"name": "b", "needs": ["a"]}]), "dev", ALL) == frozenset()


def test_a_long_chain_is_no_trouble() -> None:
    names = [f"r{n}" for n in range(1500)]
    chain: list[dict[str, object]] = [{"name": names[0]}]
    chain += [{"name": name, "needs": [before]} for before, name in pairwise(names)]
    first, last = release(names[0]), release(names[-1])
    assert order_of(side(chain), "dev", frozenset((first, last))) == {(first, last)}


def test_a_record_of_stages_gives_pairs() -> None:
    assert order_of_stages(((A, B), (C,)), ALL) == {(A, C), (B, C)}


def test_a_run_that_keeps_the_order_contradicts_nothing() -> None:
    pairs = frozenset(((A, B),))
    assert contradictions(pairs, [call(A, 0, 1), call(B, 2, 3)], reverse=False) == ()
    assert contradictions(pairs, [call(B, 0, 1), call(A, 2, 3)], reverse=True) == ()


def test_releases_that_overlap_contradict_an_order() -> None:
    pairs = frozenset(((A, B),))
    assert contradictions(pairs, [call(A, 0, 2), call(B, 1, 3)], reverse=False) == ((A, B),)
    assert contradictions(pairs, [call(A, 0, 1), call(B, 2, 3)], reverse=True) == ((A, B),)


def test_one_name_in_two_kube_contexts_is_two_releases() -> None:
    entries: list[dict[str, object]] = [{"name": "x", "namespace": "n", "kubeContext": context} for context in ("k", "l")]
    entries.append({"name": "y", "namespace": "n", "kubeContext": "k", "needs": ["k/n/x"]})
    found = needed(side(entries), "dev")
    assert found[release("y", "n", "k")] == {release("x", "n", "k")}


def test_needs_are_printed_without_the_kube_context_of_the_environment() -> None:
    document = {
        "environments": {"dev": {"kubeContext": "k"}, "prod": {}},
        "releases": [{"name": "a", "namespace": "n"}, {"name": "b", "needs": ["n/a"]}],
    }
    built = BuiltState(RepoPath("0.yaml"), document, "", "dev")
    facts = EnvironmentFacts("dev", (built,), (), MappingProxyType({}))
    one, two = release("a", "n", "k"), release("b", "", "k")
    assert order_of(SideFacts(tree({}), "0.yaml", {"dev": facts}), "dev", frozenset((one, two))) == {(one, two)}


def test_stages_name_no_kube_context_of_an_environment() -> None:
    there, other = release("a", "", "k"), release("c", "", "m")
    assert order_of_stages([[A], [B]], frozenset((there, B))) == {(there, B)}
    assert order_of_stages([[A], [C, other]], frozenset((A, other))) == {(A, other)}


def test_a_release_that_is_called_twice_counts_from_its_first_call_to_its_last() -> None:
    pairs = frozenset(((A, B),))
    assert contradictions(pairs, [call(A, 0, 1), call(A, 4, 5), call(B, 2, 3)], reverse=False) == ((A, B),)
    assert contradictions(pairs, [call(A, 4, 5), call(A, 0, 1), call(B, 2, 3)], reverse=False) == ((A, B),)
    assert contradictions(pairs, [call(A, 1, 2), call(B, 3, 4), call(B, 0, 1)], reverse=False) == ((A, B),)
    assert contradictions(pairs, [call(A, 0, 1), call(B, 1, 2)], reverse=False) == ()
    assert contradictions(pairs, [call(A, 0, 1)], reverse=False) == contradictions(pairs, [call(B, 0, 1)], reverse=False) == ()
    assert contradictions(pairs, [replace(call(A, 0, 9), release=None), call(A, 0, 1), call(B, 2, 3)], reverse=False) == ()


def test_a_need_that_names_no_release_is_left_to_helmfile_to_refuse() -> None:
    found = needed(side([{"name": "a", "needs": ["gone", "b"]}, {"name": "b"}]), "dev")
    assert found[release("a")] == frozenset((release("b"),))
