"""A pulled archive -> the chart as the new tree will hold it."""

from __future__ import annotations

import hashlib

from migrate.errors import UnreadableSource
from migrate.formats.packed_chart import UnpackedChart, unpack
from migrate.formats.plain_yaml import load_plain
from migrate.model.paths import RepoPath
from migrate.model.pulled import ChartRef, NotPulled, VendoredChart
from migrate.model.tree import blob_id

MANIFEST, REQUIREMENTS = RepoPath("Chart.yaml"), RepoPath("requirements.yaml")


def vendored(ref: ChartRef, archive: bytes, digits: int) -> tuple[VendoredChart, UnpackedChart] | NotPulled:
    """The chart with its bytes; `digits` is how long blob ids are. NotPulled for one that is not safe or not that chart."""
    try:
        unpacked = unpack(archive, "its archive")
        document = load_plain(unpacked.files[MANIFEST], "its Chart.yaml", strict=False).value
    except UnreadableSource as error:
        return NotPulled(error.message)
    named = document if isinstance(document, dict) else {}
    name, version = str(named.get("name") or ""), str(named.get("version") or "")
    if name != ref.name:
        return NotPulled(f"its Chart.yaml calls it {name!r}")
    if not version or (ref.exact and _plain(version) != _plain(ref.version)):
        return NotPulled(f"its Chart.yaml says version {version!r}, and {ref.version!r} was asked for")
    files = tuple((path, blob_id(content, digits)) for path, content in unpacked.files.items())
    builds = _builds(named) or _builds(_requirements(unpacked))
    return VendoredChart(ref, version, hashlib.sha256(archive).hexdigest(), files, builds), unpacked


def _requirements(unpacked: UnpackedChart) -> object:
    """The requirements.yaml of an older chart; one that can't be read says nothing, for helm refuses it on both sides."""
    try:
        return load_plain(unpacked.files.get(REQUIREMENTS, b""), "its requirements.yaml", strict=False).value
    except UnreadableSource:
        return None


def _builds(document: object) -> bool:
    entries = document.get("dependencies") if isinstance(document, dict) else None
    return any(isinstance(entry, dict) and entry.get("repository") for entry in entries or ())


def _plain(version: str) -> str:
    """A version without what helm takes as well: a leading `v`, and a `+` that a registry's tag has as `_`."""
    return version.removeprefix("v").replace("_", "+")
