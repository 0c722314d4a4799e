"""The phases of a migration, and which of the fifteen sub-issues belong to each.

A phase is where a team stands: `apply --through 3` stops behind the third. Files are rewritten in the phase of their kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PHASES: Mapping[int, str] = MappingProxyType(
    {
        1: "structure and charts",
        2: "helmfile, environments, custom charts",
        3: "scripts and tests",
        4: "CI/CD",
        5: "deploy scripts and documents",
        6: "cleanup",
    }
)
"""number of a phase -> its title"""

STATE_PHASE, WITHOUT_CLEANUP, CLEANUP = 2, 5, 6
"""The phase that brings the new state file, the last one that `apply` does by itself, and the one that removes legacy files."""

_OF_SUB_ISSUE = MappingProxyType({1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 5, 13: 5, 14: 6, 15: 5})
PIPELINES, DEPLOY_SCRIPTS, REMOVAL, DOCUMENTS = 11, 12, 14, 15
"""Numbers of sub-issues: CI/CD with what filters by paths, scripts that deploy, the removal of legacy files, documents."""

PROSE = (".md", ".markdown", ".rst", ".adoc", ".txt")
_SCRIPTS = (".sh", ".bash", ".py", ".ps1", ".mk")
_SCRIPT_NAMES = ("Makefile", "GNUmakefile", "Dockerfile", "Taskfile.yml", "Taskfile.yaml", "justfile")


def phase_of(sub_issue: int) -> int:
    """The phase of a sub-issue. KeyError for a number that is none."""
    return _OF_SUB_ISSUE[sub_issue]


def sub_issue_of_file(path: str) -> int:
    """The sub-issue under which references in a file are rewritten, by the file's kind."""
    name = path.rpartition("/")[2]
    if path.endswith(PROSE):
        return DOCUMENTS
    if not path.startswith((".github/", ".gitlab/")) and (name.endswith(_SCRIPTS) or name in _SCRIPT_NAMES or "." not in name):
        return DEPLOY_SCRIPTS
    return PIPELINES
