"""rehearsed: a script of the repository does before and after the same: the same calls of helm, the same files at their places.

It is run in a copy of each tree by `prove --rehearse`, with stand-ins for what would reach a machine or a cluster. No part of
a proof by itself, for it runs what the repository brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.claims.gathered import unequal_inputs
from migrate.claims.pieces import moves_of
from migrate.claims.side_facts import ANSWERED
from migrate.model.case import ProofCase
from migrate.model.facts import HelmCall
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.rehearsal import Rehearsal
from migrate.references.moves import Moves

NAME = "rehearsed"
ASSERTS = "the scripts that were rehearsed do the same"


def judge(case: ProofCase, runs: Mapping[str, tuple[Rehearsal, Rehearsal]]) -> ClaimResult:
    """Evidence for each command: how it ends, what helm is given, which files it writes, what else it calls."""
    moves = moves_of(case)
    return ClaimResult.of(NAME, ASSERTS, tuple(piece for command, pair in runs.items() for piece in _of(command, *pair, moves)))


def _of(command: str, old: Rehearsal, new: Rehearsal, moves: Moves) -> Iterator[Evidence]:
    ended = f"exit code {old.exit_code} on the old side, {new.exit_code} on the new side"
    yield Evidence(f"{command}: its end", old.exit_code == new.exit_code, ended)
    unequal = _calls(_sorted(old), _sorted(new))
    yield Evidence(f"{command}: helm", not unequal, unequal or f"{len(_sorted(old))} equal calls")
    differing = sorted(set(_placed(old.files, moves).items()) ^ set(new.files.items()))
    files = ", ".join(dict.fromkeys(path for path, _ in differing))
    yield Evidence(f"{command}: files", not files, f"other ones: {files}" if files else f"{len(new.files)} written alike")
    same = old.stand_ins == new.stand_ins
    yield Evidence(f"{command}: stand-ins", same, f"{len(new.stand_ins)} calls alike" if same else "called otherwise")


def _sorted(run: Rehearsal) -> list[HelmCall]:
    calls = (call for call in run.calls if call.verb in ANSWERED)
    return sorted(calls, key=lambda call: (str(call.release), call.verb, call.argv))


def _calls(old: list[HelmCall], new: list[HelmCall]) -> str:
    if [(str(call.release), call.verb) for call in old] != [(str(call.release), call.verb) for call in new]:
        return f"{len(old)} calls became {len(new)}, or of other releases"
    for before, after in zip(old, new, strict=True):
        if unequal := unequal_inputs(before, after, {}, {}):
            return f"{before.verb} {before.release}: {'; '.join(unequal)}"
    return ""


def _placed(files: Mapping[str, str], moves: Moves) -> dict[str, str]:
    """The files where they belong in the new tree."""
    found = ((path, moves.translate(path), digest) for path, digest in files.items())
    return {new if isinstance(new, str) else path: digest for path, new, digest in found}
