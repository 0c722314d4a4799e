"""order_kept: what waits for what is as declared.

The order of a side follows from its state files and `needs`; recorded runs, in which each deployment takes a moment, must not
contradict it. With a record, its stages are what is expected: a pair may be turned round, as the plan declares, but what
waited for each other may not start together. Without one, the old side's order is expected exactly. What a release names in its
`needs` it must need afterwards, itself or through others: `--include-needs` deploys that along with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.order import Pair, Pairs, contradictions, needed, needed_in_the_end, order_of, order_of_stages
from migrate.claims.side_facts import Presence, SideFacts
from migrate.claims.uninstalls import uninstalled_sooner
from migrate.model.facts import Failure, ReleaseId
from migrate.model.proof import ClaimResult, Evidence

NAME = "order_kept"
ASSERTS = "each release waits for the releases that it is declared to wait for"

DEPLOYING = (("sync", ("upgrade",), False), ("apply", ("upgrade",), False), ("destroy", ("uninstall", "delete"), True))
"""Command, the verbs whose order counts, and whether it goes backwards."""


def judge(gathered: Gathered) -> ClaimResult:
    """Evidence for each environment: the declared order, and each run that could contradict it."""
    return ClaimResult.of(NAME, ASSERTS, tuple(_evidence(gathered)))


def declared_changes(gathered: Gathered) -> tuple[str, ...]:
    """What is done otherwise than before, in words: pairs turned round, and what a run reaches that fails."""
    sooner = (
        said for environment in gathered.environments for said in uninstalled_sooner(gathered.old, gathered.new, environment)
    )
    return (*_turned_round(gathered), *sooner, *_reached_otherwise(gathered), *_alone_otherwise(gathered))


def _turned_round(gathered: Gathered) -> Iterator[str]:
    found: dict[Pair, list[str]] = {}
    for environment in gathered.environments:
        old, new = _orders(gathered, environment)
        for first, second in sorted(old):
            if (second, first) in new:
                found.setdefault((first, second), []).append(environment)
    for (first, second), places in sorted(found.items()):
        yield f"{second} now before {first} ({', '.join(places)})"


def _reached_otherwise(gathered: Gathered) -> Iterator[str]:
    """`apply` of one file diffs everything first, and stages may stand in another order: a failure is met at another moment."""
    for environment in gathered.environments:
        for command, verbs, _ in DEPLOYING:
            old, new = (_reached(side, environment, command, verbs) for side in (gathered.old, gathered.new))
            if old is not None and new is not None and old != new:
                yield f"{environment}: {command} fails; before that it reached {_names(old)}, now {_names(new)}"


def _alone_otherwise(gathered: Gathered) -> Iterator[str]:
    """Nested state files deploy a release before another one fails to load; a flat one loads as a whole or not at all."""
    for environment in gathered.environments:
        old, new = (_alone(side, environment) for side in (gathered.old, gathered.new))
        if old != new:
            what = "does not load; a `sync` that selects one release (`-l name=…`) still deployed"
            yield f"{environment} {what} {_names(old - new)}, now {_names(new - old)}"


def _alone(side: SideFacts, environment: str) -> frozenset[ReleaseId]:
    """The releases that are deployed when they alone are selected, in an environment that does not load."""
    facts = side.environments[environment]
    runs = facts.alone_sync.values() if isinstance(facts.states, Failure) else ()
    return frozenset(call.release for run in runs for call in run.calls if call.verb == "upgrade" and call.release is not None)


def _reached(side: SideFacts, environment: str, command: str, verbs: tuple[str, ...]) -> frozenset[ReleaseId] | None:
    """The releases that a failing run still does something for; None if it does not fail."""
    run = side.environments[environment].runs.get(command)
    if run is None or run.failure is None:
        return None
    return frozenset(call.release for call in run.calls if call.verb in verbs and call.release is not None)


def _names(releases: frozenset[ReleaseId]) -> str:
    return ", ".join(str(release) for release in sorted(releases)) or "nothing"


def active(gathered: Gathered, side: SideFacts, environment: str) -> frozenset[ReleaseId]:
    """The releases that a side deploys in an environment."""
    wanted = (Presence.PRESENT, Presence.UNKNOWN)
    return frozenset(cell.release for cell in gathered.cells_of(environment) if side.presence(cell) in wanted)


def _orders(gathered: Gathered, environment: str) -> tuple[Pairs, Pairs]:
    old, new = (order_of(side, environment, active(gathered, side, environment)) for side in (gathered.old, gathered.new))
    return old, new


def _evidence(gathered: Gathered) -> Iterator[Evidence]:
    for environment in gathered.environments:
        if not gathered.old.states(environment) or not gathered.new.states(environment):
            continue
        old, new = _orders(gathered, environment)
        yield _declared(gathered, environment, old, new)
        yield from _needs(gathered, environment)
        if gathered.case.record is None:
            yield from (
                Evidence(f"{environment}: uninstalls", False, said)
                for said in uninstalled_sooner(gathered.old, gathered.new, environment)
            )
        yield from _observed(gathered.old, environment, old, "old")
        yield from _observed(gathered.new, environment, new, "new")


def _declared(gathered: Gathered, environment: str, old: Pairs, new: Pairs) -> Evidence:
    subject = f"{environment}: what waits for what"
    lost = sorted(pair for pair in old if pair not in new and pair[::-1] not in new)
    if lost:
        return Evidence(subject, False, f"{_worded(lost[0])} on the old side; on the new side they start together")
    expected = _expected(gathered, environment, old)
    missing, extra = sorted(expected - new), sorted(new - expected)
    if missing:
        return Evidence(subject, False, f"{_worded(missing[0])} is expected and not so on the new side")
    if extra:
        return Evidence(subject, False, f"{_worded(extra[0])} on the new side, which nothing declares")
    return Evidence(subject, True, f"{len(new)} pairs as {'declared' if gathered.case.record else 'on the old side'}")


def _needs(gathered: Gathered, environment: str) -> Iterator[Evidence]:
    """One piece for each release that had `needs`."""
    kept = needed_in_the_end(gathered.new, environment)
    for release, needs in sorted(needed(gathered.old, environment).items()):
        lost = sorted(needs - kept.get(release, frozenset()))
        if needs:
            detail = f"{_names(frozenset(lost))}: not needed any more" if lost else f"{len(needs)} needed as before"
            yield Evidence(f"{environment}: what {release} needs", not lost, detail)


def _expected(gathered: Gathered, environment: str, old: Pairs) -> Pairs:
    record = gathered.case.record
    if record is None:
        return old
    staged = order_of_stages(record.stages, active(gathered, gathered.new, environment))
    inside = frozenset(pair for pair in old if pair not in staged and pair[::-1] not in staged)
    return staged | inside


def _observed(side: SideFacts, environment: str, pairs: Pairs, name: str) -> Iterator[Evidence]:
    for command, verbs, backwards in DEPLOYING:
        run = side.environments[environment].runs.get(command)
        calls = [call for call in run.calls if call.verb in verbs] if run else []
        if calls:
            broken = contradictions(pairs, calls, reverse=backwards)
            detail = f"{len(calls)} recorded calls agree" if not broken else f"the run shows otherwise: {_worded(broken[0])}"
            yield Evidence(f"{environment}: recorded {command}, {name} side", not broken, detail)


def _worded(pair: Pair) -> str:
    return f"{pair[1]} waits for {pair[0]}"
