"""A pulled chart is put by the ids of its blobs; its bytes come with the tree."""

from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree, blob_id
from migrate.operations import Vendor, apply_all
from tests.system.trees import tree_of

CONTENT = b"name: demo\n"


def vendor(content: bytes = CONTENT) -> Vendor:
    files = ((RepoPath("Chart.yaml"), blob_id(content)),)
    return Vendor(RepoPath("charts/demo"), "https://charts.example", "demo", "1.2.3", "~1.2", "0" * 64, files, "of a release", 3)


def tree(**files: str) -> Tree:
    return tree_of({"README.md": "x", **files})


def test_the_files_come_with_the_tree() -> None:
    made = apply_all(tree().bringing([CONTENT]), [vendor()])
    assert made.read("charts/demo/Chart.yaml") == CONTENT
    assert made.entries[RepoPath("charts/demo/Chart.yaml")].mode is Mode.FILE


def test_undone_the_tree_is_as_before() -> None:
    before = tree().bringing([CONTENT])
    assert vendor().undo(vendor().apply(before)).entries == before.entries


def test_a_chart_that_was_not_pulled_can_not_be_put() -> None:
    with pytest.raises(ValueError, match="was not pulled"):
        vendor().apply(tree())


def test_a_file_in_the_way_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="exists already"):
        vendor().apply(tree(**{"charts/demo/Chart.yaml": "mine"}).bringing([CONTENT]))


def test_a_chart_that_was_changed_since_is_not_taken_away() -> None:
    with pytest.raises(ValueError, match="has been changed"):
        vendor(b"name: other\n").undo(vendor().apply(tree().bringing([CONTENT])))


def test_one_line_says_what_where_from_and_where_to() -> None:
    assert vendor().describe() == "pull demo 1.2.3 from https://charts.example to charts/demo, 1 files (of a release)"
