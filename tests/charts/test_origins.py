"""Where a chart came from: said by a helmfile, by its comments, by the chart around it; never guessed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.analyzers.survey import survey
from migrate.charts.hints import repository_url
from migrate.flatten.versions_lock import versions_lock
from migrate.layout import layout_of
from migrate.model.chart_lock import ChartLock
from migrate.model.settings import Settings
from migrate.planner import make_plan
from tests.charts.kept import manifest
from tests.system.trees import Content, tree_of

RELEASE = "releases:\n- name: web\n  chart: ./web\n"
REPOSITORIES = "repositories:\n- name: up\n  url: https://charts.example.org/up/\n"
OUT = "#repositories:\n#  - name: up\n#    url: https://charts.example.org/up\n"
UP = "https://charts.example.org/up"
SOURCES = "sources:\n- https://github.com/prometheus-community/helm-charts\n"


def origins(helmfile: str, files: Mapping[str, Content] | None = None, chart: str = "") -> dict[str, str]:
    """The origin of each chart that the lock names, by its path below external/."""
    repository: dict[str, Content] = {
        "helmfile.yaml": "helmfiles:\n- path: apps/web/helmfile.yaml\n",
        "apps/web/helmfile.yaml": helmfile,
        "apps/web/web/Chart.yaml": manifest("web", rest=chart + SOURCES),
        **(files or {}),
    }
    tree = tree_of(repository)
    surveyed = survey(tree, Settings(), lambda _: frozenset())
    plan = make_plan(tree, surveyed, Settings())
    (lock,), _ = versions_lock(tree, plan.operations, surveyed, layout_of(Settings()))
    charts = ChartLock.from_text(lock.text, lock.target).charts
    return {each.path.removeprefix("charts/external/"): each.origin for each in charts}


@pytest.mark.parametrize(
    ("helmfile", "origin"),
    [
        (RELEASE, "unknown"),
        (REPOSITORIES + RELEASE, "unknown"),
        (OUT + RELEASE, "unknown"),
        (OUT + "# chart: up/web\n" + RELEASE, UP),
        (REPOSITORIES + RELEASE.replace("  chart", "  # chart: up/web\n  chart"), UP),
        (OUT + "# chart: up/other\n" + RELEASE, "unknown"),
        (OUT + "# chart: down/web\n" + RELEASE, "unknown"),
        ("# chart: oci://registry.example.org/charts/web\n" + RELEASE, "oci://registry.example.org/charts/web"),
        ("# chart: oci://registry.example.org/charts/web:1.2.3\n" + RELEASE, "oci://registry.example.org/charts/web"),
        ("# chart: oci://me:secret@registry.example.org/charts/web\n" + RELEASE, "oci://registry.example.org/charts/web"),
        ("# chart: oci://registry.example.org/charts/other\n" + RELEASE, "unknown"),
        ("# chart: oci://a.example.org/web\n# chart: oci://b.example.org/web\n" + RELEASE, "unknown"),
        (OUT.replace("/up\n", "/charts\n#    oci: true\n").replace("https://", "") + "# chart: up/web\n" + RELEASE,
         "oci://charts.example.org/charts/web"),
        (OUT + OUT.replace("/up", "/down") + "# chart: up/web\n" + RELEASE, "unknown"),
        (OUT.replace("/up", "/web/master") + RELEASE, "https://charts.example.org/web/master"),
        (OUT.replace("/up", "/website") + RELEASE, "unknown"),
        (OUT.replace("/up", "/web/master") + RELEASE + "- name: b\n  namespace: b\n  chart: ./web\n", "unknown"),
    ],
)  # fmt: skip
def test_the_helmfile_and_its_comments(helmfile: str, origin: str) -> None:
    assert origins(helmfile) == {"web": origin}


DEPENDENCY = "dependencies:\n- name: db\n  version: 1.x.x\n"
DB: dict[str, Content] = {"apps/web/web/charts/db/Chart.yaml": manifest("db")}


@pytest.mark.parametrize(
    ("chart", "files", "origin"),
    [
        ("", {}, "unknown"),
        (DEPENDENCY, {}, "unknown"),
        (DEPENDENCY + f"  repository: {UP}\n", {}, UP),
        (DEPENDENCY + f"  repository: {UP}\n  alias: store\n", {}, UP),
        (DEPENDENCY + "  repository: oci://registry.example.org/charts\n", {}, "oci://registry.example.org/charts/db"),
        (DEPENDENCY + "  repository: '@up'\n", {}, UP),
        (DEPENDENCY + "  repository: alias:nobody\n", {}, "unknown"),
        (DEPENDENCY + "  repository: file://charts/db\n", {}, "unknown"),
        (DEPENDENCY + f"  repository: file://charts/db\n  # repository: {UP}\n", {}, UP),
        (DEPENDENCY + f"  #repository: {UP}\n  repository: file://charts/db\n", {}, UP),
        (DEPENDENCY + f"  repository: ''\n- name: cache\n  # repository: {UP}\n  repository: ''\n", {}, "unknown"),
        (DEPENDENCY + "  repository: ''\n", {"Chart.lock": f"dependencies:\n- name: db\n  repository: {UP}\n"}, UP),
        (DEPENDENCY + f"  repository: {UP}\n- name: db\n  repository: {UP}/more\n  alias: other\n", {}, "unknown"),
        (f"home: {UP}\n", {}, "unknown"),
    ],
)
def test_the_chart_around_it(chart: str, files: dict[str, Content], origin: str) -> None:
    more = {f"apps/web/web/{name}": content for name, content in files.items()}
    assert origins(REPOSITORIES + RELEASE, {**DB, **more}, chart) == {"web": "unknown", "web/charts/db": origin}


def test_a_packed_chart_has_the_origin_of_its_dependency() -> None:
    chart = DEPENDENCY + f"  repository: {UP}\n"
    found = origins(RELEASE, {"apps/web/web/charts/db-1.0.0.tgz": b"x"}, chart)
    assert found == {"web": "unknown", "web/charts/db-1.0.0.tgz": UP}


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://me:word@charts.example.org/a?token=1", "https://charts.example.org/a"),
        ("https://{{ .Values.host }}/a", ""),
        ("git+https://github.com/a/b", ""),
        ("/srv/charts", ""),
    ],
)
def test_what_is_no_plain_url_is_no_origin_and_credentials_are_left_out(url: str, origin: str) -> None:
    assert repository_url(url, oci=False) == origin
