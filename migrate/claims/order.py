"""What waits for what: the order in which releases are deployed, as pairs.

State files run one after the other, sub-helmfiles before the file that names them. Inside one state, helmfile groups the
releases by `needs`: all of a group end before the next one starts (helmfile 0.166 and 1.7.4, `state_run.go`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, product

from migrate.claims.side_facts import SideFacts, release_id
from migrate.model.facts import BuiltState, HelmCall, ReleaseId

Pair = tuple[ReleaseId, ReleaseId]
"""The first has ended before the second starts."""
Pairs = frozenset[Pair]


def order_of(side: SideFacts, environment: str, active: frozenset[ReleaseId]) -> Pairs:
    """Which active release waits for which, from `build`."""
    groups = [group for state in side.states(environment) for group in _groups(state)]
    return _pairs(groups, active)


def needed(side: SideFacts, environment: str) -> dict[ReleaseId, frozenset[ReleaseId]]:
    """What the `needs` of each release name, from `build`: `--include-needs` deploys that along, also if it is disabled."""
    return {key: frozenset(needs) for state in side.states(environment) for key, needs in _needs(state).items()}


def needed_in_the_end(side: SideFacts, environment: str) -> dict[ReleaseId, frozenset[ReleaseId]]:
    """The same with what those need in turn, and so on: what `--include-transitive-needs` deploys along."""
    found = needed(side, environment)
    while True:
        further = {key: needs.union(*(found.get(need, frozenset()) for need in needs)) for key, needs in found.items()}
        if further == found:
            return found
        found = further


def order_of_stages(stages: Sequence[Sequence[ReleaseId]], active: frozenset[ReleaseId]) -> Pairs:
    """The pairs that a record of stages declares. It names no kube context that only an environment gives."""
    named = frozenset(release for stage in stages for release in stage)
    bare = {replace(release, context=""): release for release in active if release not in named}
    return _pairs([[bare.get(release, release) for release in stage] for stage in stages], active)


def contradictions(pairs: Pairs, calls: Iterable[HelmCall], *, reverse: bool) -> tuple[Pair, ...]:
    """The pairs that a run did not keep: the second began before the first had ended. `reverse` for destroying."""
    began: dict[ReleaseId, int] = {}
    ended: dict[ReleaseId, int] = {}
    for call in calls:
        if call.release is not None:
            began[call.release] = min(call.started, began.get(call.release, call.started))
            ended[call.release] = max(call.ended, ended.get(call.release, call.ended))
    broken = []
    for pair in sorted(pairs):
        first, second = reversed(pair) if reverse else pair
        if first in ended and second in began and began[second] < ended[first]:
            broken.append(pair)
    return tuple(broken)


def _pairs(groups: Sequence[Sequence[ReleaseId]], active: frozenset[ReleaseId]) -> Pairs:
    kept = [[release for release in group if release in active] for group in groups]
    return frozenset(pair for earlier, later in combinations(kept, 2) for pair in product(earlier, later))


def _groups(state: BuiltState) -> list[list[ReleaseId]]:
    """The releases of a state in the groups that helmfile makes of them; those on a cycle, which helmfile refuses, come last."""
    waiting = _needs(state)
    groups: list[list[ReleaseId]] = []
    done: set[ReleaseId] = set()
    while waiting:
        ready = [release for release, needs in waiting.items() if done.issuperset(needs)] or list(waiting)
        groups.append(ready)
        done.update(ready)
        waiting = {release: needs for release, needs in waiting.items() if release not in done}
    return groups


def _needs(state: BuiltState) -> dict[ReleaseId, list[ReleaseId]]:
    """What each release needs. `build` prints needs in full (0.166 and 1.7.4), but for the kube context of an environment; one
    that is no release helmfile refuses.
    """
    releases = {release_id(state, release): release for release in state.releases}
    by_text = {_as_printed(replace(key, context="")): key for key in releases} | {_as_printed(key): key for key in releases}
    return {
        key: [by_text[text] for text in map(str, release.get("needs") or []) if text in by_text]
        for key, release in releases.items()
    }


def _as_printed(release: ReleaseId) -> str:
    """`name`, `namespace/name`, `context/namespace/name` or `context//name` (state/state.go, `ReleaseToID`)."""
    parts = (release.context, release.namespace) if release.context else tuple(filter(None, (release.namespace,)))
    return "/".join((*parts, release.name))
