"""What helmfile 1.x is known to make otherwise of a chart that it patches: told by name, so that the user can decide.

Seen with 0.166.0 (chartify 0.20.1) and 1.7.4 (chartify 0.28.2), and read in chartify's patch.go, Runner.Patch.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import PathLeavesRepository
from migrate.model.facts import CellId
from migrate.model.paths import resolve

PATCHES = ("strategicMergePatches", "jsonPatches", "transformers")


def known_cause(gathered: Gathered, cell: CellId) -> str:
    """Why helmfile 1.x gives helm another chart of this release; empty if no such reason applies.

    None does unless both helmfiles render the chart alike before they patch it: then what differs comes from patching.
    """
    found = gathered.new.definitions(cell)
    alike = gathered.modern is not None and _rendered(gathered.new, cell) == _rendered(gathered.modern, cell) != []
    return "; ".join(_causes(gathered, found[0])) if alike and len(found) == 1 else ""


def _rendered(side: SideFacts, cell: CellId) -> list[tuple[tuple[str, ...], str]]:
    """Arguments and chart of the renders that are patched; their values files are those that helm is given afterwards."""
    return [(call.argv, call.chart_digest) for call in side.before_patching(cell)]


def _causes(gathered: Gathered, definition: Definition) -> Iterator[str]:
    release = definition.release
    now, then = (_version(gathered, tool) for tool in ("helmfile", "modern helmfile"))
    if release.get("strategicMergePatches") and release.get("jsonPatches"):
        yield f"{now} leaves `jsonPatches` out beside `strategicMergePatches`, {then} applies both"
    if any(release.get(key) for key in PATCHES) and _has_crds_in_templates(gathered, definition):
        yield f"{now} moves templates/crds/ of a patched chart to crds/, {then} leaves it in templates/"


def _has_crds_in_templates(gathered: Gathered, definition: Definition) -> bool:
    try:
        folder = resolve(definition.state.source.folder, str(definition.release.get("chart") or ""))
    except PathLeavesRepository:
        return False
    return any(True for _ in gathered.new.tree.below(f"{folder}/templates/crds"))


def _version(gathered: Gathered, tool: str) -> str:
    """A tool without the digest of its binary: `helmfile 0.166.0`."""
    return f"helmfile {gathered.tools.get(tool, '').partition(' ')[0]}".strip()
