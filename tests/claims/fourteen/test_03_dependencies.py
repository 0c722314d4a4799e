"""A chart with `file://` dependencies is rendered as it is and with them built: `helm dependency build` resolves paths anew."""

from __future__ import annotations

import pytest

from migrate.claims.vendoring import builds_from_folders
from migrate.model.proof import CellVerdict, ClaimVerdict
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import CHART, Pieces, case, cell_of, failing, verdict
from tests.system.trees import tree_of

LIB = "apiVersion: v2\nname: lib\nversion: 0.1.0\n"
HELPER = '{{ define "lib.a" }}of the library{{ end }}\n'
DEPENDENT = CHART + "dependencies:\n- {name: lib, version: 0.1.0, repository: 'file://../lib'}\n"
TEMPLATE = 'kind: X\nmetadata: {name: one}\nspec: {{ include "lib.a" . }}\n'


def lib(folder: str, helper: str = HELPER) -> dict[str, str]:
    return {f"{folder}/Chart.yaml": LIB, f"{folder}/templates/_lib.tpl": helper}


USING: Pieces = {"chart/Chart.yaml": DEPENDENT, "chart/templates/one.yaml": TEMPLATE, **lib("/apps/lib")}
MOVED, CHANGED = lib("/helmfile/charts/lib"), lib("/helmfile/charts/lib", HELPER.replace("library", "other"))
VENDORED = {**USING, **lib("chart/charts/lib")}
LOCK = DEPENDENT.partition("1.0.0\n")[2] + "digest: sha256:00\ngenerated: '2024-01-01T00:00:00Z'\n"


def test_a_vendored_chart_whose_relative_dependency_stays_behind_fails_when_it_is_built(prove_dev: Prove) -> None:
    proof = prove_dev(case(VENDORED))
    assert "only the new side fails: helm dependency build: directory helmfile/charts/lib not found" in cell_of(proof).reason
    assert {"renders_equal", "inputs_equal"} <= failing(proof)


def test_a_dependency_that_moves_along_is_equal_both_ways(prove_dev: Prove) -> None:
    cell = cell_of(prove_dev(case({**VENDORED, **MOVED})))
    assert cell.verdict is CellVerdict.EQUAL
    assert "also after `helm dependency build`" in cell.reason


def test_a_dependency_that_is_not_vendored_is_judged_as_it_is_built(prove_dev: Prove) -> None:
    assert verdict(prove_dev(case({**USING, **MOVED}))) is CellVerdict.EQUAL


def test_a_dependency_with_other_bytes_differs_as_it_is_built(prove_dev: Prove) -> None:
    proof = prove_dev(case(USING, {**USING, **CHANGED}))
    assert verdict(proof) is CellVerdict.DIFFERENT
    assert "renders_equal" in failing(proof)


def test_a_dependency_with_other_bytes_behind_a_vendored_one_is_not_proved(prove_dev: Prove) -> None:
    proof = prove_dev(case(VENDORED, {**VENDORED, **CHANGED}))
    assert not verdict(proof).green
    assert "inputs_equal" in failing(proof)


def test_a_lock_file_that_never_fitted_leaves_the_vendored_way(prove_dev: Prove) -> None:
    cell = cell_of(prove_dev(case({**VENDORED, **MOVED, "chart/Chart.lock": LOCK})))
    assert cell.verdict is CellVerdict.EQUAL
    assert "dependency build" not in cell.reason


def test_a_lock_file_that_fits_no_more_differs(prove_dev: Prove) -> None:
    proof = prove_dev(case({**VENDORED, **MOVED}, {**VENDORED, **MOVED, "chart/Chart.lock": LOCK}))
    assert verdict(proof) is CellVerdict.DIFFERENT
    assert next(claim for claim in proof.claims if claim.claim == "renders_equal").verdict is ClaimVerdict.FAILS


@pytest.mark.parametrize(
    ("dependencies", "built"),
    [
        ("- {name: a, repository: 'file://../a'}\n", True),
        ("- {name: a, repository: 'file://../a'}\n- {name: b}\n", True),
        ("- {name: a, repository: 'file://../a'}\n- {name: b, repository: 'https://charts.example.org'}\n", False),
        ("- {name: a, repository: '@upstream'}\n", False),
        ("- {name: a}\n", False),
        ("[]\n", False),
        ("# - {name: a, repository: 'file://../a'}\n", False),
        ("{\n", False),
    ],
)
def test_only_what_needs_no_network_is_built(dependencies: str, built: bool) -> None:
    assert builds_from_folders(tree_of({"c/Chart.yaml": CHART + "dependencies:\n" + dependencies}), "c") is built
    assert builds_from_folders(tree_of({"requirements.yaml": "dependencies:\n" + dependencies}), "") is built
