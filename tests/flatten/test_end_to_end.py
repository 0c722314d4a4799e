"""Small repositories through the whole of it: what helmfile hands to helm is the same before and after."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.model.facts import Failure, HelmCall
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.system.helmfile import HelmfileSide, Sides
from migrate.system.toolbox import ToolPair
from migrate.writer import apply_to
from tests.fixtures.cases.case import ROOT, application, chart, repository, root
from tests.fixtures.repository import Content, below
from tests.flatten.planning import Planned, planned

ALL = "  values:\n  - {{ toYaml .Values | nindent 4 }}\n"

ODD_TEXTS = {
    **repository("api", "web"),
    **application(
        "web",
        "# 맨 위\nhelmDefaults: # own\n  wait: true\n  timeout: 300 # long\ncommonLabels: {team: 'yes'}\nreleases:\n"
        '    -   {name: first, chart: ./chart, values: ["values/한글 1.yaml.gotmpl"], } # short\n'
        "    # between\n"
        "    -   # the second\n"
        "        timeout: 0\n        chart:   'chart/' # old\n        name: second\n"
        "        labels: ~\n        needs: # in this file\n        - first # before\n"
        "        values:\n        - script: |\n            one  \n                 \n            # no comment\n"
        '          "0x1f": 0x1f\n        - {{ toYaml .Values | indent 12 }}\n'
        "        set:\n          - name: a.b\n            value: |\n"
        "              text  \n"
        "        {{ if .Values.color }}\n        waitForJobs: true\n        {{ end }}\n",
    ),
    "applications/web/values/한글 1.yaml.gotmpl": "color: {{ .Values.color }}\n",
}
del ODD_TEXTS["applications/web/values.yaml.gotmpl"]

PATTERNS: dict[str, Content] = {
    f"deploy/{path}": content
    for path, content in {
        **repository("api"),
        **application(
            "api",
            "releases:\n- name: api\n  chart: ./chart\n  missingFileHandler: Info\n  values:\n"
            "  - 'values/{{ .Environment.Name }}.yaml'\n  - values/*.gotmpl\n  - \"gone.yaml\"\n"
            "- name: side\n  namespace: side\n  chart: ./chart\n  values: [values/all.gotmpl]\n",
        ),
        "applications/api/values/prod.yaml": "p: 1\n",
        "applications/api/values/dev.yaml": "d: 1\n",
        "applications/api/values/all.gotmpl": 'a: {{ include "x" . }}\nb: {{ readFile "files/b.txt" }}\n',
        "applications/api/values/_x.tpl": '{{ define "x" }}{{ .Values.color }}{{ end }}',
        "applications/api/values/files/b.txt": "hello",
        "defaults.yaml.gotmpl": "base: {{ .Environment.Name }}\n",
        ROOT: "values:\n- defaults.yaml.gotmpl\n- inline: defaults.yaml.gotmpl\n\n"
        + root("api").replace("environments/dev/values.yaml", "'environments/{{ .Environment.Name }}/*.yaml'"),
    }.items()
}

CHARTS: dict[str, Content] = {
    **repository("api", "web"),
    **application(
        "web",
        "releases:\n- {name: api, namespace: web, chart: ./chart/charts/inner}\n"
        "- {name: web, namespace: web, chart: ./chart, kubeContext: other}\n",
    ),
    **below("applications/web/chart/charts/inner", chart("inner")),
    **below("applications/own", chart("own")),
    "applications/own/values.yaml.gotmpl": "color: green\n",
    "applications/own/helmfile.yaml": "releases:\n- name: own\n  chart: ./\n  values:\n  - values.yaml.gotmpl\n  - values.yaml\n",
    "applications/api/chart/Chart.yaml": "apiVersion: v2\nname: api\nversion: 0.1.0\n"
    "dependencies:\n- name: lib\n  version: 0.1.0\n  repository: file://../lib\n",
    **below("applications/api/chart/charts/lib", {"Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n"}),
    **below("applications/api/lib", {"Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n"}),
    ROOT: root("api", "web", "own"),
}

CASES: dict[str, tuple[Mapping[str, Content], str]] = {
    "odd texts": (ODD_TEXTS, ROOT),
    "patterns": (PATTERNS, f"deploy/{ROOT}"),
    "charts": (CHARTS, ROOT),
}


@pytest.fixture(scope="module")
def sides(tools: ToolPair) -> Sides:
    return Sides(tools.helmfile.path, tools.helm.path, pause=0.01)


def seen(side: HelmfileSide, call: HelmCall) -> tuple[object, ...]:
    """A call without what changes on purpose, with the values as helm reads them."""
    return (call.release, call.argv, call.chart_digest, len(call.values), side.read_values(call.values))


def upgrades(sides: Sides, tree: Tree, state: str, environment: str) -> list[tuple[object, ...]]:
    with sides.open(tree, state) as side:
        run = side.record(environment, "sync")
        assert run.failure is None, run.failure
        return sorted((seen(side, call) for call in run.calls if call.verb == "upgrade"), key=repr)


def values_seen(sides: Sides, tree: Tree, state: str, environment: str) -> set[str]:
    with sides.open(tree, state) as side:
        built = side.build(environment)
        assert not isinstance(built, Failure), built
        return {each.values_digest for each in built}


def made(name: str) -> Planned:
    files, state = CASES[name]
    result = planned(files, Settings(root=RepoPath(state)))
    assert result.blocking == []
    return result


@pytest.mark.parametrize("environment", ["prod", "dev"])
@pytest.mark.parametrize("name", CASES)
def test_helm_is_given_the_same(name: str, environment: str, sides: Sides) -> None:
    result = made(name)
    new = apply_to(result.plan, result.tree)
    before = upgrades(sides, result.tree, result.plan.root, environment)
    assert upgrades(sides, new, result.plan.new_state, environment) == before
    assert len(before) == sum(len(stage) for stage in result.plan.stages)


@pytest.mark.parametrize("name", CASES)
def test_state_values_are_the_same(name: str, sides: Sides) -> None:
    result = made(name)
    new = apply_to(result.plan, result.tree)
    after = values_seen(sides, new, result.plan.new_state, "prod")
    assert values_seen(sides, result.tree, result.plan.root, "prod") == after
