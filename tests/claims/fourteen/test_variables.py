"""Environment variables are empty on both sides; a second look sets them, so that nothing in their place can pass for them."""

from __future__ import annotations

import pytest

from migrate.analyzers.variables import looks, placeholders, variables
from migrate.model.proof import CellVerdict, Evidence, Proof
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import CELL, Pieces, case, case_together, cell_named, failing, failing_for, verdict
from tests.system.trees import tree_of

READS: Pieces = {"own.yaml.gotmpl": 'a: "{{ env `LAB` }}"\n'}


def looked_at(proof: Proof) -> tuple[Evidence, ...]:
    return next((claim.evidence for claim in proof.claims if claim.claim == "variables_equal"), ())


HELD: dict[str, Pieces] = {
    "held-value": READS,
    "held-condition": {"own.yaml.gotmpl": '{{ if env "LAB" }}a: 2{{ else }}a: 1{{ end }}\n'},
    "held-set": {"entry": "    set:\n      - {{name: a, value: '{{{{ env \"LAB\" }}}}'}}\n"},
    "held-reference": {"own.yaml.gotmpl": "a: ref+envsubst://x$LAB\n"},
    "held-label": {"entry": "    labels: {{lab: 'x{{{{ env \"LAB\" }}}}'}}\n"},
}
TEXTS: dict[str, tuple[Pieces, Pieces]] = {
    "written-out": (READS, {"own.yaml.gotmpl": 'a: ""\n'}),
    "another-variable": (READS, {"own.yaml.gotmpl": 'a: "{{ env `LAP` }}"\n'}),
    "branch": ({"own.yaml.gotmpl": '{{ if env "LAB" }}a: 2{{ else }}a: 1{{ end }}\n'}, {"own.yaml.gotmpl": "a: 1\n"}),
    "label": ({"entry": "    labels: {{lab: 'x{{{{ env \"LAB\" }}}}'}}\n"}, {"entry": "    labels: {{lab: x}}\n"}),
    "set": (
        {"entry": "    set:\n      - {{name: b, value: 'x{{{{ env \"LAB\" }}}}'}}\n"},
        {"entry": "    set:\n      - {{name: b, value: x}}\n"},
    ),
    "setting": ({"entry": "{{{{ if env `LAB` }}}}    timeout: 5\n{{{{ end }}}}"}, {}),
    "fallback": (
        {"own.yaml.gotmpl": "a: x{{ env `A` | default (env `B`) }}\n"},
        {"own.yaml.gotmpl": "a: x{{ env `A` }}\n"},
    ),
    "else": (
        {"own.yaml.gotmpl": "a: x{{ if env `A` }}1{{ else }}{{ env `B` }}{{ end }}\n"},
        {"own.yaml.gotmpl": "a: x{{ if env `A` }}1{{ end }}\n"},
    ),
    "of-the-pipeline": ({"own.yaml.gotmpl": "a: x{{ env `GIT_TAG` }}\n"}, {"own.yaml.gotmpl": "a: x\n"}),
    "reference": ({"own.yaml.gotmpl": "a: ref+envsubst://x$LAB\n"}, {"own.yaml.gotmpl": "a: x\n"}),
    "secret-reference": ({"own.yaml.gotmpl": "a: x-secretref+envsubst://$LAB+-y\n"}, {"own.yaml.gotmpl": "a: x--y\n"}),
    "expanded": ({"own.yaml.gotmpl": "a: {{ `x$TAG` | expandenv }}\n"}, {"own.yaml.gotmpl": "a: x\n"}),
}


@pytest.fixture(scope="module")
def proof(prove_dev: Prove) -> Proof:
    """One proof of all of them."""
    return prove_dev(case_together({**{name: (pieces, pieces) for name, pieces in HELD.items()}, **TEXTS}))


@pytest.mark.parametrize("name", HELD)
def test_what_reads_a_variable_on_both_sides_holds(name: str, proof: Proof) -> None:
    assert any(piece.subject == str(cell_named(name)) for piece in looked_at(proof))
    assert not failing_for(proof, cell_named(name))


