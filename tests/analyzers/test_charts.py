from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from migrate.analyzers.charts import analyze_charts, remote_chart
from migrate.model.charts import Chart, ChartKind, NestedChart
from migrate.model.findings import Finding
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from tests.analyzers.chart_trees import SCAFFOLD, manifest, tree_of


def only(tree: Tree) -> Chart:
    charts, _ = analyze_charts(tree, ())
    assert len(charts) == 1, [chart.folder for chart in charts]
    return charts[0]


def findings(tree: Tree, settings: Settings | None = None) -> list[Finding]:
    return list(analyze_charts(tree, (), settings or Settings())[1])


def test_a_chart_carries_what_its_manifest_says() -> None:
    text = manifest("shop", 'appVersion: "8.1"', "type: library")
    chart = only(tree_of({"apps/shop/Chart.yaml": text, "apps/shop/Chart.lock": "", "apps/shop/values.yaml": "", "apps/x": ""}))
    assert (chart.folder, chart.name, chart.version, chart.app_version) == ("apps/shop", "shop", "2.4.0", "8.1")
    assert (chart.api_version, chart.library, chart.locked, chart.file_count) == ("v2", True, True, 3)
    assert (chart.directory, chart.manifest) == ("shop", "apps/shop/Chart.yaml")


def test_a_chart_can_be_the_top_of_the_repository() -> None:
    chart = only(tree_of({"Chart.yaml": manifest("top"), "charts/sub/Chart.yaml": manifest("sub"), "README.md": ""}))
    assert (chart.folder, chart.manifest, chart.file_count) == ("", "Chart.yaml", 3)
    assert chart.nested == (NestedChart("charts/sub", "sub", "2.4.0", archive=False),)


def test_charts_inside_charts_belong_to_the_outermost_chart() -> None:
    files: dict[str, str | bytes] = {
        "a/Chart.yaml": manifest("a"),
        "a/charts/b/Chart.yaml": manifest("b"),
        "a/charts/b/charts/c/Chart.yaml": "- broken",
        "a/charts/d-1.0.0.tgz": b"never opened",
    }
    assert only(tree_of(files)).nested == (
        NestedChart("a/charts/b", "b", "2.4.0", archive=False),
        NestedChart("a/charts/b/charts/c", "c", "", archive=False),
        NestedChart("a/charts/d-1.0.0.tgz", "d-1.0.0", "", archive=True),
    )


def test_a_folder_called_charts_outside_a_chart_holds_charts_of_their_own() -> None:
    charts, _ = analyze_charts(tree_of({f"charts/{n}/Chart.yaml": manifest(n) for n in ("b", "a")} | {"b-1/Chart.yaml": ""}), ())
    assert [chart.folder for chart in charts] == ["b-1", "charts/a", "charts/b"]


def test_a_chart_inside_another_ones_folder_but_not_in_its_charts_is_a_chart_of_its_own() -> None:
    charts, _ = analyze_charts(tree_of({"a/Chart.yaml": manifest("a"), "a/extras/b/Chart.yaml": manifest("b")}), ())
    assert [(chart.folder, chart.nested) for chart in charts] == [("a", ()), ("a/extras/b", ())]


def test_a_neighbour_whose_name_starts_alike_is_not_counted_in() -> None:
    charts, _ = analyze_charts(
        tree_of({"a/Chart.yaml": manifest("a"), "a-b/Chart.yaml": manifest("b"), "a.txt": "", "a0": ""}), ()
    )
    assert [(chart.folder, chart.file_count) for chart in charts] == [("a", 1), ("a-b", 1)]


def test_only_the_spelling_that_helm_reads_makes_a_chart() -> None:
    assert analyze_charts(tree_of({"a/chart.yaml": manifest("a"), "b/Chart.yml": manifest("b")}), ())[0] == ()


def test_relative_dependencies_are_resolved_from_the_charts_folder() -> None:
    text = manifest(
        "a",
        "dependencies:",
        "- {name: near, version: 1.x.x, repository: 'file://./charts/near', condition: near.enabled, alias: n}",
        "- {name: beside, repository: file://../beside}",
        "- {name: outside, repository: file://../../../outside}",
        "- {name: far, repository: 'https://charts.example.com'}",
        "- {name: vendored, repository: ''}",
    )
    tree = tree_of(
        {"x/a/Chart.yaml": text, "x/a/charts/near/Chart.yaml": manifest("near"), "x/beside/Chart.yaml": manifest("beside")}
    )
    chart = analyze_charts(tree, ())[0][0]
    assert [(d.name, d.folder) for d in chart.dependencies] == [
        ("near", "x/a/charts/near"),
        ("beside", "x/beside"),
        ("outside", None),
        ("far", None),
        ("vendored", None),
    ]
    near = chart.dependencies[0]
    assert (near.version, near.condition, near.alias, near.path, near.line) == ("1.x.x", "near.enabled", "n", "x/a/Chart.yaml", 5)
    assert [(f.slug, f.path, f.line) for f in findings(tree) if "kind" not in f.slug] == [
        ("chart-dependency-missing", "x/a/Chart.yaml", 7)
    ]


