"""Each case of tests/fixtures/cases gives exactly the finding that it was made for, where it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import MigrateError, NoHelmfile, NotARepository
from migrate.model.findings import Finding, Severity
from migrate.model.settings import Settings
from migrate.pipeline import World, make_plan, take_inventory
from migrate.system.git import open_repository
from migrate.system.helmfile import Sides
from migrate.system.toolbox import ToolPair
from tests.fixtures.cases import CASES, CLEAN, Case, write_case

RAISED: dict[str, type[MigrateError]] = {
    "no-helmfile": NoHelmfile,
    "not-a-repository": NotARepository,
}
"""slugs of refusals that are raised, not found"""


def findings_of(case: Case, folder: Path, pair: ToolPair) -> tuple[Finding, ...]:
    repository = open_repository(write_case(case, folder))
    sides = Sides(pair.helmfile.path, pair.helm.path) if case.may_run else None
    world = World(repository, sides, lambda *_: None)
    stock = take_inventory(world, "HEAD", Settings())
    return make_plan(world, stock, Settings(), measure=False).findings


def test_the_clean_case_has_nothing_in_the_way(tmp_path: Path, tools: ToolPair) -> None:
    found = findings_of(CLEAN, tmp_path, tools)
    assert [f for f in found if f.severity is Severity.BLOCKING] == []


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_found_where_it_stands(name: str, tmp_path: Path, tools: ToolPair) -> None:
    case = CASES[name]
    if case.slug in RAISED:
        with pytest.raises(RAISED[case.slug]) as caught:
            findings_of(case, tmp_path, tools)
        assert caught.value.slug == case.slug
        return
    found = findings_of(case, tmp_path, tools)
    places = {(finding.slug, finding.path, finding.line): finding for finding in found}
    assert (case.slug, case.path, case.line) in places, "\n".join(f"{f.slug} {f.where()} {f.message}" for f in found)
    assert places[case.slug, case.path, case.line].severity.value == case.severity
