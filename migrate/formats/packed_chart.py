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
from fnmatch import fnmatch

from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.model.paths import RepoPath

MAX_FILES = 20_000
MAX_BYTES = 256 * 2**20
MAX_RATIO = 200
"""How many times its packed size a chart may have once it is larger than `FREE_BYTES`."""
FREE_BYTES = 16 * 2**20

HELMS_OWN_RULE = "templates/.?*"

_DRIVE = re.compile(r"^[a-zA-Z]:")


@dataclass(frozen=True, slots=True)
class UnpackedChart:
    """The files of a chart by their path from its folder, sorted; `folder` is what the archive calls that."""

    folder: str
    files: Mapping[RepoPath, bytes]


def unpack(archive: bytes, where: str) -> UnpackedChart:
    """The files of a packed chart (gzip or plain tar); UnreadableSource, which names `where`, for anything that is not safe.

    That is: a path that is absolute or leads out, a link, a device, two files of one path, more than one top folder, a `.git`,
    files that the chart's own .helmignore would hide once it is a folder, and more files or bytes than any chart has.
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
    _refuse_hidden(inner, where)
    return UnpackedChart(top, dict(sorted(inner.items())))


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


def _refuse_hidden(files: Mapping[RepoPath, bytes], where: str) -> None:
    """helm reads .helmignore in a folder only. Rules are matched too widely rather than too narrowly."""
    rules = files.get(RepoPath(".helmignore"), b"").decode("utf-8", "replace").splitlines()
    for rule in (text.strip() for text in (*rules, HELMS_OWN_RULE)):
        if not rule or rule.startswith("#"):
            continue
        hidden = [path for path in files if rule.startswith("!") or _matches(path, rule)]
        if hidden:
            raise _refused(where, f"its .helmignore (`{rule}`) would hide {hidden[0]} once it is a folder")


def _matches(path: RepoPath, rule: str) -> bool:
    parts = path.split("/")
    above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    candidates = above if rule.endswith("/") else [*above, path]
    pattern = rule.strip("/")
    return any(fnmatch(found, pattern) or fnmatch(found.rpartition("/")[2], pattern) for found in candidates)


def _refused(where: str, what: str) -> UnreadableSource:
    return UnreadableSource(f"{where}: {what}", path=where)
