"""versions.lock as a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.chart_lock import ChartLock, LockedChart

DIGEST = f"sha256:{'0a' * 32}"
CHART = LockedChart("charts/external/grafana", "grafana", "6.1.2", "7.10", "https://grafana.github.io/helm-charts", DIGEST, 42)
TEXT = ChartLock((CHART,)).to_text()
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


def test_the_file_looks_as_the_scripts_expect_it() -> None:
    assert (
        "# Written by migrate. scripts/sync-charts.sh and `migrate charts verify` compare every byte below with it.\n"
        "version: 1\n"
        "charts:\n"
        "  - path: charts/external/grafana\n"
        '    name: "grafana"\n'
        '    version: "6.1.2"\n'
        '    appVersion: "7.10"\n'
        '    origin: "https://grafana.github.io/helm-charts"\n'
        f"    digest: {DIGEST}\n"
        "    files: 42\n"
    ) == TEXT
    assert ChartLock(()).to_text().splitlines()[1:] == ["version: 1", "charts: []"]


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), max_size=4))
def test_what_is_written_is_read_back_by_us_and_by_yaml(texts: list[tuple[str, str, str, str]]) -> None:
    charts = [LockedChart(f"charts/external/{n}/{t[0]}", t[0], t[1], t[2], t[3], DIGEST, n + 1) for n, t in enumerate(texts)]
    lock = ChartLock(tuple(sorted(charts, key=lambda chart: chart.path)))
    text = lock.to_text()
    assert ChartLock.from_text(text, "versions.lock") == lock
    entries = load_plain(text.encode(), "versions.lock").value["charts"]
    assert [entry["appVersion"] for entry in entries] == [chart.app_version for chart in lock.charts]


def test_the_order_of_the_charts_does_not_matter() -> None:
    other = LockedChart("charts/custom/a/charts/b", "b", "1", "", "unknown", DIGEST, 1)
    assert ChartLock((CHART, other)).to_text() == ChartLock((other, CHART)).to_text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1\n", "version: 2\n"),
        ("charts:\n", "charts: []\n"),
        ("    files: 42\n", ""),
        ("    files: 42\n", "    files: 0\n"),
        ("    files: 42\n", "    files: 42 # many\n"),
        ('"grafana"', "grafana"),
        ("sha256:0a", "sha256:0A"),
        ("  - path: charts", "  - path:  charts"),
        ("  - path: charts/external/grafana", "  - path: grafana"),
        ("    files: 42\n", "    files: 42\n    more: 1\n"),
        ("    files: 42\n", "    files: 42\n\n"),
        ('"7.10"', r'"\x20"'),
    ],
)
def test_what_would_not_be_written_so_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(UnreadableSource, match=r"versions\.lock"):
        ChartLock.from_text(TEXT.replace(old, new, 1), "versions.lock")


def test_a_chart_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="twice"):
        ChartLock.from_text(TEXT + TEXT.partition("charts:\n")[2], "versions.lock")
