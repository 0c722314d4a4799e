"""Patches that helmfile 0.16x and 1.x apply differently are told with their lines; all others are let be."""

from __future__ import annotations

import pytest

from tests.analyzers.surveying import surveyed

HEAD = "releases:\n- name: web\n  chart: ./web\n"
MERGE, JSON, TRANSFORM = "  strategicMergePatches: [m.yaml]\n", "  jsonPatches: [j.yaml]\n", "  transformers: [t.yaml]\n"
CRDS = {"web/templates/crds/x.yaml": "kind: X\n"}


def lines(patches: str, more: dict[str, str] | None = None) -> list[int]:
    found = surveyed({"helmfile.yaml": HEAD + patches, "web/Chart.yaml": "name: web\nversion: 1.0.0\n", **(more or {})})
    return [f.line for f in found.inventory.findings if f.slug == "version-1-patches-differently"]


@pytest.mark.parametrize("patches", [MERGE, JSON, TRANSFORM, MERGE + TRANSFORM, JSON + TRANSFORM, MERGE + "  jsonPatches: []\n"])
def test_what_both_apply_alike_is_let_be(patches: str) -> None:
    assert lines(patches) == []


def test_json_patches_beside_merge_patches_are_told() -> None:
    assert lines(MERGE + JSON) == lines(MERGE + JSON + TRANSFORM) == [5]
    assert lines(JSON + MERGE) == [4]


def test_definitions_in_the_templates_of_a_patched_chart_are_told() -> None:
    assert lines(TRANSFORM, CRDS) == [3]
    assert lines("", CRDS) == []