def test_a_variable_that_both_sides_require_holds(prove_dev: Prove) -> None:
    proof = prove_dev(case({"own.yaml.gotmpl": 'a: {{ requiredEnv "LAB" }}\n'}))
    assert looked_at(proof)
    assert "variables_equal" not in failing(proof)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_in_the_place_of_a_variable_is_seen(name: str, proof: Proof) -> None:
    assert verdict(proof, cell_named(name)) is CellVerdict.DIFFERENT
    assert failing_for(proof, cell_named(name)) == {"variables_equal"}
    assert failing(proof) - {"bytes_kept"} == {"variables_equal"}


def test_an_order_that_hangs_on_a_variable_is_seen(prove_dev: Prove) -> None:
    waits = "{{{{ if env `FAST` }}}}    needs: [n/sound]\n{{{{ end }}}}"
    assert failing(prove_dev(case({}, {"entry": waits}))) == {"variables_equal"}


def test_a_variable_that_only_one_side_requires_is_seen(prove_dev: Prove) -> None:
    proof = prove_dev(
        case({"own.yaml.gotmpl": 'a: {{ requiredEnv "LAB" }}\n'}, {"own.yaml.gotmpl": 'a: {{ requiredEnv "LAP" }}\n'})
    )
    assert verdict(proof) is CellVerdict.DIFFERENT


def refuses(why: str) -> Pieces:
    """A values template that fails once the variable is set."""
    return {"own.yaml.gotmpl": f'{{{{ if env "LAB" }}}}{{{{ fail "{why}" }}}}{{{{ end }}}}a: 1\n'}


@pytest.mark.parametrize(("after", "holds"), [("no lab", True), ("no room", False)])
def test_sides_that_fail_once_variables_are_set_have_to_fail_for_one_cause(after: str, holds: bool, prove_dev: Prove) -> None:
    proof = prove_dev(case(refuses("no lab"), refuses(after)))
    told = [piece for piece in looked_at(proof) if piece.subject == str(CELL) and "fails on both sides" in piece.detail]
    assert [(piece.holds, "for other causes" in piece.detail) for piece in told] == [(holds, not holds)]
    assert ("variables_equal" in failing(proof)) is not holds


def test_without_variables_nothing_is_asked_twice(prove_dev: Prove) -> None:
    assert not looked_at(prove_dev(case({})))


def test_names_are_found_wherever_helmfile_renders() -> None:
    files = {
        "helmfile.yaml": '{{ env "A" }}{{ requiredEnv `B` }}',
        "apps/x.yaml.gotmpl": '{{ "C" | env }}{{ expandenv "${D}-$E" }}',
        "apps/_x.tpl": '{{ env "F" | quote }}',
        "charts/x/Chart.yaml": "name: x\n",
        "charts/x/templates/x.yaml": '{{ env "G" }}',
        "templates/x.yaml.gotmpl": '{{ env "K" }}{{ "$L" | expandenv }}',
        "README.md": '{{ env "H" }}',
        "computed.gotmpl": '{{ env (printf "%s" "I") }}{{ .Values.env }} "J"',
    }
    assert variables(tree_of(files)) == frozenset("ABCDEFKL")


def test_no_variable_is_set_that_programs_obey() -> None:
    names = [
        "B",
        "A",
        "PATH",
        "HELM_NAMESPACE",
        "HELMFILE_V1MODE",
        "https_proxy",
        "LD_PRELOAD",
        "GOFLAGS",
        "KUBECONFIG",
        "GIT_DIR",
        "MIGRATE_PASS",
    ]
    assert placeholders(names) == {"A": "1000003", "B": "1000004"}


def test_variables_of_pipelines_are_set_though_programs_begin_theirs_alike() -> None:
    names = ["GIT_SHA", "GOAL", "HELM_TAG", "MIGRATE_DB"]
    assert sorted(placeholders(names)) == names


def test_variables_that_may_hide_each_other_are_also_set_apart() -> None:
    files = {
        "x.gotmpl": '{{ env "A" | default (env "B") }}{{ env "C" }}',
        "y.gotmpl": '{{ if env "D" }}{{ else }}{{ env "E" }}{{ end }}',
    }
    assert ["".join(look) for look in looks([tree_of(files)])] == ["ABCDE", "ACD", "BCE"]
    assert [*map(sorted, looks([tree_of({"x.gotmpl": '{{ env "A" }}{{ env "B" }}'})]))] == [["A", "B"]]
    assert looks([tree_of({"x.gotmpl": "a: 1"})]) == ()
