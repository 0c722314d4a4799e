from __future__ import annotations

import pytest

from migrate.analyzers.chart_kind import is_upstream, without_credentials
from migrate.analyzers.charts import analyze_charts
from migrate.model.charts import Chart, ChartHint, ChartKind
from migrate.model.findings import Finding, Severity
from tests.analyzers.chart_trees import CONFIG_MAP, SCAFFOLD, manifest, tree_of

EXTERNAL, CUSTOM = ChartKind.EXTERNAL, ChartKind.CUSTOM


def judged(folder: str, files: dict[str, str], *hints: str) -> tuple[Chart, tuple[Finding, ...]]:
    hinted = tuple(ChartHint(folder, text, "apps/helmfile.yaml", 3 + n) for n, text in enumerate(hints))
    charts, findings = analyze_charts(tree_of({f"{folder}/{path}": text for path, text in files.items()}), hinted)
    assert len(charts) == 1
    return charts[0], findings


def chart(name: str, *lines: str, hints: tuple[str, ...] = (), version: str = "2.4.0") -> tuple[ChartKind, bool]:
    found, findings = judged(f"apps/{name}", {"Chart.yaml": manifest(name, *lines, version=version)}, *hints)
    assert [finding.slug for finding in findings] == ([] if found.certain else ["chart-kind-uncertain"])
    return found.kind, found.certain


# What must stay custom comes first: an external chart may be downloaded again, and a chart of one's own would be lost.


def test_a_chart_that_nothing_ties_to_an_upstream_is_custom() -> None:
    found, findings = judged(
        "apps/shop", {"Chart.yaml": manifest("shop", "sources: ['https://git.example.com/team/shop-charts']")}
    )
    assert (found.kind, found.certain, findings) == (CUSTOM, True, ())
    assert found.evidence == ("nothing names an upstream (apps/shop/Chart.yaml)",)


def test_a_scaffold_is_custom() -> None:
    assert chart("shop", *SCAFFOLD, version="0.1.0") == (CUSTOM, True)


def test_a_scaffold_with_the_name_of_a_well_known_chart_is_custom_but_uncertain() -> None:
    assert chart("mpi-operator", *SCAFFOLD, version="0.1.0") == (CUSTOM, False)


def test_the_name_of_a_well_known_chart_alone_does_not_make_it_external() -> None:
    assert chart("loki-stack") == (CUSTOM, False)


def test_naming_the_application_that_it_deploys_does_not_make_a_chart_external() -> None:
    assert chart("redis", "home: https://redis.io", "sources: ['https://github.com/redis/redis']", version="0.1.0") == (
        CUSTOM,
        False,
    )


def test_a_wrapper_stays_custom_whatever_its_helmfile_remembers() -> None:
    files = {
        "Chart.yaml": manifest("custom-gpu-operator", *SCAFFOLD, version="0.1.0"),
        "charts/gpu-operator/Chart.yaml": manifest("gpu-operator", "sources: ['https://github.com/NVIDIA/gpu-operator']"),
        "templates/config.yaml": CONFIG_MAP,
    }
    found, findings = judged("apps/custom-gpu-operator", files, "https://helm.ngc.nvidia.com/nvidia", "nvidia/gpu-operator")
    assert (found.kind, found.certain, findings) == (CUSTOM, True, ())
    assert "wraps gpu-operator" in found.evidence[0]


def test_a_chart_without_templates_beside_its_one_dependency_is_a_wrapper() -> None:
    files = {
        "Chart.yaml": manifest("harbor", "dependencies: [{name: harbor, repository: 'https://helm.goharbor.io'}]"),
        "templates/_names.tpl": "",
        "templates/NOTES.txt": "",
    }
    found, _ = judged("apps/harbor", files, "harbor/harbor")
    assert (found.kind, found.certain) == (CUSTOM, True)
    assert "wrapper" in found.evidence[0]


def test_one_dependency_makes_no_wrapper_of_a_chart_with_templates_or_a_publisher() -> None:
    dependency = "dependencies: [{name: common, repository: 'https://charts.bitnami.com/bitnami'}]"
    own, _ = judged("apps/shop", {"Chart.yaml": manifest("shop", dependency), "templates/a.yaml": CONFIG_MAP})
    assert own.evidence == ("nothing names an upstream (apps/shop/Chart.yaml)",)
    assert chart("redis", dependency, "sources: ['https://github.com/bitnami/charts']") == (EXTERNAL, True)


def test_a_name_spelt_like_a_wrapper_that_wraps_nothing_known_is_judged_like_any_other() -> None:
    published = ("sources: ['https://github.com/kubernetes-sigs/local-frobnicator-helm']", "annotations: {artifacthub.io/x: y}")
    assert chart("local-frobnicator", *published) == (EXTERNAL, True)


