from __future__ import annotations

import pytest

from migrate.errors import UnreadableSource
from migrate.formats.build_output import parse_build, parse_list
from migrate.model.facts import ReleaseId

BUILD = """\
---
#  Source: /top/apps/web/helmfile.yaml

filepath: helmfile.yaml
helmBinary: /run/recorder
releases:
- chart: ./web
  name: web
  namespace: front
  values:
  - text: |
      ---
      #  Source: /top/not/a/state.yaml
      renderedvalues:
        a: 1
templates: {}
renderedvalues:
  a: 1
  text: |-
    ---
    #  Source: /top/fake.yaml
---
#  Source: /top/helmfile.yaml

filepath: helmfile.yaml
helmDefaults:
  kubeContext: prod
releases:
- chart: ./db
  name: db
  kubeContext: other
- chart: ./db
  name: cache
renderedvalues: {}
"""


def test_each_document_is_a_state_named_from_the_top() -> None:
    states = parse_build(BUILD, "/top")
    assert [state.source for state in states] == ["apps/web/helmfile.yaml", "helmfile.yaml"]
    assert [release["name"] for state in states for release in state.releases] == ["web", "db", "cache"]


def test_rendered_values_are_not_in_the_document_but_in_the_digest() -> None:
    web, root = parse_build(BUILD, "/top")
    assert "renderedvalues" not in web.document
    assert web.values_digest != root.values_digest
    changed, _ = parse_build(BUILD.replace("  a: 1\n  text", "  a: 2\n  text"), "/top")
    assert changed.document == web.document
    assert changed.values_digest != web.values_digest


def test_only_the_binary_that_the_caller_put_in_is_left_out() -> None:
    assert "helmBinary" not in parse_build(BUILD, "/top", "/run/recorder")[0].document
    assert parse_build(BUILD, "/top", "/other")[0].document["helmBinary"] == "/run/recorder"


def test_a_lookalike_inside_a_text_does_not_begin_a_document() -> None:
    (value,) = parse_build(BUILD, "/top")[0].releases[0]["values"]
    assert value["text"].startswith("---\n#  Source: /top/not/a/state.yaml\nrenderedvalues:\n")


@pytest.mark.parametrize("text", [BUILD.replace("/top", "/elsewhere"), BUILD.replace("renderedvalues", "rendered")])
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSource):
        parse_build(text, "/top")


def test_listed_releases_get_their_kube_context_from_the_build() -> None:
    text = """[
      {"name":"web","namespace":"front","enabled":true,"installed":true,"labels":"a:b","chart":"./web","version":""},
      {"name":"cache","namespace":"","enabled":false,"installed":true,"labels":"","chart":"./db","version":""},
      {"name":"db","namespace":"","enabled":true,"installed":false,"labels":"","chart":"./db","version":"1"}]"""
    listed = parse_list(text, parse_build(BUILD, "/top"))
    assert [entry.release for entry in listed] == [
        ReleaseId("", "front", "web"), ReleaseId("prod", "", "cache"), ReleaseId("other", "", "db"),
    ]  # fmt: skip
    assert [(entry.enabled, entry.installed) for entry in listed] == [(True, True), (False, True), (True, False)]


def test_an_empty_list_has_no_releases() -> None:
    assert parse_list("null", ()) == ()


@pytest.mark.parametrize("text", ["", "1", '{"a": 1}', '[{"name": 1}]', "no json"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSource):
        parse_list(text, ())
