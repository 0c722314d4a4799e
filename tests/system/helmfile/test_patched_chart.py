"""Of a chart that chartify made, only the patches that it left behind are left out, and only where nothing can read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.system.helmfile.chart_digest import ChartDigests
from migrate.system.workspace import write_out
from tests.system.trees import tree_of

GET = '{{ .Files.Get "files/templates/patched_resources.yaml" }}'
MADE = {
    "Chart.yaml": "name: c\n",
    "values.yaml": "a: 1\n",
    "all.patched.crds.yaml": "",
    "crds/patched_crds.yaml": "kind: CustomResourceDefinition\n",
    "files/templates/patched_resources.yaml": "kind: X\n",
    "templates/patched_resources.yaml": GET,
}
LEFT = {"jsonpatches/patch.0.yaml": "- op: add\n", "transformers/transformer.0.yaml": "kind: T\n"}


def digest(tmp_path: Path, name: str, files: dict[str, str]) -> str:
    workspace = write_out(tree_of({f"c/{path}": text for path, text in files.items()}), tmp_path / name, {})
    return ChartDigests(workspace).of_patched(workspace.top / "c")


def test_patches_that_nothing_reads_do_not_count(tmp_path: Path) -> None:
    assert digest(tmp_path, "a", MADE) == digest(tmp_path, "b", {**MADE, **LEFT}) != ""


@pytest.mark.parametrize("name", [*(name for name in MADE if name != "templates/patched_resources.yaml"), "other/x.yaml"])
def test_everything_else_counts(tmp_path: Path, name: str) -> None:
    assert digest(tmp_path, "a", MADE) != digest(tmp_path, "b", {**MADE, name: "changed: 1\n"})


@pytest.mark.parametrize(
    "files",
    [
        {"templates/patched_resources.yaml": GET + '{{ .Files.Get "jsonpatches/patch.0.yaml" }}'},
        {"templates/more.yaml": '{{ .Files.Get "jsonpatches/patch.0.yaml" }}'},
        {"templates/more.yaml": '{{ .Files.Get "files/templates/patched_resources.yaml" }}'},
        {"templates/_helpers.tpl": ""},
        {"charts/sub/templates/x.yaml": "kind: Y\n"},
    ],
)
def test_a_chart_with_any_other_template_is_taken_as_a_whole(tmp_path: Path, files: dict[str, str]) -> None:
    assert digest(tmp_path, "a", {**MADE, **LEFT, **files}) == ""


def test_a_chart_without_templates_is_taken_as_a_whole(tmp_path: Path) -> None:
    assert digest(tmp_path, "a", {"Chart.yaml": "name: c\n", **LEFT}) == ""
