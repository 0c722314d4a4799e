"""Patched charts with helmfile 1.x: what is equal is seen equal, what 1.x does otherwise is told and can be vouched for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.claims.gathered import Gathered
from migrate.claims.patched_charts import known_cause
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, EnvironmentFacts, HelmCall, Run
from migrate.model.paths import RepoPath
from migrate.model.proof import CellVerdict, Evidence, Proof
from migrate.model.settings import Unproved
from migrate.system.toolbox import ToolPair
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import CELL, Pieces, case, case_together, cell_named, cell_of
from tests.system.trees import tree_of

NAME = "loads_on_current"
MERGE = "    strategicMergePatches:\n      - {{apiVersion: v1, kind: ConfigMap, metadata: {{name: one}}, data: {{merged: x}}}}\n"
JSON = "    jsonPatches:\n      - target: {{version: v1, kind: ConfigMap, name: one}}\n" + (
    "        patch: [{{op: add, path: /data/json, value: x}}]\n"
)
TRANSFORMER = "    transformers:\n      - apiVersion: builtin\n        kind: AnnotationsTransformer\n" + (
    "        metadata: {{name: notes}}\n        annotations: {{note: x}}\n"
    "        fieldSpecs: [{{path: metadata/annotations, create: true}}]\n"
)
CRD = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ks.x.org}\n"
    "spec: {group: x.org, names: {kind: K, plural: ks}, scope: Namespaced, versions: []}\n"
)
EQUAL: dict[str, Pieces] = {
    "json": {"entry": JSON},
    "merge-transformer": {"entry": MERGE + TRANSFORMER, "chart/crds/ks.yaml": CRD},
}
OTHERWISE: dict[str, Pieces] = {
    "merge-json": {"entry": MERGE + JSON},
    "all": {"entry": MERGE + JSON + TRANSFORMER},
    "crds": {"entry": MERGE, "chart/templates/crds/ks.yaml": CRD},
    "values": {"entry": "      - {{b: yes}}\n" + MERGE + JSON},
}
LEFT_OUT = "helmfile 0.166.0 leaves `jsonPatches` out beside `strategicMergePatches`, helmfile 1.7.4 applies both"
MOVED = "helmfile 0.166.0 moves templates/crds/ of a patched chart to crds/, helmfile 1.7.4 leaves it in templates/"
CAUSES = {"merge-json": LEFT_OUT, "crds": MOVED}
VOUCHED = tuple(Unproved(f"n/{name}", "dev", LEFT_OUT, "we stay with 0.166") for name in ("all", "values"))


@pytest.fixture(scope="module")
def proof(prove_on_current: Prove, tools: ToolPair) -> Proof:
    """One proof of all of them."""
    assert tools.kustomize, "migrate tools install --set current"
    asked = case_together({name: (pieces, pieces) for name, pieces in {**EQUAL, **OTHERWISE}.items()})
    return prove_on_current(replace(asked, environments=("dev",), unproved=VOUCHED))


def pieces_of(proof: Proof, name: str) -> list[Evidence]:
    claim = next(claim for claim in proof.claims if claim.claim == NAME)
    return [piece for piece in claim.evidence if piece.subject.startswith(f"{cell_named(name)} ")]


@pytest.mark.parametrize("name", EQUAL)
def test_what_both_helmfiles_make_alike_is_equal(name: str, proof: Proof) -> None:
    assert [(piece.holds, piece.detail) for piece in pieces_of(proof, name)] == [(True, "equal")] * 2
    assert cell_of(proof, cell_named(name)).verdict is CellVerdict.EQUAL


@pytest.mark.parametrize("name", CAUSES)
def test_what_1_x_does_otherwise_is_told_with_key_and_versions(name: str, proof: Proof) -> None:
    told = f"chart: other bytes ({CAUSES[name]})"
    assert [(piece.holds, piece.detail) for piece in pieces_of(proof, name)] == [(False, told)] * 2
    cell = cell_of(proof, cell_named(name))
    assert (cell.verdict, cell.cause) == (CellVerdict.UNPROVED, CAUSES[name])


def test_the_user_can_vouch_for_it(proof: Proof) -> None:
    assert all(piece.holds and LEFT_OUT in piece.detail for piece in pieces_of(proof, "all"))
    assert cell_of(proof, cell_named("all")).verdict is CellVerdict.VOUCHED


def test_values_that_1_x_reads_otherwise_are_red_though_the_user_vouches_for_the_chart(proof: Proof) -> None:
    found = pieces_of(proof, "values")
    assert found
    assert not any(piece.holds for piece in found)
    assert all(LEFT_OUT in piece.detail and "values: helm reads others" in piece.detail for piece in found)
    assert not cell_of(proof, cell_named("values")).verdict.green


def side(inner: str) -> SideFacts:
    """A side with a release that has both kinds of patches, whose chart is this one before it is patched."""
    release = {"name": "one", "namespace": "n", "strategicMergePatches": [1], "jsonPatches": [1]}
    state = BuiltState(RepoPath("helmfile/helmfile.yaml"), {"releases": [release]}, "", "dev")
    call = HelmCall("chartify", CELL.release, ("template", "one"), "", "", "", inner, (), 0, 1)
    run = Run("template", "dev", "", (call,) if inner else (), None)
    return SideFacts(tree_of({}), state.source, {"dev": EnvironmentFacts("dev", (state,), (), {"template": run})})


@pytest.mark.parametrize(("now", "then", "told"), [("a", "a", True), ("a", "b", False), ("", "", False)])
def test_patching_is_the_cause_only_where_the_chart_is_the_same_before(now: str, then: str, told: bool) -> None:
    gathered = Gathered(case({}), side(now), side(now), {}, (CELL,), {}, modern=side(then))
    assert bool(known_cause(gathered, CELL)) is told


def test_nothing_else_fails_for_it(proof: Proof) -> None:
    assert {claim.claim for claim in proof.claims for piece in claim.evidence if not piece.holds} <= {NAME}
