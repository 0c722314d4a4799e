"""comments_kept on trees made for it: where each comment has to be, and what is no comment of a helmfile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims.comments_kept import judge
from migrate.claims.gathered import Gathered
from migrate.model.facts import BuiltState, Failure
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult
from tests.claims import small_platform, told
from tests.claims.told import B, entry, side, state, wrong
from tests.system.trees import Content

OLD, NEW = "helmfile.yaml", "flat.yaml"
ROOT = "# top\nenvironments:\n  dev:\n    # e\n    values: [dev.yaml]\nreleases:\n  - name: a\n    # r\n    chart: c\n"
Files = Mapping[str, Content]


def judged(
    old: Files,
    new: Files,
    *,
    states: tuple[tuple[BuiltState, ...] | Failure, tuple[BuiltState, ...] | Failure] | None = None,
    copies: Mapping[str, str] | None = None,
    places: tuple[str, str] = (OLD, NEW),
    **changes: Any,  # noqa: ANN401  (fields of Gathered)
) -> ClaimResult:
    """The claim on two trees; without `copies` there is no record."""
    built = states or tuple((state(entry(), entry(B), source=place),) for place in places)
    sides = [side(files=f, state_file=p, states=s) for f, p, s in zip((old, new), places, built, strict=True)]
    made: Gathered = told.gathered(sides[0], sides[1], **changes)
    if copies is not None:
        paired = tuple((RepoPath(source), RepoPath(target)) for source, target in copies.items())
        made = replace(made, case=replace(made.case, record=replace(small_platform.record(), copies=paired)))
    return judge(made)


def details(result: ClaimResult) -> dict[str, str]:
    return {piece.subject: piece.detail for piece in result.evidence}


def test_every_comment_of_the_state_file_in_its_place_is_kept() -> None:
    assert wrong(judged({OLD: ROOT}, {NEW: ROOT})) == {}
    assert details(judged({OLD: ROOT}, {NEW: ROOT + "x: 1\n"})) == {OLD: f"3 comments in {NEW}"}


@pytest.mark.parametrize(
    ("new", "detail"),
    [
        (ROOT.replace("    # r\n", ""), "1 comments lost: line 8"),
        (ROOT.replace("# top\n", ""), "1 comments lost: line 1"),
        (ROOT.replace("    # r\n", "") + "other:\n  x: 1\n  # r\n", "1 comments stand beside something else: line 8"),
        (ROOT.replace("    # e\n", "") + "other:\n  x: 1\n  # e\n", "1 comments stand beside something else: line 4"),
        (ROOT.replace("# top\n", "") + "other:\n  x: 1\n  # top\n", ""),
        (ROOT.replace("    # r\n", "") + "other: [\n  # r\n", ""),
    ],
)
def test_a_comment_that_is_gone_or_strays_is_seen(new: str, detail: str) -> None:
    assert wrong(judged({OLD: ROOT}, {NEW: new})) == ({OLD: detail} if detail else {})


def test_the_comment_of_an_environment_counts_by_its_place_in_the_root_alone() -> None:
    sub = "apps/helmfile.yaml"
    old = (state(entry()), state(entry(B), source=sub))
    moved = ROOT.replace("    # e\n", "") + "other:\n  x: 1\n  # e\n"
    result = judged({OLD: "releases: []\n", sub: ROOT}, {NEW: moved}, states=(old, (state(entry(), entry(B), source=NEW),)))
    assert wrong(result) == {}


def test_a_comment_of_two_helmfiles_has_to_stand_twice() -> None:
    sub = "apps/helmfile.yaml"
    old = (state(entry()), state(entry(B), source=sub))
    files = {OLD: "# same\na: 1\n", sub: "# same\nb: 1\n"}
    built = old, (state(entry(), entry(B), source=NEW),)
    assert wrong(judged(files, {NEW: "# same\na: 1\n# same\nb: 1\n"}, states=built)) == {}
    assert len(wrong(judged(files, {NEW: "# same\na: 1\nb: 1\n"}, states=built))) == 1


def test_without_a_new_state_file_every_comment_is_lost() -> None:
    assert wrong(judged({OLD: ROOT}, {})) == {OLD: "3 comments lost: line 1, line 4, line 8"}


def test_a_state_file_that_no_commit_holds_has_no_comments() -> None:
    assert details(judged({}, {NEW: ROOT})) == {OLD: f"0 comments in {NEW}"}


def test_a_helmfile_that_is_still_run_keeps_its_own_comments() -> None:
    sub = "apps/helmfile.yaml"
    built = (state(entry()), state(entry(B), source=sub))
    old = {OLD: ROOT, sub: "# sub\nb: 1\n"}
    still = judged(old, dict(old), states=(built, built), places=(OLD, OLD))
    assert details(still) == {OLD: "3 comments in the same file, which is still run",
                              sub: "1 comments in the same file, which is still run"}  # fmt: skip
    assert wrong(still) == {}
    assert wrong(judged(old, {**old, sub: "b: 1\n"}, states=(built, built), places=(OLD, OLD))) == {
        sub: "1 comments lost: line 1"
    }
    flat = judged(old, {**old, NEW: ROOT}, states=(built, (state(entry(), entry(B), source=NEW),)))
    assert wrong(flat) == {sub: "1 comments lost: line 1"}


@pytest.mark.parametrize(
    ("copies", "target", "kept"),
    [
        (None, OLD, True),
        ({OLD: "kept.yaml"}, OLD, True),
        ({"gone.yaml": "more.yaml", OLD: "kept.yaml"}, OLD, True),
        ({"other.yaml": "kept.yaml"}, OLD, False),
        ({OLD: "gone.yaml"}, OLD, False),
    ],
)
def test_a_helmfile_may_be_kept_whole(copies: Mapping[str, str] | None, target: str, *, kept: bool) -> None:
    result = judged({target: ROOT, "other.yaml": "x: 1\n"}, {NEW: "a: 1\n", "kept.yaml": ROOT, "other.yaml": ROOT}, copies=copies)
    said = [piece.detail for piece in result.evidence if piece.subject == OLD]
    assert (said[0] == "3 comments in a copy with equal bytes") is kept
    assert (OLD in wrong(result)) is not kept


def test_a_copy_elsewhere_does_not_keep_the_comments_of_the_file_that_was_rewritten() -> None:
    result = judged({OLD: ROOT}, {OLD: "a: 1\n", "kept.yaml": ROOT}, places=(OLD, OLD))
    assert list(wrong(result)) == [OLD]


@pytest.mark.parametrize(
    ("source", "chart", "is_counted"),
    [
        *[(f"values/x{end}", "c/Chart.yaml", True) for end in (".yaml", ".yml", ".gotmpl")],
        ("values/x.txt", "c/Chart.yaml", False),
        ("c/values.yaml", "c/Chart.yaml", False),
        ("values/x.yaml", "Chart.yaml", True),
    ],
)
def test_comments_of_copied_yaml_are_counted_but_for_those_of_charts(source: str, chart: str, *, is_counted: bool) -> None:
    files: Files = {OLD: "", NEW: "", source: "# one\nx: 1 # two\n", chart: "", "d/Chart.yaml": ""}
    found = details(judged(files, {**files, f"new/{source}": "# one\nx: 1 # two\n"}, copies={source: f"new/{source}"}))
    said = f"1 full-line and 1 trailing comments in new/{source}"
    assert found == {OLD: f"0 comments in {NEW}"} | ({source: said} if is_counted else {})
    lost = judged(files, {**files, f"new/{source}": "# one\nx: 1\n"}, copies={source: f"new/{source}"})
    assert wrong(lost) == ({source: said} if is_counted else {})


def test_a_copied_file_without_comments_or_without_a_source_is_passed_over() -> None:
    files: Files = {OLD: "", NEW: "", "x.yaml": "x: 1\n"}
    assert list(details(judged(files, {**files, "y.yaml": "x: 1\n"}, copies={"x.yaml": "y.yaml", "gone.yaml": "z.yaml"}))) == [
        OLD
    ]


def of_values(values: list[Any], new: Files, *, copied: bool = False) -> ClaimResult:
    """Release `a` with these values on the old side; on the new one it names v/new.yaml."""
    old: Files = {OLD: "", "v/one.yaml": "# one\nx: 1\n# two\ny: 1\n", "v/plain.yaml": "x: 1\n", "v/notes.txt": "# notes\n"}
    before = (state(entry(values=values), entry(B, values=[])),)
    after = (state(entry(values=["v/new.yaml"]), entry(B, values=[]), source=NEW),)
    copies = {"v/one.yaml": "v/new.yaml"} if copied else None
    return judged(old, {**old, NEW: "", **new}, states=(before, after), copies=copies)


@pytest.mark.parametrize(
    ("values", "new", "detail"),
    [
        (["v/one.yaml"], "# one\nx: 1\n# two\ny: 1\n", ""),
        (["v/one.yaml"], "# one\nx: 1\ny: 1\n", "1 comments lost: line 3"),
        (["v/one.yaml"], "# two\nx: 1\n# one\ny: 1\n", "2 comments stand beside something else: line 1, line 3"),
        (["v/plain.yaml", "v/notes.txt", "v/gone.yaml", {"x": 1}], "", ""),
    ],
)
def test_comments_of_a_releases_values_are_in_what_it_names_afterwards(values: list[Any], new: str, detail: str) -> None:
    assert wrong(of_values(values, {"v/new.yaml": new})) == ({"v/one.yaml": detail} if detail else {})


def test_values_that_are_told_copied_are_judged_once_and_those_of_two_releases_too() -> None:
    kept = {"v/new.yaml": "# one\nx: 1\n# two\ny: 1\n"}
    assert [piece.subject for piece in of_values(["v/one.yaml", "v/one.yaml"], kept).evidence].count("v/one.yaml") == 1
    assert details(of_values(["v/one.yaml"], kept))["v/one.yaml"] == "2 comments in v/new.yaml"
    assert [piece.subject for piece in of_values(["v/one.yaml"], kept, copied=True).evidence].count("v/one.yaml") == 1
    assert "v/plain.yaml" not in details(of_values(["v/plain.yaml"], kept))


def of_environments(named: list[str], new: Files, *, loads: bool = True, copied: bool = False) -> ClaimResult:
    """Environment `dev` with these values files on the old side; on the new one it names e/new.yaml, and a missing file."""
    old: Files = {OLD: "", "e/dev.yaml": "# one\nx: 1\n", "e/notes.txt": "# notes\n"}
    before = (state(entry(), entry(B), environments={"dev": {"values": named}}),)
    after = (state(entry(), entry(B), source=NEW, environments={"dev": {"values": ["e/new.yaml", "e/gone.yaml"]}}),)
    copies = {"e/dev.yaml": "e/new.yaml"} if copied else None
    return judged(old, {**old, NEW: "", **new}, states=(before, after if loads else told.STOP), copies=copies)


def test_comments_of_an_environments_values_are_in_what_it_names_afterwards() -> None:
    assert details(of_environments(["e/dev.yaml"], {"e/new.yaml": "# one\nx: 1\n"}))["e/dev.yaml"] == "1 comments in e/new.yaml"
    assert wrong(of_environments(["e/dev.yaml"], {"e/new.yaml": "x: 1\n"})) == {"e/dev.yaml": "1 comments lost: line 1"}
    assert wrong(of_environments(["e/notes.txt", "e/gone.yaml"], {"e/new.yaml": "x: 1\n"})) == {}
    assert wrong(of_environments(["e/dev.yaml"], {"e/new.yaml": "x: 1\n"}, loads=False)) == {}
    copied = of_environments(["e/dev.yaml"], {"e/new.yaml": "# one\nx: 1\n"}, copied=True)
    assert details(copied)["e/dev.yaml"] == "1 full-line and 0 trailing comments in e/new.yaml"


def test_a_tree_made_by_hand_may_still_be_nested() -> None:
    """A comment may stand in any state file that the new one names, beside the same node, and counts once."""
    part = "releases:\n  - name: a\n    # r\n    chart: c\n"
    old, new = {OLD: "# top\n", "apps/x.yaml": part}, {NEW: "# top\n", "new/x.yaml": part, "new/y.yaml": "# r\n"}
    built = tuple(
        (state(source=top), state(entry(), entry(B), source=sub)) for top, sub in ((OLD, "apps/x.yaml"), (NEW, "new/x.yaml"))
    )
    states = built[0], built[1]
    assert wrong(judged(old, {**new, "new/x.yaml": part}, states=states)) == {}
    lost = {**new, "new/x.yaml": part.replace("    # r\n", "")}
    assert wrong(judged(old, lost, states=states)) == {"apps/x.yaml": "1 comments lost: line 3"}
    strayed = {**new, "new/x.yaml": "# r\n" + part.replace("    # r\n", "")}
    assert wrong(judged(old, strayed, states=states)) == {"apps/x.yaml": "1 comments stand beside something else: line 3"}
