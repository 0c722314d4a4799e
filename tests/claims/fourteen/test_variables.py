"""Environment variables are empty on both sides; a second look sets them, so that nothing in their place can pass for them."""

from __future__ import annotations

import pytest

from migrate.analyzers.variables import looks, placeholders, variables
from migrate.model.proof import CellVerdict, Proof
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import Pieces, case, failing, verdict
from tests.system.trees import tree_of

READS: Pieces = {"own.yaml.gotmpl": 'a: "{{ env `LAB` }}"\n'}


def claims(proof: Proof) -> set[str]:
    return {claim.claim for claim in proof.claims}


@pytest.mark.parametrize(
    "pieces",
    [
        READS,
        {"own.yaml.gotmpl": '{{ if env "LAB" }}a: 2{{ else }}a: 1{{ end }}\n'},
        {"own.yaml.gotmpl": 'a: {{ requiredEnv "LAB" }}\n'},
        {"entry": "    set:\n      - {{name: a, value: '{{{{ env \"LAB\" }}}}'}}\n"},
        {"entry": "    labels: {{lab: 'x{{{{ env \"LAB\" }}}}'}}\n"},
    ],
    ids=["value", "condition", "required", "set", "label"],
)
def test_what_reads_a_variable_on_both_sides_holds(pieces: Pieces, prove_dev: Prove) -> None:
    proof = prove_dev(case(pieces))
    assert "variables_equal" in claims(proof)
    assert "variables_equal" not in failing(proof)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (READS, {"own.yaml.gotmpl": 'a: ""\n'}),
        (READS, {"own.yaml.gotmpl": 'a: "{{ env `LAP` }}"\n'}),
        ({"own.yaml.gotmpl": '{{ if env "LAB" }}a: 2{{ else }}a: 1{{ end }}\n'}, {"own.yaml.gotmpl": "a: 1\n"}),
        ({"entry": "    labels: {{lab: 'x{{{{ env \"LAB\" }}}}'}}\n"}, {"entry": "    labels: {{lab: x}}\n"}),
        (
            {"entry": "    set:\n      - {{name: b, value: 'x{{{{ env \"LAB\" }}}}'}}\n"},
            {"entry": "    set:\n      - {{name: b, value: x}}\n"},
        ),
        ({"entry": "{{{{ if env `LAB` }}}}    timeout: 5\n{{{{ end }}}}"}, {}),
        ({"own.yaml.gotmpl": "a: x{{ env `A` | default (env `B`) }}\n"}, {"own.yaml.gotmpl": "a: x{{ env `A` }}\n"}),
        (
            {"own.yaml.gotmpl": "a: x{{ if env `A` }}1{{ else }}{{ env `B` }}{{ end }}\n"},
            {"own.yaml.gotmpl": "a: x{{ if env `A` }}1{{ end }}\n"},
        ),
        ({"own.yaml.gotmpl": "a: x{{ env `GIT_TAG` }}\n"}, {"own.yaml.gotmpl": "a: x\n"}),
        ({"own.yaml.gotmpl": "a: {{ `x$TAG` | expandenv }}\n"}, {"own.yaml.gotmpl": "a: x\n"}),
    ],
    ids=[
        *("written out", "another variable", "branch", "label", "set", "setting"),
        *("fallback", "else", "of the pipeline", "expanded"),
    ],
)
def test_a_text_in_the_place_of_a_variable_is_seen(old: Pieces, new: Pieces, prove_dev: Prove) -> None:
    proof = prove_dev(case(old, new))
    assert verdict(proof) is CellVerdict.DIFFERENT
    assert failing(proof) - {"bytes_kept"} == {"variables_equal"}


def test_an_order_that_hangs_on_a_variable_is_seen(prove_dev: Prove) -> None:
    waits = "{{{{ if env `FAST` }}}}    needs: [n/sound]\n{{{{ end }}}}"
    assert failing(prove_dev(case({}, {"entry": waits}))) == {"variables_equal"}


def test_a_variable_that_only_one_side_requires_is_seen(prove_dev: Prove) -> None:
    proof = prove_dev(
        case({"own.yaml.gotmpl": 'a: {{ requiredEnv "LAB" }}\n'}, {"own.yaml.gotmpl": 'a: {{ requiredEnv "LAP" }}\n'})
    )
    assert verdict(proof) is CellVerdict.DIFFERENT


def test_without_variables_nothing_is_asked_twice(prove_dev: Prove) -> None:
    assert "variables_equal" not in claims(prove_dev(case({})))


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
