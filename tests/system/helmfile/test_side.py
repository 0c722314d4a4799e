from __future__ import annotations

import json
import os

import pytest

from migrate import ports
from migrate.errors import BadInput, ToolMissing
from migrate.model.facts import Failure, HelmCall, HelmInputs, ReleaseId, Run
from migrate.model.tree import Mode
from migrate.system.helmfile import HelmfileSide, Sides
from migrate.system.toolbox import ToolPair
from tests.system.helmfile.conftest import CHART, SECOND, WITH_VALUES, OpenSide, chart, flat, nested
from tests.system.trees import tree_of

OWN = {"own.yaml.gotmpl": "a: {{ .Values.a }}\n"}
FIRST, SECOND_ID = ReleaseId("", "n", "first"), ReleaseId("", "n", "second")


def conforms(sides: Sides, side: HelmfileSide) -> tuple[ports.SideFactory, ports.Side]:
    """For the type checker."""
    return sides, side


def inputs_of(call: HelmCall) -> HelmInputs:
    return HelmInputs(call.argv, call.chart, call.chart_folder, call.chart_digest, call.values)


def call_of(run: Run, release: ReleaseId, verb: str) -> HelmCall:
    (call,) = (call for call in run.calls if call.release == release and call.verb == verb)
    return call


def rendered(side: HelmfileSide, release: ReleaseId = SECOND_ID) -> bytes:
    output = side.render(inputs_of(call_of(side.record("default", "template", release), release, "template")))
    assert isinstance(output, bytes), output
    return output


def test_nested_and_flat_give_helm_the_same(open_side: OpenSide) -> None:
    old, new = open_side(nested(WITH_VALUES, OWN)), open_side(flat(WITH_VALUES, OWN), "helmfile/helmfile.yaml")
    before, after = (call_of(side.record("default", "sync"), SECOND_ID, "upgrade") for side in (old, new))
    assert before.argv == after.argv
    assert "{chart}" in before.argv
    assert "{values:0}" in before.argv
    assert before.chart_digest == after.chart_digest != ""
    assert (before.chart_folder, after.chart_folder) == ("apps/second/demo", "helmfile/charts/second/demo")
    assert [file.digest for file in before.values] == [file.digest for file in after.values]
    assert old.stored(before.values[0]) == b"a: 1\n"


def test_every_call_that_would_change_a_cluster_is_seen(open_side: OpenSide) -> None:
    gone = "- name: gone\n  namespace: n\n  chart: ./demo\n  installed: false\n"
    side = open_side(nested(SECOND + gone, {}))
    seen = {
        command: sorted((call.verb, call.release.name) for call in side.record("default", command).calls if call.release)
        for command in ("sync", "apply", "diff", "destroy", "template")
    }
    assert seen == {
        "sync": [("delete", "gone"), ("upgrade", "first"), ("upgrade", "second")],
        "apply": [("delete", "gone"), ("diff", "first"), ("diff", "second"), ("upgrade", "first"), ("upgrade", "second")],
        "diff": [("diff", "first"), ("diff", "second")],
        "destroy": [("delete", "first"), ("delete", "gone"), ("delete", "second")],
        "template": [("template", "first"), ("template", "second")],
    }


def test_a_missing_barrier_shows_as_an_overlap_and_a_barrier_as_none(open_side: OpenSide) -> None:
    files = flat(SECOND, {})
    loose = open_side(files, "helmfile/helmfile.yaml")
    state = str(files["helmfile/helmfile.yaml"])
    bound = open_side({**files, "helmfile/helmfile.yaml": state + "  needs: [n/first]\n"}, "helmfile/helmfile.yaml")
    for side, overlaps in ((loose, True), (bound, False)):
        run = side.record("default", "sync")
        first, second = call_of(run, FIRST, "upgrade"), call_of(run, SECOND_ID, "upgrade")
        assert (first.started < second.ended and second.started < first.ended) is overlaps


def test_kube_context_is_part_of_the_release(open_side: OpenSide) -> None:
    side = open_side({"helmfile.yaml": "releases:\n- name: r\n  kubeContext: ctx\n  chart: ./demo\n", **chart("demo")})
    release = ReleaseId("ctx", "", "r")
    listed = side.list("default")
    assert not isinstance(listed, Failure)
    assert [entry.release for entry in listed] == [release]
    for command, verb in (("sync", "upgrade"), ("template", "template"), ("destroy", "delete")):
        argv = call_of(side.record("default", command), release, verb).argv
        assert argv.count("--kube-context") == (command != "template")


