"""Failures told beforehand: when two of them are one, and what must be equal behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims.failures import judge_failures
from migrate.claims.fetched import Address
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import CellId, Failure
from migrate.model.proof import CellVerdict
from migrate.model.tree import Mode
from tests.claims.told import CELL, FILES, STATE, A, B, call, entry, facts, gathered, run, side, state
from tests.system.trees import Content

PLACE = "values.yaml"
FAIL = Failure(1, "no such key", PLACE, 3)
EQUAL, DIFFERENT, UNPROVED = CellVerdict.EQUAL_FAILURE, CellVerdict.DIFFERENT, CellVerdict.UNPROVED
STUCK = run("template", call(of=B))
"""A run that does not reach the first release."""


def stuck(**settings: Any) -> SideFacts:  # noqa: ANN401  (whatever YAML holds)
    """A side whose first release fails before helm is called, with other settings of its entry, or `files` and `digest`."""
    files = settings.pop("files", FILES)
    digest = settings.pop("digest", "values")
    document = settings.pop("document", {})
    return side(STUCK, files=files, states=(state(entry(**settings), entry(B), digest=digest, **document),))


def judged(
    new: Failure = FAIL,
    old: Failure = FAIL,
    sides: tuple[SideFacts, SideFacts] | None = None,
    **changes: Any,  # noqa: ANN401  (fields of Gathered)
) -> tuple[CellVerdict, str]:
    """The verdict on both failures, and the head of its reason."""
    before, after = sides or (stuck(), stuck())
    found = judge_failures(gathered(before, after, **changes), CELL, old, new)
    assert bool(found.cause) <= (found.verdict is UNPROVED)
    return found.verdict, found.reason.partition(":")[0]


def test_one_cause_in_one_place_is_an_equal_failure() -> None:
    assert judged() == (EQUAL, "fails on both sides for the same cause, values.yaml")
    assert judge_failures(gathered(stuck(), stuck()), CELL, FAIL, FAIL).reason.endswith("values.yaml:3: no such key")
    whole = replace(FAIL, line=0)
    assert judge_failures(gathered(stuck(), stuck()), CELL, whole, whole).reason.endswith("cause, values.yaml: no such key")


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (replace(FAIL, message="another"), "fails on both sides for other causes"),
        (replace(FAIL, missing="x.yaml"), "fails on both sides for other causes"),
        (replace(FAIL, hidden="other"), "fails on both sides for other causes; they differ in what is not shown"),
        (replace(FAIL, line=4), "fails on both sides, at other places"),
        (replace(FAIL, path="c/Chart.yaml"), "fails on both sides, at other places"),
        (replace(FAIL, path="gone.yaml"), "fails on both sides, at other places"),
    ],
)
def test_another_cause_or_place_is_another_failure(new: Failure, reason: str) -> None:
    assert judged(new) == judged(FAIL, new) == (DIFFERENT, reason)


def test_a_place_that_no_commit_holds_is_not_one_piece() -> None:
    gone = replace(FAIL, path="gone.yaml")
    assert judged(gone, gone) == (DIFFERENT, "fails on both sides, at other places")
    lost = side(STUCK, state_file="gone.yaml")
    assert judged(gone, gone, (lost, lost)) == (DIFFERENT, "fails on both sides, at other places")
    here = replace(FAIL, path=STATE)
    for old, new, sides in ((gone, here, (lost, stuck())), (here, gone, (stuck(), lost))):
        assert judged(new, old, sides) == (DIFFERENT, "fails on both sides, at other places")


def test_a_state_file_is_the_same_piece_as_what_it_became() -> None:
    here, there = replace(FAIL, path=STATE), replace(FAIL, path="new.yaml", line=9)
    new = side(STUCK, files={**FILES, "new.yaml": "other"}, state_file="new.yaml")
    assert judged(there, here, (stuck(), new))[0] is EQUAL
    assert judged(FAIL, here, (stuck(), new))[0] is DIFFERENT
    assert judged(there, FAIL, (stuck(), new))[0] is DIFFERENT
    other = side(STUCK, files={**FILES, PLACE: "x: 2\n"})
    assert judged(sides=(stuck(), other)) == (DIFFERENT, "fails on both sides, at other places")


def test_a_failure_that_points_at_no_file_lies_outside() -> None:
    nowhere = replace(FAIL, path="", line=0)
    reason = "fails on both sides for a cause outside of the commit"
    for old, new in ((nowhere, nowhere), (FAIL, nowhere), (nowhere, FAIL)):
        assert judged(new, old) == (UNPROVED, reason)
    found = judge_failures(gathered(stuck(), stuck()), CELL, nowhere, nowhere)
    assert (found.cause, found.reason) == ("no such key", f"{reason}: no such key")
    assert judged(nowhere, nowhere, (stuck(), stuck(version="2"))) == (DIFFERENT, "fails on both sides, but `version` differs")


def test_where_helm_was_called_its_inputs_must_be_equal() -> None:
    good, waiting = side(), side(run("template", call("template", A, "--wait"), call(of=B)))
    unknown = side(run("template", call(chart_digest=""), call(of=B)))
    other = side(run("template", call(chart_digest="", chart="x/y"), call(of=B)))
    assert judged(sides=(good, good))[0] is EQUAL
    assert judged(sides=(good, waiting)) == (DIFFERENT, "fails on both sides, but arguments")
    assert judged(sides=(unknown, unknown))[0] is EQUAL
    assert judged(sides=(unknown, other)) == (DIFFERENT, "fails on both sides, but chart")
    both = run("template", call("template", A, "--wait", chart_digest=""), call(of=B))
    assert judged(sides=(unknown, side(both))) == (DIFFERENT, "fails on both sides, but arguments")
    assert judged(sides=(good, stuck(version="2"))) == (DIFFERENT, "fails on both sides, but `version` differs")
    assert judged(sides=(stuck(version="2"), good)) == (DIFFERENT, "fails on both sides, but `version` differs")


MORE: Mapping[str, Content] = {
    **FILES,
    "c/templates/x.yaml": "x",
    "other/Chart.yaml": "name: c\n",
    "other/templates/x.yaml": "y",
    "again/Chart.yaml": "name: c\n",
    "again/templates/x.yaml": "x",
    "b.yaml": "x: 1\n",
    "d.yaml": "x: 2\n",
    "p.sh": ("run", Mode.EXECUTABLE),
    "q.sh": ("run", Mode.EXECUTABLE),
    "r.sh": "run",
    "v/b.yaml": "x: 1\n",
    "w/b.yaml": "x: 1\n",
    "w/d.yaml": "x: 2\n",
}


def behind(old: Mapping[str, object], new: Mapping[str, object], **changes: Any) -> str:  # noqa: ANN401  (fields of Gathered)
    """What differs behind an equal failure; empty if nothing does."""
    sides = stuck(files=MORE, **old), stuck(files=MORE, **new)
    verdict, reason = judged(sides=sides, **changes)
    assert verdict in (EQUAL, DIFFERENT, UNPROVED)
    return "" if verdict is EQUAL else reason.removeprefix("fails on both sides, but ").removeprefix("fails on both sides, and ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {"digest": "others"}, "the environment's values differ"),
        ({}, {"chart": "./other"}, "the chart differs"),
        ({}, {"chart": "./again"}, ""),
        ({}, {"chart": "up/c"}, "the chart differs"),
        ({"chart": "up/c"}, {"chart": "./c"}, "the chart differs"),
        ({"chart": "up/c"}, {"chart": "up/c"}, ""),
        ({"chart": "up/c"}, {"chart": "up/d"}, "the chart differs"),
        ({"chart": "../../out"}, {"chart": "../../out"}, ""),
        ({}, {"version": "1"}, "`version` differs"),
        ({"version": ""}, {}, ""),
        ({"set": []}, {}, ""),
        ({"postRenderer": "p.sh"}, {"postRenderer": "q.sh"}, ""),
        ({"postRenderer": "p.sh"}, {"postRenderer": "r.sh"}, "`postRenderer` differs"),
        ({"postRenderer": "p.sh"}, {}, "`postRenderer` differs"),
        ({"postRenderer": "cat"}, {"postRenderer": "cat"}, ""),
        ({"postRenderer": "cat"}, {"postRenderer": "tac"}, "`postRenderer` differs"),
        ({"set": [{"name": "a", "file": "b.yaml"}]}, {"set": [{"name": "a", "file": "v/b.yaml"}]}, ""),
        ({"set": [{"name": "a", "file": "b.yaml"}]}, {"set": [{"name": "a", "file": "d.yaml"}]}, "`set` differs"),
        ({"set": [{"name": "a", "value": 1}]}, {"set": [{"name": "a", "value": "1"}]}, "`set` differs"),
        ({"set": [{"name": "a", "value": 1}]}, {"set": [{"name": "a", "value": True}]}, "`set` differs"),
        ({"missingFileHandler": "Warn"}, {}, "`missingFileHandler` differs"),
        ({"createNamespace": False}, {}, "`createNamespace` differs"),
        ({"values": ["b.yaml"]}, {"values": ["v/b.yaml"]}, ""),
        ({"values": ["b.yaml"]}, {"values": ["d.yaml"]}, "the values files differ"),
        ({"values": ["b.yaml", "d.yaml"]}, {"values": ["d.yaml", "b.yaml"]}, "the values files differ"),
        ({"values": ["b.yaml"]}, {"values": ["b.yaml", "d.yaml"]}, "the values files differ"),
        ({"values": ["b.yaml"]}, {"values": []}, "the values files differ"),
        ({"values": None}, {"values": []}, ""),
        ({"values": [{"a": 1}]}, {"values": [{"a": 1}]}, ""),
        ({"values": [{"a": 1}]}, {"values": [{"a": "1"}]}, "the values files differ"),
        ({"values": [{"a": 1}]}, {"values": ["b.yaml"]}, "`values` has a file on one side and what may be the same on the other"),
        ({"values": ["b.yaml"]}, {"values": [{"a": 1}]}, "`values` has a file on one side and what may be the same on the other"),
        ({"values": ["gone.yaml"]}, {"values": ["x/gone.yaml"]}, ""),
        ({"values": ["gone.yaml"]}, {"values": ["lost.yaml"]}, "the values files differ"),
        ({"values": ["gone.yaml"]}, {"values": ["b.yaml"]}, "the values files differ"),
        ({"values": ["https://h/x.yaml"]}, {"values": ["https://h/x.yaml"]}, ""),
        ({"values": ["https://h/x.yaml"]}, {"values": ["https://i/x.yaml"]}, "the values files differ"),
        ({"values": ["https://h/x.yaml"]}, {"values": ["x.yaml"]}, "the values files differ"),
        ({"values": ["x.yaml"]}, {"values": ["https://h/x.yaml"]}, "the values files differ"),
        ({"values": ["v/*.yaml"]}, {"values": ["v/b.yaml"]}, ""),
        ({"values": ["v/?.yaml"]}, {"values": ["v/[b].yaml"]}, ""),
        ({"values": ["v/*.yaml"]}, {"values": ["w/*.yaml"]}, "the values files differ"),
        ({"values": ["*.yaml"]}, {"values": ["w/*.yaml"]}, "the values files differ"),
        ({"values": ["b.yaml"], "valuesPathPrefix": "v/"}, {"values": ["w/b.yaml"]}, ""),
        ({"values": ["d.yaml"], "valuesPathPrefix": "w/"}, {"values": ["b.yaml"]}, "the values files differ"),
        ({"secrets": ["d.yaml"], "values": [], "valuesPathPrefix": "w/"}, {"secrets": ["w/d.yaml"], "values": []}, ""),
        ({"secrets": ["b.yaml"]}, {"secrets": ["d.yaml"]}, "the secrets files differ"),
        ({"jsonPatches": ["b.yaml"], "valuesPathPrefix": "w/"}, {"jsonPatches": ["b.yaml"], "valuesPathPrefix": "w/"}, ""),
        ({"jsonPatches": ["b.yaml"]}, {"jsonPatches": ["d.yaml"]}, "the jsonPatches files differ"),
        ({"transformers": ["b.yaml"]}, {}, "the transformers files differ"),
        ({"strategicMergePatches": ["b.yaml"]}, {"strategicMergePatches": ["d.yaml"]}, "the strategicMergePatches files differ"),
        ({"values": ["../../out.yaml"]}, {"values": ["../../out.yaml"]}, ""),
    ],
)  # fmt: skip
def test_what_surrounds_a_failing_release_is_compared(old: Mapping[str, object], new: Mapping[str, object], said: str) -> None:
    assert behind(old, new) == said


@pytest.mark.parametrize(
    ("files", "same"),
    [
        ({"c/templates/x.yaml": "y"}, False),
        ({"c/templates/more.yaml": "x"}, False),
        ({"c/more.txt": "x"}, False),
        ({"c/crds/x.yaml": "x"}, False),
        ({"c/values.yaml": "x"}, False),
    ],
)
def test_every_file_of_the_chart_counts_on_the_new_side(files: Mapping[str, Content], same: bool) -> None:
    old, new = {**MORE}, {**MORE, **files}
    assert (judged(sides=(stuck(files=old), stuck(files=new)))[0] is EQUAL) is same


def test_files_of_a_chart_that_helm_does_not_reach_may_be_left_behind() -> None:
    for name, same in (("README.md", True), ("templates/y.yaml", False), ("charts/d/Chart.yaml", False), (".helmignore", False)):
        old = {**MORE, f"c/{name}": "x"}
        assert (judged(sides=(stuck(files=old), stuck(files=MORE)))[0] is EQUAL) is same
    mode = {**MORE, "c/templates/x.yaml": ("x", Mode.EXECUTABLE)}
    assert judged(sides=(stuck(files=mode), stuck(files=MORE)))[0] is DIFFERENT


def blob(files: Mapping[str, Content], path: str) -> str:
    return side(files=files).tree.entries[path].oid  # type: ignore[index] # a RepoPath is a str


def test_a_chart_that_was_fetched_is_compared_with_what_the_new_tree_holds() -> None:
    files = {"Chart.yaml": blob(MORE, "c/Chart.yaml"), "templates/x.yaml": blob(MORE, "c/templates/x.yaml")}
    asked = {Address("up/c", "1", False): files}
    remote: dict[str, object] = {"chart": "up/c", "version": "1"}
    assert behind(remote, {"version": "2"}, fetched=asked) == ""
    assert behind(remote, {"version": "2"}) == "the chart differs"
    assert behind(remote, {"chart": "./other"}, fetched=asked) == "the chart differs"
    assert behind({**remote, "version": "3"}, {}, fetched=asked) == "the chart differs"
    assert behind({**remote, "historyMax": 3}, {}, fetched=asked) == "`historyMax` differs"


def test_what_an_incomplete_chart_was_given_counts_as_its_own() -> None:
    lacking = {path: text for path, text in MORE.items() if path != "c/templates/x.yaml"}
    sides = stuck(files=lacking), stuck(files=MORE)
    given = {"templates/x.yaml": blob(MORE, "c/templates/x.yaml")}
    assert judged(sides=sides)[0] is DIFFERENT
    assert judged(sides=sides, completed={"c": given})[0] is EQUAL
    assert judged(sides=sides, completed={"other": given})[0] is DIFFERENT
    assert judged(sides=sides, completed={"c": {**given, "charts/more": "x"}})[0] is DIFFERENT


def test_a_release_that_is_not_defined_once_on_each_side_is_no_equal_failure() -> None:
    twice = side(STUCK, states=(state(entry(), entry(), entry(B)),))
    none = side(STUCK, states=(state(entry(B)),))
    for sides in ((stuck(), twice), (twice, stuck()), (stuck(), none), (none, stuck()), (twice, twice), (none, none)):
        assert judged(sides=sides) == (DIFFERENT, "fails on both sides, but the release is not defined once on each side")
    unbuilt = side(STUCK, states=FAIL)
    for sides in ((stuck(), unbuilt), (unbuilt, stuck())):
        assert judged(sides=sides)[0] is DIFFERENT


def test_where_no_environment_loads_the_cause_is_all_there_is() -> None:
    broken = side(STUCK, states=FAIL, listed=FAIL)
    assert judged(sides=(broken, broken))[0] is EQUAL


def test_where_build_fails_the_release_is_compared_as_another_environment_has_it() -> None:
    def two(**settings: Any) -> SideFacts:  # noqa: ANN401  (likewise)
        prod = facts(STUCK, states=(state(entry(**settings), entry(B)),))
        told = side(STUCK, states=FAIL)
        return replace(told, environments={**told.environments, "prod": prod})

    cells = (CELL, CellId("prod", A))
    assert judged(sides=(two(), two()), cells=cells)[0] is EQUAL
    assert judged(sides=(two(), two(version="2")), cells=cells) == (DIFFERENT, "fails on both sides, but `version` differs")
    unknown = UNPROVED, "fails on both sides, and nothing tells what surrounds the release"
    assert judged(sides=(two(), two())) == unknown
    nameless = side(STUCK, states=FAIL)
    assert judged(sides=(nameless, nameless)) == unknown
    away = two()
    away.environments["prod"].states[0].document["releases"].pop(0)  # type: ignore[index] # they load
    assert judged(sides=(two(), away), cells=cells) == unknown
