"""What is no chart as helm packs one is refused, and nothing of it is unpacked."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable, Mapping

import pytest

from migrate.errors import UnreadableSource
from migrate.formats import packed_chart
from migrate.formats.packed_chart import unpack

MANIFEST = {"demo/Chart.yaml": b"apiVersion: v2\nname: demo\nversion: 1.2.3\n"}


def packed(files: Mapping[str, bytes], change: Callable[[tarfile.TarInfo], None] | None = None, *, plain: bool = False) -> bytes:
    """A tar of these files; `change` is made to the header of the last one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for number, (name, content) in enumerate(files.items(), start=1):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if change is not None and number == len(files):
                change(info)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue() if plain else gzip.compress(buffer.getvalue())


def a_link(target: str, kind: bytes = tarfile.SYMTYPE) -> Callable[[tarfile.TarInfo], None]:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname, info.size = kind, target, 0

    return change


def a_kind(kind: bytes) -> Callable[[tarfile.TarInfo], None]:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.size = kind, 0

    return change


@pytest.mark.parametrize("plain", [False, True])
def test_a_chart_becomes_its_files_by_their_path_from_the_folder(plain: bool) -> None:
    chart = unpack(packed({**MANIFEST, "./demo/templates/a.yaml": b"a"}, plain=plain), "x")
    assert chart.folder == "demo"
    assert dict(chart.files) == {"Chart.yaml": MANIFEST["demo/Chart.yaml"], "templates/a.yaml": b"a"}


def test_a_nested_chart_and_a_hidden_rule_that_hits_nothing_are_fine() -> None:
    files = {**MANIFEST, "demo/charts/lib/Chart.yaml": b"name: lib\n", "demo/.helmignore": b"# none\n*.swp\nci/\n"}
    assert len(unpack(packed(files), "x").files) == len(files)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../evil", "does not lie in the chart's folder"),
        ("demo/../../evil", "does not lie in the chart's folder"),
        ("/etc/evil", "does not lie in the chart's folder"),
        ("demo/a/./b", "does not lie in the chart's folder"),
        ("C:/evil", "does not lie in the chart's folder"),
        ("demo\\..\\..\\evil", "does not lie in the chart's folder"),
        ("evil", "does not lie in the chart's folder"),
        ("demo/.git/hooks/post-checkout", "git's own folder"),
        ("demo/sub/.GIT/config", "git's own folder"),
        ("other/file", "2 top folders"),
        ("demo/Chart.yaml", "twice"),
    ],
)
def test_a_path_that_is_not_the_charts_is_refused(path: str, words: str) -> None:
    with pytest.raises(UnreadableSource, match=words):
        unpack(_pair(path), "x")


def _pair(path: str) -> bytes:
    """The manifest, and one more file, which may have the same path."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in (*MANIFEST.items(), (path, b"evil")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        a_link("../../../etc/passwd"),
        a_link("Chart.yaml"),
        a_link("demo/Chart.yaml", tarfile.LNKTYPE),
        a_kind(tarfile.CHRTYPE),
        a_kind(tarfile.FIFOTYPE),
    ],
)
def test_links_and_devices_are_refused(change: Callable[[tarfile.TarInfo], None]) -> None:
    with pytest.raises(UnreadableSource, match=r"a link|no regular file"):
        unpack(packed({**MANIFEST, "demo/values.yaml": b""}, change), "x")


@pytest.mark.parametrize("rule", ["secret*", "files/", "files/secret.txt", "secret.txt", "!keep.txt"])
def test_files_that_a_folder_would_hide_are_refused(rule: str) -> None:
    with pytest.raises(UnreadableSource, match="would hide"):
        unpack(packed({**MANIFEST, "demo/.helmignore": rule.encode(), "demo/files/secret.txt": b""}), "x")


def test_a_hidden_template_is_refused_without_any_rule() -> None:
    with pytest.raises(UnreadableSource, match="would hide"):
        unpack(packed({**MANIFEST, "demo/templates/.hidden.yaml": b""}), "x")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    zeros = packed({**MANIFEST, "demo/zeros": b"\0" * (packed_chart.FREE_BYTES + 1)})
    assert len(zeros) < packed_chart.FREE_BYTES // packed_chart.MAX_RATIO
    with pytest.raises(UnreadableSource, match="more bytes than any chart"):
        unpack(zeros, "x")


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_chart, "MAX_FILES", 3)
    with pytest.raises(UnreadableSource, match="more than 3 entries"):
        unpack(packed({**MANIFEST, **{f"demo/{n}": b"" for n in range(3)}}), "x")


@pytest.mark.parametrize(
    "broken", [b"", b"no archive", gzip.compress(b"no tar"), packed(MANIFEST)[:40]], ids=["nothing", "text", "no tar", "torn"]
)
def test_what_is_no_archive_is_refused(broken: bytes) -> None:
    with pytest.raises(UnreadableSource):
        unpack(broken, "x")


def test_an_archive_without_a_manifest_is_refused() -> None:
    with pytest.raises(UnreadableSource, match=r"no Chart\.yaml"):
        unpack(packed({"demo/values.yaml": b""}), "x")
