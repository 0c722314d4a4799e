"""Barriers are compared, not the order in which calls happen to start: three state files against one with `needs`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrate.model.case import ProofCase
from migrate.model.proof import ClaimVerdict, Proof
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import CHART, NEW_STATE, case_of
from tests.system.trees import Content, tree_of

ORDER = ("a", "b", "c")
ENVIRONMENT = "environments:\n  dev:\n    values: [{b: {enabled: %s}}]\n---\n"
RELEASE = "- name: {0}\n  namespace: n\n  chart: ./{1}\n"
CONDITION = "  condition: b.enabled\n"


def chart(folder: str) -> dict[str, Content]:
    return {f"{folder}/Chart.yaml": CHART, f"{folder}/templates/x.yaml": "kind: X\nmetadata: {name: x}\n"}


def proved(prove_dev: Prove, needs: Mapping[str, str], *, enabled: str = "true") -> Proof:
    """Sub-helmfiles a, b and c, and one file in which the releases need what is told; no record says what is meant."""
    return prove_dev(replace(flattened(needs, enabled=enabled), record=None))


def flattened(needs: Mapping[str, str], *, enabled: str = "true", last: str = "") -> ProofCase:
    """The same with a record; `last` is what stands in the entry of c as well."""
    head = ENVIRONMENT % enabled
    subs = "".join(f"- path: apps/{x}/helmfile.yaml\n  values:\n  - {{{{ toYaml .Values | nindent 4 }}}}\n" for x in ORDER)
    old: dict[str, Content] = {"helmfile.yaml": head + "helmfiles:\n" + subs}
    entries = ""
    new: dict[str, Content] = {}
    for name in ORDER:
        condition = CONDITION if name == "b" else last if name == "c" else ""
        old |= {
            f"apps/{name}/helmfile.yaml": "releases:\n" + RELEASE.format(name, "chart") + condition,
            **chart(f"apps/{name}/chart"),
        }
        entries += RELEASE.format(name, f"charts/{name}") + condition + (f"  needs: [{needs[name]}]\n" if name in needs else "")
        new |= chart(f"helmfile/charts/{name}")
    new[NEW_STATE] = head + "releases:\n" + entries
    return case_of(tree_of(old), tree_of({**old, **new}))


def order(proof: Proof) -> ClaimVerdict:
    return next(claim.verdict for claim in proof.claims if claim.claim == "order_kept")


@pytest.mark.parametrize(
    ("needs", "verdict"),
    [
        ({"b": "n/a", "c": "n/b"}, ClaimVerdict.HOLDS),
        ({"b": "n/a", "c": "n/a, n/b"}, ClaimVerdict.HOLDS),
        ({}, ClaimVerdict.FAILS),
        ({"b": "n/a"}, ClaimVerdict.FAILS),
        ({"b": "n/a", "c": "n/a"}, ClaimVerdict.FAILS),
        ({"a": "n/b", "b": "n/c"}, ClaimVerdict.FAILS),
    ],
    ids=["chain", "closure", "none", "one lost", "side by side", "turned round"],
)
def test_what_waits_for_what_is_compared(needs: Mapping[str, str], verdict: ClaimVerdict, prove_dev: Prove) -> None:
    assert order(proved(prove_dev, needs)) is verdict


@pytest.mark.parametrize(
    ("needs", "verdict"), [({"b": "n/a", "c": "n/b"}, ClaimVerdict.HOLDS), ({"b": "n/a"}, ClaimVerdict.FAILS)]
)
def test_a_barrier_reaches_through_a_disabled_release(needs: Mapping[str, str], verdict: ClaimVerdict, prove_dev: Prove) -> None:
    assert order(proved(prove_dev, needs, enabled="false")) is verdict


def test_what_is_uninstalled_sooner_is_declared_or_a_fault(prove_dev: Prove) -> None:
    gone = flattened({"b": "n/a", "c": "n/b"}, last="  installed: false\n")
    said = "dev: sync uninstalls n/c before it deploys n/a, n/b, no longer after that"
    assert said in prove_dev(gone).declared_changes
    by_hand = prove_dev(replace(gone, record=None))
    claim = next(claim for claim in by_hand.claims if claim.claim == "order_kept")
    assert said in [piece.detail for piece in claim.evidence if not piece.holds]
    assert not any("uninstalls" in change for change in proved(prove_dev, {"b": "n/a", "c": "n/b"}).declared_changes)
