"""values_equal: each release sees the same `.Values` of its state.

`helmfile build` prints them as `renderedvalues`. Their digests are compared for the state that holds the release, so a key
that no template reads today is compared as well. Files that an environment names and that are not there must be
looked for where they will be.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims import missing_files
from migrate.claims.gathered import Gathered
from migrate.model.proof import ClaimResult, Evidence

NAME = "values_equal"
ASSERTS = "the state values that a release's templates can read are the same"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each release defined on any side, in each environment; one more where a file is missing."""
    return ClaimResult.of(NAME, ASSERTS, (*_evidence(gathered), *_missing(gathered)))


def _evidence(gathered: Gathered) -> Iterator[Evidence]:
    for cell in gathered.cells:
        old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if not old and not new:
            continue
        if len(old) != 1 or len(new) != 1:
            yield Evidence(str(cell), False, f"defined {len(old)} times on the old side, {len(new)} times on the new side")
            continue
        equal = old[0].state.values_digest == new[0].state.values_digest
        yield Evidence(
            str(cell), equal, "equal" if equal else f"{old[0].state.source} and {new[0].state.source} have other values"
        )


def _missing(gathered: Gathered) -> Iterator[Evidence]:
    for environment in gathered.environments:
        if gathered.old.states(environment) and gathered.new.states(environment):
            old = missing_files.of_environment(gathered.old, gathered.case.lent_old, environment)
            new = missing_files.of_environment(gathered.new, gathered.case.lent_new, environment)
            yield from _handlers(gathered, environment)
            if old or new:
                said = [", ".join(names) or "nothing" for names in (old, new)]
                detail = f"names {said[0]} as files of values that are not there, {said[1]} on the new side"
                there = sorted(missing_files.moved_along(gathered.case, old)) == sorted(new)
                alike = there or missing_files.alike(gathered.case, environment, old, new)
                yield Evidence(f"{environment}: missing files", alike, detail)


def _handlers(gathered: Gathered, environment: str) -> Iterator[Evidence]:
    """What would happen were a file missing; all state files that name files must have one word for it."""
    sides = gathered.old, gathered.new
    old, new = (missing_files.handlers_of_environment(side, environment) for side in sides)
    if old != new:
        yield Evidence(f"{environment}: missing files", False, f"`{missing_files.HANDLER}` differs")
