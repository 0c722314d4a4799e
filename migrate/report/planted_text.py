"""Planted faults as text: a line a kind, then what was missed."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.model.planted import KindOutcome, SelfTest, Tried

HEAD = f"{'planted fault':<14}{'planted':>8}{'caught':>8}{'witness':>9}{'renders':>9}{'files only':>12}"


def planted_text(test: SelfTest, *, verbose: bool = False) -> str:
    """The whole report; `verbose` names every fault with the claims that failed."""
    shown = test.tried if verbose else test.missed
    lines = [HEAD, *map(_kind, test.outcomes()), *(line for tried in shown for line in _fault(tried)), *_closing(test)]
    return "\n" + "\n".join(lines) + "\n"


def _kind(outcome: KindOutcome) -> str:
    if not outcome.planted:
        return f"{outcome.kind:<14}{'no place':>8}"
    counts = f"{outcome.planted:>8}{outcome.caught:>8}{outcome.by_witness:>9}{outcome.in_renders:>9}{outcome.only_files:>12}"
    return f"{outcome.kind:<14}{counts}"


def _fault(tried: Tried) -> Iterator[str]:
    fault = tried.fault
    yield f"{'caught' if tried.caught else 'MISSED'} {fault.kind}: {fault.where}: {fault.wording}"
    yield f"    has to fail: {' or '.join(sorted(fault.expected)) or 'any claim'}; failing: {', '.join(tried.failing) or 'none'}"
    if tried.caught:
        yield f"    seen by: {tried.seen_by}"


def _closing(test: SelfTest) -> Iterator[str]:
    caught = len(test.tried) - len(test.missed)
    more = "" if len(test.tried) == test.asked else f" ({test.asked} were asked for; there is no place for more)"
    yield f"{len(test.tried)} faults planted, each alone{more}: {caught} caught, {len(test.missed)} missed"
    yield f"seed {test.seed}: `--plant {test.asked} --seed {test.seed}` plants the same"
