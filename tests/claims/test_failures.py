"""Sides that fail: when that is the same failure, and when it only looks like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from migrate.model.facts import CellId, ReleaseId
from migrate.model.paths import RepoPath
from migrate.model.proof import Cell, CellVerdict, Proof
from tests.claims import small_platform
from tests.claims.conftest import Prove
from tests.claims.small_platform import AGENT, DB, FLAT, WEB, new_files, old_files, tree

STATE, ROOT = "helmfile/helmfile.yaml", "helmfile.yaml"
OLD_VALUES, NEW_VALUES = "apps/web/values.yaml.gotmpl", "helmfile/values/web/values.yaml.gotmpl"
MISSING = "domain: {{ .Values.gone.domain }}\nmodes: [c, d]\n"


def proved(proving: Prove, old: Mapping[str, str], new: Mapping[str, str]) -> Proof:
    """The platform with these files changed on the old side, and on the new side those and these."""
    return proving(small_platform.case(tree({**old_files(), **old}), tree({**new_files(), **old, **new})))


def cell(proof: Proof, release: ReleaseId, environment: str = "dev") -> Cell:
    return next(cell for cell in proof.cells if cell.id == CellId(environment, release))


def test_a_release_that_fails_on_both_sides_for_one_cause_is_an_equal_failure(prove_dev: Prove) -> None:
    proof = proved(prove_dev, {OLD_VALUES: MISSING}, {NEW_VALUES: MISSING})
    assert cell(proof, WEB).verdict is CellVerdict.EQUAL_FAILURE
    assert f"{OLD_VALUES}:1" in cell(proof, WEB).reason
    assert cell(proof, DB).verdict is CellVerdict.EQUAL
    assert cell(proof, AGENT).verdict is CellVerdict.EQUAL
    assert "gone" in cell(proof, WEB).reason
    assert any("dev: apply fails; before that it reached data/db, now nothing" in line for line in proof.declared_changes)


def test_a_values_template_that_can_t_be_parsed_fails_alike(prove_dev: Prove) -> None:
    broken = 'domain: {{ .Values.domain | "x" }}\nmodes: [c, d]\n'
    proof = proved(prove_dev, {OLD_VALUES: broken}, {NEW_VALUES: broken})
    assert cell(proof, WEB).verdict is CellVerdict.EQUAL_FAILURE
    assert f"{OLD_VALUES}:1" in cell(proof, WEB).reason


def test_another_cause_is_another_failure(prove_dev: Prove) -> None:
    proof = proved(prove_dev, {OLD_VALUES: MISSING}, {NEW_VALUES: MISSING.replace("gone", "away")})
    assert cell(proof, WEB).verdict is CellVerdict.DIFFERENT
    assert "other causes" in cell(proof, WEB).reason


def test_one_cause_in_another_file_is_another_failure(prove_dev: Prove) -> None:
    proof = proved(prove_dev, {OLD_VALUES: MISSING}, {NEW_VALUES: "\n" + MISSING})
    assert cell(proof, WEB).verdict is CellVerdict.DIFFERENT
    assert "at other places" in cell(proof, WEB).reason


def test_one_cause_with_another_chart_is_another_failure(prove_dev: Prove) -> None:
    chart = "helmfile/charts/custom/web/values.yaml"
    proof = proved(prove_dev, {OLD_VALUES: MISSING}, {NEW_VALUES: MISSING, chart: "replicas: 5\n"})
    assert cell(proof, WEB).verdict is CellVerdict.DIFFERENT
    assert "the chart differs" in cell(proof, WEB).reason


def test_one_cause_with_other_values_of_the_environment_is_another_failure(prove_dev: Prove) -> None:
    environment = old_files()["environments/dev.yaml"] + "more: 1\n"
    proof = proved(prove_dev, {OLD_VALUES: MISSING}, {NEW_VALUES: MISSING, "helmfile/environments/dev.yaml": environment})
    assert cell(proof, WEB).verdict is CellVerdict.DIFFERENT
    assert "values differ" in cell(proof, WEB).reason


def test_one_cause_with_another_values_file_is_another_failure(prove_dev: Prove) -> None:
    proof = proved(prove_dev, {OLD_VALUES: MISSING}, {NEW_VALUES: MISSING, "helmfile/values/web/first.yaml": "domain: x\n"})
    assert cell(proof, WEB).verdict is CellVerdict.DIFFERENT
    assert "the values files differ" in cell(proof, WEB).reason


def test_a_failure_that_no_file_of_the_commit_causes_proves_nothing(prove_dev: Prove) -> None:
    needs_a_variable = 'domain: {{ requiredEnv "SOME_VARIABLE" }}\n'
    proof = proved(prove_dev, {OLD_VALUES: needs_a_variable}, {NEW_VALUES: needs_a_variable})
    assert cell(proof, WEB).verdict is CellVerdict.UNPROVED
    assert not proof.holds
    missing = {"apps/web/helmfile.yaml": old_files()["apps/web/helmfile.yaml"].replace("chart: ./web", "chart: gone/web")}
    proof = proved(prove_dev, missing, {STATE: FLAT.replace("./charts/custom/web", "gone/web")})
    assert cell(proof, WEB).verdict is CellVerdict.UNPROVED
    assert not proof.holds


def test_a_chart_that_fails_by_itself_on_both_sides_is_an_equal_failure(prove_dev: Prove) -> None:
    failing = '{{ fail "not today" }}\n'
    old, new = "apps/web/web/templates/all.yaml", "helmfile/charts/custom/web/templates/all.yaml"
    proof = proved(prove_dev, {old: failing}, {new: failing})
    assert cell(proof, WEB).verdict is CellVerdict.EQUAL_FAILURE
    assert "not today" not in cell(proof, WEB).reason


def test_a_chart_that_fails_with_other_words_is_another_failure(prove_dev: Prove) -> None:
    old, new = "apps/web/web/templates/all.yaml", "helmfile/charts/custom/web/templates/all.yaml"
    proof = proved(prove_dev, {old: '{{ fail "not today" }}\n'}, {new: '{{ fail "not now" }}\n'})
    assert cell(proof, WEB).verdict is CellVerdict.DIFFERENT
    assert "they differ in what is not shown" in cell(proof, WEB).reason
    assert "today" not in str(proof)


def test_an_environment_that_loads_on_no_side_fails_alike_in_every_cell(prove_it: Prove) -> None:
    root = old_files()[ROOT].replace("environments:\n", "environments:\n  lost:\n    values:\n      - environments/lost.yaml\n")
    flat = FLAT.replace("environments:\n", "environments:\n  lost:\n    values:\n      - environments/lost.yaml\n")
    proof = proved(prove_it, {ROOT: root}, {STATE: flat})
    for release in (DB, WEB, AGENT):
        assert cell(proof, release, "lost").verdict is CellVerdict.EQUAL_FAILURE
        assert "environments/lost.yaml" in cell(proof, release, "lost").reason
        assert cell(proof, release, "dev").verdict is CellVerdict.EQUAL
    assert proof.holds


def test_a_missing_file_of_another_name_is_another_failure(prove_it: Prove) -> None:
    root = old_files()[ROOT].replace("environments:\n", "environments:\n  lost:\n    values:\n      - environments/lost.yaml\n")
    flat = FLAT.replace("environments:\n", "environments:\n  lost:\n    values:\n      - environments/gone.yaml\n")
    proof = proved(prove_it, {ROOT: root}, {STATE: flat})
    assert {cell(proof, release, "lost").verdict for release in (DB, WEB, AGENT)} == {CellVerdict.DIFFERENT}


def test_a_missing_file_of_an_environment_that_moved_into_another_folder_is_one_cause(prove_it: Prove) -> None:
    """`environments/lost.yaml` becomes `environments/lost/lost.yaml`: the same entry of the same list."""
    for text in ("lost.yaml", "{{ .Environment.Name }}.yaml"):
        entry = f"environments:\n  lost:\n    values:\n      - environments/{text}\n"
        root = old_files()[ROOT].replace("environments:\n", entry)
        flat = FLAT.replace("environments:\n", entry.replace(f"/{text}", f"/lost/{text}"))
        proof = proved(prove_it, {ROOT: root}, {STATE: flat})
        assert {cell(proof, release, "lost").verdict for release in (DB, WEB, AGENT)} == {CellVerdict.EQUAL_FAILURE}
        assert proof.holds


def test_a_missing_values_file_of_a_release_that_moved_into_another_folder_is_one_cause(prove_dev: Prove) -> None:
    entry = "- {}/{{{{ .Environment.Name }}}}.yaml"
    state, first = "apps/web/helmfile.yaml", "- values.yaml.gotmpl"
    old = old_files()[state].replace(first, f"{entry.format('sizes')}\n      {first}")
    first = "- values/web/values.yaml.gotmpl"
    new = FLAT.replace(first, f"{entry.format('values/web')}\n      {first}")
    before = tree({**old_files(), state: old, "apps/web/sizes/prod.yaml": "a: 1\n"})
    after = {
        **new_files(),
        state: old,
        STATE: new,
        "apps/web/sizes/prod.yaml": "a: 1\n",
        "helmfile/values/web/prod.yaml": "a: 1\n",
    }
    recorded = small_platform.record()
    like = RepoPath("apps/web/sizes/prod.yaml"), RepoPath("helmfile/values/web/prod.yaml")
    recorded = replace(recorded, copies=(*recorded.copies, like))
    moved = replace(small_platform.case(before, tree(after), recorded=recorded), environments=("dev", "prod"))
    assert cell(prove_dev(moved), WEB).verdict is CellVerdict.EQUAL_FAILURE
    assert "sizes/dev.yaml" in cell(prove_dev(moved), WEB).reason
    alone = replace(moved, environments=("dev",))
    assert cell(prove_dev(alone), WEB).verdict is CellVerdict.DIFFERENT
    behind = FLAT.replace(first, f"{first}\n      {entry.format('values/web')}")
    assert cell(proved(prove_dev, {state: old}, {STATE: behind}), WEB).verdict is CellVerdict.DIFFERENT


def test_a_release_that_is_disabled_on_both_sides_is_absent(prove_dev: Prove) -> None:
    environment = old_files()["environments/dev.yaml"].replace("true", "false")
    proof = proved(prove_dev, {"environments/dev.yaml": environment}, {"helmfile/environments/dev.yaml": environment})
    assert cell(proof, AGENT).verdict is CellVerdict.ABSENT
    assert proof.holds


def test_a_release_that_is_disabled_on_one_side_differs(prove_dev: Prove) -> None:
    environment = old_files()["environments/dev.yaml"].replace("true", "false")
    proof = proved(prove_dev, {}, {"helmfile/environments/dev.yaml": environment})
    assert cell(proof, AGENT).verdict is CellVerdict.DIFFERENT


def test_a_release_that_is_to_be_uninstalled_on_both_sides_is_judged_by_its_removal(prove_dev: Prove) -> None:
    old = {
        "apps/agent/helmfile.yaml": old_files()["apps/agent/helmfile.yaml"].replace(
            "namespace: ops", "namespace: ops\n    installed: false"
        )
    }
    new = {STATE: FLAT.replace("namespace: ops", "namespace: ops\n    installed: false")}
    proof = proved(prove_dev, old, new)
    assert cell(proof, AGENT).reason == "to be uninstalled on both sides; nothing to render"
    assert proof.holds


def test_what_a_nested_file_still_deploys_where_another_fails_to_load_is_a_declared_change(prove_dev: Prove) -> None:
    state, line = "apps/agent/helmfile.yaml", "    version: {{ .Values.gone.version }}\n"
    old = {state: old_files()[state].replace("    chart: ./\n", f"    chart: ./\n{line}")}
    entry = "    chart: ./charts/custom/agent\n"
    proof = proved(prove_dev, old, {STATE: FLAT.replace(entry, entry + line)})
    what = "dev does not load; a `sync` that selects one release (`-l name=…`) still deployed data/db, web/web, now nothing"
    assert what in proof.declared_changes
