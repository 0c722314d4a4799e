"""Which part of a tree helmfile can read: rather too much than a file too little."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.analyzers.needed import needed
from migrate.model.tree import Tree
from migrate.system.git import open_repository
from tests.conftest import FileContent, MakeRepo
from tests.end_to_end.small import small_files

STATE = "applications/web/helmfile.yaml"
VALUES = "applications/web/values.yaml.gotmpl"


def tree_of(make_repo: MakeRepo, changes: Mapping[str, FileContent]) -> Tree:
    files: dict[str, FileContent] = {**small_files(), "docs/notes.md": "# Notes\n", "shared/x.yaml": "a: 1\n", **changes}
    return open_repository(make_repo(files)).read_tree("HEAD")


def tops(tree: Tree) -> set[str]:
    return {path.partition("/")[0] for path in tree}


def with_release(text: str) -> dict[str, FileContent]:
    return {STATE: small_files()[STATE] + text}


def test_folders_that_nothing_names_are_left_out(make_repo: MakeRepo) -> None:
    part = needed(tree_of(make_repo, {}), "helmfile.yaml")
    assert tops(part) == {"helmfile.yaml", "README.md", "applications", "environments"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(with_release("  - ../../shared/x.yaml\n"), id="a values file elsewhere"),
        pytest.param(with_release("  secrets:\n  - ../../shared/x.yaml\n"), id="secrets elsewhere"),
        pytest.param(
            {
                "applications/web/chart/Chart.yaml": "name: w\nversion: 1.0.0\ndependencies:\n- repository: file://../../../shared\n"
            },
            id="a dependency elsewhere",
        ),
    ],
)
def test_a_folder_that_is_named_stays(make_repo: MakeRepo, changes: Mapping[str, FileContent]) -> None:
    part = needed(tree_of(make_repo, changes), "helmfile.yaml")
    assert "shared" in tops(part)
    assert "docs" not in tops(part)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({VALUES: 'a: {{ readFile "../../shared/x.yaml" }}\n'}, id="a template that reads a file"),
        pytest.param({VALUES: '{{ if isFile "../../docs/notes.md" }}a: 1{{ end }}\n'}, id="a template that looks for a file"),
        pytest.param({VALUES: 'a: {{ exec "cat" (list "../../docs/notes.md") }}\n'}, id="a template that runs a command"),
        pytest.param({"applications/web/_names.tpl": '{{ define "x" }}{{ readFile "y" }}{{ end }}\n'}, id="a helper template"),
        pytest.param(with_release("  - ../../{{ .Values.color }}/x.yaml\n"), id="a path made by a template"),
        pytest.param(with_release("  - {{ .Values.file }}\n"), id="a path that is a value"),
        pytest.param(with_release("  - {{ toYaml .Values.file }}\n"), id="a path that is a value in YAML"),
        pytest.param(with_release("  secrets: {{ .Values.files }}\n"), id="a list of paths that is a value"),
        pytest.param(with_release("  - ../../shar*/x.yaml\n"), id="a path with a glob"),
        pytest.param(with_release("  hooks:\n  - events: [presync]\n    command: cat\n"), id="a hook"),
        pytest.param({"applications/web/link": Path("../../docs")}, id="a link to another folder"),
        pytest.param({STATE: "releases: [\n"}, id="a state file that can't be read"),
    ],
)
def test_the_whole_tree_stays_where_that_is_not_certain(make_repo: MakeRepo, changes: Mapping[str, FileContent]) -> None:
    tree = tree_of(make_repo, changes)
    assert needed(tree, "helmfile.yaml").entries == tree.entries


def test_a_chart_at_the_top_keeps_everything(make_repo: MakeRepo) -> None:
    files = {
        "helmfile.yaml": "releases:\n- name: web\n  chart: ./\n",
        "Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "templates/a.yaml": "a: 1\n",
    }
    tree = open_repository(make_repo(files)).read_tree("HEAD")
    assert needed(tree, "helmfile.yaml").entries == tree.entries
