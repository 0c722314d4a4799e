"""The plan as JSON and back: sorted, one line a file, with its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from migrate.errors import BadPlanFile, PathLeavesRepository
from migrate.model.edits import Edit
from migrate.model.facts import ReleaseId
from migrate.model.findings import Finding, Severity
from migrate.model.json_text import json_text
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Copy, Create, Operation, Remove, Rewrite, Vendor
from migrate.plan import Plan, Reach, folders

SCHEMA = "migrate/plan/1"


def plan_digest(plan: Plan) -> str:
    """The SHA-256 of the plan's canonical JSON, without what was only measured."""
    return hashlib.sha256(json_text(_document(plan)).encode()).hexdigest()


def to_json(plan: Plan, tree: Tree) -> str:
    """The whole plan as indented JSON with a final newline. The files that stay are given as folders with counts."""
    document = _document(plan) | {
        "digest": plan_digest(plan),
        "stays": folders(plan.stays(tree), tree),
        "counts": counts(plan, tree),
        "reach": [
            {
                "environment": r.environment,
                "command": r.command,
                "before": list(r.before),
                "after": list(r.after),
                "causeBefore": r.cause_before,
                "causeAfter": r.cause_after,
            }
            for r in plan.reach
        ],
        "history": [finding_json(f) for f in plan.history],
    }
    return json_text(document, indent=1) + "\n"


def counts(plan: Plan, tree: Tree) -> dict[str, int]:
    """How many tracked files get which verdict; they add up to `tracked`. `created` comes on top."""
    return {
        "tracked": len(tree.entries),
        "copied": len(plan.copies),
        "merged": len(plan.merged),
        "edited": len(plan.edited),
        "removed": len(plan.removed),
        "stays": len(plan.stays(tree)),
        "created": len(plan.created) + 1,
    }


def from_json(text: str, where: str) -> Plan:
    """The plan of a file; BadPlanFile if it is none, or if its content does not have its digest."""
    try:
        document = json.loads(text)
        if document["schema"] != SCHEMA:
            raise BadPlanFile(f"{where}: schema {document['schema']!r} is not {SCHEMA}", path=where)
        plan = _plan(document)
        fits = plan_digest(plan) == document["digest"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, PathLeavesRepository) as error:
        raise BadPlanFile(
            f"{where}: no plan of migrate: {error!r}", path=where, hint="make it with `migrate plan --out FILE`"
        ) from error
    if not fits:
        hint = "make overrides in migrate.yaml and plan again; a plan is not edited by hand"
        raise BadPlanFile(f"{where}: its content does not have the digest that it names", path=where, hint=hint)
    return plan


def _document(plan: Plan) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "base": plan.base,
        "layoutDigest": plan.layout_digest,
        "settingsDigest": plan.settings_digest,
        "root": plan.root,
        "newState": plan.new_state,
        "tierLabel": plan.tier_label,
        "through": plan.through,
        "record": plan.record_path,
        "merged": list(plan.merged),
        "operations": [_operation(op) for op in plan.operations],
        "stages": [[_release(r) for r in stage] for stage in plan.stages],
        "tiers": [[*_release(r), tier] for r, tier in plan.tiers],
        "orderChanges": [[_release(a), _release(b)] for a, b in plan.order_changes],
        "findings": [finding_json(f) for f in plan.findings],
        "accepted": [{"finding": finding_json(f), "reason": reason} for f, reason in plan.accepted],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as a JSON object."""
    return {
        "slug": finding.slug,
        "severity": finding.severity.value,
        "path": finding.path,
        "line": finding.line,
        "message": finding.message,
        "hint": finding.hint,
    }


def _release(release: ReleaseId) -> list[str]:
    return [release.context, release.namespace, release.name]


def _operation(op: Operation) -> dict[str, Any]:
    shared = {"target": op.target, "reason": op.reason, "subIssue": op.sub_issue}
    match op:
        case Copy():
            return {"kind": "copy", "source": op.source, **shared}
        case Create():
            return {"kind": "create", "text": op.text, "mode": op.mode.value, **shared}
        case Rewrite():
            edits = [
                [e.offset, e.old.decode("utf-8", "surrogateescape"), e.new.decode("utf-8", "surrogateescape")] for e in op.edits
            ]
            return {"kind": "rewrite", "edits": edits, **shared}
        case Remove():
            return {"kind": "remove", "mode": op.mode.value, "blob": op.oid, **shared}
        case Vendor():
            pulled = {"origin": op.origin, "name": op.name, "version": op.version, "asked": op.asked, "archive": op.archive}
            return {"kind": "vendor", **pulled, "files": dict(op.files), **shared}


def _plan(document: dict[str, Any]) -> Plan:
    return Plan(
        base=document["base"],
        layout_digest=document["layoutDigest"],
        settings_digest=document["settingsDigest"],
        root=RepoPath(document["root"]),
        new_state=RepoPath(document["newState"]),
        tier_label=document["tierLabel"],
        through=document["through"],
        record_path=RepoPath(document["record"]),
        merged=tuple(RepoPath(p) for p in document["merged"]),
        operations=tuple(_READERS[op["kind"]](op) for op in document["operations"]),
        stages=tuple(tuple(ReleaseId(*r) for r in stage) for stage in document["stages"]),
        tiers=tuple((ReleaseId(*r), tier) for *r, tier in document["tiers"]),
        order_changes=tuple((ReleaseId(*a), ReleaseId(*b)) for a, b in document["orderChanges"]),
        findings=tuple(_finding(f) for f in document["findings"]),
        accepted=tuple((_finding(a["finding"]), a["reason"]) for a in document["accepted"]),
        reach=tuple(
            Reach(
                r["environment"],
                r.get("command", "sync"),
                tuple(r["before"]),
                tuple(r["after"]),
                r["causeBefore"],
                r["causeAfter"],
            )
            for r in document.get("reach", ())
        ),
        history=tuple(_finding(f) for f in document.get("history", ())),
    )


def _finding(document: dict[str, Any]) -> Finding:
    fields = {name: document[name] for name in ("slug", "path", "line", "message", "hint")}
    return Finding(severity=Severity(document["severity"]), **fields)


def _copy(document: dict[str, Any]) -> Operation:
    return Copy(RepoPath(document["source"]), RepoPath(document["target"]), document["reason"], document["subIssue"])


def _create(document: dict[str, Any]) -> Operation:
    return Create(
        RepoPath(document["target"]), document["text"], Mode(document["mode"]), document["reason"], document["subIssue"]
    )


def _rewrite(document: dict[str, Any]) -> Operation:
    edits = tuple(
        Edit(offset, old.encode("utf-8", "surrogateescape"), new.encode("utf-8", "surrogateescape"))
        for offset, old, new in document["edits"]
    )
    return Rewrite(RepoPath(document["target"]), edits, document["reason"], document["subIssue"])


def _remove(document: dict[str, Any]) -> Operation:
    target, mode = RepoPath(document["target"]), Mode(document["mode"])
    return Remove(target, mode, document["blob"], document["reason"], document["subIssue"])


def _vendor(document: dict[str, Any]) -> Operation:
    files = tuple((RepoPath(path), str(oid)) for path, oid in sorted(document["files"].items()))
    texts = {key: str(document[key]) for key in ("origin", "name", "version", "asked", "archive", "reason")}
    return Vendor(folder=RepoPath(document["target"]), files=files, sub_issue=document["subIssue"], **texts)


_READERS: dict[str, Callable[[dict[str, Any]], Operation]] = {
    "copy": _copy,
    "create": _create,
    "rewrite": _rewrite,
    "remove": _remove,
    "vendor": _vendor,
}
