"""bytes_kept, judged on two trees told beforehand: copies, links, filters, attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import bytes_kept
from migrate.claims.gathered import Gathered
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, ClaimVerdict
from migrate.model.tree import Mode
from tests.claims import small_platform
from tests.claims.told import case, side
from tests.system.trees import Content

Files = Mapping[str, Content]
TEXT = {"text": "auto"}


def judged(old: Files, new: Files, *copies: tuple[str, str], created: tuple[str, ...] = (), edited: tuple[str, ...] = (), recorded: bool = True, **changes: Any) -> ClaimResult:  # noqa: ANN401, E501  (fields of ProofCase)  # fmt: skip
    """The claim on two trees whose files have one attribute each; `None` for its files in `old_attributes` knows nothing."""
    sides = side(files=old), side(files=new)
    pairs = tuple((RepoPath(a), RepoPath(b)) for a, b in copies)
    written: dict[str, Any] = {"created": tuple(map(RepoPath, created)), "edited": tuple(map(RepoPath, edited))}
    record = replace(small_platform.record(), copies=pairs, **written) if recorded else None
    known = {"old_attributes": dict.fromkeys(old, TEXT), "new_attributes": dict.fromkeys(new, TEXT)}
    told = case(*sides, record=record, **{**known, **changes})
    return bytes_kept.judge(Gathered(told, *sides, {}, (), {}))


def wrong(*given: Any, **named: Any) -> dict[str, str]:  # noqa: ANN401  (as `judged`)
    return {piece.subject: piece.detail for piece in judged(*given, **named).evidence if not piece.holds}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"b": "x"}, None),
        ({"b": "y"}, "other bytes"),
        ({"b": ("x", Mode.EXECUTABLE)}, "mode 100644 became 100755"),
        ({}, "b is missing"),
    ],
)
def test_a_copy_has_the_bytes_and_the_mode_of_its_original(new: Files, said: str | None) -> None:
    assert wrong({"a": "x"}, new, ("a", "b")) == ({"a -> b": said} if said else {})
    assert wrong({}, {"b": "x"}, ("a", "b")) == {"a -> b": "a is missing"}


def test_a_copied_link_leads_to_the_same() -> None:
    old: Files = {"a/l": ("x", Mode.LINK), "a/x": "x"}
    assert wrong(old, {**old, "b/l": ("x", Mode.LINK), "b/x": "x"}, ("a/l", "b/l")) == {}
    assert wrong(old, {**old, "b/l": ("x", Mode.LINK), "b/x": "y"}, ("a/l", "b/l")) == {
        "a/l -> b/l": "a link that leads to something else from its new place"
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (TEXT, TEXT, None),
        (TEXT, {}, "git attributes differ: text"),
        ({}, TEXT, "git attributes differ: text"),
        (TEXT, {"text": "auto", "eol": "crlf"}, "git attributes differ: eol"),
        ({"text": "auto", "eol": "crlf"}, {}, "git attributes differ: eol, text"),
        (None, TEXT, "its git attributes are not known"),
        (TEXT, None, "its git attributes are not known"),
    ],
)
def test_a_copy_has_the_attributes_of_its_original(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None, said: str | None
) -> None:
    attributes = {"old_attributes": {} if old is None else {"a": old}, "new_attributes": {} if new is None else {"b": new}}
    assert wrong({"a": "x"}, {"b": "x"}, ("a", "b"), **attributes) == ({"a -> b": said} if said else {})


FILTERED = {"new_attributes": {"b": {"filter": "lfs"}, "a": TEXT}}
SAID = {"b": "has the filter lfs, so its bytes in the commit are not those of a checkout"}


def test_a_written_file_has_no_filter() -> None:
    for written in ({"created": ("b",)}, {"edited": ("b",)}):
        assert wrong({"a": "x"}, {"a": "x", "b": "y"}, **written, **FILTERED) == SAID
        assert wrong({"a": "x"}, {"a": "x", "b": "x"}, **written, **FILTERED) == SAID
        assert wrong({"a": "x"}, {"a": "x", "b": "y"}, **written) == {}
        unset = {"new_attributes": {"b": {"filter": "unset"}, "a": TEXT}}
        assert wrong({"a": "x"}, {"a": "x", "b": "y"}, **written, **unset) == {}
    assert wrong({"a": "x"}, {"a": "x", "b": "y"}, **FILTERED) == {}


def test_without_a_record_a_new_file_of_new_bytes_has_no_filter() -> None:
    assert wrong({"a": "x"}, {"a": "x", "b": "y"}, recorded=False, **FILTERED) == SAID
    assert "b" not in wrong({"a": "x"}, {"a": "x", "b": "x"}, recorded=False, **FILTERED)
    assert wrong({"a": "x", "b": "z"}, {"a": "x", "b": "y"}, recorded=False, **FILTERED) == {}


RULES = ".gitattributes"


@pytest.mark.parametrize(
    ("old", "new"), [({}, {RULES: "x"}), ({RULES: "x"}, {}), ({RULES: "x"}, {RULES: "y"}), ({}, {f"d/{RULES}": "x"})]
)
def test_where_rules_change_the_files_that_stay_are_checked_out_alike(old: Files, new: Files) -> None:
    before, after = {"d/a": "x", **old}, {"d/a": "x", **new}
    assert wrong(before, after) == {}
    changed = {"new_attributes": {"d/a": {"text": "unset"}}}
    assert wrong(before, after, **changed) == {
        "d/a": "git attributes differ: text",
        "files that stay": "1 files, 1 .gitattributes changed",
    }
    for side_ in ("old_attributes", "new_attributes"):
        unknown = {"files that stay": "a .gitattributes changed, and the attributes of 1 files are not known"}
        assert wrong(before, after, **{side_: {}}) == unknown


def test_rules_of_another_folder_or_the_same_ones_concern_nothing() -> None:
    changed = {"new_attributes": {"d/a": {"text": "unset"}}}
    assert wrong({"d/a": "x"}, {"d/a": "x", f"e/{RULES}": "x"}, **changed) == {}
    assert wrong({"d/a": "x", RULES: "x"}, {"d/a": "x", RULES: "x"}, **changed) == {}
    assert wrong({"d/a": "x"}, {"d/a": "x", "e/other": "x"}, **changed) == {}
    assert wrong({"d/a": "x"}, {"d/a": "y", RULES: "x"}, **changed) == {}


def test_without_a_record_each_new_file_with_known_bytes_is_a_copy_of_the_likeliest() -> None:
    old: Files = {"p/q/x.yaml": "x", "z/r/x.yaml": "x", "zz": "x"}
    result = judged(old, {**old, "n/q/x.yaml": "x", "m": "y"}, recorded=False)
    assert [piece.subject for piece in result.evidence if "->" in piece.subject] == ["p/q/x.yaml -> n/q/x.yaml"]
    assert judged({}, {}, recorded=False).verdict is ClaimVerdict.NOT_CHECKED
