"""The plan as a text that a person can read in a minute."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from migrate.model.chart_lock import HEAD as LOCK_HEAD
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Copy, Create, Remove, Rewrite, Vendor
from migrate.plan import Plan, folders
from migrate.plan_json import counts, plan_digest
from migrate.report.findings_text import findings_text
from migrate.report.words import many

LOCK_LINES = 10


def plan_text(plan: Plan, tree: Tree, *, verbose: bool = False) -> str:
    """Mapping, new state file, diffs, changes of meaning, blocking findings. `verbose` names every file."""
    return "\n".join(_lines(plan, tree, verbose=verbose)) + "\n"


def _lines(plan: Plan, tree: Tree, *, verbose: bool) -> Iterator[str]:
    yield f"Plan {plan_digest(plan)[:12]} for commit {plan.base[:12]}" + (
        " (preview: no helmfile and helm)" if plan.preview else ""
    )
    yield ""
    yield from _verdicts(plan, tree)
    yield "What goes where"
    yield from _every_copy(plan) if verbose else _mapping(plan, tree)
    yield f"  {many(len(plan.merged), 'helmfile')} -> {plan.new_state}: {', '.join(plan.merged)}"
    yield ""
    yield from _created(plan, verbose=verbose)
    yield from _edits(plan, tree)
    yield from _removed(plan, verbose=verbose)
    yield from _order(plan)
    yield from _reach(plan)
    yield from findings_text((*plan.findings, *plan.history), verbose=verbose)
    for finding, reason in plan.accepted:
        yield f"Accepted: {finding.where()}: {finding.slug}: {reason}"
    yield from _closing(plan)


def _verdicts(plan: Plan, tree: Tree) -> Iterator[str]:
    found = counts(plan, tree)
    parts = ", ".join(f"{found[name]} {name}" for name in ("copied", "merged", "edited", "stays"))
    total = sum(found[name] for name in ("copied", "merged", "edited", "stays"))
    removed = f" {found['removed']} of the legacy files are removed." if found["removed"] else ""
    made = f"{found['created']} are created."
    yield f"{found['tracked']} tracked files, each with one verdict: {parts} (sum {total}). {made}{removed}"
    yield ""


def _mapping(plan: Plan, tree: Tree) -> Iterator[str]:
    """Folders that move as a whole, for one reason, count as one line."""
    copies = {op.source: op for op in plan.operations if isinstance(op, Copy)}
    whole = [name for name in folders(tuple(copies), tree) if name.endswith("/")]
    groups: dict[tuple[str, str], list[Copy]] = {}
    for source, op in sorted(copies.items()):
        head = next((name for name in whole if source.startswith(name)), "")
        groups.setdefault(_heads(head, source, op.target), []).append(op)
    for (old, new), ops in groups.items():
        if len(ops) > 1 and len({op.reason for op in ops}) == 1:
            yield f"  {old} -> {new}  ({len(ops)} files, {ops[0].reason})"
        else:
            yield from (f"  {op.source} -> {op.target}  ({op.reason})" for op in ops)


def _heads(head: str, source: RepoPath, target: RepoPath) -> tuple[str, str]:
    """The longest folders of source and target that end alike below the folder that moves as a whole."""
    old, new = source.split("/"), target.split("/")
    shared = 0
    while shared < min(len(old), len(new)) - 1 and old[-1 - shared] == new[-1 - shared]:
        shared += 1
    floor = head.count("/") if head else len(old)
    keep = max(len(old) - shared, min(floor, len(old)))
    cut = len(old) - keep
    if not cut:
        return source, target
    return "/".join(old[:-cut]) + "/", "/".join(new[:-cut]) + "/"


def _every_copy(plan: Plan) -> Iterator[str]:
    for op in plan.operations:
        if isinstance(op, Copy):
            yield f"  {op.source} -> {op.target}  ({op.reason})"


def _created(plan: Plan, *, verbose: bool) -> Iterator[str]:
    """Whole, but for what is a list and no text to review (the lock of the charts), and scripts that are alike everywhere."""
    for op in plan.operations:
        if isinstance(op, Vendor):
            yield f"Pulled: {op.name} {op.version} from {op.origin} to {op.folder}, {many(len(op.files), 'file')} ({op.reason})"
            yield ""
        if isinstance(op, Create):
            yield f"New file {op.target} ({op.reason})"
            lines = op.text.splitlines()
            count = len(lines) if verbose else _shown(op, len(lines))
            yield from (f"  | {line}" for line in lines[:count])
            yield from [f"  | … {many(len(lines) - count, 'line')} more, shown with -v"] if count < len(lines) else []
            yield ""


def _shown(op: Create, lines: int) -> int:
    if op.mode is Mode.EXECUTABLE:
        return 0
    return LOCK_LINES if op.text.startswith(LOCK_HEAD) else lines


def _edits(plan: Plan, tree: Tree) -> Iterator[str]:
    for op in plan.operations:
        if isinstance(op, Rewrite) and op.target in tree:
            yield f"Edited: {op.target} ({op.reason})"
            before = tree.read(op.target).decode("utf-8", "replace").splitlines()
            after = op.apply(tree).read(op.target).decode("utf-8", "replace").splitlines()
            changes = islice(difflib.unified_diff(before, after, lineterm="", n=1), 2, None)  # without the names of the files
            yield from (f"  {line}" for line in changes)
            yield ""


def _removed(plan: Plan, *, verbose: bool) -> Iterator[str]:
    removed = [op for op in plan.operations if isinstance(op, Remove)]
    if not removed:
        return
    yield f"Removed: {many(len(removed), 'legacy file')}"
    if verbose:
        yield from (f"  {op.target}  ({op.reason})" for op in removed)
    else:
        yield from (f"  {name}  ({many(count, 'file')})" for name, count in Counter(_top(op.target) for op in removed).items())
    yield ""


def _top(path: RepoPath) -> str:
    head, slash, _ = path.partition("/")
    return head + slash


def _order(plan: Plan) -> Iterator[str]:
    yield "Order of deployment: " + " → ".join(", ".join(r.name for r in stage) for stage in plan.stages)
    if plan.order_changes:
        yield f"  {many(len(plan.order_changes), 'pair')} of releases in another order:"
        later: dict[str, list[str]] = {}
        for first, second in plan.order_changes:
            later.setdefault(second.name, []).append(first.name)
        for name, others in later.items():
            yield f"  {name} is now deployed before {', '.join(others)}"
    else:
        yield "  no pair of releases changes its order"
    yield ""


def _reach(plan: Plan) -> Iterator[str]:
    for reach in plan.reach:
        yield f"In environment {reach.environment} `helmfile {reach.command}` fails"
        yield from _reached("today", reach.before, reach.cause_before)
        yield from _reached("afterwards", reach.after, reach.cause_after)
        yield ""


def _reached(when: str, names: Sequence[str], cause: str) -> Iterator[str]:
    yield f"  {when}: after {', '.join(names) or 'nothing'}"
    yield f"      {cause or 'does not fail'}"


def _closing(plan: Plan) -> Iterator[str]:
    if plan.blocking:
        yield f"`migrate apply` refuses, with {many(len(plan.blocking), 'finding')} in the way."
    elif plan.preview:
        yield "This is a preview: `migrate apply` needs helmfile and helm (`migrate tools install`)."
    else:
        yield "Nothing is in the way. Next: migrate apply --branch NAME"
