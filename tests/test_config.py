from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.config import READERS, parse_settings
from migrate.errors import BadConfiguration
from migrate.layout import FIELDS, layout_of
from migrate.model.charts import ChartKind
from migrate.model.findings import Finding, Severity
from migrate.model.settings import Accepted, Order, Settings, Unproved, for_release

EVERYTHING = """\
layout:
  folder: deploy
  values: "{folder}/settings"
tiers:
  shop: security
  web/shop: monitoring
tierLabel: platform.example.org/tier
order: legacy
charts:
  apps/shop/chart: {kind: custom}
  ingress: {kind: external}
names:
  shop: storefront
root: deploy/legacy.yaml
accept:
- finding: unknown-tier
  reason: the last tier is right
- finding: file-name-clash
  path: apps/shop/helmfile.yaml
  reason: agreed on 2026-11-20
unproved:
- {release: web/shop, environment: prod, cause: plugin secrets not installed, reason: the pipeline has it}
passEnv: [REGION, STAGE, REGION]
offline: false
offlineRegistry: mirror.registry
imageLists: [mirror/*.txt]
issue: SHOP-12
subIssues:
  1: SHOP-13
  15: SHOP-27
"""

KEYS = {
    "layout": "layout",
    "tiers": "tiers",
    "tierLabel": "tier_label",
    "order": "order",
    "charts": "charts",
    "names": "names",
    "root": "root",
    "accept": "accept",
    "unproved": "unproved",
    "passEnv": "pass_env",
    "offline": "offline",
    "offlineRegistry": "offline_registry",
    "imageLists": "image_lists",
    "issue": "issue",
    "subIssues": "sub_issues",
}
"""key of migrate.yaml -> field of Settings"""

ASKED_ONLY = ["run_commands", "through", "released", "orphans"]
"""settings that the command line gives, and no key"""


def refusal(text: str) -> BadConfiguration:
    with pytest.raises(BadConfiguration) as caught:
        parse_settings(text, "migrate.yaml")
    assert caught.value.path == "migrate.yaml"
    assert caught.value.message.startswith(f"migrate.yaml:{caught.value.line}: " if caught.value.line else "migrate.yaml: ")
    return caught.value


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "tiers:\norder: ~\n", "{}"])
def test_a_file_that_says_nothing_gives_the_defaults(text: str) -> None:
    assert parse_settings(text, "migrate.yaml") == Settings()


def test_every_key_arrives() -> None:
    settings = parse_settings(EVERYTHING, "migrate.yaml")
    assert settings.layout == {"folder": "deploy", "values": "{folder}/settings"}
    assert settings.tiers == {"shop": "security", "web/shop": "monitoring"}
    assert (settings.tier_label, settings.order, settings.root) == (
        "platform.example.org/tier",
        Order.LEGACY,
        "deploy/legacy.yaml",
    )
    assert settings.charts == {"apps/shop/chart": ChartKind.CUSTOM, "ingress": ChartKind.EXTERNAL}
    assert settings.names == {"shop": "storefront"}
    assert settings.accept[1] == Accepted("file-name-clash", "apps/shop/helmfile.yaml", "agreed on 2026-11-20")
    assert settings.unproved == (Unproved("web/shop", "prod", "plugin secrets not installed", "the pipeline has it"),)
    assert settings.pass_env == ("REGION", "STAGE")
    assert (settings.issue, settings.sub_issues) == ("SHOP-12", {1: "SHOP-13", 15: "SHOP-27"})
    untouched = [field.name for field in fields(Settings) if getattr(settings, field.name) == getattr(Settings(), field.name)]
    assert untouched == ASKED_ONLY, "consent, phases and what the cleanup may take come from the command line alone"


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        ("order: tiers\ntierlabel: x\n", 2, "tierlabel: unknown key", "did you mean 'tierLabel'?"),
        ("helm: x\n", 1, "helm: unknown key", "known: layout, tiers, tierLabel"),
        ("order: alphabetical\n", 1, "none of tiers, legacy", "known: tiers, legacy"),
        ("tiers:\n  a: monitoring\n  b: Monitoring\n", 3, "tiers.b: 'Monitoring' is none of", "did you mean 'monitoring'?"),
        ("tiers: [a]\n", 1, "a mapping is needed", ""),
        ("unproved:\n- {release: a, environment: b, cause: c}\n", 2, "`reason` is missing", ""),
        ("unproved:\n- {release: a, env: b}\n", 2, "env: unknown key", ""),
        ("tierLabel: name\n", 1, "helmfile sets the label name itself", ""),
        ("tierLabel: 'a=b'\n", 1, "no label", ""),
        ("tierLabel: 5\n", 1, "text is needed here, not a number", ""),
        ("charts:\n  a:\n    kind: remote\n", 3, "charts.a.kind: 'remote' is none of external, custom", ""),
        ("charts:\n  a: {}\n", 2, "`kind` is missing", ""),
        ("charts:\n  a: {kid: custom}\n", 2, "charts.a.kid: unknown key", "did you mean 'kind'?"),
        ("names: {a: ../x}\n", 1, "no path inside the repository", ""),
        ("names:\n  a: x\n  b: x\n", 2, "given to two releases", ""),
        ("root: /etc/helmfile.yaml\n", 1, "no path inside the repository", ""),
        ("accept:\n- finding: x\n", 2, "accept[0]: `reason` is missing", ""),
        ("accept:\n- finding: x\n  reason: ' '\n", 3, "accept[0].reason: text is needed", ""),
        ("accept:\n- finding: Not A Slug\n  reason: x\n", 2, "no name of a finding", ""),
        ("accept: {finding: x}\n", 1, "a list is needed", ""),
        ("allow: {exec: true}\n", 1, "unknown key", ""),
        ("passEnv:\n- A\n- HELM_PLUGINS\n", 3, "passEnv[1]: HELM_PLUGINS can't be passed", ""),
        ("passEnv: [A=1]\n", 1, "no name of an environment variable", ""),
        ("issue:\n- x\n", 1, "text is needed here, not a list", ""),
        ("subIssues: {16: X}\n", 1, "unknown key", "known: 1, 2"),
        ("layout:\n  folder: deploy\n  chart: x\n", 3, "layout.chart: unknown key", "known: folder, state"),
        ("layout:\n  values: elsewhere\n", 2, "layout.values: elsewhere is not below helmfile", ""),
        ("order: tiers\norder: legacy\n", 2, "there twice", "mend the YAML"),
        ("order: [\n", 2, "no YAML", "mend the YAML"),
        ("- order: tiers\n", 1, "a mapping is needed", ""),
        ("[]\n", 1, "a mapping is needed", ""),
    ],
)
def test_what_is_not_understood_is_refused_where_it_stands(text: str, line: int, problem: str, hint: str) -> None:
    error = refusal(text)
    assert error.line == line
    assert problem in error.message
    assert hint in error.hint


