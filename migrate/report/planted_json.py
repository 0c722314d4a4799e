"""Planted faults as plain data, schema `migrate/plant/1`."""

from __future__ import annotations

from typing import Any

from migrate.model.planted import KindOutcome, SelfTest, Tried

SCHEMA = "migrate/plant/1"


def planted_data(test: SelfTest) -> dict[str, Any]:
    """What was planted and what became of it. It holds no value of any file."""
    return {
        "schema": SCHEMA,
        "seed": test.seed,
        "asked": test.asked,
        "holds": test.holds,
        "kinds": [_kind(outcome) for outcome in test.outcomes()],
        "faults": [_fault(tried) for tried in test.tried],
    }


def _kind(outcome: KindOutcome) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "place": outcome.planted > 0,
        "planted": outcome.planted,
        "caught": outcome.caught,
        "byWitness": outcome.by_witness,
        "inRenders": outcome.in_renders,
        "onlyFiles": outcome.only_files,
    }


def _fault(tried: Tried) -> dict[str, Any]:
    fault = tried.fault
    return {
        "kind": fault.kind,
        "path": fault.path,
        "line": fault.line,
        "what": fault.wording,
        "expected": sorted(fault.expected),
        "failing": list(tried.failing),
        "seenBy": tried.seen_by,
        "caught": tried.caught,
    }
