"""Files that a release names which helm is never given: by its settings from another folder, and in its lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrate.claims.side_facts import Definition
from migrate.claims.surroundings import NotComparable, named_files, unequal_entries, unequal_surroundings
from tests.claims.test_surroundings import MORE, Entry, two, unequal
from tests.claims.told import CELL, entry, state
from tests.system.trees import tree_of

MOVED = ("apps/helmfile.yaml", "helmfile/helmfile.yaml")


@pytest.mark.parametrize(
    ("key", "one"),
    [("keyring", "{}"), ("set", [{"name": "a", "file": "{}"}]), ("postRenderer", "./{}")],
)
@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("k", "k", False),
        ("a/k", "a/k", False),
        ("k", "../apps/k", True),
        ("../apps/k", "../helmfile/k", False),
        ("../../k", "../../k", True),
    ],
)
def test_a_file_that_no_commit_holds_has_to_be_looked_for_at_the_same_place(
    key: str,
    one: Any,  # noqa: ANN401  (likewise)
    old: str,
    new: str,
    same: bool,
) -> None:
    def named(path: str) -> Entry:
        if isinstance(one, str):
            return {"values": [], "chart": "../c", key: one.format(path)}
        return {"values": [], "chart": "../c", key: [{**each, "file": path} for each in one]}

    assert unequal(named(old), named(new), sources=MOVED) == ("" if same else f"`{key}` differs")


def test_a_chart_that_is_added_to_a_release_is_known_by_its_bytes() -> None:
    def adding(chart: str) -> Entry:
        return {"values": [], "chart": "../c", "dependencies": [{"chart": chart}]}

    text, files = "name: lib\n", dict(MORE)
    old = {**files, "apps/lib/Chart.yaml": text, "apps/lib/x.yaml": "x"}
    for added, new, same in (
        ({}, "./lib", False),
        ({}, "../apps/lib", True),
        ({"helmfile/lib/Chart.yaml": text}, "./lib", False),
        ({"helmfile/lib/Chart.yaml": text, "helmfile/lib/x.yaml": "x"}, "./lib", True),
        ({"helmfile/lib/Chart.yaml": text, "helmfile/lib/x.yaml": "x"}, "lib", True),
        ({"helmfile/a/lib/Chart.yaml": text, "helmfile/a/lib/x.yaml": "x"}, "a/lib", True),
        ({"helmfile/lib/Chart.yaml": text, "helmfile/lib/x.yaml": "y"}, "lib", False),
    ):
        said = unequal(adding("./lib"), adding(new), (old, {**old, **added}), sources=MOVED)
        assert said == ("" if same else "`dependencies` differs")
    for gone in ("./gone", "gone"):
        assert unequal(adding(gone), adding(gone), sources=MOVED) == "`dependencies` differs"
    assert unequal(adding("up/lib"), adding("up/lib"), sources=MOVED) == ""


def test_a_word_that_may_be_no_path_is_the_same_from_everywhere() -> None:
    both = {"values": [], "chart": "../c", "postRenderer": "cat", "postRendererArgs": ["-v", "a/b", "conf"]}
    here = {**MORE, "apps/conf/x": "x"}
    assert unequal(both, both, (here, here), sources=MOVED) == ""


def test_a_file_and_the_values_themselves_are_passed_over_only_where_a_release_is_switched_off() -> None:
    for old, new in (([{"a": 1}], ["b.yaml"]), (["b.yaml"], [{"a": 1}])):
        told, before, after = two({"values": old}, {"values": new})
        assert unequal_entries(told, before, after) == ""
        with pytest.raises(NotComparable, match="`values` has a file on one side"):
            unequal_surroundings(told, CELL)
        told, before, after = two({"values": [*old, "b.yaml"]}, {"values": [*new, "d.yaml"]})
        assert unequal_entries(told, before, after) == "the values files differ"


@pytest.mark.parametrize("key", ["values", "secrets", "strategicMergePatches", "jsonPatches", "transformers"])
@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (["b.yaml"], ["v/b.yaml"], True),
        (["b.yaml"], ["d.yaml"], False),
        (["b.yaml", "d.yaml"], ["d.yaml", "b.yaml"], False),
        (["b.yaml"], ["b.yaml", "d.yaml"], False),
        (["b.yaml", "d.yaml"], ["b.yaml"], False),
        (["b.yaml"], [], False),
        ([], ["b.yaml"], False),
        ([{"a": 1}], [{"a": 1}], True),
        ([{"a": 1, "b": 2}], [{"b": 2, "a": 1}], True),
        ([{"a": 1}], [{"a": 1.0}], False),
        ([{"a": 1}], [{"a": True}], False),
        ([{"a": 1}], [{"a": "1"}], False),
        (["gone/b.yaml"], ["v/b.yaml"], False),
        (["v/b.yaml"], ["gone/b.yaml"], False),
        (["p.sh"], ["r.sh"], False),
        (["[bd].yaml"], ["?.yaml"], True),
        (["[bd].yaml"], ["b.*"], False),
        (["*/b.yaml"], ["v/b.yaml"], True),
        (["*/b.yaml"], ["b.yaml"], True),
        (["*.yaml"], ["b.yaml", "d.yaml"], False),
        (["*/d.yaml"], ["b.yaml"], False),
    ],
)
def test_each_list_of_files_is_compared_by_what_its_entries_hold(
    key: str, old: list[object], new: list[object], same: bool
) -> None:
    rest: Entry = {} if key == "values" else {"values": []}
    assert unequal({**rest, key: old}, {**rest, key: new}) == ("" if same else f"the {key} files differ")
    if "b.yaml" in old and same:
        files = MORE, {**MORE, "b.yaml": "x: 3\n"}
        assert unequal({**rest, key: old}, {**rest, key: old}, files) == f"the {key} files differ"


def test_a_prefix_of_paths_counts_for_values_and_secrets_alone() -> None:
    prefix: Entry = {"values": [], "valuesPathPrefix": "v/"}
    for key in ("values", "secrets"):
        assert unequal({**prefix, key: ["b.yaml"]}, {"values": [], key: ["b.yaml"]}) == ""
        assert unequal({**prefix, key: ["b.yaml"]}, {"values": [], key: ["d.yaml"]}) == f"the {key} files differ"
        assert unequal({**prefix, key: ["d.yaml"]}, {"values": [], key: ["d.yaml"]}) == f"the {key} files differ"
    assert unequal({**prefix, "jsonPatches": ["d.yaml"]}, {"values": [], "jsonPatches": ["d.yaml"]}) == ""


def test_the_files_that_a_release_names_are_those_of_all_its_lists() -> None:
    lists: dict[str, Any] = {
        "values": ["v/*.yaml", {"a": 1}],
        "secrets": ["d.yaml"],
        "jsonPatches": ["gone.yaml", "b.yaml"],
        "transformers": None,
    }
    assert [*named_files(tree_of(MORE), Definition(state(), entry(**lists)))] == ["v/b.yaml", "d.yaml", "b.yaml"]


def test_a_file_that_a_pattern_matches_no_more_or_anew_is_missed() -> None:
    pattern: Entry = {"values": ["?.yaml"]}
    fewer = {path: text for path, text in MORE.items() if path != "d.yaml"}
    for files in ((MORE, fewer), (fewer, MORE)):
        assert unequal(pattern, pattern, files) == "the values files differ"


def test_what_a_pattern_matches_counts_in_the_order_of_the_names() -> None:
    tree = tree_of(MORE)
    turned = replace(tree, entries=dict(reversed([*tree.entries.items()])))
    assert [*named_files(turned, Definition(state(), entry(values=["?.yaml"])))] == ["b.yaml", "d.yaml"]