def test_set_files_count_by_their_content(open_side: OpenSide) -> None:
    state = "releases:\n- name: second\n  namespace: n\n  chart: ./demo\n  set:\n  - {name: a, file: data.txt}\n"
    one = open_side({"helmfile.yaml": state, "data.txt": "one", **chart("demo")})
    two = open_side({"helmfile.yaml": state, "data.txt": "two", **chart("demo")})
    argv = [call_of(side.record("default", "template"), SECOND_ID, "template").argv for side in (one, two)]
    assert argv[0] != argv[1]
    assert "one" in rendered(one).decode()


def test_values_files_keep_their_order(open_side: OpenSide) -> None:
    state = "releases:\n- name: second\n  namespace: n\n  chart: ./demo\n  values:\n  - one.yaml\n  - two.yaml\n  - a: 3\n"
    side = open_side({"helmfile.yaml": state, "one.yaml": "a: 1\n", "two.yaml": "a: 2\n", **chart("demo")})
    call = call_of(side.record("default", "template"), SECOND_ID, "template")
    assert [side.stored(file) for file in call.values] == [b"a: 1\n", b"a: 2\n", b"a: 3\n"]
    assert side.read_values(call.values) == b'{"a":3}'
    assert side.read_values(call.values[1::-1]) == b'{"a":1}'


def test_values_are_read_as_helm_reads_them(open_side: OpenSide) -> None:
    state = "releases:\n- name: second\n  namespace: n\n  chart: ./demo\n  values:\n  - one.yaml\n"
    side = open_side({"helmfile.yaml": state, "one.yaml": 'z: 010\non: yes\nb: {k: null, t: "1"}\n', **chart("demo")})
    call = call_of(side.record("default", "template"), SECOND_ID, "template")
    output = side.read_values(call.values)
    assert isinstance(output, bytes)
    assert json.loads(output) == {"z": 8, "true": True, "b": {"k": None, "t": "1"}}
    assert output.index(b'"b"') < output.index(b'"true"') < output.index(b'"z"')


def test_render_has_crds_hooks_and_tests(open_side: OpenSide) -> None:
    hook = 'kind: Pod\nmetadata:\n  name: {}\n  annotations: {{"helm.sh/hook": {}}}\n'
    files = {
        **nested(SECOND, {}),
        "apps/second/demo/crds/crd.yaml": "kind: CustomResourceDefinition\n",
        "apps/second/demo/templates/hook.yaml": hook.format("hook", "pre-install"),
        "apps/second/demo/templates/tests/test.yaml": hook.format("test", "test"),
    }
    output = rendered(open_side(files)).decode()
    assert all(text in output for text in ("CustomResourceDefinition", "name: hook", "name: test", "name: demo"))


def test_render_takes_the_kube_version_that_is_given(open_side: OpenSide) -> None:
    files = {"helmfile.yaml": "releases:\n- name: r\n  chart: ./demo\n", **chart("demo", "v: {{ .Capabilities.KubeVersion }}\n")}
    side = open_side(files)
    call = call_of(side.record("default", "template"), ReleaseId("", "", "r"), "template")
    output = side.render(inputs_of(call), kube_version="1.27.3")
    assert isinstance(output, bytes)
    assert b"v: v1.27.3" in output


def test_recorded_runs_leave_the_tree_as_it_is(open_side: OpenSide) -> None:
    side = open_side(nested(WITH_VALUES, OWN))
    before = {path: path.stat().st_mtime_ns for path in side.workspace.top.rglob("*")}
    side.facts("default")
    assert {path: path.stat().st_mtime_ns for path in side.workspace.top.rglob("*")} == before


def test_dependencies_are_built_only_on_request(open_side: OpenSide) -> None:
    dependencies = "dependencies:\n- {name: lib, version: 0.1.0, repository: file://../lib}\n"
    files = {
        "helmfile.yaml": "releases:\n- name: r\n  chart: ./demo\n",
        **chart("demo"),
        "demo/Chart.yaml": CHART + dependencies,
        "lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\n",
    }
    side = open_side(files)
    without = side.record("default", "sync").calls[-1]
    assert not (side.workspace.top / "demo/charts").exists()
    built = side.record("default", "sync", with_dependencies=True)
    assert built.failure is None
    assert (side.workspace.top / "demo/charts/lib-0.1.0.tgz").exists()
    assert built.calls[-1].chart_digest != without.chart_digest


