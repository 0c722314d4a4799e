"""What a values template reads beside itself has to be the same at its new place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.claims.surroundings import NotComparable, unequal_entries, unequal_surroundings
from migrate.claims.template_reads import ComputedPath, reads_alike
from migrate.model.paths import RepoPath
from tests.claims.test_surroundings import two, unequal
from tests.claims.told import CELL
from tests.system.trees import Content, tree_of

Files = Mapping[str, Content]
HELPER = '{{ define "h" }}1{{ end }}'


def alike(old: Files, new: Files, text: str) -> bool:
    """A template in `a/` that came to `b/`, with these files beside it."""
    before = tree_of({"a/v.gotmpl": text, **{f"a/{name}": content for name, content in old.items()}})
    after = tree_of({"b/w.gotmpl": text, **{f"b/{name}": content for name, content in new.items()}})
    return reads_alike((before, RepoPath("a/v.gotmpl")), (after, RepoPath("b/w.gotmpl")))


@pytest.mark.parametrize(
    ("text", "old", "new", "same"),
    [
        ("x: 1", {"x.txt": "1"}, {"x.txt": "2"}, True),
        ('{{ readFile "x.txt" }}', {"x.txt": "1"}, {"x.txt": "1"}, True),
        ('{{ readFile "x.txt" }}', {"x.txt": "1"}, {"x.txt": "2"}, False),
        ('{{ readFile "x.txt" }}', {"x.txt": "1"}, {}, False),
        ('{{ readFile "x.txt" }}', {"x.txt": Path("y"), "y": "1"}, {"x.txt": Path("z"), "z": "1"}, True),
        ('{{ readFile "x.txt" }}', {"x.txt": Path("y"), "y": "1"}, {"x.txt": Path("y"), "y": "2"}, False),
        ('{{ tpl (readFile "x") . }}', {"x": '{{ readFile "y" }}', "y": "1"}, {"x": '{{ readFile "y" }}', "y": "2"}, False),
        ('{{ isFile "x" }}', {"x": "1"}, {"x": "2"}, True),
        ('{{ isFile "x" }}', {"x": "1"}, {}, False),
        ('{{ isDir "d" }}', {"d/x": "1"}, {"d/y": "1"}, True),
        ('{{ isDir "d" }}', {"d/x": "1"}, {}, False),
        ('{{ readDir "d" }}', {"d/x": "1"}, {"d/x": "2"}, True),
        ('{{ readDir "d" }}', {"d/x": "1"}, {"d/y": "1"}, False),
        ('{{ include "h" . }}', {"_h.tpl": HELPER}, {"_h.tpl": HELPER}, True),
        ('{{ include "h" . }}', {"_h.tpl": HELPER}, {"_h.tpl": HELPER.replace("1", "2")}, False),
        ('{{ include "h" . }}', {"_h.tpl": HELPER}, {}, False),
        ('{{ include "h" . }}', {"_h.tpl": HELPER}, {"_h.tpl": HELPER, "_i.tpl": '{{ define "i" }}{{ end }}'}, True),
        ('{{ include "h" . }}', {"_h.tpl": HELPER}, {"_h.tpl": HELPER, "_i.tpl": '{{- define "h" }}{{ end }}'}, False),
        (HELPER, {}, {"_i.tpl": '{{- define "h" }}{{ end }}'}, False),
        ("", {"_h.tpl": '{{ readFile "x" }}', "x": "1"}, {"_h.tpl": '{{ readFile "x" }}', "x": "2"}, False),
    ],
)
def test_what_a_template_reads_has_to_be_there_afterwards(text: str, old: Files, new: Files, same: bool) -> None:
    assert alike(old, new, text) is same


def test_a_file_by_a_computed_name_is_not_compared() -> None:
    for text in ("{{ readFile .Values.x }}", '{{ readFile (printf "%s" "x") }}'):
        with pytest.raises(ComputedPath):
            alike({"x": "1"}, {"x": "1"}, text)


def test_a_template_that_stays_may_compute_the_name_of_what_it_reads() -> None:
    tree = tree_of({"v.gotmpl": "{{ readFile .Values.x }}", "x": "1"})
    assert reads_alike((tree, RepoPath("v.gotmpl")), (tree, RepoPath("v.gotmpl")))


def test_behind_a_failure_nothing_is_proved_of_such_a_file() -> None:
    entry, files = {"values": ["v.yaml.gotmpl"]}, {"c/Chart.yaml": "", "v.yaml.gotmpl": "{{ readFile .Values.x }}"}
    moved = {"c/Chart.yaml": "", "w.yaml.gotmpl": files["v.yaml.gotmpl"]}
    told, before, after = two(entry, {"values": ["w.yaml.gotmpl"]}, (files, moved))
    with pytest.raises(NotComparable, match="computed"):
        unequal_surroundings(told, CELL)
    assert unequal_entries(told, before, after) == ""
    both = {"values": ["v.yaml.gotmpl", "b.yaml"]}, {"values": ["w.yaml.gotmpl", "d.yaml"]}
    told, before, after = two(*both, ({**files, "b.yaml": "1"}, {**moved, "d.yaml": "2"}))
    assert unequal_entries(told, before, after) == "the values files differ"


def test_only_templates_read_files() -> None:
    before, after = tree_of({"v.yaml": '{{ readFile "x" }}', "x": "1"}), tree_of({"v.yaml": '{{ readFile "x" }}'})
    assert reads_alike((before, RepoPath("v.yaml")), (after, RepoPath("v.yaml")))


def test_a_release_that_helm_is_never_given_is_compared_by_what_its_templates_read() -> None:
    entry, text = {"values": ["v.yaml.gotmpl"]}, '{{ readFile "x.txt" }}'
    old, new = ({"c/Chart.yaml": "", "v.yaml.gotmpl": text, "x.txt": read} for read in "12")
    assert unequal(entry, entry, (old, old)) == ""
    assert unequal(entry, entry, (old, new)) == "the values files differ"


def test_a_chart_behind_a_link_is_what_the_link_leads_to() -> None:
    entry = {"chart": "./l"}
    sides: list[Files] = [{"l": Path("c"), "c/Chart.yaml": text} for text in "12"]
    old, new = sides
    assert unequal(entry, entry, (old, old)) == ""
    assert unequal(entry, entry, (old, new)) == "the chart differs"
    assert unequal(entry, entry, (old, {"l/Chart.yaml": "1"})) == "the chart differs"
