"""`versions.lock`: every chart that came from elsewhere, with the bytes that it has (docs/reference/versions-lock.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from migrate.errors import UnreadableSource
from migrate.model.json_text import json_text
from migrate.model.paths import RepoPath

HEAD = "# Written by migrate. scripts/sync-charts.sh and `migrate charts verify` compare every byte below with it.\n"
LOCK_VERSION = 1
UNKNOWN = "unknown"
"""the origin of a chart when nothing names one"""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.+@=~-]*(?:/[A-Za-z0-9_.+@=~-]+)+")
"""a path that YAML can't take for anything but text: it has a slash"""
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ENTRY = (
    ("  - path: ", r'"(?:[^"\\]|\\.)*"|' + _PLAIN.pattern),
    *((f"    {key}: ", r'"(?:[^"\\]|\\.)*"') for key in ("name", "version", "appVersion", "origin")),
    ("    digest: ", r"sha256:[0-9a-f]{64}"),
    ("    files: ", r"[1-9][0-9]*"),
)
"""the lines of an entry: how each begins, and what may follow"""


@dataclass(frozen=True, slots=True)
class ChartPlaces:
    """Where the layout puts the lock and the charts, from the top of the repository. `folder` is that of the state file."""

    lock: RepoPath
    folder: str
    external: str
    custom: str


@dataclass(frozen=True, slots=True)
class LockedChart:
    """A chart. `path` is its folder, or its archive, from the folder of the state file; `digest` counts what lies below it.

    `origin` is the URL of a chart repository, `oci://…` with the chart's name, or `unknown`.
    """

    path: str
    name: str
    version: str
    app_version: str
    origin: str
    digest: str
    files: int


@dataclass(frozen=True, slots=True)
class ChartLock:
    """The charts, sorted by path."""

    charts: tuple[LockedChart, ...]

    def to_text(self) -> str:
        """The file, one line a key."""
        charts = sorted(self.charts, key=lambda chart: chart.path)
        body = "".join(map(_entry, charts))
        return f"{HEAD}version: {LOCK_VERSION}\ncharts:{'' if body else ' []'}\n{body}"

    @classmethod
    def from_text(cls, text: str, where: str) -> ChartLock:
        """The lock; UnreadableSource with the line for anything that `to_text` would not write, but for lines of comments."""
        lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if not line.startswith("#")]
        if lines and lines[-1][1] == "":
            lines.pop()
        if [line for _, line in lines[:2]] == [f"version: {LOCK_VERSION}", "charts: []"] and len(lines) == len("vc"):
            return cls(())
        for (number, line), wanted in zip(lines[:2] + [(0, "")] * 2, (f"version: {LOCK_VERSION}", "charts:"), strict=False):
            if line != wanted:
                raise _refusal(where, number, f"`{wanted}` is expected")
        charts = tuple(_read(lines[2:], where))
        paths = [chart.path for chart in charts]
        if paths != sorted(set(paths)):
            raise _refusal(where, 0, "its entries are not sorted by path, or one is there twice")
        return cls(charts)


class Fault(StrEnum):
    """What may be wrong with what is locked."""

    CHANGED = "changed"
    MISSING = "missing"
    SURPLUS = "surplus"
    STALE = "stale archive"
    NOT_LOCKED = "not locked"
    NO_CHART = "lock entry without chart"


@dataclass(frozen=True, slots=True, order=True)
class ChartFault:
    """What is wrong where; `path` is that of a chart or of a file, from the folder of the state file."""

    path: str
    fault: Fault
    detail: str = ""


def _entry(chart: LockedChart) -> str:
    quoted = (chart.name, chart.version, chart.app_version, chart.origin)
    path = chart.path if _PLAIN.fullmatch(chart.path) else _quoted(chart.path)
    values = (path, *map(_quoted, quoted), chart.digest, str(chart.files))
    return "".join(f"{head}{value}\n" for (head, _), value in zip(_ENTRY, values, strict=True))


def _quoted(text: str) -> str:
    """Between double quotes, as JSON and YAML both read it: YAML takes no raw control characters, nor other line ends."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text(text))


def _read(lines: Sequence[tuple[int, str]], where: str) -> Iterator[LockedChart]:
    for start in range(0, len(lines), len(_ENTRY)):
        entry = lines[start : start + len(_ENTRY)]
        if len(entry) < len(_ENTRY):
            raise _refusal(where, entry[-1][0], "its last entry is cut off")
        path, name, version, app_version, origin, digest, files = (
            _value(where, number, line, *shape) for (number, line), shape in zip(entry, _ENTRY, strict=True)
        )
        yield LockedChart(path, name, version, app_version, origin, digest, int(files))


def _value(where: str, number: int, line: str, head: str, pattern: str) -> str:
    text = line.removeprefix(head)
    if text == line or not re.fullmatch(pattern, text):
        raise _refusal(where, number, f"`{head.strip(' -')}` and its value are expected")
    try:
        return str(json.loads(text)) if text.startswith('"') else text
    except ValueError as error:
        raise _refusal(where, number, "an escape that does not exist") from error


def _refusal(where: str, line: int, problem: str) -> UnreadableSource:
    hint = "it is written by `migrate` and scripts/sync-charts.sh only; bring it back with `git checkout`"
    return UnreadableSource(f"{where}:{line}: {problem}" if line else f"{where}: {problem}", hint=hint, path=where, line=line)
