"""What fails, and what is said of it, on the real tools: nested and flat alike."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from migrate.model.facts import Failure, HelmInputs, ReleaseId
from migrate.system.helmfile import HelmfileSide, Sides
from migrate.system.toolbox import ToolPair
from tests.system.helmfile.conftest import CHART, SECOND, WITH_VALUES, OpenSide, flat, nested
from tests.system.trees import Content, tree_of

SECRET = "hunter2"  # noqa: S105 -- what must not be shown
FLAT = "helmfile/helmfile.yaml"
OLD_VALUES, NEW_VALUES = "apps/second/own.yaml.gotmpl", "helmfile/values/own.yaml.gotmpl"
OLD_STATE, NEW_STATE = "apps/second/helmfile.yaml", "helmfile/helmfile.yaml"
OLD_ENVIRONMENT, NEW_ENVIRONMENT = "environments/default.yaml", "helmfile/environments/default.yaml"


@dataclass(frozen=True)
class Case:
    """A repository that fails: the release in the second state, its files, and what is to be said of it."""

    name: str
    release: str
    message: str
    old: tuple[str, int] = ("", 0)
    new: tuple[str, int] = ("", 0)
    files: dict[str, Content] = field(default_factory=dict)
    environment: str | None = "a: 1\n"
    missing: tuple[str, str] = ("", "")
    hidden: bool = False
    modern: str | None = ""
    """what 1.x says, if it is something else; None if it does not fail"""

    def __str__(self) -> str:
        return self.name

    def trees(self) -> tuple[dict[str, Content], dict[str, Content]]:
        """Nested and flat."""
        trees = nested(self.release, self.files), flat(self.release, self.files)
        for tree, path in zip(trees, (OLD_ENVIRONMENT, NEW_ENVIRONMENT), strict=True):
            if self.environment is None:
                del tree[path]
            else:
                tree[path] = self.environment
        return trees


def values(name: str, template: str, message: str, *, line: int = 2, **more: object) -> Case:
    """A case whose values template fails."""
    places = {"old": (OLD_VALUES, line), "new": (NEW_VALUES, line)} | more
    return Case(name, WITH_VALUES, message, files={"own.yaml.gotmpl": template}, **places)  # type: ignore[arg-type] # fields of Case


def state(name: str, release: str, message: str, *, modern: str | None = "") -> Case:
    """A case whose state is refused, without a line."""
    return Case(name, release, message, old=(OLD_STATE, 0), new=(NEW_STATE, 0), modern=modern)


NO_KEY = 'at <.Values.nope>: map has no entry for key "nope"'

CASES = (
    values("missing key", "z: 1\na: {{ .Values.nope }}\n", NO_KEY),
    values("unclosed action", "z: 1\na: {{ .Values.a\n", "unclosed action", line=3),
    values("unknown function", "z: 1\na: {{ nope 1 }}\n", 'function "nope" not defined'),
    values(
        "fail",
        f'z: 1\na: {{{{ fail "{SECRET}" }}}}\n',
        'at <fail "…">: error calling fail: its message is not shown',
        hidden=True,
    ),
    values(
        "computed failure",
        'z: 1\na: {{ fail (printf "no %s" .Values.password) }}\n',
        'at <fail (printf "…" .Values.password)>: error calling fail: its message is not shown',
        environment=f"password: {SECRET}\n",
        hidden=True,
    ),
    values(
        "conversion",
        'z: 1\na: {{ mustToDate "2006" .Values.password }}\n',
        'at <mustToDate "2006" .Values.password>: error calling mustToDate: its message is not shown',
        environment=f"password: {SECRET}\n",
        hidden=True,
    ),
    values(
        "variable",
        'z: 1\na: {{ requiredEnv "LAB" }}\n',
        'at <requiredEnv "LAB">: error calling requiredEnv: required env var `LAB` is not set',
        old=("", 0),
        new=("", 0),
    ),
    values(
        "file",
        'z: 1\na: {{ readFile "own.txt" }}\n',
        'at <readFile "own.txt">: error calling readFile: no such file or directory',
        missing=("apps/second/own.txt", "helmfile/values/own.txt"),
    ),
    Case(
        "environment file",
        SECOND,
        'environment values file matching "environments/default.yaml" does not exist',
        old=("helmfile.yaml", 0),
        new=(NEW_STATE, 0),
        environment=None,
        missing=(OLD_ENVIRONMENT, NEW_ENVIRONMENT),
    ),
    Case(
        "broken environment file",
        SECOND,
        "yaml: mapping values are not allowed in this context",
        old=(OLD_ENVIRONMENT, 3),
        new=(NEW_ENVIRONMENT, 3),
        environment=f"a: 1\nb: 2\nc: d: {SECRET}\n",
    ),
    Case(
        "environment file with a number as key",
        SECOND,
        "unexpected type of key in map: expected string, got int",
        old=("helmfile.yaml", 0),
        new=(NEW_STATE, 0),
        environment=f"a:\n  1: {SECRET}\n",
        hidden=True,
    ),
    state("condition", SECOND + "  condition: nope.enabled\n", "environment values field '.nope' not found"),
    state("malformed condition", SECOND + "  condition: nope\n", "Condition value must be in the form"),
    state(
        "needs",
        SECOND + "  needs: [n/nope]\n",
        'release(s) "n/second" depend(s) on an undefined release "n/nope"',
    ),
    Case(
        "unknown key of a release",
        SECOND + "  nope: 1\n",
        "yaml: unmarshal errors: field nope not found in type state.ReleaseSpec",
        old=(OLD_STATE, 5),
        new=(NEW_STATE, 0),
    ),
    Case(
        "wrong type in a release",
        SECOND + f"  timeout: {SECRET}\n",
        "yaml: unmarshal errors: cannot unmarshal !!str … into int",
        old=(OLD_STATE, 5),
        new=(NEW_STATE, 0),
        hidden=True,
    ),
    Case(
        "template of a state",
        SECOND + "  labels: {a: {{ .Values.nope }}}\n",
        NO_KEY,
        old=(OLD_STATE, 5),
        new=(NEW_STATE, 13),
        modern=None,
    ),
    state("template of a release", SECOND + '  version: "{{`{{ .Values.nope }}`}}"\n', NO_KEY, modern=None),
    state("release twice", SECOND + SECOND, 'found 2 duplicate releases with ID "n/second"'),
    Case("secrets", SECOND + "  secrets: [own.yaml]\n", "plugin secrets not installed", files={"own.yaml": "a: 1\n"}),
)


def told(failure: Failure | None) -> tuple[str, str, int, str]:
    assert failure is not None
    assert failure.exit_code == 1
    assert SECRET not in repr(failure) + failure.message + failure.hidden
    return failure.message, failure.path, failure.line, failure.missing


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_cause_is_told_alike_for_nested_and_flat(open_side: OpenSide, case: Case) -> None:
    old_tree, new_tree = case.trees()
    old = open_side(old_tree).record("default", "template").failure
    new = open_side(new_tree, FLAT).record("default", "template").failure
    assert told(old) == (case.message, *case.old, case.missing[0])
    assert told(new) == (case.message, *case.new, case.missing[1])
    assert old is not None
    assert new is not None
    assert old.hidden == new.hidden
    assert bool(old.hidden) is case.hidden


@pytest.mark.parametrize("case", [case for case in CASES if case.modern is not None], ids=str)
def test_helmfile_1_tells_the_same(modern_sides: Sides, case: Case) -> None:
    with modern_sides.open(tree_of(case.trees()[1]), FLAT, modern=True) as side:
        assert told(side.record("default", "template").failure) == (case.message, *case.new, case.missing[1])


@pytest.mark.parametrize("command", ["template", "sync", "apply", "diff"])
def test_all_commands_tell_a_broken_values_template_alike(open_side: OpenSide, command: str) -> None:
    side = open_side(nested(WITH_VALUES, {"own.yaml.gotmpl": "a: {{ .Values.nope }}\n"}))
    assert told(side.record("default", command).failure) == (NO_KEY, OLD_VALUES, 1, "")


def test_build_and_list_tell_the_same_as_commands(open_side: OpenSide) -> None:
    side = open_side(nested(SECOND + "  condition: nope.enabled\n", {}))
    failures = [side.build("default"), side.list("default"), side.record("default", "template").failure]
    assert {told(failure) for failure in failures if isinstance(failure, Failure)} == {
        ("environment values field '.nope' not found", OLD_STATE, 0, "")
    }


def test_of_several_causes_the_first_by_path_is_told_whatever_the_order(open_side: OpenSide) -> None:
    releases = "".join(f"- name: {n}\n  chart: ./demo\n  values: [own.{n}.gotmpl]\n" for n in ("x", "y", "z"))
    files: dict[str, Content] = {f"own.{n}.gotmpl": f"a: {{{{ .Values.{n} }}}}\n" for n in ("x", "y", "z")}
    side = open_side(nested(releases, files))
    told_of = {told(side.record("default", command).failure)[:2] for command in ("sync", "template") for _ in range(3)}
    assert told_of == {('at <.Values.x>: map has no entry for key "x" (and 2 more)', "apps/second/own.x.gotmpl")}


def test_an_unknown_environment_is_told(open_side: OpenSide) -> None:
    failure = open_side(nested(SECOND, {})).record("nope", "template").failure
    assert failure is not None
    assert (failure.exit_code, failure.message) == (3, "no release matches the selector and the environment")


def test_the_time_limit_is_told(tools: ToolPair) -> None:
    hasty = Sides(tools.helmfile.path, tools.helm.path, timeout=0.01)
    with hasty.open(tree_of(nested(SECOND, {})), "helmfile.yaml") as side:
        failure = side.record("default", "sync").failure
    assert failure is not None
    assert failure.message == "stopped at the time limit"


HELPER = '{{ define "h" }}\n{{ .Values.b.c }}\n{{ end }}\n'
TEMPLATE = "apps/second/demo/templates/demo.yaml"
RENDERS = (
    ("nil", "x: 1\ny: {{ .Values.b.c }}\n", "at <.Values.b.c>: nil pointer evaluating interface {}.c", TEMPLATE, 2),
    (
        "nil in a helper",
        'x: 1\ny: {{ include "h" . }}\n',
        "at <.Values.b.c>: nil pointer evaluating interface {}.c",
        "apps/second/demo/templates/_h.tpl",
        2,
    ),
    ("fail", "x: 1\ny: {{ fail .Values.p }}\n", "the chart refuses: its message is not shown", TEMPLATE, 2),
    ("unclosed", "x: 1\ny: {{ .Values.p\n", "unclosed action", TEMPLATE, 2),
    (
        "no YAML",
        "x: 1\ny: {{ .Values.p }}: z: 1\n",
        "it renders no YAML: yaml: mapping values are not allowed in this context",
        TEMPLATE,
        0,
    ),
)


def render(side: HelmfileSide) -> bytes | Failure:
    (call,) = side.record("default", "template", ReleaseId("", "n", "second")).calls
    return side.render(HelmInputs(call.argv, call.chart, call.chart_folder, call.chart_digest, call.values))


@pytest.mark.parametrize(("template", "message", "path", "line"), [case[1:] for case in RENDERS], ids=[c[0] for c in RENDERS])
def test_a_failing_render_is_told(open_side: OpenSide, template: str, message: str, path: str, line: int) -> None:
    files = {**nested(SECOND + f"  values: [{{p: {SECRET}}}]\n", {}), TEMPLATE: template}
    files["apps/second/demo/templates/_h.tpl"] = HELPER if "include" in template else ""
    failure = render(open_side(files))
    assert isinstance(failure, Failure)
    assert told(failure) == (message, path, line, "")


@pytest.mark.parametrize("text", [f"a: b: {SECRET}\n", f"{SECRET}\n"])
def test_values_that_are_no_mapping_are_told_by_their_number(open_side: OpenSide, text: str) -> None:
    failure = render(open_side(nested(SECOND + "  values: [{a: 1}, own.yaml]\n", {"own.yaml": text})))
    assert isinstance(failure, Failure)
    assert told(failure)[0].startswith("values file 1: ")


def test_values_against_the_schema_are_told_without_them(open_side: OpenSide) -> None:
    files = {**nested(SECOND + f"  values: [{{a: {SECRET}}}]\n", {}), "apps/second/demo/values.schema.json": SCHEMA}
    failure = render(open_side(files))
    assert isinstance(failure, Failure)
    assert told(failure)[0] == "values don't meet the specifications of the chart's schema"


def test_a_missing_dependency_is_told(open_side: OpenSide) -> None:
    files = nested(SECOND, {})
    files["apps/second/demo/Chart.yaml"] = CHART + "dependencies: [{name: lib, version: 1.0.0, repository: file://../lib}]\n"
    failure = render(open_side(files))
    assert isinstance(failure, Failure)
    assert told(failure)[0] == "found in Chart.yaml, but missing in charts/ directory: lib"


SCHEMA = '{"properties": {"a": {"type": "string", "pattern": "^x", "maxLength": 3}}}'
