"""The inventory as text and as JSON: complete, and without values."""

from __future__ import annotations

import json

from migrate.model.facts import BuiltState, Failure
from migrate.model.paths import RepoPath
from migrate.report.inventory_json import SCHEMA, inventory_json
from migrate.report.inventory_text import inventory_text
from tests.analyzers.surveying import surveyed
from tests.fixtures import platform
from tests.fixtures.platform import expected

SAMPLE = surveyed(platform.FILES)
SECRET = "hunter2-9041"  # noqa: S105 -- made up, to be looked for in what is shown
ROOT = f"""\
environments:
  prod:
    values:
    - password: {SECRET}
repositories:
- name: stable
  url: https://bot:{SECRET}@charts.example
  password: {SECRET}
releases:
- name: web
  chart: oci://bot:{SECRET}@registry.example/web
  values:
  - password: {SECRET}
  set:
  - name: password
    value: {SECRET}
  hooks:
  - events: [presync]
    command: login
    args: [{SECRET}]
"""


def test_the_text_names_everything() -> None:
    text = inventory_text(SAMPLE.inventory)
    inventory = SAMPLE.inventory
    names = [
        *(s.path for s in inventory.states),
        *(e.name for e in inventory.environments),
        *(r.name for r in inventory.releases),
    ]
    names += [
        *(v.path for v in inventory.values),
        *(c.name for c in inventory.charts),
        *(f"[{f.slug}]" for f in inventory.findings),
    ]
    assert [name for name in names if name not in text] == []
    assert "registered nowhere" in text
    assert "no helmfile names it" in text


def test_the_json_is_sorted_versioned_and_holds_everything() -> None:
    text = inventory_json(SAMPLE.inventory)
    document = json.loads(text)
    assert document["schema"] == SCHEMA
    assert [release["name"] for release in document["releases"]] == [release.name for release in expected.RELEASES]
    assert text == json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_neither_shows_a_value() -> None:
    document = {"releases": [{"name": "web", "wait": True, "set": [{"value": SECRET}], "hooks": [{"args": [SECRET]}]}]}
    built: dict[str, tuple[BuiltState, ...] | Failure] = {
        "prod": (BuiltState(RepoPath("helmfile.yaml"), document, "1"),),
        "dev": Failure(1, "no such file"),
    }
    for found in (surveyed({"helmfile.yaml": ROOT}), surveyed({"helmfile.yaml": ROOT}).with_built(built)):
        assert SECRET not in inventory_text(found.inventory)
        assert SECRET not in inventory_json(found.inventory)


def test_environments_that_do_not_load_say_why() -> None:
    found = SAMPLE.with_built({"prod": (), "dev": Failure(1, "a file is missing")}).inventory
    assert "does not load: a file is missing" in inventory_text(found)
    assert json.loads(inventory_json(found))["loads"] == {"prod": "loads", "dev": "a file is missing"}
