"""The charts of a lock as a table, and what differs from it."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.chart_lock import ChartFault, ChartLock
from migrate.report.words import many

HEAD = ("path", "version", "appVersion", "origin", "files")


def charts_text(lock: ChartLock) -> str:
    """One line a chart."""
    rows = [HEAD, *((c.path, c.version or "-", c.app_version or "-", c.origin, str(c.files)) for c in lock.charts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines) + "\n"


def verify_text(lock: ChartLock, faults: Sequence[ChartFault]) -> str:
    """One line a fault, `path: what`; one line in all if there is none."""
    if not faults:
        total = sum(chart.files for chart in lock.charts)
        return f"{many(len(lock.charts), 'chart')} have the bytes that are locked ({total} files, nested charts counted again).\n"
    return "".join(f"{each.path}: {each.fault}{f' ({each.detail})' if each.detail else ''}\n" for each in faults)
