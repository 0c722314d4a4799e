"""A new tree with one external chart, charts in its `charts/`, and a custom chart with a vendored one and one of its own."""

from __future__ import annotations

from migrate.layout import layout_of
from migrate.model.settings import Settings
from tests.system.trees import Content

PLACES = layout_of(Settings()).charts
WEB, OWN = "helmfile/charts/external/web", "helmfile/charts/custom/own"


ASKS = """\
dependencies:
- name: cache
  version: v3.0.0
  repository: https://charts.example.org
- name: part
  version: 0.1.0
  repository: file://./charts/part
"""


def manifest(name: str, version: str = "1.2.3", rest: str = "") -> str:
    """A Chart.yaml."""
    return f"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: '7.10'\n{rest}"


def kept_files() -> dict[str, Content]:
    """Every file below helmfile/charts."""
    return {
        f"{WEB}/Chart.yaml": manifest("web"),
        f"{WEB}/templates/all.yaml": "kind: ConfigMap\n",
        f"{WEB}/charts/db/Chart.yaml": manifest("db", "2.0.0"),
        f"{WEB}/charts/db/charts/base/Chart.yaml": manifest("base", "0.1.0"),
        f"{WEB}/examples/Chart.yaml": manifest("no-chart-of-its-own"),
        f"{OWN}/Chart.yaml": manifest("own", rest=ASKS),
        f"{OWN}/charts/cache/Chart.yaml": manifest("cache", "v3.0.0"),
        f"{OWN}/charts/cache/values.yaml": "size: 1\n",
        f"{OWN}/charts/part/Chart.yaml": manifest("part", "0.1.0"),
        f"{OWN}/charts/part/charts/store/Chart.yaml": manifest("store", rest="home: https://store.example.org\n"),
    }
