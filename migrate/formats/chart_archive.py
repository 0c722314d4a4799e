"""A packed chart (`.tgz`) as its files, read in memory and never unpacked to a disk."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping

from migrate.errors import UnreadableSource

MAX_BYTES = 100_000_000
MAX_FILES = 20_000
NESTED = ".tgz"
MAX_DEPTH = 8


def read_chart_archive(data: bytes, where: str) -> Mapping[str, bytes]:
    """Path below the archive's one folder -> content; charts packed in its `charts/` are unpacked as well.

    UnreadableSource for what is no gzipped tar, leads out of the folder, holds a link or a device, names a file twice with
    other bytes, or unpacks to more than `MAX_BYTES` or `MAX_FILES`.
    """
    found: dict[str, bytes] = {}
    for path, content in _files(data, where, [MAX_BYTES, MAX_FILES], 0):
        if found.setdefault(path, content) != content:
            raise _refusal(where, f"{path} is there twice")
    return found


def _files(data: bytes, where: str, room: list[int], depth: int) -> Iterator[tuple[str, bytes]]:
    if depth > MAX_DEPTH:
        raise _refusal(where, "archives in archives, too deep")
    for path, content in _members(data, where, room):
        folder, _, name = path.rpartition("/")
        if name.endswith(NESTED) and folder.rpartition("/")[2] == "charts":
            inner = list(_files(content, where, room, depth + 1))
            yield from ((f"{folder}/{_stem(name)}/{below}", each) for below, each in inner)
        else:
            yield path, content


def _stem(name: str) -> str:
    """`common-2.13.3.tgz` -> `common`: what helm calls the folder when it packs the chart around it again."""
    parts = name.removesuffix(NESTED).split("-")
    version = next((at for at in range(1, len(parts)) if parts[at].removeprefix("v")[:1].isdigit()), len(parts))
    return "-".join(parts[:version])


def _members(data: bytes, where: str, room: list[int]) -> Iterator[tuple[str, bytes]]:
    tops: set[str] = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            for member in archive:
                if member.isdir():
                    continue
                top, path = _below(member, where)
                tops.add(top)
                room[0], room[1] = room[0] - member.size, room[1] - 1
                if len(tops) > 1 or min(room) < 0:
                    raise _refusal(where, "it has more than one folder" if len(tops) > 1 else "it unpacks to too much")
                file = archive.extractfile(member)
                yield path, file.read() if file else b""
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise _refusal(where, "no gzipped tar") from error


def _below(member: tarfile.TarInfo, where: str) -> tuple[str, str]:
    parts = [part for part in member.name.split("/") if part != "."]
    if not member.isreg() or len(parts) < len(("top", "file")) or any(part in ("", "..") for part in parts):
        raise _refusal(where, "it holds a link, a device or a path that leads out of its folder")
    return parts[0], "/".join(parts[1:])


def _refusal(where: str, problem: str) -> UnreadableSource:
    return UnreadableSource(f"{where}: {problem}", path=where)
