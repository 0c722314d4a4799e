"""A packed chart -> its files. Nothing is written; what is not exactly a chart as helm packs one is refused.

helm (pkg/chart/loader/archive.go of 3.15) reads every entry that is no folder as a file, a link as an empty one, gives all files
the same mode and forgets the name of the top folder. An unpacked chart that git holds must mean the same, so links are refused.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.formats.helmignore import helmignore
from migrate.model.paths import RepoPath

MAX_FILES = 20_000
MAX_BYTES = 256 * 2**20
MAX_RATIO = 200
"""How many times its packed size a chart may have once it is larger than `FREE_BYTES`."""
FREE_BYTES = 16 * 2**20

MAX_DEPTH = 8
"""How deep packed charts may lie in packed charts."""
NESTED = re.compile(r"(?P<folder>(?:.+/)?charts)/(?P<name>[^/]+?)(?:-v?\d[^/]*)?\.tgz")
IGNORE_FILE = RepoPath(".helmignore")

_DRIVE = re.compile(r"^[a-zA-Z]:")


@dataclass(frozen=True, slots=True)
class UnpackedChart:
    """The files of a chart by their path from its folder, sorted; `folder` is what the archive calls that."""

    folder: str
    files: Mapping[RepoPath, bytes]


def unpack(archive: bytes, where: str) -> UnpackedChart:
    """The files of a packed chart that means the same as a folder; UnreadableSource as in `read_packed`, and for a chart whose
    own .helmignore would hide a file once it is a folder: helm reads that file in folders only.
    """
    chart = read_packed(archive, where)
    try:
        left_out = helmignore(chart.files.get(IGNORE_FILE, b"").decode("utf-8", "replace"))
    except ValueError as error:
        raise _refused(where, f"its .helmignore can't be read: {error}") from error
    hidden = next((path for path in chart.files if left_out(path)), None)
    if hidden is not None:
        raise _refused(where, f"its .helmignore would hide {hidden} once it is a folder")
    return chart


def read_packed(archive: bytes, where: str) -> UnpackedChart:
    """The files of a packed chart (gzip or plain tar); UnreadableSource, which names `where`, for anything that is not safe.

    That is: a path that is absolute or leads out, a link, a device, two files of one path, more than one top folder, a `.git`,
    no Chart.yaml, and more files or bytes than any chart has.
    """
    try:
        files = dict(_checked(archive, where))
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise _refused(where, f"no packed chart: {error}") from error
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1:
        raise _refused(where, f"holds {len(tops)} top folders, and a chart is one")
    top = tops.pop()
    if f"{top}/Chart.yaml" not in files:
        raise _refused(where, "holds no Chart.yaml in its top folder")
    inner = {RepoPath(path.removeprefix(f"{top}/")): content for path, content in files.items()}
    return UnpackedChart(top, dict(sorted(inner.items())))


def unpack_all(archive: bytes, where: str) -> Mapping[RepoPath, bytes]:
    """The files of a packed chart, those of charts packed in its `charts/` as if they lay there unpacked.

    UnreadableSource as in `read_packed`, for all of them together; also for two files of one path with different bytes.
    """
    found: dict[RepoPath, bytes] = {}
    total = 0
    for path, content in _with_nested(archive, where, 0):
        if found.setdefault(path, content) != content:
            raise _refused(where, f"holds {path} twice")
        total += len(content)
        if total > MAX_BYTES or len(found) > MAX_FILES:
            raise _refused(where, "unpacks to more than any chart has")
    return found


def _with_nested(archive: bytes, where: str, depth: int) -> Iterator[tuple[RepoPath, bytes]]:
    if depth > MAX_DEPTH:
        raise _refused(where, "holds archives in archives, too deep")
    for path, content in read_packed(archive, where).files.items():
        nested = NESTED.fullmatch(path)
        if nested:
            inside = _with_nested(content, where, depth + 1)
            yield from ((RepoPath(f"{nested['folder']}/{nested['name']}/{below}"), each) for below, each in inside)
        else:
            yield path, content


def _checked(archive: bytes, where: str) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    with _opened(archive, where) as tar:
        for number, member in enumerate(tar, start=1):
            if number > MAX_FILES:
                raise _refused(where, f"holds more than {MAX_FILES} entries")
            if member.isdir():
                continue
            path = _path(member, where)
            if path in seen:
                raise _refused(where, f"holds {path} twice")
            seen.add(path)
            source = tar.extractfile(member)
            yield path, b"" if source is None else source.read()


def _opened(archive: bytes, where: str) -> tarfile.TarFile:
    packed = io.BytesIO(archive)
    plain = gzip.GzipFile(fileobj=packed) if archive[:2] == b"\x1f\x8b" else packed
    limit = min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * len(archive)))
    return tarfile.open(fileobj=_Limited(plain, limit, where), mode="r|", encoding="utf-8", errors="strict")


def _path(member: tarfile.TarInfo, where: str) -> str:
    """The path in the archive; helm takes a backslash for a slash, and a clean path for what it says."""
    text = member.name.replace("\\", "/").removeprefix("./")
    if not member.isreg() or member.issparse():
        kind = "a link" if member.issym() or member.islnk() else "no regular file"
        raise _refused(where, f"holds {text!r}, which is {kind}")
    if text.startswith("/") or _DRIVE.match(text) or "/" not in text:
        raise _refused(where, f"holds {text!r}, which does not lie in the chart's folder")
    try:
        path = RepoPath(text)
    except PathLeavesRepository as error:
        raise _refused(where, f"holds {text!r}, which does not lie in the chart's folder") from error
    if any(part.lower() == ".git" for part in path.split("/")):
        raise _refused(where, f"holds {text!r}, which is git's own folder")
    return path


class _Limited(io.RawIOBase):
    """A stream that is refused once it has given more bytes than a chart may have: a bomb is never unpacked."""

    def __init__(self, source: io.BufferedIOBase, limit: int, where: str) -> None:
        super().__init__()
        self._source, self._left, self._where = source, limit, where

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size if 0 <= size <= self._left else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise _refused(self._where, "unpacks to more bytes than any chart has")
        return data


def _refused(where: str, what: str) -> UnreadableSource:
    return UnreadableSource(f"{where}: {what}", path=where)
