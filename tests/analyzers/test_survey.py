"""The whole inventory of the sample platform."""

from __future__ import annotations

import pytest

from migrate.analyzers.survey import Survey
from migrate.model.inventory import ValuesState
from tests.analyzers.surveying import slugs, surveyed
from tests.fixtures import platform
from tests.fixtures.platform import expected


@pytest.fixture(scope="module")
def sample() -> Survey:
    return surveyed(platform.FILES, ignored=[f"environments/{expected.WITHOUT_FILE}/values.yaml"])


def test_releases_are_those_that_are_deployed_in_their_order(sample: Survey) -> None:
    found = [(r.name, r.namespace, r.chart_folder) for r in sample.inventory.releases]
    assert found == [(r.name, r.namespace, r.chart) for r in expected.RELEASES]


def test_environments_are_known_with_the_one_that_has_no_file_and_the_one_that_is_not_registered(sample: Survey) -> None:
    inventory = sample.inventory
    assert {e.name for e in inventory.environments} == {*expected.LOADABLE, expected.WITHOUT_FILE}
    absent = [v.path for e in inventory.environments for v in e.values if v.state is ValuesState.IGNORED]
    assert absent == [f"environments/{expected.WITHOUT_FILE}/values.yaml"]
    assert inventory.unregistered == (f"environments/{expected.UNREGISTERED}",)


def test_values_files_are_known_with_those_that_nothing_reads(sample: Survey) -> None:
    uses = {use.path: use.read_by for use in sample.inventory.values}
    assert all(uses[path] for path in expected.VALUES_FILES if path in uses)  # type: ignore[index]  # paths as plain text
    unused = {path for path, readers in uses.items() if not readers}
    assert set(expected.UNUSED_VALUES_FILES) <= unused


def test_a_survey_of_the_same_tree_is_the_same(sample: Survey) -> None:
    again = surveyed(platform.FILES, ignored=[f"environments/{expected.WITHOUT_FILE}/values.yaml"])
    assert again.inventory == sample.inventory
    assert slugs(sample) == slugs(again)
