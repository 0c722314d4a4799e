"""variables_equal: helm is given the same when the environment variables that templates read are set.

Otherwise they are empty on both sides, and a text that somebody wrote out where `env` stood would count as equal. Both sides are
asked again with another number for each variable; the claims on inputs and order judge that. Where one variable may hide another
(`env "A" | default (env "B")`), both are also asked without the one. Made only where a template reads any.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims import deploys_equal, hooks_equal, inputs_equal, order_kept, values_equal
from migrate.claims.failures import judge_failures
from migrate.claims.gathered import Gathered
from migrate.model.proof import CellVerdict, ClaimResult, Evidence

NAME = "variables_equal"
ASSERTS = "helm is given the same when the variables that templates read are set"

JUDGES = (inputs_equal.judge, deploys_equal.judge, values_equal.judge, hooks_equal.judge, order_kept.judge)


def judge(gathered: Gathered) -> ClaimResult:
    """All evidence of the other claims, with the variables set; one more for each cell that fails on both sides."""
    return ClaimResult.of(NAME, ASSERTS, tuple(piece for again in gathered.with_variables for piece in _of_look(again)))


def _of_look(again: Gathered) -> Iterator[Evidence]:
    yield from (piece for judge_one in JUDGES for piece in judge_one(again).evidence)
    yield from _failures(again)


def _failures(again: Gathered) -> Iterator[Evidence]:
    for cell in again.cells:
        old, new = again.old.failure(cell), again.new.failure(cell)
        if old and new:
            judged = judge_failures(again, cell, old, new)
            yield Evidence(str(cell), judged.verdict is not CellVerdict.DIFFERENT, judged.reason)
        elif old or new:
            yield Evidence(str(cell), False, f"only the {'old' if old else 'new'} side fails")
