"""Which charts are locked, and what can't be."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

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


def test_external_charts_and_what_came_from_elsewhere_in_custom_ones_are_locked() -> None:
    found = lock_of(tree_of(kept_files()), PLACES, {WEB: "https://charts.example.org"}).charts
    assert [(c.path.removeprefix("charts/"), c.name, c.version, c.app_version, c.origin, c.files) for c in found] == [
        ("custom/own/charts/cache", "cache", "v3.0.0", "7.10", "unknown", 2),
        ("custom/own/charts/part/charts/store", "store", "1.2.3", "7.10", "unknown", 1),
        ("external/web", "web", "1.2.3", "7.10", "https://charts.example.org", 5),
        ("external/web/charts/db", "db", "2.0.0", "7.10", "unknown", 2),
        ("external/web/charts/db/charts/base", "base", "0.1.0", "7.10", "unknown", 1),
    ]


PART = f"{OWN}/charts/part"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{OWN}/Chart.yaml", "file://./charts/part", "oci://registry.example.org/charts"),
        (f"{OWN}/Chart.yaml", "file://./charts/part", '"@team"'),
        (f"{PART}/Chart.yaml", "name: part", "name: part\nsources: [https://github.com/example/part]"),
        (f"{PART}/Chart.yaml", "name: part", "name: part\nicon: https://example.org/part.svg"),
        (f"{PART}/Chart.yaml", "name: part", "not a chart"),
    ],
)
def test_a_chart_in_a_custom_one_is_locked_if_anything_shows_that_it_came_from_elsewhere(path: str, old: str, new: str) -> None:
    files = kept_files()
    files[path] = str(files[path]).replace(old, new)
    assert f"charts/{PART.partition('/charts/')[2]}" in {c.path for c in lock_of(tree_of(files), PLACES).charts}


def test_a_chart_whose_origin_a_comment_names_is_locked() -> None:
    found = lock_of(tree_of(kept_files()), PLACES, {PART: "https://charts.example.org"}).charts
    assert "https://charts.example.org" in {c.origin for c in found if c.name == "part"}


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
