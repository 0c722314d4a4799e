"""Failures told beforehand whose cause is a file that is not there, or lies outside of the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrate.claims.failures import judge_failures
from migrate.claims.missing import follows, unequal_declarations
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import Failure
from migrate.model.paths import RepoPath
from migrate.model.proof import CellVerdict
from migrate.model.tree import Mode
from tests.claims.test_failing_alike import DIFFERENT, EQUAL, FAIL, PLACE, STUCK, UNPROVED, judged, stuck
from tests.claims.told import CELL, FILES, STATE, case, gathered, side
from tests.system.trees import Content

MISSING = Failure(1, 'no file matching "a/x.yaml"', STATE, 0, missing="a/x.yaml")
MOVED = Failure(1, 'no file matching "b/x.yaml"', STATE, 0, missing="b/x.yaml")


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ({"values": ["a/x.yaml"]}, {"values": ["b/x.yaml"]}, EQUAL),
        ({"values": [{"a": 1}, "a/x.yaml"]}, {"values": [{"a": 1}, "b/x.yaml"]}, EQUAL),
        ({"values": ["a/x.yaml", {"a": 1}]}, {"values": [{"a": 1}, "b/x.yaml"]}, DIFFERENT),
        ({"values": ["a/x.yaml"]}, {"secrets": ["b/x.yaml"]}, DIFFERENT),
        ({"secrets": ["a/x.yaml"]}, {"secrets": ["b/x.yaml"]}, EQUAL),
        ({"values": ["x.yaml"], "valuesPathPrefix": "a/"}, {"values": ["b/x.yaml"]}, EQUAL),
        ({"values": ["../../a/x.yaml"]}, {"values": ["b/x.yaml"]}, DIFFERENT),
    ],
)
def test_a_file_that_is_wanted_and_not_there_is_one_where_the_same_entry_names_it(
    old: Mapping[str, object], new: Mapping[str, object], verdict: CellVerdict
) -> None:
    sides = stuck(**{"values": [], **old}), stuck(**{"values": [], **new})
    assert judged(MOVED, MISSING, sides)[0] is verdict
    for changed in (replace(MOVED, message="other"), replace(MOVED, missing="")):
        assert judged(changed, MISSING, sides)[0] is DIFFERENT
    assert judged(MOVED, replace(MISSING, missing=""), sides)[0] is DIFFERENT
    renamed = replace(MOVED, message='no file matching "b/y.yaml"', missing="b/y.yaml")
    assert judged(renamed, MISSING, (sides[0], stuck(values=["b/y.yaml"])))[0] is DIFFERENT


def test_entries_that_lead_out_are_no_file_that_both_sides_want() -> None:
    sides = stuck(values=["../x.yaml"]), stuck(values=["../x.yaml"])
    assert judged(replace(MOVED, missing=""), replace(MISSING, missing=""), sides)[0] is DIFFERENT


def environments(text: str) -> SideFacts:
    """A side that does not load, for its environment names a file that is not there."""
    return side(STUCK, files={**FILES, STATE: f"environments:\n{text}"}, states=MISSING, listed=MISSING)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("  dev:\n    values: [a/x.yaml]\n", "  dev:\n    values: [b/x.yaml]\n", EQUAL),
        ("  dev:\n    values: ['a/x.yaml']\n", '  dev:\n    values:\n      - "b/x.yaml"\n', EQUAL),
        ("  dev:\n    secrets: [a/x.yaml]\n", "  dev:\n    values: [b/x.yaml]\n", DIFFERENT),
        ("  dev:\n    values: [a/x.yaml]\n", "  dev:\n    values: [c.yaml, b/x.yaml]\n", DIFFERENT),
        ("  dev:\n    values: [a/x.yaml]\n", "  prod:\n    values: [b/x.yaml]\n", DIFFERENT),
        ("  dev:\n    values: [a/x.yaml]\n", "  dev:\n", DIFFERENT),
        ("  dev:\n    values: [a/x.yaml]\n", "  dev: []\n", DIFFERENT),
        ("  dev:\n    values: [a/x.yaml]\n", "  dev:\n    values: ['../../b/x.yaml']\n", DIFFERENT),
        ("  dev:\n    values: [a/x.yaml]\n", "  {{ dev\n", DIFFERENT),
    ],
)
def test_an_environment_s_missing_file_is_one_where_the_same_entry_names_it(old: str, new: str, verdict: CellVerdict) -> None:
    assert judged(MOVED, MISSING, (environments(old), environments(new)))[0] is verdict


@pytest.mark.parametrize(
    ("old", "new", "absent", "verdict"),
    [
        ("a/x.yaml", "b/x.yaml", "b/x.yaml", EQUAL),
        ("a/x.yaml", "c/x.yaml", "b/x.yaml", DIFFERENT),
        ("a/x.yaml", "a/x.yaml", "b/x.yaml", DIFFERENT),
        ("a/dev/x.yaml", "b/dev/x.yaml", "", EQUAL),
        ("a/dev/x.yaml", "a/prod/x.yaml", "", DIFFERENT),
        ("a/x.yaml", "a/prod/x.yaml", "", DIFFERENT),
    ],
)
def test_an_environment_may_not_look_for_the_missing_file_of_another_one(
    old: str, new: str, absent: str, verdict: CellVerdict
) -> None:
    fails = [Failure(1, f'no file matching "{path}"', STATE, 0, missing=path) for path in (old, new)]
    sides = [environments(f"  dev:\n    values: [{path}]\n") for path in (old, new)]
    moves = ((RepoPath(old), RepoPath(absent)),) if absent else ()
    told = case(sides[0], sides[1], absent=moves, environments=("dev", "prod"))
    assert judged(fails[1], fails[0], (sides[0], sides[1]), case=told)[0] is verdict


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("", EQUAL),
        ("    # said\n", EQUAL),
        ("    kubeContext: other\n", DIFFERENT),
        ("    missingFileHandler: Warn\n", DIFFERENT),
        ("    secrets: [s.yaml]\n", DIFFERENT),
    ],
)
def test_an_environment_that_does_not_load_is_declared_alike(more: str, verdict: CellVerdict) -> None:
    sides = environments("  dev:\n    values: [a/x.yaml]\n"), environments(f"  dev:\n    values: [b/x.yaml]\n{more}")
    assert judged(MOVED, MISSING, sides)[0] is verdict


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ("[b/x.yaml, {size: 1, of: [a]}]", EQUAL),
        ("\n    - b/x.yaml\n    - size: 1 # of it\n      of:\n      - a\n", EQUAL),
        ("[b/x.yaml, {size: 2, of: [a]}]", DIFFERENT),
        ("[b/x.yaml, {size: 1, of: {a: }}]", DIFFERENT),
        ("[b/x.yaml]", DIFFERENT),
        ("[b/x.yaml, {size: 1, of: [a]}, more.yaml]", DIFFERENT),
    ],
)
def test_what_an_environment_that_does_not_load_says_itself_is_compared(entries: str, verdict: CellVerdict) -> None:
    old = environments("  dev:\n    values: [a/x.yaml, {size: 1, of: [a]}]\n")
    assert judged(MOVED, MISSING, (old, environments(f"  dev:\n    values: {entries}\n")))[0] is verdict


def test_a_missing_file_may_be_named_by_the_environment() -> None:
    old = Failure(1, 'no file matching "a/dev.yaml"', STATE, 0, missing="a/dev.yaml")
    new = replace(old, message='no file matching "b/dev.yaml"', missing="b/dev.yaml")
    sides = [environments(f"  dev:\n    values: ['{top}/{{{{ .Environment.Name }}}}.yaml']\n") for top in "ab"]
    assert judged(new, old, (sides[0], sides[1]))[0] is EQUAL
    nowhere = replace(new, path="gone.yaml")
    assert judged(nowhere, old, (sides[0], sides[1]))[0] is DIFFERENT


POINTER = "version https://git-lfs.github.com/spec/v1\n"


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({PLACE: POINTER}, "values.yaml is a pointer of git LFS"),
        ({"c/templates/x.yaml": POINTER}, "c/templates/x.yaml is a pointer of git LFS"),
        ({"c/d": ("0" * 40, Mode.SUBMODULE)}, "c/d is a submodule, and its files are in another repository"),
        ({"unrelated.yaml": POINTER}, ""),
        ({"sub": ("0" * 40, Mode.SUBMODULE)}, ""),
        ({"c/templates/x.yaml": "# " + POINTER}, ""),
    ],
)
def test_what_a_checkout_has_and_a_commit_does_not_lies_outside(files: Mapping[str, Content], cause: str) -> None:
    both, plain = stuck(files={**FILES, **files}), stuck()
    assert judged(sides=(both, both))[0] is (UNPROVED if cause else EQUAL)
    found = judge_failures(gathered(both, both), CELL, FAIL, FAIL)
    assert found.cause == (f"{cause}: no such key" if cause else "")
    if cause:
        assert EQUAL not in (judged(sides=(both, plain))[0], judged(sides=(plain, both))[0])


def test_a_cause_outside_may_stand_at_other_places() -> None:
    old, new = (stuck(files={**FILES, f"{name}.yaml": f"{POINTER}{name}"}) for name in "xy")
    assert judged(replace(FAIL, path="y.yaml"), replace(FAIL, path="x.yaml"), (old, new))[0] is UNPROVED


def test_a_file_of_a_submodule_that_is_missing_lies_outside() -> None:
    both = stuck(files={**FILES, "sub": ("0" * 40, Mode.SUBMODULE)})
    for missing, outside in (("sub/x.yaml", True), ("sub", True), ("subway/x.yaml", False), ("", False)):
        fail = replace(FAIL, missing=missing)
        assert (judged(fail, fail, (both, both))[0] is UNPROVED) is outside


def test_a_file_under_a_filter_lies_outside() -> None:
    both = stuck()
    for attributes, outside in (({"filter": "lfs"}, True), ({"filter": "unset"}, False), ({"text": "auto"}, False), ({}, False)):
        for side_ in ("old_attributes", "new_attributes"):
            told = case(both, both, **{"old_attributes": {}, "new_attributes": {}, side_: {PLACE: attributes}})
            assert (judged(case=told)[0] is UNPROVED) is outside


@pytest.mark.parametrize(
    ("content", "asks"), [('{{ env "X" }}', True), ("{{ exec `a` }}", True), ("{{ .Values.environment }}", False)]
)
def test_a_template_that_refuses_and_reads_variables_lies_outside(content: str, asks: bool) -> None:
    both = stuck(files={**FILES, PLACE: content})
    for message in ("error calling fail: no", "error calling required: no"):
        refused = replace(FAIL, message=message)
        assert (judged(refused, refused, (both, both))[0] is UNPROVED) is asks
        nowhere = replace(refused, path="", line=0)
        assert judge_failures(gathered(both, both), CELL, nowhere, nowhere).cause == message
    assert judged(sides=(both, both))[0] is EQUAL


def test_files_that_the_release_names_are_looked_at_wherever_they_stand() -> None:
    for key in ("values", "secrets", "jsonPatches"):
        both = stuck(files={**FILES, "b.yaml": POINTER}, **{key: [{"a": 1}, "b.yaml"]})
        assert judged(sides=(both, both))[0] is UNPROVED


@pytest.mark.parametrize(
    ("environment", "absent", "old", "new", "does"),
    [
        ("dev", (), "env/dev.yaml", "helmfile/env/dev.yaml", True),
        ("dev", (), "env/dev.yaml", "helmfile/env/prod.yaml", False),
        ("dev", (), "env/prod.yaml", "helmfile/env/prod.yaml", True),
        ("site", (), "env/site/x.yaml", "helmfile/env/x.yaml", False),
        ("dev", (("env/dev.yaml", "new/a.yaml"), ("env/prod.yaml", "new/b.yaml")), "env/dev.yaml", "new/a.yaml", True),
        ("dev", (("env/dev.yaml", "new/a.yaml"), ("env/prod.yaml", "new/b.yaml")), "env/dev.yaml", "new/b.yaml", False),
        ("dev", (("env/prod.yaml", "new/b.yaml"),), "env/dev.yaml", "new/dev.yaml", True),
    ],
)
def test_where_the_missing_file_of_an_environment_is_looked_for(
    environment: str, absent: tuple[tuple[str, str], ...], old: str, new: str, does: bool
) -> None:
    known = tuple((RepoPath(before), RepoPath(after)) for before, after in absent)
    asked = replace(case(side(), side()), environments=("dev", "prod"), absent=known)
    assert follows(asked, environment, old, new) is does


DECLARED = "environments:\n  dev:\n    values: [a.yaml, {x: 1}]\n"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (DECLARED, ""),
        (DECLARED.replace("a.yaml", "b.yaml"), "a file of `values` of its environment differs"),
        (DECLARED.replace("a.yaml", "new/a.yaml"), ""),
        (DECLARED.replace("x: 1", "x:  1 "), ""),
        (DECLARED.replace("x: 1", "x: 2"), "`values` of its environment differs"),
        (DECLARED.replace("[a.yaml, ", "["), "`values` of its environment differs"),
        (DECLARED + "    kubeContext: k\n", "`kubeContext` of its environment differs"),
        (DECLARED.replace("dev:", "prod:"), ""),
        ("a: [\n", ""),
    ],
)
def test_what_two_state_files_say_of_an_environment_that_does_not_load(new: str, said: str) -> None:
    old, other = (side(files={**FILES, STATE: text}) for text in (DECLARED, new))
    assert unequal_declarations(case(old, other), (old, other), "dev") == said
    assert unequal_declarations(case(other, old), (other, old), "dev") == said


def test_an_environment_that_one_file_declares_twice_is_not_the_same() -> None:
    once, twice = (side(files={**FILES, STATE: text}) for text in (DECLARED, f"{DECLARED}---\n{DECLARED}"))
    said = "its environment is declared {} times, on the new side {} times"
    assert unequal_declarations(case(once, twice), (once, twice), "dev") == said.format(1, 2)
    assert unequal_declarations(case(twice, once), (twice, once), "dev") == said.format(2, 1)


def test_a_file_that_is_missing_for_another_environment_is_seen_where_no_state_file_declares_either() -> None:
    silent = side(STUCK, states=FAIL, listed=FAIL)
    fails = [Failure(1, "a file is missing", STATE, 0, missing=path) for path in ("env/dev.yaml", "env/prod.yaml")]
    told = case(silent, silent, environments=("dev", "prod"))
    assert judged(fails[0], fails[0], (silent, silent), case=told)[0] is EQUAL
    looked = (DIFFERENT, "its environment looks for env/prod.yaml, on the new side for env/dev.yaml, in no commit")
    assert judged(fails[0], fails[1], (silent, silent), case=told) == looked


def test_of_an_environment_that_loads_on_a_side_other_claims_compare_what_it_names() -> None:
    loads, broken = stuck(), environments("  dev:\n    values: [x.yaml]\n    kubeContext: a\n")
    other = environments("  dev:\n    values: [x.yaml]\n    kubeContext: b\n")
    fails = [Failure(1, "a file is missing", STATE, 0, missing=path) for path in ("env/dev.yaml", "env/prod.yaml")]
    for sides in ((loads, loads), (loads, broken), (broken, loads)):
        assert not judged(fails[0], fails[1], sides, case=case(*sides, environments=("dev", "prod")))[1].startswith(
            "its environment"
        )
    assert judged(fails[0], fails[0], (broken, other))[1] == "fails on both sides, but `kubeContext` of its environment differs"
    told = replace(loads, tree=other.tree, state_file=other.state_file)
    for sides in ((broken, told), (told, other)):
        assert "`kubeContext`" not in judged(fails[0], fails[0], sides)[1]
