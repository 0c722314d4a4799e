"""What the plan says of environments that helmfile can't load."""

from __future__ import annotations

import pytest

from migrate.analyzers.survey import survey
from migrate.flatten.changes import loading
from migrate.flatten.refusals import Subject
from migrate.model.facts import Failure
from migrate.model.findings import Severity
from migrate.model.settings import Settings
from tests.system.trees import tree_of

ROOT = "environments:\n  prod:\n    values: [prod.yaml]\n---\nreleases:\n- name: web\n  chart: ./web\n"


@pytest.mark.parametrize(
    ("failure", "slug", "severity"),
    [
        (Failure(1, 'map has no entry for key "a"', "helmfile.yaml", 7), "environment-does-not-load", Severity.WARNING),
        (Failure(1, "charts are not fetched: helm pull"), "environment-cant-be-read", Severity.BLOCKING),
    ],
)
def test_a_cause_outside_of_the_commit_is_in_the_way(failure: Failure, slug: str, severity: Severity) -> None:
    surveyed = survey(tree_of({"helmfile.yaml": ROOT}), Settings(), lambda _: frozenset(), "helmfile")
    surveyed = surveyed.with_built({"prod": failure})
    (finding,) = loading(Subject(surveyed.inventory, surveyed.states))
    assert (finding.slug, finding.severity, finding.where()) == (slug, severity, "helmfile.yaml:2")
    assert finding.message.endswith(failure.message)
