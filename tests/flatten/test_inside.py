from __future__ import annotations

import pytest

from migrate.flatten.inside import inside
from tests.references.finding_in import MOVES, tree_with

KEPT = [
    ("applications/web/values.yaml", "image: registry.example.org/environments/web:1\nport: 1\n"),
    (
        "applications/web/chart/templates/a.yaml",
        "apiVersion: apps/v1\n# see ../Chart.yaml and {{ .Values.x }}/environments/dev\n",
    ),
    ("applications/web/chart/Chart.yaml", "# templates/a.yaml ./templates ../chart/Chart.yaml https://x/applications/web\n"),
    ("environments/dev/values.yaml", "key: c2VjcmV0/d29yZA\npath: ../../README\n"),
    ("environments/prod/values.yaml", "# ../dev/values.yaml, as applications/none.yaml\n"),
    ("README.md", "environments/dev/values.yaml"),
    ("helmfile.yaml", "environments: {dev: {values: [environments/dev/values.yaml]}}\n"),
]


@pytest.mark.parametrize(("path", "content"), KEPT)
def test_what_means_the_same_from_the_new_place_and_what_is_no_piece_is_not_told(path: str, content: str) -> None:
    assert list(inside(tree_with(path, content), MOVES)) == []


@pytest.mark.parametrize(
    ("path", "content", "target"),
    [
        ("applications/web/chart/Chart.yaml", "# environments/dev/values.yaml\n", "environments/dev/values.yaml"),
        ("applications/web/values.yaml", "# as ../api/values.yaml\n", "applications/api/values.yaml"),
        ("applications/web/values.yaml", "# see chart/Chart.yaml\n", "applications/web/chart/Chart.yaml"),
        ("environments/dev/values.yaml", "# see ../../applications/web/chart\n", "applications/web/chart"),
        ("environments/dev/values.yaml", "# made by: helmfile -e dev write-values; helmfile -e dev sync\n", "helmfile.yaml"),
    ],
)
def test_what_would_lead_elsewhere_is_told_with_both_places(path: str, content: str, target: str) -> None:
    (only,) = inside(tree_with(path, "x: 1\n" + content), MOVES)
    assert (only.slug, only.path, only.line) == ("reference-not-rewritten", path, 2)
    assert f"`{target}`" in only.message
    assert "once the legacy files are gone" in only.hint
