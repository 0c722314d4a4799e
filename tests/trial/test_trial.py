"""Planted faults against the real tools: all of them caught, and missed if the claim that has to see them is blind."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.claims import Claim
from migrate.claims.gathered import Gathered
from migrate.measuring import gather
from migrate.model.planted import SelfTest
from migrate.plant import KINDS
from migrate.report.planted_json import planted_data
from migrate.report.planted_text import planted_text
from migrate.trial import try_faults
from migrate.trial.looks import NAMED
from tests.claims import small_platform
from tests.claims.conftest import RememberingSides, quiet, sides
from tests.claims.small_platform import new_files, tree

__all__ = ["sides"]


@pytest.fixture(scope="module")
def healthy(sides: RememberingSides) -> Gathered:
    return gather(small_platform.case(), sides, quiet)


def tried(healthy: Gathered, sides: RememberingSides, count: int, *kinds: str, blind: str = "", seed: int = 1) -> SelfTest:
    claims: Mapping[str, Claim] = {name: claim for name, claim in NAMED.items() if name != blind}
    chosen = {kind: KINDS[kind] for kind in kinds or KINDS}
    return try_faults(healthy, sides, small_platform.attributes, quiet, count=count, seed=seed, claims=claims, kinds=chosen)


@pytest.fixture(scope="module")
def everything(healthy: Gathered, sides: RememberingSides) -> SelfTest:
    return tried(healthy, sides, 2 * len(KINDS))


def test_faults_of_every_kind_are_caught(everything: SelfTest) -> None:
    assert {one.fault.kind for one in everything.tried} == KINDS.keys()
    assert [f"{one.fault.where}: {one.fault.wording}" for one in everything.missed] == []
    assert everything.holds


def test_a_claim_that_had_to_see_a_fault_is_among_those_that_fail(everything: SelfTest) -> None:
    for one in everything.tried:
        assert one.fault.expected.intersection(one.failing), one.fault.wording


def test_the_planter_names_claims_that_there_are(everything: SelfTest) -> None:
    """It knows them by name alone, for it shares no code with them."""
    assert {name for one in everything.tried for name in one.fault.expected} <= NAMED.keys()


def test_no_whole_proof_is_needed_for_them(everything: SelfTest) -> None:
    assert [one.fault.wording for one in everything.tried if one.seen_by == "whole proof"] == []


def test_the_second_witness_sees_objects_without_the_first(healthy: Gathered, sides: RememberingSides) -> None:
    test = tried(healthy, sides, 4, "object", "container", blind="inputs_equal")
    assert test.holds
    assert all("renders_equal" in one.failing for one in test.tried)


def test_a_blind_claim_lets_its_faults_be_missed(healthy: Gathered, sides: RememberingSides) -> None:
    test = tried(healthy, sides, 1, "hook", blind="hooks_equal")
    assert not test.holds
    assert [one.fault.kind for one in test.missed] == ["hook"]
    assert [one.seen_by for one in test.tried] == [""]


def test_claims_on_files_do_not_count_for_what_is_rendered(healthy: Gathered, sides: RememberingSides) -> None:
    """Without its witnesses an environment's value would still be seen as other bytes of a copy; that is not enough."""
    claims = {name: claim for name, claim in NAMED.items() if name in ("bytes_kept", "every_file_has_a_verdict")}
    test = try_faults(
        healthy,
        sides,
        small_platform.attributes,
        quiet,
        count=1,
        seed=1,
        claims=claims,
        kinds={"environment": KINDS["environment"]},
    )
    assert test.missed
    assert "bytes_kept" in test.tried[0].failing


def test_a_look_that_finds_fault_with_the_healthy_tree_is_no_witness(sides: RememberingSides) -> None:
    environment = "helmfile/environments/dev.yaml"
    sick = small_platform.case(new=tree({**new_files(), environment: new_files()[environment] + "more: 1\n"}))
    test = tried(gather(sick, sides, quiet, only="dev"), sides, 1, "environment")
    assert [one.seen_by for one in test.tried] == ["whole proof"]


def test_the_reports_name_what_was_missed_and_the_seed(healthy: Gathered, sides: RememberingSides) -> None:
    test = tried(healthy, sides, 1, "comment", blind="comments_kept", seed=5)
    text, data = planted_text(test), planted_data(test)
    assert "MISSED comment: " in text
    assert "has to fail: comments_kept" in text
    assert "1 faults planted, each alone: 0 caught, 1 missed" in text
    assert "`--plant 1 --seed 5` plants the same" in text
    assert (data["schema"], data["seed"], data["holds"]) == ("migrate/plant/1", 5, False)
    assert [fault["caught"] for fault in data["faults"]] == [False]


def test_a_kind_without_a_place_is_told_as_such(healthy: Gathered, sides: RememberingSides) -> None:
    test = SelfTest(1, 10, ("hook", "mode"), tried(healthy, sides, 1, "mode").tried)
    lines = planted_text(test, verbose=True).splitlines()
    assert any(line.split() == ["hook", "no", "place"] for line in lines)
    assert any(line.startswith("caught mode: ") for line in lines)
    assert "(10 were asked for; there is no place for more)" in planted_text(test)
    assert not SelfTest(1, 10, ("hook",), ()).holds
