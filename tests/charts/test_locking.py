"""Which charts are locked, and what can't be."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from migrate.charts.locking import lock_findings, lock_of
from tests.charts.kept import OWN, PLACES, WEB, kept_files, manifest
from tests.system.trees import tree_of


def packed(name: str, files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return data.getvalue()


def test_external_charts_and_all_nested_ones_are_locked_and_a_custom_chart_is_not() -> None:
    found = lock_of(tree_of(kept_files()), PLACES, {WEB: "https://charts.example.org"}).charts
    assert [(c.path.removeprefix("charts/"), c.name, c.version, c.app_version, c.origin, c.files) for c in found] == [
        ("custom/own/charts/cache", "cache", "v3.0.0", "7.10", "unknown", 2),
        ("external/web", "web", "1.2.3", "7.10", "https://charts.example.org", 5),
        ("external/web/charts/db", "db", "2.0.0", "7.10", "unknown", 2),
        ("external/web/charts/db/charts/base", "base", "0.1.0", "7.10", "unknown", 1),
    ]


def test_an_archive_without_the_unpacked_chart_is_a_chart_of_its_own() -> None:
    archive = packed("redis", {"Chart.yaml": manifest("redis", "8.0.1")})
    files = {**kept_files(), f"{WEB}/charts/redis-8.0.1.tgz": archive, f"{OWN}/charts/odd-1.tgz": b"no archive"}
    found = {c.path: c for c in lock_of(tree_of(files), PLACES).charts}
    redis, odd = found["charts/external/web/charts/redis-8.0.1.tgz"], found["charts/custom/own/charts/odd-1.tgz"]
    assert (redis.name, redis.version, redis.files) == ("redis", "8.0.1", 1)
    assert (odd.name, odd.version, odd.files) == ("odd-1", "", 1)


def test_an_archive_beside_the_unpacked_chart_is_none_and_told() -> None:
    tree = tree_of({**kept_files(), f"{WEB}/charts/db-2.0.0.tgz": b"x", f"{WEB}/charts/db-more-1.0.tgz": b"y"})
    paths = [c.path for c in lock_of(tree, PLACES).charts]
    assert "charts/external/web/charts/db-2.0.0.tgz" not in paths
    assert "charts/external/web/charts/db-more-1.0.tgz" in paths
    assert [(f.slug, f.path) for f in lock_findings(tree, PLACES)] == [("archive-beside-folder", f"{WEB}/charts/db-2.0.0.tgz")]


def test_a_chart_whose_bytes_are_not_at_hand_is_in_the_way() -> None:
    tree = tree_of(kept_files(), absent={f"{WEB}/charts/db/values.yaml": "a" * 40})
    assert {(f.slug, f.severity) for f in lock_findings(tree, PLACES)} == {("chart-not-lockable", "blocking")}


def test_a_link_out_of_the_chart_is_told_and_one_inside_is_not() -> None:
    files = {**kept_files(), f"{WEB}/inside": Path("charts/db/Chart.yaml"), f"{WEB}/out": Path("../other/values.yaml")}
    found = lock_findings(tree_of(files), PLACES)
    assert [(f.slug, f.path) for f in found] == [("chart-link-leads-out", f"{WEB}/out")]
