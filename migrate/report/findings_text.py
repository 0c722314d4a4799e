"""Findings as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.model.findings import Finding, Severity

TITLES = {
    Severity.BLOCKING: "In the way (nothing is written until these are gone or accepted)",
    Severity.CHANGE: "Changes of meaning",
    Severity.WARNING: "Warnings",
    Severity.NOTE: "Notes",
}


def findings_text(findings: Sequence[Finding]) -> Iterator[str]:
    """The findings by severity, each with its place, what to do, and its slug."""
    for severity, title in TITLES.items():
        chosen = [finding for finding in findings if finding.severity is severity]
        if chosen:
            yield f"{title}: {len(chosen)}"
        for finding in chosen:
            yield f"  {finding.where()}: {finding.message} [{finding.slug}]"
            if finding.hint:
                yield f"      {finding.hint}"
        if chosen:
            yield ""
