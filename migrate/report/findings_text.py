"""Findings as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from migrate.model.findings import Finding, Severity

TITLES = {
    Severity.BLOCKING: "In the way (nothing is written until these are gone or accepted)",
    Severity.CHANGE: "Changes of meaning",
    Severity.WARNING: "Warnings",
    Severity.NOTE: "Notes",
}


CROWD = 10
"""More findings of one name than this are told by the first few."""
FIRST = 5


def findings_text(findings: Sequence[Finding], *, verbose: bool = False) -> Iterator[str]:
    """The findings by severity, each with its place, what to do, and its slug; all of a crowd only if `verbose`."""
    for severity, title in TITLES.items():
        chosen = [finding for finding in findings if finding.severity is severity]
        if chosen:
            yield f"{title}: {len(chosen)}"
        yield from _told(chosen, verbose=verbose)
        if chosen:
            yield ""


def _told(findings: Sequence[Finding], *, verbose: bool) -> Iterator[str]:
    sizes = Counter(finding.slug for finding in findings)
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.slug] += 1
        crowd = not verbose and sizes[finding.slug] > CROWD
        if not crowd or seen[finding.slug] <= FIRST:
            yield f"  {finding.where()}: {finding.message} [{finding.slug}]"
            if finding.hint:
                yield f"      {finding.hint}"
        if crowd and seen[finding.slug] == FIRST:
            yield f"  and {sizes[finding.slug] - FIRST} more [{finding.slug}]; -v shows them"
