"""A stored proof as a value: what is kept, what can be read back, what counts as a difference."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from migrate.errors import BadStoredProof
from migrate.model.facts import CellId, ReleaseId
from migrate.model.proof import Cell, CellVerdict, ClaimResult, Evidence, Proof
from migrate.model.stored_difference import differences, other_commits, other_tools
from migrate.model.stored_proof import ClaimCount, Conditions, StoredProof, lent_digest, stored

VALUE = "hunter2"


def cell(environment: str, name: str, verdict: CellVerdict) -> Cell:
    return Cell(CellId(environment, ReleaseId("", "apps", name)), verdict, f"because of {VALUE}")


def proof(*cells: Cell) -> Proof:
    evidence = (Evidence("a", True, VALUE), Evidence("b", True, VALUE))
    claims = tuple(ClaimResult.of(name, "asserts", evidence) for name in ("renders_equal", "order_kept"))
    return Proof("base", "tip", {"helm": "3.15.3 sha256:aa"}, cells, claims, ("a now before b (prod)",))


CELLS = (cell("dev", "web", CellVerdict.EQUAL), cell("prod", "web", CellVerdict.EQUAL), cell("prod", "api", CellVerdict.ABSENT))
UNDER = Conditions("0.1.0", "settings")


def kept(*cells: Cell, under: Conditions = UNDER) -> StoredProof:
    return stored(proof(*(cells or CELLS)), branch="tip", tree="tree", states=("helmfile.yaml", "new.yaml"), conditions=under)


def test_what_is_written_is_read_back_and_is_sorted_and_small() -> None:
    text = kept(under=Conditions("0.1.0", "s", ("TOKEN",), {"prod": "pbkdf2"}, run_commands=True)).to_json()
    assert StoredProof.from_json(text, "file").to_json() == text
    document = json.loads(text)
    assert list(document) == sorted(document)
    assert text.splitlines().count("}") == 1
    assert (document["cells"], document["claims"]["order_kept"]) == (
        {"dev": {"equal": 1}, "prod": {"absent on both sides": 1, "equal": 1}},
        {"verdict": "holds", "checked": 2, "failing": 0},
    )


def test_sixty_cells_are_a_few_kilobytes() -> None:
    cells = [cell(f"environment{number % 6}", f"release{number}", CellVerdict.EQUAL) for number in range(60)]
    assert len(kept(*cells).to_json()) < 3_000


def test_no_reason_and_no_evidence_is_kept() -> None:
    assert VALUE not in kept().to_json()


def test_a_lent_file_is_kept_as_a_slow_digest_that_says_nothing_across_bases() -> None:
    one, other = lent_digest(b"a: 1\n", "base", "prod"), lent_digest(b"a: 1\n", "another", "prod")
    assert one.startswith("pbkdf2-sha256:600000:")
    assert len({one, other, lent_digest(b"a: 2\n", "base", "prod")}) == 3


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"schema": "migrate/stored/2"}', '{"schema": "migrate/stored/1"}', "null", '{"schema": []}']
)
def test_what_is_no_stored_proof_is_refused(text: str) -> None:
    with pytest.raises(BadStoredProof):
        StoredProof.from_json(text, "file")


def test_a_stored_proof_with_a_field_of_another_kind_is_refused() -> None:
    document = json.loads(kept().to_json())
    for key in ("claims", "cells", "lent", "tools"):
        with pytest.raises(BadStoredProof):
            StoredProof.from_json(json.dumps({**document, key: ["x"]}), "file")


def test_equal_proofs_have_no_difference() -> None:
    assert differences(kept(), kept()) == ()
    assert other_tools(kept(), kept()) == ()


Change = Callable[[StoredProof], StoredProof]

CHANGES: dict[str, Change] = {
    "base: stored": lambda it: replace(it, base="x"),
    "tree of the branch": lambda it: replace(it, tree="x"),
    "branch: stored": lambda it: replace(it, branch="x"),
    "legacy helmfile": lambda it: replace(it, legacy_state="x"),
    "new helmfile": lambda it: replace(it, new_state="x"),
    "holds: stored False": lambda it: replace(it, holds=False),
    "claim order_kept: stored holds, 9 checked": lambda it: replace(
        it, claims={**it.claims, "order_kept": ClaimCount("holds", 9, 0)}
    ),
    "claim gone: stored": lambda it: replace(it, claims={**it.claims, "gone": ClaimCount("holds", 1, 0)}),
    "cells of dev equal: stored 7, now 1": lambda it: replace(it, cells={**it.cells, "dev": {"equal": 7}}),
    "cells of qa equal: stored 1, now none": lambda it: replace(it, cells={**it.cells, "qa": {"equal": 1}}),
    "not the same ones": lambda it: replace(it, cells_digest="x"),
    "declared change: only now": lambda it: replace(it, declared_changes=()),
    "left out: only in the stored proof": lambda it: replace(it, left_out=("x",)),
    "settings": lambda it: replace(it, conditions=replace(it.conditions, settings="x")),
    "variable of passEnv: only in the stored proof: TOKEN": lambda it: replace(
        it, conditions=replace(it.conditions, passed=("TOKEN",))
    ),
    "--env-file prod: stored a file, now nothing lent": lambda it: replace(
        it, conditions=replace(it.conditions, lent={"prod": "x"})
    ),
    "--run-commands": lambda it: replace(it, conditions=replace(it.conditions, run_commands=True)),
}


@pytest.mark.parametrize("words", CHANGES)
def test_anything_that_differs_is_said(words: str) -> None:
    found = differences(CHANGES[words](kept()), kept())
    assert [line for line in found if words in line], found


def test_two_cells_that_change_places_are_seen() -> None:
    swapped = (CELLS[0], cell("prod", "web", CellVerdict.ABSENT), cell("prod", "api", CellVerdict.EQUAL))
    assert differences(kept(), kept(*swapped)) == ("cells: as many of each verdict, but not the same ones",)


def test_other_tools_and_more_claims_are_said_and_no_difference() -> None:
    before = replace(kept(), tools={"helm": "3.9.0 sha256:bb"}, conditions=replace(UNDER, migrate="0.0.1"))
    before = replace(before, claims={name: claim for name, claim in before.claims.items() if name != "order_kept"})
    assert differences(before, kept()) == ()
    assert other_tools(before, kept()) == (
        "tool helm: stored 3.9.0 sha256:bb, now 3.15.3 sha256:aa",
        "tool migrate: stored 0.0.1, now 0.1.0",
        "claim order_kept: only judged now, and holds",
    )


def test_a_new_claim_that_fails_is_a_difference() -> None:
    before = replace(kept(), claims={})
    now = replace(kept(), claims={"new_one": ClaimCount("fails", 3, 1)})
    assert differences(before, now) == ("claim new_one: stored none, now fails, 3 checked, 1 failing",)


def test_the_tip_counts_only_where_the_stored_proof_could_name_it() -> None:
    assert other_commits(replace(kept(), branch=""), "base", "elsewhere", "tree", ("helmfile.yaml", "new.yaml")) == ()
    assert other_commits(kept(), "base", "elsewhere", "tree", ("helmfile.yaml", "new.yaml")) == (
        "branch: stored tip, now elsewhere",
    )
