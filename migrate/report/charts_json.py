"""The charts of a lock, and what differs from it, as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.chart_lock import ChartFault, ChartLock
from migrate.model.json_text import json_text

LIST_SCHEMA = "migrate/charts/1"
VERIFY_SCHEMA = "migrate/chartsverified/1"


def charts_json(lock: ChartLock) -> str:
    """The lock's entries."""
    charts = [
        {
            "path": chart.path,
            "name": chart.name,
            "version": chart.version,
            "appVersion": chart.app_version,
            "origin": chart.origin,
            "digest": chart.digest,
            "files": chart.files,
        }
        for chart in lock.charts
    ]
    return json_text({"schema": LIST_SCHEMA, "charts": charts}, indent=1) + "\n"


def verify_json(lock: ChartLock, faults: Sequence[ChartFault]) -> str:
    """Whether all is as locked, and each fault."""
    found = [{"path": each.path, "fault": str(each.fault), "detail": each.detail} for each in faults]
    document = {"schema": VERIFY_SCHEMA, "holds": not faults, "charts": len(lock.charts), "faults": found}
    return json_text(document, indent=1) + "\n"
