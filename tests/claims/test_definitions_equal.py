"""deploys_equal judged on definitions told beforehand: settings that no argument shows, labels, repositories, missing files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import deploys_equal
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import CellId, Failure, ReleaseId
from tests.claims import small_platform
from tests.claims.test_deploys_equal import SYNC, TEMPLATE, A, B, failing, side


def defined(**settings: object) -> SideFacts:
    """A side whose `a` has these settings."""
    return side(TEMPLATE, SYNC, releases=[{"name": "a", **settings}, {"name": "b"}])


JUDGED = frozenset(("namespace", "kubeContext", "chart", "labels", "values", "secrets"))
A_FILE = {"values": ["x.yaml"]}
"""What names the release, or is compared in its own way here."""
GONE, NOT_THERE = ("a.yaml", "b.yaml", "c.yaml", "d.yaml"), "of values files that are not there, nothing on the new side"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {"installed": True}, ""),
        ({}, {"installed": False}, "`installed` differs"),
        ({"installed": False}, {}, "`installed` differs"),
        ({"installed": False}, {"installed": False}, ""),
        ({}, {"condition": "a.enabled"}, "`condition` differs"),
        ({}, {"wait": False}, ""),
        ({}, {"wait": True}, "`wait` differs"),
        ({"timeout": 1}, {"timeout": True}, "`timeout` differs"),
        ({"timeout": 1}, {"timeout": 1.0}, "`timeout` differs"),
        ({"skipDeps": True}, {}, "`skipDeps` differs"),
        ({}, {"skipDeps": True}, "`skipDeps` differs"),
        ({}, {"installed": False, "wait": True}, "`installed` differs, `wait` differs"),
        ({"labels": {"x": "1"}}, {}, "label `x` is lost"),
        ({}, {"labels": {"x": "1"}}, "label `x` is new"),
        ({"labels": {"x": "1"}}, {"labels": {"x": "2"}}, "label `x` has another value"),
        ({"labels": None}, {"labels": {}}, ""),
        ({}, {"labels": {"tier": "x"}}, "label `tier` is new"),
        ({"values": ["gone.yaml"]}, {}, "names gone.yaml of values files that are not there, nothing on the new side"),
        ({}, {"values": ["gone.yaml"]}, "names nothing of values files that are not there, gone.yaml on the new side"),
        ({"values": ["gone.yaml"]}, {"values": ["gone.yaml"]}, ""),
        ({"values": ["d.yaml", "b.yaml", "c.yaml", "a.yaml"]}, {}, f"names {', '.join(GONE)} {NOT_THERE}"),
        ({"secrets": ["x.yaml"]}, {"secrets": ["./x.yaml"]}, ""),
        ({"chart": "up/c"}, {"chart": "./c", "skipDeps": True}, ""),
        ({"chart": "up/c"}, {"chart": "./c", "wait": True}, "`wait` differs"),
        ({"chart": "up/c", "skipDeps": True}, {"chart": "./c"}, "`skipDeps` differs"),
        ({"chart": "up/c", "skipDeps": 1}, {"chart": "./c", "skipDeps": True}, "`skipDeps` differs"),
        ({}, dict.fromkeys("fbdace", "x"), ", ".join(f"`{key}` differs" for key in "abcdef")),
        ({"labels": dict.fromkeys("fbdace", "x")}, {}, ", ".join(f"label `{key}` is lost" for key in "abcdef")),
        (A_FILE, {**A_FILE, "missingFileHandler": "Error"}, ""),
        (A_FILE, {**A_FILE, "missingFileHandler": "Warn"}, "`missingFileHandler` differs"),
        ({**A_FILE, "missingFileHandler": "Warn"}, A_FILE, "`missingFileHandler` differs"),
        ({"values": [{"a": 1}]}, {"values": [{"a": 1}], "missingFileHandler": "Warn"}, ""),
        *(({}, {key: "x"}, "") for key in sorted(deploys_equal.ELSEWHERE - JUDGED)),
    ],
)  # fmt: skip
def test_what_no_argument_shows_is_compared_from_the_definitions(
    old: dict[str, object], new: dict[str, object], said: str
) -> None:
    assert failing(defined(**old), defined(**new)) == ([f"dev/a definition: {said}"] if said else [])


def test_where_a_release_goes_may_be_written_in_its_state_file_or_at_the_release() -> None:
    state = side(TEMPLATE, SYNC, namespace="n", environments={"dev": {"kubeContext": "k"}}, releases=[{"name": "a"}])
    own = side(TEMPLATE, SYNC, releases=[{"name": "a", "namespace": "n", "kubeContext": "k"}])
    state, own = (in_dev(told) for told in (state, own))
    case = small_platform.case(state.tree, own.tree, without_record=True)
    for old, new in ((state, own), (own, state)):
        result = deploys_equal.judge(Gathered(case, old, new, {}, (CellId("dev", ReleaseId("k", "n", "a")),), {}))
        assert {piece.subject: piece.detail for piece in result.evidence}["dev/k/n/a definition"] == "equal"


def in_dev(told: SideFacts) -> SideFacts:
    """A side whose states know for which environment they were asked."""
    facts = told.environments["dev"]
    assert not isinstance(facts.states, Failure)
    states = tuple(replace(state, environment="dev") for state in facts.states)
    return replace(told, environments={"dev": replace(facts, states=states)})


def test_a_release_that_is_not_defined_once_on_each_side_fails() -> None:
    twice = side(TEMPLATE, SYNC, releases=[{"name": "a"}, {"name": "a"}, {"name": "b"}])
    none = side(TEMPLATE, SYNC, releases=[{"name": "b"}])
    said = "dev/a definition: defined {} times on the old side, {} on the new side"
    for old, new, counts in (
        (defined(), twice, (1, 2)),
        (twice, defined(), (2, 1)),
        (twice, twice, (2, 2)),
        (defined(), none, (1, 0)),
        (none, defined(), (0, 1)),
    ):
        assert failing(old, new) == [said.format(*counts)]


def test_another_kustomize_binary_is_seen() -> None:
    assert failing(side(TEMPLATE, SYNC, kustomizeBinary="k"), side(TEMPLATE, SYNC)) == [
        "dev/a definition: `kustomizeBinary` differs",
        "dev/b definition: `kustomizeBinary` differs",
    ]


TIERED = replace(small_platform.record(), tiers=((A, "base"),))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {"tier": "base"}, ""),
        ({}, {"tier": "other"}, "label `tier` has another value"),
        ({}, {}, "label `tier` is lost"),
        ({"tier": "own"}, {"tier": "own"}, ""),
        ({"tier": "own"}, {"tier": "base"}, "label `tier` has another value"),
        ({}, {"tier": "base", "more": "x"}, "label `more` is new"),
    ],
)
def test_only_the_label_of_the_record_may_be_added_with_its_value(
    old: dict[str, object], new: dict[str, object], said: str
) -> None:
    sides = defined(labels=old), defined(labels=new)
    case = small_platform.case(sides[0].tree, sides[1].tree, recorded=TIERED)
    cells = tuple(CellId("dev", release) for release in (A, B))
    result = deploys_equal.judge(Gathered(case, *sides, {}, cells, {}))
    wrong = {piece.subject: piece.detail for piece in result.evidence if not piece.holds}
    assert wrong == ({"dev/a definition": said} if said else {})


UP, DOWN = {"name": "up", "url": "https://h.example.org"}, {"name": "down", "url": "https://i.example.org"}


def asking(*repositories: Mapping[str, object], chart: str = "c") -> SideFacts:
    releases = [{"name": "a", "chart": chart}, {"name": "b", "chart": chart}]
    return side(TEMPLATE, SYNC, repositories=list(repositories), releases=releases)


def test_repositories_must_be_the_same_unless_nobody_asks_one_any_more() -> None:
    assert failing(asking(UP), asking(UP)) == []
    assert failing(asking(), asking(UP)) == ["dev: repository up: only on the new side"]
    assert failing(asking(UP), asking()) == []
    assert failing(asking(UP), asking(chart="up/c")) == ["dev: repository up: only on the old side"]
    assert failing(asking(UP), asking({**UP, "url": "x"})) == ["dev: repository up: another specification"]
    assert failing(asking(UP, DOWN), asking(DOWN, UP)) == []
    assert failing(asking(UP), asking(UP, UP)) == []
    assert failing(asking(UP), asking(UP, {**UP, "url": "x"})) == ["dev: repository up: another specification"]
    assert failing(asking(UP, DOWN), asking(DOWN, chart="up/c")) == ["dev: repository up: only on the old side"]


def test_a_template_must_look_for_a_file_that_no_commit_holds_at_the_same_place() -> None:
    def looking(place: str) -> SideFacts:
        told = defined(values=["v.yaml.gotmpl"])
        return replace(told, tree=small_platform.tree({"x.yaml": "", "v.yaml.gotmpl": f'{{{{ readFile "{place}" }}}}\n'}))

    assert failing(looking("one"), looking("one")) == []
    said = "dev/a definition: its templates look for one, on the new side for two, in no commit"
    assert failing(looking("one"), looking("two")) == [said]


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ({}, {"missingFileHandler": "Warn"}, False),
        ({"missingFileHandler": "Warn"}, {}, False),
        ({"missingFileHandler": "Warn"}, {"missingFileHandler": "Warn"}, True),
        ({"missingFileHandler": "Error"}, {}, True),
    ],
)
def test_what_a_state_file_does_about_missing_files_is_compared(old: dict[str, Any], new: dict[str, Any], alike: bool) -> None:
    releases = [{"name": "a", **A_FILE}, {"name": "b"}]
    found = failing(*(side(TEMPLATE, SYNC, releases=releases, **state) for state in (old, new)))
    assert found == ([] if alike else ["dev/a definition: `missingFileHandler` differs"])


def test_a_handler_of_a_release_is_not_that_of_its_state_file() -> None:
    """helmfile 0.166 takes the latter for sub-helmfiles alone."""
    old = side(TEMPLATE, SYNC, releases=[{"name": "a", **A_FILE, "missingFileHandler": "Warn"}, {"name": "b"}])
    new = side(TEMPLATE, SYNC, releases=[{"name": "a", **A_FILE}, {"name": "b"}], missingFileHandler="Warn")
    assert failing(old, new) == ["dev/a definition: `missingFileHandler` differs"]
