"""loads_on_current: helmfile 1.x makes the same of the new tree.

The new side is asked once more by helmfile 1.x with the same helm. Each release must be handed to helm with the same arguments,
chart and values (as helm reads them: 1.x indents lists in another way). Left out, and said so, where helmfile 1.x is missing.
What fails with helmfile 0.16x and not with 1.x is no fault of the new tree: there is nothing to compare it with, and it is told.
Of a chart that helmfile patched, the patches that it left behind and nothing reads don't count. What 1.x is known to do otherwise
with such a chart is a cause that the user may vouch for; arguments and values have to be equal all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from migrate.claims.gathered import CHART_DIFFERS, Gathered, unequal_inputs
from migrate.claims.patched_charts import known_cause
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import CellId, HelmCall
from migrate.model.proof import ClaimResult, Evidence

NAME = "loads_on_current"
ASSERTS = "helmfile 1.x gives helm the same for the new tree"

COMMANDS = ("template", "sync")

TO_UPGRADE_ONLY = "--enable-dns"
"""A flag that helmfile 0.166 gives to `upgrade` alone, and 1.7.4 to `template` as well; what is deployed is the same."""


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each cell that helm is called for, or that fails on either helmfile."""
    modern = gathered.modern
    return ClaimResult.of(NAME, ASSERTS, tuple(_evidence(gathered, modern)) if modern else ())


def _evidence(gathered: Gathered, modern: SideFacts) -> Iterator[Evidence]:
    for cell in gathered.cells:
        now, then = gathered.new.presence(cell), modern.presence(cell)
        if _reaches_nothing(gathered.new, cell):
            yield Evidence(str(cell), True, "fails on both" if _reaches_nothing(modern, cell) else "fails; gets further with 1.x")
        elif now is not then:
            yield Evidence(str(cell), False, f"{now.value}; with helmfile 1.x: {then.value}")
        else:
            yield from _calls(gathered, modern, cell)


def declared_changes(gathered: Gathered) -> tuple[str, ...]:
    """What only helmfile 1.x gets through, in words: one line for each environment."""
    modern = gathered.modern
    found: dict[str, list[str]] = {}
    for cell in gathered.cells if modern else ():
        if modern and _reaches_nothing(gathered.new, cell) and not _reaches_nothing(modern, cell):
            found.setdefault(cell.environment, []).append(str(cell.release))
    what = "fails with this helmfile and not with 1.x, so what that deploys is compared with nothing"
    return tuple(f"{environment}: {', '.join(names)} {what}" for environment, names in found.items())


def _reaches_nothing(side: SideFacts, cell: CellId) -> bool:
    """Whether the cell fails and helm is never called for it."""
    return side.failure(cell) is not None and not any(side.calls(cell, command) for command in COMMANDS)


def cause_of_current(gathered: Gathered, cell: CellId) -> str:
    """Why the chart that 1.x gives to helm is another one, in words for `unproved:`; empty if it isn't, or nobody knows why."""
    modern = gathered.modern
    if modern is None or not any(CHART_DIFFERS in _unequal(gathered, *pair) for pair in _pairs(gathered, modern, cell)):
        return ""
    return known_cause(gathered, cell)


def _pairs(gathered: Gathered, modern: SideFacts, cell: CellId) -> Iterator[tuple[HelmCall, HelmCall]]:
    for command in COMMANDS:
        yield from zip(gathered.new.calls(cell, command), modern.calls(cell, command), strict=False)


def _unequal(gathered: Gathered, now: HelmCall, then: HelmCall) -> tuple[str, ...]:
    if now.chart_patched and then.chart_patched:
        now, then = (replace(call, chart_digest=call.chart_patched) for call in (now, then))
    return unequal_inputs(now, _as_before(then), gathered.new_merged, gathered.modern_merged)


def _vouched(gathered: Gathered, cell: CellId) -> bool:
    cause = cause_of_current(gathered, cell)
    return bool(cause) and any(entry.covers(cell, cause) for entry in gathered.case.unproved)


def _as_before(call: HelmCall) -> HelmCall:
    if call.verb != "template":
        return call
    return replace(call, argv=tuple(word for word in call.argv if word != TO_UPGRADE_ONLY))


def _calls(gathered: Gathered, modern: SideFacts, cell: CellId) -> Iterator[Evidence]:
    for command in COMMANDS:
        now, then = gathered.new.calls(cell, command), modern.calls(cell, command)
        if len(now) != len(then):
            failure = modern.failure(cell)
            why = f": {failure.message}" if failure else ""
            yield Evidence(f"{cell} {command}", False, f"helm is called {len(now)} times; with helmfile 1.x {len(then)}{why}")
            continue
        for a, b in zip(now, then, strict=True):
            yield _evidence_of(gathered, cell, command, _unequal(gathered, a, b))


def _evidence_of(gathered: Gathered, cell: CellId, command: str, unequal: tuple[str, ...]) -> Evidence:
    if CHART_DIFFERS not in unequal:
        return Evidence(f"{cell} {command}", not unequal, "; ".join(unequal) or "equal")
    cause = cause_of_current(gathered, cell)
    told = [f"{part} ({cause})" if part == CHART_DIFFERS and cause else part for part in unequal]
    holds = unequal == (CHART_DIFFERS,) and _vouched(gathered, cell)
    return Evidence(f"{cell} {command}", holds, "; ".join(told))
