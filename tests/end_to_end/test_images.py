"""`migrate images` with the real helmfile and helm: who names what, the lists, and what bypasses the offline registry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.small import migrate

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: {{ .Values.registry }}/web:{{ .Values.tag }}
      - name: side
        image: quay.io/x/side:1
"""
FILES: Mapping[str, str] = {
    "helmfile.yaml": "environments:\n  dev:\n    values: [dev.yaml]\n  prod:\n    values: [prod.yaml]\n---\n"
    "releases:\n- name: web\n  namespace: web\n  chart: ./web\n  values: [web.yaml.gotmpl]\n"
    "- name: broken\n  chart: ./web\n  values: [broken.yaml.gotmpl]\n",
    "dev.yaml": "tag: '1'\noffline: {registry: ''}\n",
    "prod.yaml": "tag: '2'\noffline: {registry: ''}\n",
    "web.yaml.gotmpl": 'tag: {{ .Values.tag | quote }}\nregistry: {{ .Values.offline.registry | default "quay.io" }}\n',
    "broken.yaml.gotmpl": "a: {{ .Values.nowhere }}\n",
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "web/templates/all.yaml": DEPLOYMENT,
    "mirror/x/y/all.txt": "quay.io/web:1\nquay.io/x/side:0\n",
    "migrate.yaml": "offlineRegistry: offline.registry\nimageLists: ['mirror/**/*.txt']\n",
}


@pytest.fixture(scope="module")
def repository(make_repo: MakeRepo) -> Path:
    return make_repo(FILES)


@pytest.fixture(scope="module")
def report(repository: Path) -> dict[str, Any]:
    done = migrate(repository, "images", "--json", "--out", str(repository / "names"))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_image_is_named_with_who_wants_it(report: dict[str, Any]) -> None:
    users = {image["name"]: sorted({use["environment"] for use in image["uses"]}) for image in report["images"]}
    assert users == {"quay.io/web:1": ["dev"], "quay.io/web:2": ["prod"], "quay.io/x/side:1": ["dev", "prod"]}
    assert report["images"][2]["uses"][0] == {
        "environment": "dev",
        "release": "web/web",
        "object": "Deployment web (apps/v1)",
        "where": "containers/side",
        "text": "quay.io/x/side:1",
    }


def test_what_can_not_be_rendered_is_said(report: dict[str, Any]) -> None:
    assert ("dev", "broken") in {(cell["environment"], cell["release"]) for cell in report["unrendered"]}


def test_the_lists_of_the_repository_are_compared(report: dict[str, Any]) -> None:
    (compared,) = report["lists"]
    assert compared["path"] == "mirror/x/y/all.txt"
    assert compared["otherTag"] == {"quay.io/web:2": ["quay.io/web:1"], "quay.io/x/side:1": ["quay.io/x/side:0"]}
    assert compared["surplus"] == ["quay.io/x/side:0"]
    assert report["missing"] == []


def test_what_does_not_follow_the_offline_registry_is_named(report: dict[str, Any]) -> None:
    assert report["offlineRegistry"] == "offline.registry"
    assert [image["name"] for image in report["bypassing"]] == ["quay.io/x/side:1"]


def test_the_names_are_written_one_a_line(repository: Path, report: dict[str, Any]) -> None:
    assert (repository / "names").read_text() == "".join(f"{image['name']}\n" for image in report["images"])


def test_the_text_tells_the_same(repository: Path) -> None:
    done = migrate(repository, "images", "--list", "no/such.txt")
    assert "quay.io/x/side:1  web/web (dev, prod)" in done.stdout
    assert "not taken from the offline registry when offline.registry is set (1):" in done.stdout
    assert "the repository keeps no image list" in done.stdout
