"""What a proof says beside its cells and claims: what was left out, believed, or named in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from migrate.claims.side_facts import SideFacts
from migrate.model.chart_lock import ChartPlaces
from migrate.model.facts import CellId, Failure
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.settings import Unproved
from migrate.ports import SideFactory
from migrate.prover import judge, prove
from tests.claims import small_platform
from tests.claims.told import CELL, FILES, OTHER, STATE, STOP, A, B, call, case, entry, facts, gathered, run, side, state
from tests.claims.told_sides import NEW_STATE, ToldSide, ToldSides, case_of, sides_of


def proved(old: ToldSide, new: ToldSide, modern: ToldSide | None = None, **changes: Any) -> Proof:  # noqa: ANN401  (of ProofCase)
    sides = ToldSides(old, new, modern, changes.pop("network", "no way to cut it"))
    return prove(case_of(old, new, **changes), cast(SideFactory, sides), lambda *_: None)


def names(proof: Proof) -> set[str]:
    return {claim.claim for claim in proof.claims}


def test_what_could_not_be_looked_at_is_told() -> None:
    old, new = sides_of()
    modern = ToldSide(SideFacts(new.tree, NEW_STATE, {"dev": facts()}), "modern")
    without, complete = proved(*sides_of()), proved(old, new, modern, offline=True, network="")
    assert without.left_out == (
        "loads_on_current: helmfile 1.x is not installed",
        "renders_offline: migrate.yaml says `offline: false`",
    )
    assert not complete.left_out
    assert names(complete) - names(without) == {"loads_on_current", "renders_offline"}
    assert (complete.base, complete.branch, dict(complete.tools)) == (
        "base",
        "branch",
        {"helmfile": "0.1", "modern helmfile": "1.0"},
    )
    both = ToldSide(SideFacts(side().tree, STATE, {"dev": facts()}), "old")
    assert "loads_on_current: the new state file comes in a later phase" in proved(both, both).left_out


def test_the_claim_on_variables_is_made_where_they_are_read() -> None:
    assert "variables_equal" not in names(proved(*sides_of()))
    assert "variables_equal" in names(proved(*sides_of(files={**FILES, STATE: '# {{ env "WORD" }}\n'})))


def test_every_claim_is_made() -> None:
    always = {
        *("inputs_equal", "renders_equal", "deploys_equal", "order_kept", "values_equal", "hooks_equal", "comments_kept"),
        *("every_file_has_a_verdict", "bytes_kept", "references_resolve", "no_stale_mentions", "syntax_kept", "commands_equal"),
    }
    both = gathered(side(), side())
    assert names(judge(both)) == always
    places = ChartPlaces(RepoPath("charts/versions.lock"), "charts", "charts/external", "charts/custom")
    record = replace(small_platform.record(), created=(RepoPath(places.lock),))
    locking = replace(both, case=replace(both.case, record=record, charts=places))
    assert names(judge(locking)) == always | {"charts_locked"}


def test_what_changes_on_purpose_is_told() -> None:
    vendored = {
        **FILES,
        "c/Chart.yaml": "name: c\nversion: 1.0.0\ndependencies:\n  - {name: d, version: 1.0.0, repository: https://h}\n",
        "c/charts/d/Chart.yaml": "name: d\nversion: 1.0.0\n",
    }
    old = side(files=vendored, states=(state(entry()), state(entry(B))))
    skipping = state(entry(B)), state(entry(skipDeps=True))
    new = side(run("template", call(), failure=STOP), run("sync", call("upgrade")), files=vendored, states=skipping)
    both = gathered(old, new, modern=side(files=vendored, states=skipping))
    assert judge(both).declared_changes == (
        "n/b now before n/a (dev)",
        "dev: n/b fails with this helmfile and not with 1.x, so what that deploys is compared with nothing",
        "n/a is deployed with what charts/ holds, by `skipDeps: true` (dev)",
    )


def test_what_is_believed_of_a_record_is_told() -> None:
    files = {STATE: "", "x": "x", "y": "y", "z": "z", "w": "w"}
    both = gathered(side(files=files), side(files={STATE: "new", "a": "x", "b": "z", "w": "other", "ci/x.sh": "", "f/y": ""}))
    copies = ((RepoPath("x"), RepoPath("a")), (RepoPath("y"), RepoPath("b")))
    removed = tuple(map(RepoPath, ("x", "y", STATE, "z")))
    created = tuple(map(RepoPath, ("w", "ci/x.sh", "f/y", "gone")))
    record = replace(small_platform.record(), edited=(RepoPath("e"),), copies=copies, created=created, removed=removed)
    told = judge(replace(both, case=replace(both.case, record=record, new_state="f/state.yaml")))
    assert told.edited == ("e", "w")
    assert told.removed == ("y", "z")
    assert told.created == ("ci/x.sh",)
    assert (judge(both).edited, judge(both).removed, judge(both).created) == ((), (), ())


def test_an_entry_of_unproved_that_speaks_of_no_cell_is_told() -> None:
    outside = Failure(1, "X is not set")
    stuck = side(run("template", failure=outside))
    good, other = Unproved("n/a", "dev", outside.message, ""), Unproved("n/a", "dev", "other", "")
    both = gathered(stuck, stuck, case=case(stuck, stuck, unproved=(good, other)))
    assert judge(both).unmatched == ("dev/n/a: other",)


def test_cells_and_claims_of_a_sound_pair_are_green() -> None:
    moved = facts(states=(state(entry(), entry(B), source=NEW_STATE),))
    proof = proved(*sides_of(None, {"dev": moved}), environments=("dev",))
    assert {cell.id: cell.verdict.green for cell in proof.cells} == dict.fromkeys(
        (CELL, OTHER, CellId("default", A), CellId("default", B)), True
    )
