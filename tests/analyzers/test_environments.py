"""Environments, their values files in order, and what lies beside them."""

from __future__ import annotations

from migrate.model.inventory import ValuesState
from tests.analyzers.surveying import slugs, surveyed

ROOT = """\
values:
- defaults.yaml
environments:
  prod:
    values:
    - environments/common.yaml # all
    - environments/prod/values.yaml
    - color: red
    - environments/{{ .Environment.Name }}/more.yaml
    secrets: [environments/prod/secrets.yaml]
  dev: {}
  bare:
  onsite:
    values: [environments/onsite/values.yaml, environments/typo.yaml, ../out.yaml]
---
releases: []
"""
FILES = {
    "helmfile.yaml": ROOT,
    "defaults.yaml": "",
    "environments/common.yaml": "a: 1\n",
    "environments/prod/values.yaml": "a: 1\n",
    "environments/prod/secrets.yaml": "a: 1\n",
    "environments/spare/values.yaml": "a: 1\n",
    "environments/loose.yaml": "a: 1\n",
}


def test_values_and_secrets_are_listed_in_order_with_their_state() -> None:
    found = surveyed(FILES, ignored=["environments/onsite/values.yaml"]).inventory
    assert [(e.name, e.line) for e in found.environments] == [("prod", 4), ("dev", 11), ("bare", 12), ("onsite", 13)]
    prod, onsite = found.environments[0], found.environments[3]
    assert [(v.text, v.path, v.line) for v in prod.values] == [
        ("environments/common.yaml", "environments/common.yaml", 6),
        ("environments/prod/values.yaml", "environments/prod/values.yaml", 7),
        ("", None, 8),
        ("environments/{{ .Environment.Name }}/more.yaml", None, 9),
        ("environments/prod/secrets.yaml", "environments/prod/secrets.yaml", 10),
    ]
    assert [v.state for v in onsite.values] == [ValuesState.IGNORED, ValuesState.MISSING, ValuesState.MISSING]
    assert [(v.path, v.line) for v in found.defaults] == [("defaults.yaml", 2)]


def test_what_is_missing_unregistered_or_outside_is_found() -> None:
    found = slugs(surveyed(FILES))
    assert "environment-file-missing helmfile.yaml:14" in found
    assert "path-leaves-repository helmfile.yaml:14" in found
    assert "environment-not-registered environments/spare/values.yaml" in found
    assert "environment-not-registered environments/loose.yaml" in found


def test_a_folder_that_holds_helmfiles_too_is_no_folder_of_environments() -> None:
    text = "environments:\n  a: {values: [deploy/a.yaml]}\n  b: {values: [deploy/b.yaml]}\n---\n"
    text += "helmfiles: [deploy/app/helmfile.yaml]\n"
    files = {
        "helmfile.yaml": text,
        "deploy/a.yaml": "",
        "deploy/b.yaml": "",
        "deploy/app/helmfile.yaml": "releases: []\n",
        "deploy/x/y": "",
    }
    found = surveyed(files)
    assert found.inventory.unregistered == ()
    assert "environment-not-registered" not in " ".join(slugs(found))
