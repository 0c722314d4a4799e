from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from migrate.model.tree import Mode
from migrate.system.helmfile.chart_digest import ChartDigests
from migrate.system.helmfile.files_access import hands_on_its_context
from migrate.system.workspace import write_out
from tests.system.trees import Content, tree_of

Digest = Callable[..., str]

PLAIN: dict[str, Content] = {
    "c/Chart.yaml": "name: c\n",
    "c/values.yaml": "a: 1\n",
    "c/templates/a.yaml": "a: {{ .Values.a }}\n",
    "c/README.md": "read me\n",
    "c/helmfile.yaml": "releases: []\n",
}


@pytest.fixture
def digest(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    def digest_(
        files: Mapping[str, Content], argv: tuple[str, ...] = (), values: str = "", absent: Mapping[str, str] | None = None
    ) -> str:
        folder = tmp_path_factory.mktemp("digest")
        workspace = write_out(tree_of(files, absent or {}), folder / "tree", {})
        (folder / "values").write_text(values)
        return ChartDigests(workspace).of(workspace.top / "c", argv, [folder / "values"])

    return digest_


@pytest.mark.parametrize(
    "name",
    [
        "Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json", ".helmignore", "requirements.yaml",
        "templates/a.yaml", "templates/NOTES.txt", "templates/_h.tpl", "crds/x.yaml", "charts/sub/README.md",
    ],
)  # fmt: skip
def test_what_helm_reads_counts(digest: Digest, name: str) -> None:
    assert digest({**PLAIN, f"c/{name}": "changed: 1\n"}) != digest(PLAIN)


@pytest.mark.parametrize("name", ["README.md", "helmfile.yaml", "values.yaml.gotmpl", "docs/x.yaml", "values-prod.yaml"])
def test_what_no_template_can_reach_does_not(digest: Digest, name: str) -> None:
    assert digest({**PLAIN, f"c/{name}": "changed: 1\n"}) == digest(PLAIN)


def test_a_chart_that_a_dependency_names_counts(digest: Digest) -> None:
    manifest = "name: c\ndependencies:\n- {name: lib, version: 1.0.0, repository: 'file://../lib'}\n"
    chart: dict[str, Content] = {**PLAIN, "c/Chart.yaml": manifest, "lib/Chart.yaml": "name: lib\n", "lib/values.yaml": "a: 1\n"}
    assert digest(chart) == digest({**chart, "lib/README.md": "read me\n", "other/x": ""})
    assert digest(chart) != digest({**chart, "lib/values.yaml": "a: 2\n"})
    assert digest(chart) != digest({path: text for path, text in chart.items() if not path.startswith("lib/")})


def test_a_dependency_outside_of_the_repository_is_no_difference(digest: Digest) -> None:
    chart = {**PLAIN, "c/Chart.yaml": "name: c\ndependencies:\n- {name: lib, repository: file://../../lib}\n"}
    assert digest(chart) == digest(chart)


def test_the_mode_counts(digest: Digest) -> None:
    assert digest({**PLAIN, "c/templates/a.yaml": ("a: {{ .Values.a }}\n", Mode.EXECUTABLE)}) != digest(PLAIN)


def test_the_place_in_the_repository_does_not_count(digest: Digest, tmp_path: Path) -> None:
    moved = write_out(tree_of({f"deep/{path}": content for path, content in PLAIN.items()}), tmp_path / "tree", {})
    assert ChartDigests(moved).of(moved.top / "deep/c", (), []) == digest(PLAIN)


def packed(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


READERS: tuple[dict[str, Content], ...] = (
    {"c/templates/b.yaml": '{{ .Files.Get "x" }}'},
    {"c/templates/_b.tpl": '{{ define "b" }}{{ $.Files.Get "x" }}{{ end }}'},
    {"c/templates/b.yaml": '{{ index . "Files" }}'},
    {"c/templates/b.yaml": "{{ toYaml . }}"},
    {"c/templates/b.yaml": "{{ with .Values }}{{ $ | toJson | sha256sum }}{{ end }}"},
    {"c/charts/sub/templates/_b.tpl": '{{ define "b" }}{{ .Files.Get "x" }}{{ end }}'},
    {"c/charts/sub-1.0.0.tgz": packed({"sub/templates/_b.tpl": "{{ .Files }}"})},
    {"c/charts/sub-1.0.0.tgz": packed({"sub/charts/inner.tgz": "whatever"})},
    {"c/charts/sub-1.0.0.tgz": packed({"sub/templates/b.yaml": "a: 1\n" * 99})[:60]},
    {"c/charts/sub-1.0.0.tgz": "no archive"},
    {"c/values.yaml": "text: '{{ .Files.Get \"x\" }}'\n"},
)


@pytest.mark.parametrize("reader", READERS, ids=range(len(READERS)))
def test_all_files_count_if_a_template_may_read_them(digest: Digest, reader: dict[str, Content]) -> None:
    files = {**PLAIN, **reader}
    assert digest({**files, "c/README.md": "changed"}) != digest(files)


@pytest.mark.parametrize("given", [{"values": "a: '{{ .Files.Get \"x\" }}'"}, {"argv": ("--set", 'a={{ .Files.Get "x" }}')}])
def test_all_files_count_if_values_or_arguments_may_read_them(digest: Digest, given: dict[str, str]) -> None:
    assert digest({**PLAIN, "c/README.md": "changed"}, **given) != digest(PLAIN, **given)


def test_a_packed_subchart_without_readers_leaves_the_rest_out(digest: Digest) -> None:
    files = {**PLAIN, "c/charts/sub-1.0.0.tgz": packed({"sub/templates/b.yaml": "a: 1\n", "sub/README.md": "Files"})}
    assert digest({**files, "c/README.md": "changed"}) == digest(files)


def test_files_that_nobody_has_count_by_the_id_of_their_blob(digest: Digest) -> None:
    one, two = ({"c/charts/sub.tgz": digit * 40} for digit in "12")
    assert len({digest(PLAIN), digest(PLAIN, absent=one), digest(PLAIN, absent=two)}) == 3


def test_links_count_by_what_they_lead_to_and_may_lead_in_a_circle(digest: Digest) -> None:
    linked = {**PLAIN, "shared/x.yaml": "x: 1\n", "c/templates/shared": Path("../../shared"), "c/templates/loop": Path("..")}
    assert digest(linked) != digest({**linked, "shared/x.yaml": "x: 2\n"})


@pytest.mark.parametrize(
    ("template", "whole"),
    [
        ("{{ toYaml . }}", True),
        ("{{- . | toYaml | indent 2 -}}", True),
        ("{{ toYaml $ }}", True),
        ("{{ range $k, $v := . }}{{ end }}", True),
        ("{{ if .Values.x }}{{ toJson . }}{{ end }}", True),
        ("{{ with .Values.x }}{{ end }}{{ toJson . }}", True),
        ("{{ with .Values.x }}{{ toJson $ }}{{ end }}", True),
        ('{{ (index $ "Values").x }}', True),
        ("{{ with .Values.x }}{{ toYaml . }}{{ end }}", False),
        ("{{ range .Values.x }}{{ if . }}{{ . | quote }}{{ end }}{{ end }}", False),
        ('{{ define "x" }}{{ toYaml . }}{{ end }}', True),
        ('{{ define "x" }}{{ range $k, $v := . }}{{ $v }}{{ end }}{{ end }}', True),
        ('{{ define "x" }}{{ with .y }}{{ toYaml . }}{{ end }}{{ end }}', False),
        ("{{- $root := . -}}{{ with .Values.x }}{{ toYaml $root }}{{ end }}", True),
        ("{{ $root := $ }}{{ range $k, $v := $root }}{{ end }}", True),
        ("{{ $root := . }}{{ range $k, $v := .Values }}{{ toYaml $root.Values.x }}{{ toYaml $v }}{{ end }}", False),
        ('{{ include "x" . | toYaml }}', False),
        ('{{ include "x" (dict "context" $) }}', False),
        ("{{ tpl (toYaml .Values.x) $ }}", False),
        ("{{ tpl (toYaml .Values.x) . | nindent 4 }}", False),
        ("{{ toYaml .Values }}", False),
        ("{{ $x | quote }}{{ toYaml $.Values.x }}", False),
        ("{{/* toYaml . */}}", False),
    ],
)
def test_handing_on_the_whole_context(template: str, whole: bool) -> None:
    assert hands_on_its_context(template.encode()) is whole
