"""What `apply` did, as JSON."""

from __future__ import annotations

import json

from migrate.plan import Applied
from migrate.plan_json import plan_digest
from migrate.report.proof_json import proof_json

SCHEMA = "migrate/apply/1"


def apply_json(applied: Applied, branch: str) -> str:
    """Branch, tip, number of commits, plan digest, and the whole proof; `changed` false if there was nothing to do."""
    document = {
        "schema": SCHEMA,
        "branch": branch,
        "changed": applied.tip is not None,
        "tip": applied.tip,
        "commits": applied.commits,
        "base": applied.plan.base if applied.plan else None,
        "planDigest": plan_digest(applied.plan) if applied.plan else None,
        "kept": list(applied.kept),
        "proof": json.loads(proof_json(applied.proof)) if applied.proof else None,
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