def test_a_chart_that_chartify_makes_is_kept_and_rendered(open_side: OpenSide) -> None:
    release = SECOND + "  forceNamespace: forced\n"
    old, new = open_side(nested(release, {})), open_side(flat(release, {}), "helmfile/helmfile.yaml")
    calls = [call_of(side.record("default", "template"), SECOND_ID, "template") for side in (old, new)]
    assert {(call.chart, call.chart_folder) for call in calls} == {("{outside}", "")}
    assert calls[0].chart_digest == calls[1].chart_digest != ""
    assert b"namespace: forced" in rendered(old)


def test_facts_have_all_commands_and_releases_that_were_not_reached_alone(open_side: OpenSide) -> None:
    third = "- path: apps/third/helmfile.yaml\n"
    files = nested(WITH_VALUES, {"own.yaml.gotmpl": "a: {{ .Values.nope }}\n"})
    files["helmfile.yaml"] = str(files["helmfile.yaml"]) + third
    files |= {"apps/third/helmfile.yaml": "releases:\n- name: third\n  chart: ./demo\n", **chart("apps/third/demo")}
    facts = open_side(files).facts("default")
    assert set(facts.runs) == {"sync", "apply", "diff", "destroy", "template"}
    assert not isinstance(facts.states, Failure)
    assert [state.source for state in facts.states][:2] == ["apps/first/helmfile.yaml", "apps/second/helmfile.yaml"]
    third_id = ReleaseId("", "", "third")
    for alone in (facts.alone, facts.alone_sync):
        assert set(alone) == {SECOND_ID, third_id}
        assert alone[third_id].failure is None
        assert [call.release for call in alone[third_id].calls] == [third_id]
        assert alone[SECOND_ID].failure == facts.runs["template"].failure


def test_expected_releases_are_tried_alone_where_list_fails(open_side: OpenSide) -> None:
    side = open_side(nested(SECOND + "  condition: nope.enabled\n", {}))
    facts = side.facts("default", [FIRST, SECOND_ID])
    assert isinstance(facts.listed, Failure)
    assert set(facts.alone) == {SECOND_ID}


def test_a_disabled_release_is_listed_and_not_tried(open_side: OpenSide) -> None:
    files = nested(SECOND + "  condition: second.enabled\n", {})
    files["environments/default.yaml"] = "a: 1\nsecond: {enabled: false}\n"
    facts = open_side(files).facts("default", [SECOND_ID])
    assert not isinstance(facts.listed, Failure)
    assert [(entry.release, entry.enabled) for entry in facts.listed] == [(FIRST, True), (SECOND_ID, False)]
    assert not facts.alone


def test_a_lent_environment_is_seen(open_side: OpenSide) -> None:
    environments = "environments:\n  lab:\n    values:\n    - lab.yaml\n---\n"
    state = environments + "releases:\n- name: r\n  chart: ./demo\n  values:\n  - a: {{ .Values.a }}\n"
    files = {"helmfile.yaml": state, **chart("demo")}
    without, lent = open_side(files), open_side(files, lent={"lab.yaml": b"a: 7\n"})
    failed = without.record("lab", "template").failure
    assert failed is not None
    assert failed.missing == "lab.yaml"
    assert lent.stored(lent.record("lab", "template").calls[0].values[0]) == b"a: 7\n"


