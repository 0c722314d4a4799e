"""What the analyzer takes for granted of helm, asked of the real one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.analyzers.chart_kind import SCAFFOLD_DESCRIPTION, SCAFFOLD_VERSION
from migrate.analyzers.charts import analyze_charts
from tests.analyzers.chart_trees import tree_of

if TYPE_CHECKING:
    from migrate.system.toolbox import ToolPair

Helm = Callable[..., subprocess.CompletedProcess[str]]

ODD_MANIFESTS = {
    "byte order mark": "\ufeffapiVersion: v2\nname: odd\nversion: 1.2.3\n",
    "korean": "apiVersion: v2\nname: odd # 이름\nversion: 1.2.3\ndescription: 배포\n",
    "tab after a colon": "apiVersion:\tv2\nname:\todd\nversion: 1.2.3\t# x\n",
    "tab as indentation": "apiVersion: v2\nname: odd\nversion: 1.2.3\nkeywords:\n\t- a\n",
    "repeated key": "apiVersion: v2\nname: first\nname: odd\nversion: 1.2.3\n",
    "number as version": "apiVersion: v2\nname: odd\nversion: 1.10\n",
    "truth as name": "apiVersion: v2\nname: true\nversion: 1.2.3\n",
    "second document": "apiVersion: v2\nname: odd\nversion: 1.2.3\n---\nname: other\n",
    "own tag": "apiVersion: v2\nname: odd\nversion: !mine 1.2.3\n",
    "windows line ends": "apiVersion: v2\r\nname: odd\r\nversion: 1.2.3\r\n",
    "list": "- apiVersion: v2\n",
    "broken": "apiVersion: v2\nname: [odd\n",
}


@pytest.fixture
def helm(tools: ToolPair, tmp_path: Path) -> Helm:
    homes = {f"HELM_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(tools.helm.path), *arguments], cwd=tmp_path, env=homes, check=False, capture_output=True, text=True
        )

    return run


def test_what_helm_create_writes_is_known(helm: Helm, tmp_path: Path) -> None:
    assert helm("create", "made").returncode == 0
    charts, findings = analyze_charts(tree_of({"made/Chart.yaml": (tmp_path / "made/Chart.yaml").read_bytes()}), ())
    assert (charts[0].version, charts[0].certain, findings) == (SCAFFOLD_VERSION, True, ())
    assert len(charts[0].evidence) == 2
    assert SCAFFOLD_DESCRIPTION in (tmp_path / "made/Chart.yaml").read_text()


@pytest.mark.parametrize("text", ODD_MANIFESTS.values(), ids=ODD_MANIFESTS.keys())
def test_a_manifest_is_read_as_helm_reads_it(helm: Helm, tmp_path: Path, text: str) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd/Chart.yaml").write_text(text, newline="")
    shown = helm("show", "chart", "odd")
    charts, findings = analyze_charts(tree_of({"odd/Chart.yaml": text}), ())
    if shown.returncode:
        assert [finding.slug for finding in findings] == ["chart-unreadable"]
    else:
        lines = dict(line.split(": ", 1) for line in shown.stdout.splitlines() if ": " in line)
        assert (charts[0].name, charts[0].version) == (lines["name"].strip('"'), lines["version"].strip('"'))


def test_the_partial_of_a_subchart_sees_the_files_of_the_chart_that_includes_it(helm: Helm, tmp_path: Path) -> None:
    files = {
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "c/helmfile.yaml": "releases: []\n",
        "c/templates/a.yaml": '{{ include "s.files" . }}\n',
        "c/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
        "c/charts/s/templates/_s.tpl": '{{ define "s.files" }}found: {{ .Files.Get "helmfile.yaml" | quote }}{{ end }}\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert 'found: "releases: []' in helm("template", "c").stdout
