"""What of a release that helm is never given is compared all the same: its chart, its settings, and the files that they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims.fetched import Address
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition
from migrate.claims.surroundings import NotComparable, chart_files, named_files, unequal_entries, unequal_surroundings
from migrate.model.facts import BuiltState
from migrate.model.tree import Mode
from tests.claims.told import CELL, B, entry, gathered, run, side, state
from tests.system.trees import Content, tree_of

Files = Mapping[str, Content]
Entry = Mapping[str, Any]
CHART: Files = {"c/Chart.yaml": "name: c\n", "c/templates/x.yaml": "x", "values.yaml": "x: 1\n"}
MORE: Files = {
    **CHART,
    "b.yaml": "x: 1\n",
    "d.yaml": "x: 2\n",
    "v/b.yaml": "x: 1\n",
    "v/deep/b.yaml": "x: 1\n",
    "p.sh": ("run", Mode.EXECUTABLE),
    "q.sh": ("run", Mode.EXECUTABLE),
    "r.sh": "run",
}
OLD_STATE, NEW_STATE = "apps/helmfile.yaml", "helmfile/helmfile.yaml"


def two(
    old: Entry,
    new: Entry,
    files: tuple[Files, Files] = (MORE, MORE),
    **changes: Any,  # noqa: ANN401  (whatever YAML holds, and fields of Gathered)
) -> tuple[Gathered, Definition, Definition]:
    """Both sides, which don't come to the release, and its definitions. `sources` are the state files."""
    sources = changes.pop("sources", ("helmfile.yaml", "helmfile.yaml"))
    sides = [
        side(run("template"), files=tree, state_file=source, states=(state(entry(**settings), entry(B), source=source),))
        for settings, tree, source in zip((old, new), files, sources, strict=True)
    ]
    told = gathered(sides[0], sides[1], **changes)
    return told, sides[0].definitions(CELL)[0], sides[1].definitions(CELL)[0]


def unequal(old: Entry, new: Entry, files: tuple[Files, Files] = (MORE, MORE), **changes: Any) -> str:  # noqa: ANN401  (likewise)
    """What both looks say, of a release that fails and of one that is switched off; they have to agree."""
    told, before, after = two(old, new, files, **changes)
    said = unequal_entries(told, before, after)
    assert unequal_surroundings(told, CELL) == said
    return said


OF_A_CHART = (
    "Chart.yaml",
    "Chart.lock",
    "values.yaml",
    "values.schema.json",
    "requirements.yaml",
    "requirements.lock",
    ".helmignore",
)


@pytest.mark.parametrize("name", [*OF_A_CHART, "templates/y.yaml", "charts/d.tgz", "crds/y.yaml"])
def test_each_file_of_a_chart_that_helm_reads_has_to_be_there_afterwards(name: str) -> None:
    more = {**CHART, f"c/{name}": "more"}
    assert unequal({}, {}, (more, CHART)) == "the chart differs"
    assert unequal({}, {}, (more, {**more, f"c/{name}": "else"})) == "the chart differs"
    assert unequal({}, {}, (more, more)) == ""


def test_a_file_of_a_chart_that_helm_does_not_read_may_stay_behind() -> None:
    more = {**CHART, "c/ci/x.sh": "x"}
    assert unequal({}, {}, (more, CHART)) == ""
    assert unequal({}, {}, (CHART, more)) == "the chart differs"
    assert unequal({}, {}, (more, {**more, "c/ci/x.sh": "y"})) == "the chart differs"


def test_a_folder_that_has_the_name_of_a_remote_chart_is_another_chart() -> None:
    here = {**CHART, "up/c/Chart.yaml": "name: c\n"}
    remote = {"chart": "up/c"}
    assert unequal_surroundings(two(remote, remote, (CHART, here))[0], CELL) == "the chart differs"
    assert unequal(remote, remote, (here, CHART)) == "the chart differs"
    assert unequal(remote, remote, (CHART, CHART)) == ""


def test_a_chart_outside_of_the_repository_has_no_files_of_it() -> None:
    out: Entry = {"chart": "../../out"}
    assert unequal(out, out, (CHART, {**CHART, "more.txt": "x"})) == ""
    definition = Definition(state(), entry(**out))
    assert chart_files(tree_of(CHART), definition) == ()
    assert chart_files(tree_of(CHART), Definition(state(), entry())) == ("c/Chart.yaml", "c/templates/x.yaml")


REMOTE: Entry = {"chart": "up/c", "version": "1"}
FETCHED = {name: side(files=CHART).tree.entries[path].oid for name, path in {"Chart.yaml": "c/Chart.yaml"}.items()}  # type: ignore[index] # a RepoPath is a str


