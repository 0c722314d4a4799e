"""Archives against the folders that the real helm packs them from, and archives that mean harm."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from migrate.charts.packed import is_packed_from
from migrate.errors import UnreadableSource
from migrate.formats import packed_chart
from migrate.formats.packed_chart import unpack_all
from migrate.system.toolbox import ToolPair
from tests.conftest import write_file
from tests.system.trees import Content, tree_of

MANIFEST = """\
# made by `helm create`
apiVersion: v2
name: db
version: 1.2.3
appVersion: 7.1
description: >-
  A   store
  in two lines
keywords: []
x-own: dropped
home: https://db.example.org
maintainers:
- name: Kim
"""
FILES: dict[str, str] = {
    "Chart.yaml": MANIFEST,
    "values.yaml": "# a comment\nsize: 1\n",
    "values.schema.json": "{}\n",
    "templates/all.yaml": "kind: ConfigMap\n",
    "templates/.hidden": "left out by default\n",
    ".helmignore": "# notes\n*.bak\n/only-here/\ndocs/*.md\nx?[a-c].txt\n",
    "a.bak": "left out\n",
    "only-here/file": "left out\n",
    "sub/only-here/file": "kept\n",
    "docs/a.md": "left out\n",
    "docs/deep/a.md": "kept\n",
    "x1b.txt": "left out\n",
    "x1d.txt": "kept\n",
    "README.md": "\ufeffwith a byte order mark\n",
    "charts/base/Chart.yaml": "apiVersion: v1\nname: base\nversion: 0.1.0 # kept\n",
    "charts/base/LICENSE": "kept\n",
}


@pytest.fixture(scope="module")
def archive(tools: ToolPair, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """`charts/db-1.2.3.tgz`, as a run without --skip-deps leaves it behind."""
    folder = tmp_path_factory.mktemp("packed")
    for path, text in FILES.items():
        write_file(folder / "web/charts/db" / path, text)
    dependency = "dependencies:\n- name: db\n  version: 1.2.3\n  repository: file://charts/db\n"
    write_file(folder / "web/Chart.yaml", f"apiVersion: v2\nname: web\nversion: 1.0.0\n{dependency}")
    subprocess.run([tools.helm.path, "dependency", "build", folder / "web"], check=True, capture_output=True)
    return (folder / "web/charts/db-1.2.3.tgz").read_bytes()


def holds(archive: bytes, files: dict[str, str]) -> bool:
    content: dict[str, Content] = {f"db/{path}": text for path, text in files.items()}
    return is_packed_from(archive, tree_of(content), "db")


def test_what_helm_packs_is_what_lies_there(archive: bytes) -> None:
    assert holds(archive, FILES)


def test_what_helm_drops_or_ignores_makes_no_difference(archive: bytes) -> None:
    other = {**FILES, "a.bak": "other\n", "Chart.yaml": MANIFEST.replace("# made", "# was made").replace("x-own: dropped\n", "")}
    assert holds(archive, other)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("values.yaml", "# another comment\nsize: 1\n"),
        ("templates/new.yaml", "kind: Secret\n"),
        ("Chart.yaml", MANIFEST.replace("1.2.3", "1.2.4")),
        ("Chart.yaml", MANIFEST + "icon: https://db.example.org/i.png\n"),
        ("charts/base/Chart.yaml", "apiVersion: v1\nname: base\nversion: 0.1.1\n"),
        ("charts/base/LICENSE", "another one\n"),
        (".helmignore", FILES[".helmignore"] + "README.md\n"),
        ("charts/more-1.0.tgz", "another chart\n"),
        (".helmignore", "**\n"),
    ],
)
def test_any_other_difference_counts(archive: bytes, path: str, text: str) -> None:
    assert not holds(archive, {**FILES, path: text})


def test_a_file_less_counts(archive: bytes) -> None:
    assert not holds(archive, {path: text for path, text in FILES.items() if path != "docs/deep/a.md"})


def made(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


CHART = (member("db/Chart.yaml"), b"name: db\n")


@pytest.mark.parametrize(
    "inner",
    [
        made(CHART, (member("db/../../etc/passwd"), b"x")),
        made(CHART, (member("db/link", tarfile.SYMTYPE, "/etc/passwd"), b"")),
        made((member("in/values.yaml"), b"no Chart.yaml")),
        b"no archive",
    ],
    ids=lambda _: "archive",  # spelt out, a packed file would show the time at which it was made
)
def test_a_nested_archive_that_means_harm_is_refused(inner: bytes) -> None:
    with pytest.raises(UnreadableSource):
        unpack_all(made(CHART, (member("db/charts/in-1.tgz"), inner)), "db.tgz")


def test_a_packed_chart_beside_the_unpacked_one_is_refused_if_it_holds_something_else() -> None:
    inner = made((member("in/Chart.yaml"), b"name: in\n"))
    nested = (member("db/charts/in-1.2.3.tgz"), inner)
    assert unpack_all(made(CHART, nested, (member("db/charts/in/Chart.yaml"), b"name: in\n")), "db.tgz").keys() == {
        "Chart.yaml", "charts/in/Chart.yaml",
    }  # fmt: skip
    with pytest.raises(UnreadableSource, match="twice"):
        unpack_all(made(CHART, nested, (member("db/charts/in/Chart.yaml"), b"name: other\n")), "db.tgz")


def test_archives_in_an_archive_that_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_chart, "MAX_BYTES", 45_000)
    inner = made((member("in/Chart.yaml"), b"name: in\n"), (member("in/big"), b"\0" * 30_000))
    assert len(inner) < 1_000
    with pytest.raises(UnreadableSource, match="more than any chart"):
        unpack_all(made(CHART, (member("db/charts/in-1.tgz"), inner), (member("db/charts/on-1.tgz"), inner)), "db.tgz")
    assert "charts/in/big" in unpack_all(made(CHART, (member("db/charts/in-1.tgz"), inner)), "db.tgz")


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    unpack_all(made(CHART), "db.tgz")
    assert list(tmp_path.iterdir()) == []
