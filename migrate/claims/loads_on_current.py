"""loads_on_current: helmfile 1.x makes the same of the new tree.

The new side is asked once more by helmfile 1.x with the same helm. Each release must be handed to helm with the same arguments,
chart and values (as helm reads them: 1.x indents lists in another way). Left out, and said so, where helmfile 1.x is missing.
What fails with helmfile 0.16x and not with 1.x is no fault of the new tree: there is nothing to compare it with, and it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from migrate.claims.gathered import Gathered, unequal_inputs
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
            unequal = unequal_inputs(a, _as_before(b), gathered.new_merged, gathered.modern_merged)
            yield Evidence(f"{cell} {command}", not unequal, "; ".join(unequal) or "equal")
