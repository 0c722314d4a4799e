"""Which state files helmfile reaches, in which order, and what keeps it from telling."""

from __future__ import annotations

import pytest

from migrate.errors import NoHelmfile
from tests.analyzers.surveying import walked

EMPTY = "releases: []\n"


def entries(*paths: str) -> str:
    return "helmfiles:\n" + "".join(f"- path: {path}\n" for path in paths)


def test_subs_come_before_their_parent_in_the_order_of_the_list() -> None:
    files = {"helmfile.yaml": entries("b/helmfile.yaml", "a/helmfile.yaml"), "b/helmfile.yaml": entries("deep/helmfile.yaml")}
    found = walked({**files, "a/helmfile.yaml": EMPTY, "b/deep/helmfile.yaml": EMPTY})
    assert [file.path for file in found.files] == ["b/deep/helmfile.yaml", "b/helmfile.yaml", "a/helmfile.yaml", "helmfile.yaml"]
    assert [file.reached_by.line if file.reached_by else 0 for file in found.files] == [2, 2, 3, 0]


@pytest.mark.parametrize(
    ("path", "loads"),
    [
        ("apps/*/helmfile.yaml", ["apps/a/helmfile.yaml", "apps/b/helmfile.yaml"]),
        ("apps/[a]/*.yaml", ["apps/a/helmfile.yaml"]),
        ("./apps/../apps/a/helmfile.yaml", ["apps/a/helmfile.yaml"]),
        ("more", ["more/1.yaml", "more/2.yml", "more/3.yaml.gotmpl"]),
        ("more/", ["more/1.yaml", "more/2.yml", "more/3.yaml.gotmpl"]),
    ],
)
def test_paths_globs_and_folders_are_expanded_sorted(path: str, loads: list[str]) -> None:
    names = ["apps/b/helmfile.yaml", "apps/a/helmfile.yaml", "more/2.yml", "more/1.yaml", "more/3.yaml.gotmpl", "more/x.txt"]
    found = walked({**dict.fromkeys(names, EMPTY), "more/deep/4.yaml": EMPTY, "helmfile.yaml": entries(path)})
    assert list(found.files[-1].entries[0].loads) == loads
    assert found.findings == []


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("git::https://code.example/x.git@helmfile.yaml", "remote-state"),
        ("https://code.example/helmfile.yaml", "remote-state"),
        ("../x/helmfile.yaml", "path-leaves-repository"),
        ("/x/helmfile.yaml", "path-leaves-repository"),
        ("apps/{{ .Environment.Name }}/helmfile.yaml", "templated-path"),
        ("", "templated-path"),
        ("apps/gone.yaml", "sub-helmfile-missing"),
        ("gone/*.yaml", "sub-helmfile-missing"),
        ("helmfile.yaml", "helmfile-cycle"),
    ],
)
def test_entries_that_lead_nowhere_are_found_with_their_line(path: str, slug: str) -> None:
    found = walked({"helmfile.yaml": "# first\n" + entries(path)})
    assert [(f.slug, f.path, f.line) for f in found.findings] == [(slug, "helmfile.yaml", 3)]


@pytest.mark.parametrize(
    ("values", "passes_all"),
    [
        ("  - {{ toYaml .Values | nindent 4 }}\n", True),
        ("  - {{- toYaml .Values -}}\n", True),
        ("  - {{ toYaml .Values.web | nindent 4 }}\n", False),
        ("  - {{ toYaml .Values | nindent 4 }}\n  - a: 1\n", False),
        ("  - values.yaml\n", False),
    ],
)
def test_an_entry_passes_all_values_only_with_one_to_yaml_of_them(values: str, passes_all: bool) -> None:
    found = walked({"helmfile.yaml": entries("a.yaml") + "  values:\n" + values, "a.yaml": EMPTY})
    assert found.files[-1].entries[0].passes_all is passes_all


def test_the_root_is_at_the_top_or_the_only_one_outside_of_the_new_tree() -> None:
    assert walked({"helmfile.yaml.gotmpl": EMPTY, "a/helmfile.yaml": EMPTY}).root == "helmfile.yaml.gotmpl"
    assert walked({"deploy/helmfile-all.yaml": EMPTY, "helmfile/helmfile.yaml": EMPTY}).root == "deploy/helmfile-all.yaml"
    assert walked({"deploy/x.yaml": EMPTY}, root="deploy/x.yaml").root == "deploy/x.yaml"


@pytest.mark.parametrize("names", [[], ["a/helmfile.yaml", "b/helmfile.yaml"], ["helmfile/helmfile.yaml"], ["values.yaml"]])
def test_without_a_clear_root_there_is_no_helmfile(names: list[str]) -> None:
    with pytest.raises(NoHelmfile):
        walked(dict.fromkeys(names, EMPTY))


def test_a_root_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoHelmfile, match=r"gone\.yaml"):
        walked({"helmfile.yaml": EMPTY}, root="gone.yaml")


@pytest.mark.parametrize(
    ("content", "slug"),
    [("a: b: c\n", "unreadable-yaml"), ("a: \0\n", "binary-yaml"), ("{{ if\n", "unreadable-yaml"), ("- a\n", "unreadable-yaml")],
)
def test_a_sub_that_cannot_be_read_is_in_the_way_and_the_others_are_read(content: str, slug: str) -> None:
    found = walked({"helmfile.yaml": entries("a.yaml", "b.yaml"), "a.yaml": content, "b.yaml": EMPTY})
    assert [(f.slug, f.path) for f in found.findings] == [(slug, "a.yaml")]
    assert [file.path for file in found.files] == ["b.yaml", "helmfile.yaml"]


def test_a_sub_whose_content_is_in_no_clone_is_in_the_way() -> None:
    found = walked({"helmfile.yaml": entries("a.yaml")}, absent={"a.yaml": "1" * 40})
    assert [(f.slug, f.path) for f in found.findings] == [("blob-missing", "a.yaml")]
