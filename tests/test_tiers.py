from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.facts import ReleaseId
from migrate.model.findings import Severity
from migrate.model.settings import Settings
from migrate.tiers import tier_finding, tier_of, tier_table, wrapped_name


def tier(release: str, *charts: str, settings: Settings | None = None) -> tuple[str, bool]:
    choice = tier_of(ReleaseId("", "ns", release), charts, settings or Settings())
    return choice.tier.name, choice.certain


def test_the_tiers_come_in_the_order_of_deployment() -> None:
    table = tier_table()
    assert table.names == ("infrastructure", "monitoring", "security", "applications")
    assert [tier.title for tier in table.tiers] == ["Infrastructure", "Monitoring", "Security", "Applications"]
    assert table.rank("monitoring") < table.rank("security")


def test_every_chart_stands_in_one_tier_only() -> None:
    text = (files("migrate") / "tiers.yaml").read_text(encoding="utf-8")
    listed = [line.removeprefix("    - ") for line in text.splitlines() if line.startswith("    - ")]
    assert len(listed) == len(set(listed)) == len(tier_table().well_known) > 100


@pytest.mark.parametrize(
    ("release", "chart", "expected"),
    [
        ("nfs-provisioner", "csi-driver-nfs", "infrastructure"),
        ("gpu-operator", "custom-gpu-operator", "infrastructure"),
        ("mpi-operator", "mpi-operator", "infrastructure"),
        ("flux", "flux2", "infrastructure"),
        ("harbor", "harbor", "infrastructure"),
        ("lb", "metallb", "infrastructure"),
        ("prometheus", "kube-prometheus-stack", "monitoring"),
        ("loki-stack", "loki-stack", "monitoring"),
        ("gpu-process-exporter", "gpu-process-exporter", "monitoring"),
        ("keycloak", "keycloak", "security"),
        ("certs", "cert-manager", "security"),
        ("db", "postgresql", "applications"),
    ],
)
def test_well_known_charts_have_their_tier(release: str, chart: str, expected: str) -> None:
    assert tier(release, chart) == (expected, True)


def test_the_chart_decides_before_the_release_and_the_manifests_name_before_the_folders() -> None:
    assert tier("grafana", "keycloak") == ("security", True)
    assert tier("x", "keycloak", "grafana") == ("security", True)
    assert tier("x", "unknown", "grafana") == ("monitoring", True)
    assert tier("grafana", "unknown") == ("monitoring", True)


def test_the_text_of_a_remote_chart_counts_by_its_last_part() -> None:
    assert tier("x", "oci://registry.example.org/charts/keycloak") == ("security", True)
    assert tier("x", "grafana/loki") == ("monitoring", True)
    assert tier("x", "keycloak/portal") == ("applications", False)


def test_a_listed_name_goes_before_a_pattern() -> None:
    assert tier_table().lookup("nfs-provisioner") == (tier_table().named("infrastructure"), "is a well-known chart of this tier")
    found = tier_table().lookup("queue-exporter")
    assert found == (tier_table().named("monitoring"), "is spelt like *-exporter")


def test_the_user_decides_before_the_table() -> None:
    settings = Settings(tiers={"keycloak": "applications", "ns/grafana": "security"})
    assert tier("keycloak", "keycloak", settings=settings) == ("applications", True)
    assert tier("grafana", "grafana", settings=settings) == ("security", True)
    assert tier("loki", "loki", settings=settings) == ("monitoring", True)


def test_an_unknown_release_goes_to_the_last_tier_with_a_finding() -> None:
    release = ReleaseId("", "", "shop")
    choice = tier_of(release, ["shop-chart", "shop"], Settings())
    assert (choice.tier.name, choice.certain) == ("applications", False)
    finding = tier_finding(release, choice, "apps/shop/helmfile.yaml", 2)
    assert finding is not None
    assert (finding.slug, finding.severity, finding.where()) == ("unknown-tier", Severity.WARNING, "apps/shop/helmfile.yaml:2")
    assert "shop-chart or shop" in finding.message
    assert "tiers: {shop:" in finding.hint


def test_a_known_release_has_no_finding() -> None:
    release = ReleaseId("", "", "grafana")
    assert tier_finding(release, tier_of(release, [], Settings()), "x", 1) is None


def test_wrappers_are_known_by_their_spelling() -> None:
    names = ("custom-gpu-operator", "loki-wrapper", "gpu-operator", "custom", "custom-")
    assert [wrapped_name(name) for name in names] == ["gpu-operator", "loki", None, None, None]


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_every_release_has_a_tier(release: str, charts: list[str]) -> None:
    choice = tier_of(ReleaseId("", "", release), charts, Settings())
    assert choice.tier in tier_table().tiers
    assert choice.reason
