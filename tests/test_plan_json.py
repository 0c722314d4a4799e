"""The plan as JSON: read back it is the same, its digest covers what `apply` does, and one edited by hand is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import BadPlanFile, MigrateError
from migrate.model.edits import Edit
from migrate.model.facts import ReleaseId
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.operations import Copy, Create, Operation, Rewrite
from migrate.plan import Plan, Reach
from migrate.plan_json import counts, from_json, plan_digest, to_json
from tests.system.trees import tree_of

TREE = tree_of({"helmfile.yaml": "x", "a/b": "1", "a/c": "2", "한글 x": "3", "d": "4"})
FINDING = Finding("slug", Severity.CHANGE, "a/b", 3, "한글 message", "hint")
PLAN = Plan(
    base=TREE.commit,
    layout_digest="l",
    settings_digest="s",
    root=RepoPath("helmfile.yaml"),
    new_state=RepoPath("helmfile/helmfile.yaml"),
    tier_label="tier",
    record_path=RepoPath("helmfile/.migrate/record.json"),
    merged=(RepoPath("helmfile.yaml"),),
    operations=(
        Copy(RepoPath("a/b"), RepoPath("helmfile/b"), "because", 3),
        Copy(RepoPath("한글 x"), RepoPath("helmfile/한글 x"), "because", 5),
        Create(RepoPath("helmfile/helmfile.yaml"), "releases: []\n", Mode.FILE, "one", 4),
        Rewrite(RepoPath("d"), (Edit(0, b"4", b"\xff5"), Edit(1, b"", b"\r\n")), "edit", 1),
    ),
    stages=((ReleaseId("", "n", "a"),), (ReleaseId("c", "", "b"), ReleaseId("", "", "d"))),
    tiers=((ReleaseId("", "n", "a"), "infrastructure"), (ReleaseId("c", "", "b"), "applications")),
    order_changes=((ReleaseId("", "n", "a"), ReleaseId("c", "", "b")),),
    findings=(FINDING,),
    accepted=((replace(FINDING, line=0), "known"),),
    reach=(Reach("prod", "sync", ("a",), (), "x", "y"),),
)


def test_a_plan_read_back_is_the_same() -> None:
    assert from_json(to_json(PLAN, TREE), "plan.json") == PLAN


def test_the_text_can_be_written_as_a_file_and_is_the_same_each_time() -> None:
    text = to_json(PLAN, TREE)
    assert text.encode().endswith(b"\n")
    assert to_json(from_json(text, "p"), TREE) == text


@given(st.binary(max_size=6), st.binary(max_size=6))
def test_bytes_of_any_kind_survive(old: bytes, new: bytes) -> None:
    plan = replace(PLAN, operations=(Rewrite(RepoPath("d"), (Edit(0, old, new),), "", 1),))
    assert from_json(to_json(plan, TREE).encode().decode(), "p") == plan


CHANGES: tuple[dict[str, Any], ...] = (
    {"base": "1" * 40},
    {"layout_digest": "m"},
    {"settings_digest": "t"},
    {"root": RepoPath("d")},
    {"new_state": RepoPath("helmfile/helmfile.yaml.gotmpl")},
    {"tier_label": "level"},
    {"record_path": RepoPath("r")},
    {"merged": ()},
    {"operations": PLAN.operations[1:]},
    {"operations": (*PLAN.operations[1:], PLAN.operations[0])},
    {"operations": (replace(PLAN.operations[0], reason="other"), *PLAN.operations[1:])},
    {"stages": PLAN.stages[:1]},
    {"order_changes": ()},
    {"findings": ()},
    {"findings": (replace(FINDING, severity=Severity.BLOCKING),)},
    {"accepted": ()},
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_the_digest_changes_with_everything_that_is_done_or_said(change: dict[str, Any]) -> None:
    assert plan_digest(replace(PLAN, **change)) != plan_digest(PLAN)


def test_the_digest_leaves_out_what_was_only_measured() -> None:
    assert plan_digest(replace(PLAN, reach=(), preview=True)) == plan_digest(PLAN)


def edited(**changes: object) -> str:
    return json.dumps(json.loads(to_json(PLAN, TREE)) | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 100_000,
        edited(schema="migrate/plan/2"),
        edited(tierLabel="level"),
        edited(operations=[]),
        edited(operations=[{"kind": "delete", "target": "x"}]),
        edited(root="../x"),
        edited(root=3),
        edited(base="\ud800"),
        edited(digest="0" * 64),
        to_json(PLAN, TREE)[:-3],
    ],
)
def test_what_is_no_plan_or_was_edited_is_refused(text: str) -> None:
    with pytest.raises(BadPlanFile) as caught:
        from_json(text, "plan.json")
    assert "plan.json" in caught.value.message
    assert isinstance(caught.value, MigrateError)


def test_every_tracked_file_has_one_verdict() -> None:
    found = counts(PLAN, TREE)
    assert found["tracked"] == 5 == sum(found[name] for name in ("copied", "merged", "edited", "stays"))
    assert PLAN.stays(TREE) == ("a/c",)


OPERATIONS: st.SearchStrategy[Operation] = st.sampled_from(PLAN.operations)


@given(st.lists(OPERATIONS), st.booleans())
def test_any_plan_read_back_is_the_same(operations: list[Operation], preview: bool) -> None:
    plan = replace(PLAN, operations=tuple(operations), findings=(FINDING,) * len(operations))
    assert from_json(to_json(replace(plan, preview=preview), TREE), "p") == plan