def test_of_a_remote_chart_that_was_not_got_all_else_is_compared() -> None:
    def entries(old: Entry, new: Entry, **changes: Any) -> str:  # noqa: ANN401  (likewise)
        told, before, after = two(old, new, **changes)
        return unequal_entries(told, before, after)

    assert entries(REMOTE, {"version": "2"}) == ""
    assert entries({**REMOTE, "historyMax": 1}, {}) == "`historyMax` differs"
    assert entries(REMOTE, {"values": ["d.yaml"]}) == "the values files differ"
    assert entries({"version": "1"}, {"version": "2"}) == "`version` differs"
    asked = {Address("up/c", "1", False): FETCHED}
    assert entries(REMOTE, {"version": "2"}, fetched=asked) == "the chart differs"
    whole = (MORE, {**MORE, "e/Chart.yaml": "name: c\n"})
    assert entries(REMOTE, {"chart": "./e", "version": "2"}, fetched=asked, files=whole) == ""


SETTINGS = ("set", "setTemplate", "valuesTemplate", "version", "createNamespace", "historyMax")
MORE_SETTINGS = ("postRenderer", "postRendererArgs", "keyring", "missingFileHandler", "dependencies")
LISTS = ("set", "postRendererArgs", "dependencies")


@pytest.mark.parametrize("key", [*SETTINGS, *MORE_SETTINGS])
def test_each_setting_that_helm_would_be_given_is_compared(key: str) -> None:
    one, other = ([{"a": "x"}], [{"a": "y"}]) if key in LISTS else ("x", "y")
    for old, new in (({key: one}, {key: other}), ({key: one}, {}), ({}, {key: one})):
        assert unequal(old, new) == f"`{key}` differs"
    assert unequal({key: one}, {key: one}) == ""


def test_what_says_the_same_as_nothing_is_nothing() -> None:
    for key, empty in (("version", ""), ("dependencies", []), ("valuesTemplate", {}), ("set", None), ("postRendererArgs", None)):
        assert unequal({key: empty}, {}) == unequal({}, {key: empty}) == ""
    assert unequal({"createNamespace": False}, {}) == "`createNamespace` differs"


def test_a_default_of_the_state_file_counts_where_the_release_says_nothing() -> None:
    def stated(**settings: Any) -> BuiltState:  # noqa: ANN401  (likewise)
        return state(entry(**settings), entry(B), helmDefaults={"historyMax": 3})

    plain, own = Definition(stated(), entry()), Definition(stated(), entry(historyMax=4))
    told = gathered(side(), side())
    assert unequal_entries(told, plain, Definition(state(), entry(historyMax=3))) == ""
    assert unequal_entries(told, own, plain) == "`historyMax` differs"


NAMES = [
    ({"postRenderer": "./p.sh"}, {"postRenderer": "./q.sh"}, True),
    ({"postRenderer": "./p.sh"}, {"postRenderer": "./r.sh"}, False),
    ({"keyring": "b.yaml"}, {"keyring": "v/b.yaml"}, True),
    ({"keyring": "b.yaml"}, {"keyring": "d.yaml"}, False),
    ({"postRendererArgs": ["-v", "b.yaml"]}, {"postRendererArgs": ["-v", "v/b.yaml"]}, True),
    ({"postRendererArgs": ["-v", "b.yaml"]}, {"postRendererArgs": ["-v", "d.yaml"]}, False),
    ({"postRendererArgs": ["b.yaml", "-v"]}, {"postRendererArgs": ["-v", "b.yaml"]}, False),
    ({"set": [{"name": "a", "file": "b.yaml"}]}, {"set": [{"name": "a", "file": "v/b.yaml"}]}, True),
    ({"set": [{"name": "a", "file": "b.yaml"}]}, {"set": [{"name": "e", "file": "b.yaml"}]}, False),
    ({"set": [{"name": "a", "file": ""}]}, {"set": [{"name": "a", "file": ""}]}, True),
    ({"set": [{"name": "a", "value": 1}]}, {"set": [{"name": "a", "value": 1}]}, True),
]


@pytest.mark.parametrize(("old", "new", "same"), NAMES)
def test_a_setting_that_names_a_file_means_its_bytes_and_mode(old: Entry, new: Entry, same: bool) -> None:
    said = unequal(old, new, (MORE, {**MORE, "more.txt": "x"}))
    assert said == ("" if same else f"`{next(iter(old))}` differs")


@pytest.mark.parametrize("old", [old for old, _, same in NAMES if same and "b.yaml" in str(old)])
def test_a_file_that_has_other_bytes_in_the_new_tree_is_another_one(old: Entry) -> None:
    files = MORE, {**MORE, "b.yaml": "x: 3\n"}
    assert unequal({**old, "values": []}, {**old, "values": []}, files) == f"`{next(iter(old))}` differs"


MOVED = (OLD_STATE, NEW_STATE)
KEPT = ({**MORE, "values.yaml": ""}, {**MORE, "values.yaml": ""})


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