def test_nothing_of_the_users_environment_is_seen(open_side: OpenSide, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HELMFILE_ENVIRONMENT", "KUBECONFIG", "HELM_NAMESPACE", "SECRET", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "leaked")
    values = '{{ range list "KUBECONFIG" "SECRET" "HTTPS_PROXY" "HELM_NAMESPACE" "HELMFILE_ENVIRONMENT" }}{{ env . }}{{ end }}'
    side = open_side(nested(WITH_VALUES, {"own.yaml.gotmpl": f"a: x{values}\nhome: {{{{ env `HOME` }}}}\n"}))
    (file,) = call_of(side.record("default", "template"), SECOND_ID, "template").values
    assert side.stored(file).startswith(b"a: x\nhome: ")
    assert os.environ["HOME"].encode() not in side.stored(file)


def test_variables_are_passed_only_by_name(sides: Sides, tools: ToolPair) -> None:
    passing = Sides(tools.helmfile.path, tools.helm.path, pass_env={"REGISTRY": "lab"})
    tree = tree_of(nested(WITH_VALUES, {"own.yaml.gotmpl": 'a: {{ requiredEnv "REGISTRY" }}\n'}))
    with sides.open(tree, "helmfile.yaml") as side:
        assert side.record("default", "template").failure is not None
    with passing.open(tree, "helmfile.yaml") as side:
        (file,) = call_of(side.record("default", "template"), SECOND_ID, "template").values
        assert side.stored(file) == b"a: lab\n"


HOOK = "  hooks:\n  - events: [prepare]\n    command: {}\n    args: [proof]\n"


@pytest.mark.parametrize("command", ["touch", "./touch.sh"])
@pytest.mark.parametrize("agreed", [True, False])
def test_hooks_run_only_if_the_user_agrees(open_side: OpenSide, command: str, agreed: bool) -> None:
    script = ("#!/bin/sh\n/usr/bin/touch $1\n", Mode.EXECUTABLE)
    side = open_side(nested(SECOND + HOOK.format(command), {"touch.sh": script}), hooks=agreed)
    runs = [side.record("default", name) for name in ("template", "sync")]
    side.build("default")
    side.list("default")
    assert (side.workspace.top / "apps/second/proof").exists() is agreed
    assert all((run.failure is None) is agreed for run in runs)


@pytest.mark.parametrize("agreed", [True, False])
def test_exec_runs_only_if_the_user_agrees(open_side: OpenSide, agreed: bool) -> None:
    values = {"own.yaml.gotmpl": 'a: {{ exec "touch" (list "proof") }}\n'}
    side = open_side(nested(WITH_VALUES, values), hooks=agreed)
    failure = side.record("default", "template").failure
    assert (side.workspace.top / "apps/second/proof").exists() is agreed
    assert (failure is None) is agreed


@pytest.mark.parametrize("agreed", [True, False])
def test_post_renderers_run_only_if_the_user_agrees(open_side: OpenSide, agreed: bool) -> None:
    script = ("#!/bin/sh\necho 'by: '$(basename $PWD)\n", Mode.EXECUTABLE)
    side = open_side(nested(SECOND + "  postRenderer: ./own.sh\n", {"own.sh": script}), hooks=agreed)
    call = call_of(side.record("default", "template"), SECOND_ID, "template")
    output = side.render(inputs_of(call))
    assert (output == b"by: second\n") is agreed
    assert isinstance(output, Failure) is not agreed


def test_the_states_own_helm_binary_is_never_run(open_side: OpenSide) -> None:
    files = {
        "helmfile.yaml": "helmBinary: ./evil.sh\nreleases:\n- name: r\n  chart: ./demo\n",
        "evil.sh": ("#!/bin/sh\ntouch evil\n", Mode.EXECUTABLE),
        **chart("demo"),
    }
    side = open_side(files, hooks=True)
    assert len(side.record("default", "sync").calls) == 1
    assert not (side.workspace.top / "evil").exists()


def test_nothing_is_left_when_a_side_is_closed(sides: Sides) -> None:
    with sides.open(tree_of(nested(WITH_VALUES, OWN)), "helmfile.yaml") as side:
        folder = side.workspace.top.parent
        side.record("default", "sync")
        assert folder.exists()
    assert not folder.exists()


def test_a_state_file_that_is_not_there_is_refused(sides: Sides) -> None:
    with pytest.raises(BadInput, match=r"nope\.yaml"):
        sides.open(tree_of({"a": "x"}), "nope.yaml")


def test_modern_without_helmfile_1_is_refused(sides: Sides) -> None:
    with pytest.raises(ToolMissing):
        sides.open(tree_of({"helmfile.yaml": ""}), "helmfile.yaml", modern=True)


def test_versions_name_version_and_digest(sides: Sides, tools: ToolPair) -> None:
    versions = sides.versions()
    assert versions["helm"] == f"{tools.helm.version} sha256:{tools.helm.sha256}"
    assert versions["helmfile"].startswith("0.1")


def test_helmfile_1_hands_helm_the_same_as_0_16x(modern_sides: Sides) -> None:
    tree = tree_of(flat(WITH_VALUES + "  kubeContext: ctx\n", OWN))
    release = ReleaseId("ctx", "n", "second")
    with (
        modern_sides.open(tree, "helmfile/helmfile.yaml") as old,
        modern_sides.open(tree, "helmfile/helmfile.yaml", modern=True) as new,
    ):
        for command, verb in (("sync", "upgrade"), ("template", "template"), ("destroy", "delete"), ("apply", "upgrade")):
            before, after = (call_of(side.record("default", command), release, verb) for side in (old, new))
            assert (before.argv, before.chart_digest) == (after.argv, after.chart_digest)
            assert old.read_values(before.values) == new.read_values(after.values)