def test_a_repository_that_a_comment_names_says_nothing_of_another_chart_beside_it() -> None:
    assert chart("volumes", hints=("https://grafana.github.io/helm-charts",)) == (CUSTOM, True)
    assert chart("volumes", hints=("nvidia/gpu-operator",)) == (CUSTOM, True)


def test_a_helmfile_inside_the_folder_speaks_for_a_chart_of_ones_own() -> None:
    files = {
        "Chart.yaml": manifest("grafana", "home: https://grafana.com", "icon: https://github.com/grafana/x.png"),
        "helmfile.yaml": "",
    }
    found, _ = judged("apps/grafana", files)
    assert (found.kind, found.certain) == (CUSTOM, False)
    assert any("apps/grafana/helmfile.yaml" in text for text in found.evidence)


# What is external.


def test_a_source_that_names_an_upstream_chart_repository_makes_a_well_known_chart_external() -> None:
    found, findings = judged(
        "apps/flux/flux2", {"Chart.yaml": manifest("flux2", "sources:", "- https://github.com/fluxcd-community/helm-charts")}
    )
    assert (found.kind, found.certain, findings) == (EXTERNAL, True, ())
    assert "sources names github.com/fluxcd-community/helm-charts (apps/flux/flux2/Chart.yaml:5)" in found.evidence


def test_a_comment_that_names_the_origin_makes_a_well_known_chart_external() -> None:
    url = "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts"
    assert chart("csi-driver-nfs", hints=(url,)) == (EXTERNAL, True)
    assert chart("keycloak", hints=("oci://registry-1.docker.io/bitnamicharts/keycloak",)) == (EXTERNAL, True)


def test_a_published_chart_that_says_so_in_three_small_ways_is_external() -> None:
    annotations = ("annotations:", '  artifacthub.io/prerelease: "false"', "home: https://github.com/kubernetes/ingress-nginx")
    assert chart("ingress-nginx", *annotations) == (EXTERNAL, True)


def test_thin_evidence_gives_external_with_a_note_that_says_how_to_decide() -> None:
    found, findings = judged("apps/flannel", {"Chart.yaml": manifest("flannel", "annotations: {artifacthub.io/license: MIT}")})
    assert (found.kind, found.certain) == (EXTERNAL, False)
    (finding,) = findings
    assert (finding.slug, finding.severity, finding.where()) == (
        "chart-kind-uncertain",
        Severity.NOTE,
        "apps/flannel/Chart.yaml:2",
    )
    assert "apps/flannel: {kind:" in finding.hint


def test_conflicting_evidence_is_never_certain() -> None:
    published = ("sources: ['https://github.com/grafana/helm-charts']", "annotations: {artifacthub.io/license: MIT}")
    assert chart("grafana", *published) == (EXTERNAL, True)
    assert chart("grafana", *published, version="0.1.0") == (EXTERNAL, False)


def test_the_folder_that_a_chart_lies_in_counts() -> None:
    files = {"Chart.yaml": manifest("grafana", "home: https://grafana.com")}
    assert judged("charts/external/grafana", files)[0].kind is EXTERNAL
    assert judged("charts/grafana", files)[0].kind is CUSTOM
    assert judged("charts/custom/grafana", files)[0].kind is CUSTOM


def test_many_urls_of_one_upstream_weigh_no_more_than_one() -> None:
    urls = [f"- https://github.com/timescale/{part}" for part in "abcdef"]
    assert chart("series", "sources:", *urls) == (CUSTOM, False)


def test_evidence_never_repeats_credentials() -> None:
    lines = ("home: https://bot:hunter2@github.com/grafana/charts?private_token=hunter2",)
    found, findings = judged(
        "apps/grafana", {"Chart.yaml": manifest("grafana", *lines)}, "https://bot:hunter2@x.org/grafana", "bot:hunter2@x/grafana"
    )
    assert found.kind is EXTERNAL
    assert "hunter2" not in repr((found.evidence, findings))


@pytest.mark.parametrize(
    ("location", "known"),
    [
        ("github.com/NVIDIA/gpu-operator", True),
        ("prometheus-community.github.io/helm-charts", True),
        ("charts.bitnami.com/bitnami", True),
        ("registry-1.docker.io/bitnamicharts/keycloak", True),
        ("registry-1.docker.io/bitnamichartsx/keycloak", False),
        ("registry-1.docker.io/someone", False),
        ("notbitnami.com", False),
        ("bitnami.com.example.org", False),
        ("github.com/someone/grafana", False),
        ("github.com", False),
        ("", False),
    ],
)
def test_only_listed_publishers_are_upstream(location: str, known: bool) -> None:
    assert is_upstream(location) is known


def test_credentials_and_queries_go_the_rest_stays() -> None:
    assert without_credentials("oci://u:p@ghcr.io/org/charts/x@1") == "oci://ghcr.io/org/charts/x@1"
    assert without_credentials("repo/chart") == "repo/chart"
