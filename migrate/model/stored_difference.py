"""A stored proof against one that was made now: what is not as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.model.proof import ClaimVerdict
from migrate.model.stored_proof import StoredProof


def other_commits(stored: StoredProof, base: str, branch: str, tree: str, states: tuple[str, str]) -> tuple[str, ...]:
    """Whether a stored proof speaks of other commits or state files, in words; a tip that it can't name goes by its tree."""
    pairs = [
        ("base", stored.base, base),
        ("tree of the branch", stored.tree, tree),
        ("legacy helmfile", stored.legacy_state, states[0]),
        ("new helmfile", stored.new_state, states[1]),
    ]
    if stored.branch:
        pairs.append(("branch", stored.branch, branch))
    return tuple(_worded(what, before, after) for what, before, after in pairs if before != after)


def other_tools(stored: StoredProof, now: StoredProof) -> tuple[str, ...]:
    """What judges with another version than before; and claims that hold now and were not judged then. No fault by itself."""
    before = {"migrate": stored.conditions.migrate, **stored.tools}
    after = {"migrate": now.conditions.migrate, **now.tools}
    extra = [name for name, claim in now.claims.items() if name not in stored.claims and claim.verdict == ClaimVerdict.HOLDS]
    return (*_apart("tool", before, after), *(f"claim {name}: only judged now, and holds" for name in sorted(extra)))


def differences(stored: StoredProof, now: StoredProof) -> tuple[str, ...]:
    """All that came out otherwise, or was asked otherwise, claim by claim and count by count; empty if nothing did."""
    holds = ClaimVerdict.HOLDS
    claims = {name: claim for name, claim in now.claims.items() if name in stored.claims or claim.verdict != holds}
    return (
        *other_commits(stored, now.base, now.branch, now.tree, (now.legacy_state, now.new_state)),
        *_conditions(stored, now),
        *_apart("holds", {"": stored.holds}, {"": now.holds}),
        *_apart("claim", stored.claims, claims),
        *_cells(stored, now),
        *_lines("declared change", stored.declared_changes, now.declared_changes),
        *_lines("left out", stored.left_out, now.left_out),
    )


def _conditions(stored: StoredProof, now: StoredProof) -> Iterator[str]:
    before, after = stored.conditions, now.conditions
    if before.settings != after.settings:
        yield _worded("settings (migrate.yaml, --run-commands)", before.settings[:12], after.settings[:12])
    yield from _lines("variable of passEnv", before.passed, after.passed)
    for name in sorted({*before.lent, *after.lent}):
        if name in before.lent and name in after.lent:
            same = before.lent[name] == after.lent[name]
            yield from () if same else (f"--env-file {name}: another file than the one that was lent then",)
        else:
            words = ("a file", "nothing lent")
            yield _worded(f"--env-file {name}", *(words if name in before.lent else reversed(words)))
    if before.run_commands != after.run_commands:
        yield _worded("--run-commands", str(before.run_commands), str(after.run_commands))


def _cells(stored: StoredProof, now: StoredProof) -> Iterator[str]:
    apart = [
        line
        for name in dict.fromkeys((*stored.cells, *now.cells))
        for line in _apart(f"cells of {name}", stored.cells.get(name, {}), now.cells.get(name, {}))
    ]
    yield from apart
    if not apart and stored.cells_digest != now.cells_digest:
        yield "cells: as many of each verdict, but not the same ones"


def _apart(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield _worded(f"{what} {name}".strip(), str(before.get(name, "none")), str(after.get(name, "none")))


def _lines(what: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{what}: only in the stored proof: {line}" for line in before if line not in after)
    yield from (f"{what}: only now: {line}" for line in after if line not in before)


def _worded(what: str, before: str, after: str) -> str:
    return f"{what}: stored {before}, now {after}"