def test_the_digest_depends_on_what_is_said_not_on_how() -> None:
    one = parse_settings("order: tiers\ntiers: {b: security, a: security}\n", "x")
    other = parse_settings("# words\ntiers:\n  a: security\n  b: security\n", "y")
    assert one.digest == other.digest != Settings().digest


@pytest.mark.parametrize("key", KEYS)
def test_every_key_changes_the_digest(key: str) -> None:
    value = getattr(parse_settings(EVERYTHING, "x"), KEYS[key])
    changed: dict[str, Any] = {KEYS[key]: value}
    assert Settings(**changed).digest != Settings().digest


def test_an_accepted_finding_is_told_from_others() -> None:
    settings = parse_settings(EVERYTHING, "x")
    known = Finding("unknown-tier", Severity.NOTE, "any.yaml", 1, "")
    clash = Finding("file-name-clash", Severity.BLOCKING, "apps/shop/helmfile.yaml", 1, "")
    other = Finding("file-name-clash", Severity.BLOCKING, "apps/other.yaml", 1, "")
    assert settings.accepted(known) == settings.accept[0]
    assert settings.accepted(clash) == settings.accept[1]
    assert settings.accepted(other) is None
    assert settings.unused_accepts([known, other]) == (settings.accept[1],)


def test_a_release_is_named_with_its_namespace_where_the_name_repeats() -> None:
    tiers = parse_settings(EVERYTHING, "x").tiers
    assert [for_release(tiers, namespace, name) for namespace, name in (("web", "shop"), ("", "shop"), ("web", "x"))] == [
        "monitoring",
        "security",
        None,
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_gives_settings_or_a_refusal(text: str) -> None:
    try:
        settings = parse_settings(text, "migrate.yaml")
    except BadConfiguration:
        return
    layout_of(settings)


@given(
    st.dictionaries(
        st.sampled_from(sorted(READERS)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.sampled_from(["tiers", "security", "x"]),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["kind", "folder", "1", "exec", "x"]), inner, max_size=2)
            ),
            max_leaves=6,
        ),
    )
)
def test_values_of_any_kind_give_settings_or_a_refusal(document: dict[str, object]) -> None:
    try:
        settings = parse_settings(json.dumps(document), "migrate.yaml")
    except BadConfiguration:
        return
    layout_of(settings)


REFERENCE = Path(__file__).parent.parent / "docs/reference/configuration.md"


def table(heading: str) -> dict[str, str]:
    """The first two columns of the table below a heading."""
    section = REFERENCE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \|", section, flags=re.MULTILINE)
    assert rows
    return dict(rows)


def test_every_setting_has_a_key_and_every_key_is_documented() -> None:
    assert set(KEYS.values()) | set(ASKED_ONLY) == {field.name for field in fields(Settings)}, "these have no key"
    assert {key.partition(".")[0] for key in KEYS} == set(READERS)
    assert list(table("Keys")) == list(KEYS)


def test_the_documented_defaults_of_the_layout_hold() -> None:
    layout = layout_of(Settings())
    assert table("Layout") == {key: f"`{getattr(layout, field)}`" for key, field in FIELDS.items()}


def test_the_documented_example_is_read() -> None:
    example = REFERENCE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert parse_settings(example, "migrate.yaml") != Settings()
