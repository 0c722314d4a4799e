"""What of a release that helm is never given is compared all the same: its chart, its settings, and the files that they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from migrate.claims.fetched import Address
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition
from migrate.claims.surroundings import chart_files, unequal_entries, unequal_surroundings
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
