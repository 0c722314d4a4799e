"""Releases as their state files write them, and what helmfile makes of them."""

from __future__ import annotations

from migrate.model.facts import BuiltState
from migrate.model.paths import RepoPath
from tests.analyzers.surveying import surveyed

ROOT = """\
repositories:
- name: stable
  url: https://user:pass@charts.example/x
- {name: oci, url: registry.example/charts, oci: true}
releases:
- name: "{{ .Values.name }}-web"
  namespace: web
  chart: ./charts/web/
  kubeContext: here
  condition: web.enabled
  labels: {app: web, at: "{{ .Values.at }}"}
  needs: [other/api]
  values:
  - a.yaml
  - 'b-{{ .Environment.Name }}.yaml'
  - {c: d}
  - {{ toYaml .Values | nindent 4 }}
  secrets: [s.yaml]
  set:
  - {name: e, value: f}
  - {name: g, file: h.pem}
  hooks: [{events: [presync], command: "true"}]
  strategicMergePatches: [p.yaml, {kind: X}]
- name: api
  chart: stable/api
"""
FILES = {
    "helmfile.yaml": ROOT,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "a.yaml": "",
    "b-prod.yaml": "",
}


def test_a_release_has_all_that_its_entry_says() -> None:
    web, api = surveyed(FILES).inventory.releases
    assert (web.name, web.namespace, web.line, web.context) == ("{{ .Values.name }}-web", "web", 6, "here")
    assert (web.chart, web.chart_folder, api.chart_folder) == ("./charts/web/", "charts/web", None)
    assert (web.labels, web.label_lines) == ((("app", "web"), ("at", "{{ .Values.at }}")), {"app": 11, "at": 11})
    assert [(m.text, m.target, m.line) for m in web.values] == [
        ("a.yaml", "a.yaml", 14),
        ("b-{{ .Environment.Name }}.yaml", None, 15),
    ]
    assert ([m.text for m in web.files], [m.text for m in web.patches]) == (["s.yaml", "h.pem"], ["p.yaml"])
    assert (web.inline_values, web.hooks, web.needs, web.condition) == (2, 1, ("other/api",), "web.enabled")


def test_an_existing_folder_goes_before_a_repository_of_that_name() -> None:
    files = {**FILES, "stable/api/Chart.yaml": "apiVersion: v2\nname: api\nversion: 1.0.0\n"}
    assert surveyed(files).inventory.releases[1].chart_folder == "stable/api"


def test_repositories_are_listed_without_credentials() -> None:
    stable, oci = surveyed(FILES).inventory.repositories
    assert (stable.url, stable.oci, stable.line) == ("https://charts.example/x", False, 2)
    assert (oci.name, oci.oci) == ("oci", True)


def test_files_that_a_pattern_stands_for_count_as_read() -> None:
    uses = {use.path: use.read_by for use in surveyed(FILES).inventory.values}
    assert uses[RepoPath("b-prod.yaml")] == ("release {{ .Values.name }}-web",)


def test_effective_settings_are_those_of_the_release_itself_and_hold_no_values() -> None:
    built = {"releases": [{"name": "x-web", "wait": True, "values": ["secret"], "hooks": ["secret"]}, {"name": "api"}]}
    other = {"releases": [{"name": "x-web"}]}
    states = {
        "prod": (BuiltState(RepoPath("helmfile.yaml"), built, "1"),),
        "dev": (BuiltState(RepoPath("helmfile.yaml"), other, "2"),),
    }
    web, api = surveyed(FILES).with_built(states).inventory.releases
    assert web.effective == {"prod": {"name": "x-web", "wait": True}}
    assert api.effective == {"prod": {"name": "api"}}
