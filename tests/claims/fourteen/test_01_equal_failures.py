"""A failure counts as equal only if a tracked file is its cause and all that can still be compared is equal."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from io import StringIO

import pytest
from rich.console import Console

from migrate.model.facts import CellId
from migrate.model.proof import CellVerdict, Proof
from migrate.model.settings import Unproved
from migrate.model.tree import Mode
from migrate.report.proof_json import proof_json
from migrate.report.proof_text import print_proof
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import CHART, SOUND, Pieces, case, case_together, cell_named, cell_of, failing, verdict

DIFFERENT, UNPROVED, EQUAL_FAILURE = CellVerdict.DIFFERENT, CellVerdict.UNPROVED, CellVerdict.EQUAL_FAILURE
NO_KEY: Pieces = {"own.yaml.gotmpl": "a: {{ .Values.nope }}\n"}
NO_VARIABLE: Pieces = {"own.yaml.gotmpl": 'a: {{ requiredEnv "X" }}\n'}
CAUSE = 'at <requiredEnv "X">: error calling requiredEnv: required env var `X` is not set'
VOUCHED = Unproved("n/one", "dev", CAUSE, "the pipeline sets it")

SET = "    set:\n      - {{name: a, value: %s}}\n"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d7a" * 16 + "\nsize 12345\n"
DEPENDENT = CHART + "dependencies:\n- {name: sub, version: 1.0.0, repository: 'https://charts.example.org'}\n"
PATCH = "    jsonPatches:\n      - target: {{kind: ConfigMap, name: one, version: v1}}\n" + (
    "        patch: [{{op: add, path: /data/b, value: x}}]\n"
)
BESIDE = CellId("dev", SOUND)
OTHER: Pieces = {"/helmfile/charts/sound/templates/x.yaml": "kind: Y\nmetadata: {name: x}\n"}
MERGED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {b: '%s'}\n"


@dataclass(frozen=True)
class Behind:
    """What differs behind a failure that is the same on both sides."""

    name: str
    old: Pieces
    new: Pieces
    said: str
    verdict: CellVerdict = DIFFERENT

    def __str__(self) -> str:
        return self.name

    @property
    def cell(self) -> CellId:
        """Of the proof of all of them."""
        return cell_named(self.name.replace(" ", "-").lower())


BEHIND = (
    Behind("set", {"entry": SET % 1}, {"entry": SET % 2}, "`set` differs"),
    Behind("set by a type", {"entry": SET % "true"}, {"entry": SET % 1}, "`set` differs"),
    Behind("version", {"entry": "    version: 1\n"}, {"entry": "    version: 2\n"}, "`version` differs"),
    Behind("inline values", {"entry": "      - b: 1\n"}, {"entry": "      - b: 2\n"}, "the values files differ"),
    Behind("number of values", {}, {"entry": "      - b: 2\n"}, "the values files differ"),
    Behind("createNamespace", {}, {"entry": "    createNamespace: false\n"}, "`createNamespace` differs"),
    Behind(
        "inline values that became a file",
        {"entry": "      - b: 1\n"},
        {"entry": "      - values/became.yaml\n", "/helmfile/values/became.yaml": "b: 2\n"},
        "may be the same",
        UNPROVED,
    ),
    Behind(
        "values by a pattern",
        {"entry": "      - m*.yaml\n", "/apps/m.yaml": "b: 1\n"},
        {"entry": "      - values/m*.yaml\n", "/helmfile/values/m.yaml": "b: 2\n"},
        "the values files differ",
    ),
)
FILES: Pieces = {"/apps/m.yaml": "b: 1\n", "/helmfile/m.yaml": "b: 1\n"}
ALIKE = {
    "plain": "",
    "with-set": SET % 1,
    "with-inline": "      - b: 1\n",
    "with-a-glob": "      - m*.yaml\n",
    "with-a-flag": "    historyMax: 3\n",
}


@pytest.fixture(scope="module")
def proof(prove_dev: Prove) -> Proof:
    """One proof of all of them: each release fails, and is run alone."""
    behind = {str(each.cell.release.name): ({**NO_KEY, **each.old}, {**NO_KEY, **each.new}) for each in BEHIND}
    alike = {name: ({**NO_KEY, **FILES, "entry": entry},) * 2 for name, entry in ALIKE.items()}
    return prove_dev(case_together({**behind, **alike}))


@pytest.mark.parametrize("behind", BEHIND, ids=str)
def test_what_differs_behind_an_equal_failure_is_seen(behind: Behind, proof: Proof) -> None:
    cell = cell_of(proof, behind.cell)
    assert cell.verdict is behind.verdict
    assert behind.said in cell.reason


@pytest.mark.parametrize("name", ALIKE)
def test_nothing_that_is_equal_is_held_against_an_equal_failure(name: str, proof: Proof) -> None:
    assert verdict(proof, cell_named(name)) is EQUAL_FAILURE


def test_what_differs_behind_a_variable_that_is_not_set_is_seen(prove_dev: Prove) -> None:
    cell = cell_of(prove_dev(case(NO_VARIABLE, {"own.yaml.gotmpl": 'a: {{ requiredEnv "X" }}\nb: 1\n'})))
    assert cell.verdict is DIFFERENT
    assert "files differ" in cell.reason


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (NO_VARIABLE, CAUSE),
        ({"own.yaml.gotmpl": 'a: {{ env "X" | required "no X" }}\n'}, "reads variables"),
        ({"own.yaml.gotmpl": '{{ if not (env "X") }}{{ fail "no X" }}{{ end }}\n'}, "reads variables"),
        ({"own.yaml.gotmpl": 'a: {{ fetchSecretValue "ref+vault://127.0.0.1:1/x#/y" }}\n'}, "fetchSecretValue"),
        (
            {"entry": "    secrets: [s.yaml]\n", "/apps/s.yaml": "a: 1\n", "/helmfile/s.yaml": "a: 1\n"},
            "plugin secrets not installed",
        ),
        ({"entry": "      - git::https://127.0.0.1:1/x.git@x.yaml?ref=1\n"}, "the network"),
        ({"own.yaml.gotmpl": POINTER}, "apps/own.yaml.gotmpl is a pointer of git LFS"),
        ({"chart/Chart.yaml": DEPENDENT, "chart/charts/sub-1.0.0.tgz": POINTER}, "sub-1.0.0.tgz is a pointer of git LFS"),
        ({"chart/templates/x.yaml": POINTER}, "x.yaml is a pointer of git LFS"),
        ({"entry": "      - ../sub/x.yaml\n", "/sub": ("a" * 40, Mode.SUBMODULE)}, "sub is a submodule"),
        ({"chart/Chart.yaml": DEPENDENT, "/.gitignore": "*.tgz\n"}, "missing in charts/ directory: sub"),
    ],
    ids=[
        *("requiredEnv", "required of a variable", "fail for a variable", "secret store", "plugin", "network"),
        *("LFS values", "LFS archive", "LFS template", "submodule", "ignored archive"),
    ],
)
def test_a_cause_outside_of_the_commit_proves_nothing(pieces: Pieces, said: str, prove_dev: Prove) -> None:
    proof = prove_dev(case(pieces))
    cell = cell_of(proof)
    assert cell.verdict is UNPROVED
    assert said in cell.reason
    assert cell.cause
    assert not proof.holds


PATCHED: Pieces = {**NO_KEY, "entry": "    strategicMergePatches: [p.yaml]\n", "/apps/p.yaml": MERGED % 1}


def test_releases_beside_one_for_which_build_fails_are_judged_by_their_own_runs(prove_dev: Prove) -> None:
    same = {"/helmfile/p.yaml": MERGED % 1}
    proof = prove_dev(case({**PATCHED, **same}))
    assert verdict(proof, BESIDE) is CellVerdict.EQUAL
    assert "deploys_equal" in failing(proof)
    assert verdict(prove_dev(case({**PATCHED, **same}, {**PATCHED, **same, **OTHER})), BESIDE) is DIFFERENT


def test_a_release_of_which_build_tells_nothing_is_not_proved_by_its_failure(prove_dev: Prove) -> None:
    assert verdict(prove_dev(case(PATCHED, {**PATCHED, "/helmfile/p.yaml": MERGED % 2}))) is UNPROVED


def test_a_missing_tool_proves_nothing(prove_dev: Prove) -> None:
    cell = cell_of(prove_dev(case({"entry": PATCH})))
    assert cell.verdict is UNPROVED
    assert 'exec: "kustomize": executable file not found' in cell.reason


def test_a_file_that_a_filter_changes_on_checkout_is_a_cause_outside(prove_dev: Prove) -> None:
    asked = case(NO_KEY)
    assert verdict(prove_dev(asked)) is EQUAL_FAILURE
    filtered = {**asked.old_attributes, "apps/own.yaml.gotmpl": {"filter": "git-crypt"}}
    cell = cell_of(prove_dev(replace(asked, old_attributes=filtered)))
    assert cell.verdict is UNPROVED
    assert "apps/own.yaml.gotmpl has a filter" in cell.reason


def test_a_cell_that_the_user_vouches_for_is_green_and_says_so(prove_dev: Prove) -> None:
    proof = prove_dev(case(NO_VARIABLE, unproved=(VOUCHED,)))
    cell = cell_of(proof)
    assert cell.verdict is CellVerdict.VOUCHED
    assert cell.reason.endswith("; the pipeline sets it")
    assert proof.holds
    assert not proof.unmatched


def test_the_reports_list_who_is_vouched_for_and_what_was_not_found(prove_dev: Prove) -> None:
    stale = replace(VOUCHED, release="n/gone")
    proof = prove_dev(case(NO_VARIABLE, unproved=(VOUCHED, stale)))
    file = StringIO()
    print_proof(proof, Console(file=file))
    assert (
        f"vouched for dev: n/one: fails on both sides for a cause outside of the commit: {CAUSE}; the pipeline" in file.getvalue()
    )
    assert f"names what this proof does not find: {stale}" in file.getvalue()
    told = json.loads(proof_json(proof))
    assert told["unmatched"] == [str(stale)]
    assert [cell["cause"] for cell in told["cells"] if cell["verdict"] == "vouched for"] == [CAUSE]


@pytest.mark.parametrize(
    "entry",
    [replace(VOUCHED, cause="another"), replace(VOUCHED, environment="prod"), replace(VOUCHED, release="one")],
    ids=["cause", "environment", "release without its namespace"],
)
def test_an_entry_that_speaks_of_something_else_vouches_for_nothing_and_is_named(entry: Unproved, prove_dev: Prove) -> None:
    proof = prove_dev(case(NO_VARIABLE, unproved=(entry,)))
    assert verdict(proof) is UNPROVED
    assert proof.unmatched == (str(entry),)


@pytest.mark.parametrize("change", [{"entry": SET % 2}, {"chart/templates/y.yaml": "y"}, {"environment": "a: 2\n"}], ids=str)
def test_nobody_can_vouch_for_a_difference(change: Pieces, prove_dev: Prove) -> None:
    proof = prove_dev(case(NO_VARIABLE, {**NO_VARIABLE, **change}, unproved=(VOUCHED,)))
    assert verdict(proof) is DIFFERENT
    assert not proof.holds


def test_a_chart_that_only_the_network_has_can_be_vouched_for(prove_dev: Prove) -> None:
    pieces = {"entry": "  - {{name: far, namespace: n, chart: upstream/far, version: {version}}}\n"}
    old, new = ({"entry": pieces["entry"].replace("{version}", version)} for version in ("1.0.0", "1.0.1"))
    far = replace(cell_of(prove_dev(case(old))).id, release=replace(cell_of(prove_dev(case(old))).id.release, name="far"))
    cell = cell_of(prove_dev(case(old)), far)
    assert cell.verdict is UNPROVED
    entry = Unproved("n/far", "dev", cell.cause, "pulled by hand")
    assert prove_dev(case(old, unproved=(entry,))).holds
    changed = prove_dev(case(old, new, unproved=(entry,)))
    assert cell_of(changed, far).verdict is DIFFERENT
    assert "inputs_equal" in failing(changed)
