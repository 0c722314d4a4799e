"""The real tools as factories of sides, and small repositories in both shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from migrate.system.helmfile import HelmfileSide, Sides
from migrate.system.toolbox import ToolPair
from tests.system.trees import Content, tree_of

CHART = "apiVersion: v2\nname: demo\nversion: 1.0.0\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: demo}\ndata: {a: {{ .Values.a | quote }}}\n"

OpenSide = Callable[..., HelmfileSide]


@pytest.fixture(scope="session")
def sides(tools: ToolPair) -> Sides:
    kustomize = tools.kustomize.path if tools.kustomize else None
    return Sides(tools.helmfile.path, tools.helm.path, kustomize, pause=0.1)


@pytest.fixture(scope="session")
def modern_sides(tools: ToolPair, modern_tools: ToolPair) -> Sides:
    return Sides(tools.helmfile.path, tools.helm.path, None, modern_tools.helmfile.path, pause=0.1)


@pytest.fixture
def open_side(sides: Sides) -> Iterator[OpenSide]:
    """Opens a side of these files with helmfile 0.16x; closed at the end of the test."""
    with ExitStack() as stack:

        def open_(files: Mapping[str, Content], state_file: str = "helmfile.yaml", **options: object) -> HelmfileSide:
            side = sides.open(tree_of(files), state_file, **options)  # type: ignore[arg-type] # keywords of Sides.open
            return stack.enter_context(side)

        yield open_


def chart(folder: str, template: str = CONFIG_MAP) -> dict[str, Content]:
    """A chart with one template."""
    return {f"{folder}/Chart.yaml": CHART, f"{folder}/templates/demo.yaml": template}


def nested(release: str, files: Mapping[str, Content]) -> dict[str, Content]:
    """A root that passes its values to apps/first (one good release) and then apps/second, which has `release` and `files`."""
    return {
        "helmfile.yaml": ENVIRONMENTS + "---\nhelmfiles:\n" + "".join(SUB.format(name) for name in ("first", "second")),
        "environments/default.yaml": "a: 1\n",
        "apps/first/helmfile.yaml": "releases:\n- name: first\n  namespace: n\n  chart: ./demo\n",
        "apps/second/helmfile.yaml": "releases:\n" + release,
        **chart("apps/first/demo"),
        **chart("apps/second/demo"),
        **{f"apps/second/{name}": content for name, content in files.items()},
    }


def flat(release: str, files: Mapping[str, Content]) -> dict[str, Content]:
    """The same as one file in helmfile/, with values in a folder of their own."""
    first = "- name: first\n  namespace: n\n  chart: ./charts/first/demo\n"
    moved = release.replace("./demo", "./charts/second/demo").replace("own.", "values/own.")
    return {
        "helmfile/helmfile.yaml": ENVIRONMENTS + "---\nreleases:\n" + first + moved,
        "helmfile/environments/default.yaml": "a: 1\n",
        **chart("helmfile/charts/first/demo"),
        **chart("helmfile/charts/second/demo"),
        **{f"helmfile/values/{name}": content for name, content in files.items()},
    }


ENVIRONMENTS = "environments:\n  default:\n    values:\n    - environments/default.yaml\n"
SUB = "- path: apps/{}/helmfile.yaml\n  values:\n  - {{{{ toYaml .Values | nindent 4 }}}}\n"
SECOND = "- name: second\n  namespace: n\n  chart: ./demo\n"
WITH_VALUES = SECOND + "  values:\n  - own.yaml.gotmpl\n"
