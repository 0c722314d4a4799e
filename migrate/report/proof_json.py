"""A proof as JSON, schema `migrate/proof/1`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from migrate.model.planted import SelfTest
from migrate.model.proof import Cell, ClaimResult, Proof
from migrate.report.planted_json import planted_data

SCHEMA = "migrate/proof/1"


def proof_json(proof: Proof, planted: SelfTest | None = None) -> str:
    """Indented JSON with sorted keys and a final newline. It holds no value of any release."""
    data = {**as_data(proof), "planted": planted_data(planted) if planted else None}
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def as_data(proof: Proof) -> dict[str, Any]:
    """The proof as plain data."""
    return {
        "schema": SCHEMA,
        "base": proof.base,
        "branch": proof.branch,
        "holds": proof.holds,
        "tools": dict(proof.tools),
        "counts": dict(Counter(str(cell.verdict) for cell in proof.cells)),
        "cells": [_cell(cell) for cell in proof.cells],
        "claims": [_claim(claim) for claim in proof.claims],
        "declaredChanges": list(proof.declared_changes),
        "leftOut": list(proof.left_out),
        "edited": list(proof.edited),
        "removed": list(proof.removed),
        "created": list(proof.created),
        "unmatched": list(proof.unmatched),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    release = cell.id.release
    return {
        "environment": cell.id.environment,
        "release": {"context": release.context, "namespace": release.namespace, "name": release.name},
        "verdict": str(cell.verdict),
        "green": cell.verdict.green,
        "reason": cell.reason,
        "maskedLeaves": cell.masked_leaves,
        "cause": cell.cause,
    }


def _claim(claim: ClaimResult) -> dict[str, Any]:
    evidence = [{"subject": piece.subject, "holds": piece.holds, "detail": piece.detail} for piece in claim.evidence]
    return {
        "claim": claim.claim,
        "asserts": claim.asserts,
        "verdict": str(claim.verdict),
        "checked": claim.checked,
        "evidence": evidence,
    }