def test_dependencies_of_an_older_chart_stand_in_requirements_yaml() -> None:
    files = {
        "a/Chart.yaml": "apiVersion: v1\nname: a\nversion: 1.0.0\ndependencies: [{name: ignored}]\n",
        "a/requirements.yaml": "dependencies:\n- name: b\n  repository: file://../b\n",
        "a/requirements.lock": "",
    }
    chart = only(tree_of(files))
    assert [(d.name, d.folder, d.path, d.line) for d in chart.dependencies] == [("b", "b", "a/requirements.yaml", 2)]
    assert chart.locked


def test_a_broken_manifest_is_a_finding_and_still_a_chart() -> None:
    broken: dict[str, str | bytes] = {
        "tab": "name: a\n\tversion: 1\n",
        "list": "- a\n",
        "empty": "",
        "nameless": "version: 1.0.0\n",
        "binary": b"\x00\x01\xff",
        "template": "name: {{ .Values.name }}\n",
        "deep": "[" * 4000,
    }
    tree = tree_of({f"{name}/Chart.yaml": text for name, text in broken.items()})
    charts, found = analyze_charts(tree, ())
    assert [(chart.name, chart.kind, chart.certain) for chart in charts] == [(n, ChartKind.CUSTOM, False) for n in sorted(broken)]
    assert [(f.slug, f.path) for f in found] == [("chart-unreadable", f"{name}/Chart.yaml") for name in sorted(broken)]
    assert next(f.line for f in found if f.path.startswith("tab/")) == 2


def test_a_manifest_that_is_a_link_or_not_in_the_clone_is_unreadable() -> None:
    tree = tree_of({"absent/Chart.yaml": manifest("absent")}, links={"link/Chart.yaml": "name: x"}, absent=("absent/Chart.yaml",))
    assert [(f.slug, f.path) for f in findings(tree)] == [
        ("chart-unreadable", "absent/Chart.yaml"),
        ("chart-unreadable", "link/Chart.yaml"),
    ]


def test_the_user_decides_the_kind_by_folder_or_by_name() -> None:
    tree = tree_of({"one/Chart.yaml": manifest("a", *SCAFFOLD), "two/Chart.yaml": manifest("a"), "three/Chart.yaml": "- broken"})
    settings = Settings(charts={"one": ChartKind.EXTERNAL, "a": ChartKind.CUSTOM, "three": ChartKind.EXTERNAL})
    charts, found = analyze_charts(tree, (), settings)
    assert [(c.folder, c.kind, c.certain) for c in charts] == [
        ("one", ChartKind.EXTERNAL, True),
        ("three", ChartKind.EXTERNAL, True),
        ("two", ChartKind.CUSTOM, True),
    ]
    assert all(chart.evidence[0] == "migrate.yaml says so" for chart in charts)
    assert [f.slug for f in found] == ["chart-unreadable"]


def test_a_remote_chart_has_no_folder_and_shows_no_credentials() -> None:
    chart = remote_chart(
        "git::https://user:hunter2@git.example.com/charts/shop@x?ref=1&sshkey=hunter2", "1.2.3", "helmfile.yaml", 7
    )
    assert (chart.kind, chart.folder, chart.manifest, chart.version) == (ChartKind.REMOTE, None, None, "1.2.3")
    assert "hunter2" not in repr(chart)
    assert "helmfile.yaml:7" in chart.evidence[0]


@given(st.binary(max_size=200))
def test_no_bytes_of_a_manifest_raise(content: bytes) -> None:
    charts, _ = analyze_charts(tree_of({"a/Chart.yaml": content, "a/requirements.yaml": content}), ())
    assert [chart.folder for chart in charts] == ["a"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("ab:-{}[]#é한", max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["name", "version", "sources", "home", "maintainers", "annotations", "dependencies", "repository", "url"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_no_kind_of_value_in_a_manifest_raises(value: object) -> None:
    charts, _ = analyze_charts(
        tree_of({"a/Chart.yaml": json.dumps({"name": "a", "x": value} | (value if isinstance(value, dict) else {}))}), ()
    )
    assert [chart.folder for chart in charts] == ["a"]
