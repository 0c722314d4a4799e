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

SUB_ISSUES: Mapping[int, tuple[int, str]] = MappingProxyType(
    {
        1: (1, "new directory structure"),
        2: (1, "chart download script"),
        3: (1, "external charts stored locally"),
        4: (2, "the one helmfile.yaml"),
        5: (2, "environment settings"),
        6: (2, "custom charts"),
        7: (3, "validation script"),
        8: (3, "development environment test"),
        9: (3, "offline environment test"),
        10: (4, "staging applied"),
        11: (4, "CI/CD pipelines"),
        12: (5, "preparation"),
        13: (5, "production applied"),
        14: (6, "legacy structure removed"),
        15: (5, "team training, docs"),
    }
)
"""number of a sub-issue -> its phase, its title"""

PIPELINES, DEPLOY_SCRIPTS, REMOVAL, DOCUMENTS = 11, 12, 14, 15
"""Numbers of sub-issues: CI/CD with what filters by paths, scripts that deploy, the removal of legacy files, documents."""

PROSE = (".md", ".markdown", ".rst", ".adoc", ".txt")
_SCRIPTS = (".sh", ".bash", ".py", ".ps1", ".mk")
_SCRIPT_NAMES = ("Makefile", "GNUmakefile", "Dockerfile", "Taskfile.yml", "Taskfile.yaml", "justfile")


def phase_of(sub_issue: int) -> int:
    """The phase of a sub-issue. KeyError for a number that is none."""
    return SUB_ISSUES[sub_issue][0]


def sub_issue_of_file(path: str) -> int:
    """The sub-issue under which references in a file are rewritten, by the file's kind."""
    name = path.rpartition("/")[2]
    if path.endswith(PROSE):
        return DOCUMENTS
    if not path.startswith((".github/", ".gitlab/")) and (name.endswith(_SCRIPTS) or name in _SCRIPT_NAMES or "." not in name):
        return DEPLOY_SCRIPTS
    return PIPELINES
