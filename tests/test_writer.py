"""The writer: the tree of a plan, the same as the last commit's of its chain; what does not fit is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.errors import StalePlan
from migrate.model.edits import Edit
from migrate.model.phases import SUB_ISSUES
from migrate.model.record import Record
from migrate.model.tree import Tree
from migrate.operations import Rewrite
from migrate.plan_json import plan_digest
from migrate.writer import apply_to, commits
from tests.fixtures.cases.case import repository
from tests.flatten.planning import planned

MADE = planned(repository("api", "web"))


def files(tree: Tree) -> dict[str, tuple[str, bytes]]:
    return {path: (tree.entries[path].mode.value, tree.read(path)) for path in tree}


def test_legacy_files_stay_and_copies_are_equal() -> None:
    new = apply_to(MADE.plan, MADE.tree)
    assert files(MADE.tree).items() <= files(new).items()
    assert all(new.entries[old] == new.entries[target] for old, target in MADE.plan.copies)


def test_the_new_tree_remembers_its_migration() -> None:
    new = apply_to(MADE.plan, MADE.tree)
    record = Record.from_json(new.text(MADE.plan.record_path), "record")
    assert (record.base, record.plan_digest) == (MADE.tree.commit, plan_digest(MADE.plan))
    assert record.copies == tuple(sorted(MADE.plan.copies))
    assert {*record.created, *(target for _, target in record.copies)} == set(new) - set(MADE.tree)


def test_the_last_commit_has_exactly_the_tree_of_the_plan() -> None:
    chain = commits(MADE.plan, MADE.tree, "BE-384")
    assert files(chain[-1].tree) == files(apply_to(MADE.plan, MADE.tree))
    assert chain[0].parents == (MADE.tree.commit,)


def test_every_commit_names_issue_plan_and_base_and_its_subject_is_conventional() -> None:
    for commit in commits(MADE.plan, MADE.tree, "BE-384"):
        subject, *_, trailers = commit.message.strip().replace("\n\n", "\0").split("\0")
        assert subject.split(":")[0].split("(")[0] in {"refactor", "chore", "feat", "ci", "docs"}
        assert "Issue: BE-384" in trailers.split("\n")
        assert f"Migrate-Plan: {plan_digest(MADE.plan)}" in trailers.split("\n")
        assert f"Migrate-Base: {MADE.tree.commit}" in trailers.split("\n")


def test_content_commits_are_one_a_sub_issue() -> None:
    titles = [title for _, title in SUB_ISSUES.values()]
    subjects = [c.message.split("\n")[0].partition(": ")[2] for c in commits(MADE.plan, MADE.tree, "")]
    scripts = ["chart download script", "the one helmfile.yaml", "validation script", "offline environment test"]
    assert [s for s in subjects if s in titles] == scripts


def test_a_plan_for_another_base_is_refused() -> None:
    with pytest.raises(StalePlan, match="was made for"):
        apply_to(replace(MADE.plan, base="1" * 40), MADE.tree)


def test_a_plan_that_does_not_fit_the_tree_is_refused() -> None:
    source, _ = MADE.plan.copies[0]
    mode = MADE.tree.entries[source].mode
    rewrite = Rewrite(source, (Edit(0, b"not there", b""),), "", 1)
    cases = [
        (MADE.plan, MADE.tree.changed({}, drop=frozenset([source]))),
        (MADE.plan, MADE.tree.changed({MADE.plan.new_state: (mode, b"x")})),
        (replace(MADE.plan, operations=(rewrite,)), MADE.tree),
    ]
    for plan, tree in cases:
        with pytest.raises(StalePlan, match="does not fit"):
            apply_to(plan, tree)
