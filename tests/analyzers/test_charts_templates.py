from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from migrate.analyzers import chart_templates
from migrate.analyzers.charts import templates_read_files
from tests.analyzers.chart_trees import CONFIG_MAP, tree_of

READS = "data:\n  {{ $.Files.Get `a` }}\n"


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def read_by(files: dict[str, str | bytes], folder: str = "c") -> list[tuple[str, int]]:
    return [(str(path), line) for path, line in templates_read_files(tree_of(files), folder)]


def test_only_templates_of_the_chart_and_its_subcharts_count() -> None:
    files: dict[str, str | bytes] = {
        "c/Chart.yaml": "",
        "c/values.yaml": "# Files",
        "c/templates/a.yaml": READS,
        "c/templates/deep/_b.tpl": READS,
        "c/templates/plain.yaml": CONFIG_MAP + "# helmfiles and Filesystem",
        "c/charts/s/templates/_c.tpl": READS,
        "c/charts/s/charts/t/templates/d.yaml": READS,
        "c/charts/s/files/templates/e.yaml": READS,
        "c/crds/f.yaml": READS,
        "c2/templates/g.yaml": READS,
    }
    assert read_by(files) == [
        ("c/charts/s/charts/t/templates/d.yaml", 2),
        ("c/charts/s/templates/_c.tpl", 2),
        ("c/templates/a.yaml", 2),
        ("c/templates/deep/_b.tpl", 2),
    ]


def test_every_way_to_say_it_is_found() -> None:
    ways = ["{{ .Files.Get `a` }}", '{{ index . "Files" }}', '{{ get $ "Files" }}', "{{ with .Files }}", "{{- $f := $.Files -}}"]
    assert len(read_by({"c/templates/a.yaml": "\n".join(ways)})) == len(ways)


def test_the_chart_at_the_top_of_the_repository_has_templates_too() -> None:
    assert read_by({"templates/a.yaml": READS}, folder="") == [("templates/a.yaml", 2)]


def test_an_archive_is_named_if_a_template_in_it_reads_files() -> None:
    reads = packed({"s/Chart.yaml": b"", "s/templates/a.yaml": READS.encode()})
    nested = packed({"s/charts/t/templates/a.yaml": READS.encode()})
    free = packed({"s/Chart.yaml": b"# Files", "s/templates/a.yaml": CONFIG_MAP.encode()})
    files: dict[str, str | bytes] = {"c/charts/free.tgz": free, "c/charts/nested.tgz": nested, "c/charts/reads.tgz": reads}
    assert read_by(files) == [("c/charts/nested.tgz", 0), ("c/charts/reads.tgz", 0)]


def test_an_archive_that_is_larger_than_what_is_looked_at_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes] = {"c/charts/large.tgz": packed({"s/files/a": b"x" * 600, "s/files/b": b"x" * 600})}
    assert read_by(files) == []
    monkeypatch.setattr(chart_templates, "MAX_UNPACKED", 1000)
    assert read_by(files) == [("c/charts/large.tgz", 0)]


def test_an_archive_that_cannot_be_looked_into_is_named() -> None:
    good = packed({"s/templates/a.yaml": CONFIG_MAP.encode()})
    files: dict[str, str | bytes] = {
        "c/charts/bare.tgz": gzip.compress(b"no archive either"),
        "c/charts/broken.tgz": b"no archive",
        "c/charts/cut.tgz": good[: len(good) // 2],
        "c/charts/inner.tgz": packed({"s/charts/t.tgz": b""}),
    }
    assert [line for _, line in read_by(files)] == [0, 0, 0, 0]


def test_a_template_that_cannot_be_read_is_named() -> None:
    tree = tree_of({"c/templates/a.yaml": "x"}, links={"c/templates/b.yaml": "../x"}, absent=("c/templates/a.yaml",))
    assert templates_read_files(tree, "c") == (("c/templates/a.yaml", 0), ("c/templates/b.yaml", 0))
