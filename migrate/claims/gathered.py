"""Everything that was measured for a proof: what the claims judge, without asking anything more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from migrate.claims.command_forms import CommandForm
from migrate.claims.fetched import Fetched
from migrate.claims.rendering import RenderResult
from migrate.claims.side_facts import SideFacts
from migrate.model.case import ProofCase
from migrate.model.facts import CellId, Failure, HelmCall, HelmInputs, Run, ValuesFile
from migrate.model.reaching import Offline

Digests = tuple[str, ...]
"""The digests of the values files of a call, in order."""
Merged = Mapping[Digests, "str | Failure"]
"""Values files -> the digest of what helm reads from them together; filled only where the two sides have other files."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Both sides, the comparisons of their renders, and the values as helm reads them.

    `tools` are the versions of what was asked. `modern` is the new side as helmfile 1.x loads it; None if there is no such
    helmfile. `with_variables` is both sides asked again with variables set that templates read, once for each look.
    """

    case: ProofCase
    old: SideFacts
    new: SideFacts
    tools: Mapping[str, str]
    cells: tuple[CellId, ...]
    renders: Mapping[CellId, RenderResult]
    old_merged: Merged = field(default_factory=lambda: MappingProxyType({}))
    new_merged: Merged = field(default_factory=lambda: MappingProxyType({}))
    modern: SideFacts | None = None
    modern_merged: Merged = field(default_factory=lambda: MappingProxyType({}))
    commands: Mapping[CommandForm, tuple[Run, Run]] = field(default_factory=lambda: MappingProxyType({}))
    """the repository's own command lines, with what they do before and after"""
    complaints: Mapping[bytes, str] = field(default_factory=lambda: MappingProxyType({}))
    """what bash says of edited scripts, empty for those that it accepts"""
    with_variables: tuple[Gathered, ...] = ()
    fetched: Fetched = field(default_factory=lambda: MappingProxyType({}))
    """charts that the old tree does not hold, of releases that are not rendered"""
    completed: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """what charts of the old tree lack and were given: path from the chart's folder -> id of the blob"""
    offline: Offline | None = None
    """what the new side wanted of the network that was cut off from it; None if it had one"""
    online: str = ""
    """why it had one"""

    @property
    def environments(self) -> tuple[str, ...]:
        """All environments, in the order of the matrix."""
        return tuple(dict.fromkeys(cell.environment for cell in self.cells))

    def cells_of(self, environment: str) -> tuple[CellId, ...]:
        """The cells of one environment."""
        return tuple(cell for cell in self.cells if cell.environment == environment)


def inputs_of(call: HelmCall) -> HelmInputs:
    """What a recorded call gives to helm."""
    return HelmInputs(call.argv, call.chart, call.chart_folder, call.chart_digest, call.values)


def digests_of(values: tuple[ValuesFile, ...]) -> Digests:
    """What a set of values files is known by."""
    return tuple(file.digest for file in values)


CHART_UNKNOWN = "chart: its bytes are not known"
CHART_DIFFERS = "chart: other bytes"


def unequal_of_cell(gathered: Gathered, cell: CellId, old: HelmCall, new: HelmCall) -> tuple[str, ...]:
    """The same for a cell: a chart that is on no side and has one name is let pass where the user vouches for the cell."""
    unequal = unequal_inputs(old, new, gathered.old_merged, gathered.new_merged)
    if gathered.case.vouched(cell) and same_unknown_chart(old, new):
        return tuple(part for part in unequal if part != CHART_UNKNOWN)
    return unequal


def same_unknown_chart(old: HelmCall, new: HelmCall) -> bool:
    """Whether both sides name the same chart, whose bytes are on neither: one of a repository or registry."""
    return not old.chart_digest and not new.chart_digest and bool(old.chart) and old.chart == new.chart


def unequal_inputs(old: HelmCall, new: HelmCall, old_merged: Merged, new_merged: Merged) -> tuple[str, ...]:
    """What differs between what helm is given on both sides, in words that show no value; empty if nothing does."""
    found = []
    if old.verb != new.verb:
        found.append(f"command: {old.verb} became {new.verb}")
    if old.argv != new.argv:
        found.append(f"arguments: {_flags(old.argv, new.argv)}")
    if _takes_no_chart(old) and _takes_no_chart(new):
        pass
    elif not (old.chart_digest and new.chart_digest):
        found.append(CHART_UNKNOWN)
    elif old.chart_digest != new.chart_digest:
        found.append(CHART_DIFFERS)
    if not _same_values(old, new, old_merged, new_merged):
        found.append("values: helm reads others")
    return tuple(found)


def _takes_no_chart(call: HelmCall) -> bool:
    return call.verb in ("uninstall", "delete", "test", "status") and not call.chart


def _same_values(old: HelmCall, new: HelmCall, old_merged: Merged, new_merged: Merged) -> bool:
    before, after = digests_of(old.values), digests_of(new.values)
    if before == after:
        return True
    merged = old_merged.get(before), new_merged.get(after)
    return all(isinstance(side, str) for side in merged) and merged[0] == merged[1]


def _flags(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    """The names of the flags that differ. Their values may be secrets."""
    before, after = _by_flag(old), _by_flag(new)
    parts = [f"{flag} is only on the old side" for flag in before if flag not in after]
    parts += [f"{flag} is only on the new side" for flag in after if flag not in before]
    parts += [f"{flag} has another value" for flag in before if flag in after and before[flag] != after[flag]]
    return ", ".join(parts) or "another order"


def _by_flag(argv: tuple[str, ...]) -> dict[str, list[str]]:
    """Flag -> the words that go with it; words before the first flag belong to `release and chart`."""
    found: dict[str, list[str]] = {}
    flag = "release and chart"
    for word in argv:
        name, _, value = word.partition("=")
        if word.startswith("-"):
            flag = name
        found.setdefault(flag, []).append(value if word.startswith("-") else word)
    return found
