"""What the plan says of environments that helmfile can't load."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.analyzers.survey import survey
from migrate.flatten.changes import loading
from migrate.flatten.refusals import Subject
from migrate.model.facts import Failure
from migrate.model.findings import Severity
from migrate.model.settings import Settings
from tests.flatten.planning import Planned, planned
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


VENDORED = {
    "helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n",
    "web/Chart.yaml": "name: web\nversion: 1.0.0\ndependencies:\n- {name: sub, version: 1.2.3, repository: 'https://a:b@x.example.org'}\n",
    "web/charts/sub/Chart.yaml": "name: sub\nversion: 1.2.3\n",
}


def test_a_vendored_chart_that_would_be_fetched_again_gets_skip_deps() -> None:
    made = planned(VENDORED)
    (finding,) = made.found("skip-deps-added")
    assert (finding.severity, finding.where()) == (Severity.CHANGE, "helmfile.yaml:2")
    assert "sub from https://x.example.org" in finding.message
    assert "skipDeps: true" in made.entry_text("web")


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  skipDeps: false\n"}, Settings()),
        ({"helmfile.yaml": "helmDefaults:\n  skipDeps: false\nreleases:\n- name: web\n  chart: ./web\n"}, Settings()),
        ({"web/charts/sub/Chart.yaml": "name: sub\nversion: 1.2.4\n"}, Settings()),
        ({}, Settings(offline=False)),
    ],
)
def test_skip_deps_is_not_added_against_what_is_said_or_without_the_dependency(files: dict[str, str], settings: Settings) -> None:
    made = planned({**VENDORED, **files}, settings)
    assert not made.found("skip-deps-added")
    assert "skipDeps: true" not in made.text


REPOSITORIES = """\
repositories:
- name: stable # 안정
  url: https://charts.example.org/stable/
- name: oci
  url: registry.example.org
  oci: true
"""


def with_repositories(files: Mapping[str, str], settings: Settings | None = None) -> Planned:
    return planned({**files, "helmfile.yaml": REPOSITORIES + VENDORED["helmfile.yaml"]}, settings)


PLAIN = {"web/Chart.yaml": "name: web\nversion: 1.0.0\n"}


def test_a_repository_that_nobody_needs_is_left_out_and_its_comment_stays() -> None:
    made = with_repositories(PLAIN)
    (finding,) = made.found("repository-left-out")
    assert (finding.severity, finding.where()) == (Severity.CHANGE, "helmfile.yaml:2")
    assert "  - name: stable" not in made.text
    assert "  - name: oci" in made.text
    assert "# 안정" in made.text


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (PLAIN, Settings(offline=False)),
        (
            {
                "web/Chart.yaml": VENDORED["web/Chart.yaml"].replace(
                    "https://a:b@x.example.org", "https://charts.example.org/stable"
                )
            },
            None,
        ),
        ({"web/Chart.yaml": VENDORED["web/Chart.yaml"].replace("https://a:b@x.example.org", "@stable")}, None),
    ],
)
def test_a_repository_that_is_needed_or_wanted_stays(files: Mapping[str, str], settings: Settings | None) -> None:
    made = with_repositories(files, settings)
    assert not made.found("repository-left-out")
    assert "  - name: stable" in made.text
