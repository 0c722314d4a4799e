"""What can't be flattened faithfully: each check looks at one thing and reports it with file, line and reason.

The numbers in the modules are those of section 10 of docs/explanation/helmfile-semantics.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from migrate.flatten.refusals.entries import control_flow, duplicate_releases, inherit
from migrate.flatten.refusals.paths import release_keys, release_paths, remote_charts
from migrate.flatten.refusals.reaching import activity, same_values_everywhere, selectors
from migrate.flatten.refusals.settings import (
    dead_defaults,
    defaults_without_twin,
    file_handlers,
    hooks,
    repositories,
    state_settings,
)
from migrate.flatten.refusals.subject import Subject
from migrate.flatten.refusals.texts import anchors, layouts, release_texts
from migrate.model.findings import Finding

FEW = 5
"""So many findings alike are told one by one."""

CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    duplicate_releases,
    same_values_everywhere,
    activity,
    defaults_without_twin,
    repositories,
    hooks,
    selectors,
    control_flow,
    state_settings,
    file_handlers,
    inherit,
    release_keys,
    release_paths,
    remote_charts,
    dead_defaults,
    layouts,
    anchors,
    release_texts,
)


def refusals(subject: Subject) -> tuple[Finding, ...]:
    """All findings of all checks; many alike in one file count as one, at the first place."""
    groups: dict[Finding, list[int]] = {}
    for finding in (found for check in CHECKS for found in check(subject)):
        groups.setdefault(replace(finding, line=0), []).append(finding.line)
    return tuple(finding for alike, lines in groups.items() for finding in _told(alike, sorted(set(lines))))


def _told(finding: Finding, lines: list[int]) -> list[Finding]:
    if len(lines) <= FEW:
        return [replace(finding, line=line) for line in lines]
    others = ", ".join(str(line) for line in lines[1:FEW]) + ", …"
    return [replace(finding, line=lines[0], message=f"{finding.message} ({len(lines)} places, lines {lines[0]}, {others})")]


__all__ = ["CHECKS", "Subject", "refusals"]
