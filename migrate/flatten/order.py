"""Which release waits for which: stages, and the `needs` that make helmfile keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from migrate.model.facts import ReleaseId
from migrate.model.inventory import Release
from migrate.model.settings import Order

Stages = tuple[tuple[ReleaseId, ...], ...]


def stages(releases: Sequence[tuple[Release, ReleaseId]], rank: Mapping[ReleaseId, int], order: Order) -> Stages:
    """The stages: releases of one state file go together as today, tier after tier unless the legacy order is kept.

    `releases` are in legacy order; `rank` gives each its tier's position.
    """
    keyed = []
    position: dict[str, int] = {}
    for release, identity in releases:
        stage = position.setdefault(release.state, len(position))
        keyed.append(((rank[identity] if order is Order.TIERS else 0, stage), identity))
    keyed.sort(key=lambda pair: pair[0])
    return tuple(tuple(identity for _, identity in group) for _, group in groupby(keyed, key=lambda pair: pair[0]))


def needs(stages_: Stages) -> dict[ReleaseId, tuple[str, ...]]:
    """What each release needs: every release of the stage before its own."""
    found: dict[ReleaseId, tuple[str, ...]] = {}
    for before, stage in zip(((), *stages_), stages_, strict=False):
        for release in stage:
            found[release] = tuple(reference(needed, release) for needed in before)
    return found


def reference(needed: ReleaseId, dependent: ReleaseId) -> str:
    """How `dependent` names `needed` in `needs:` (state/state.go:765-795 of helmfile 0.166; section 3c of the semantics)."""
    if needed.context != dependent.context:
        return f"{needed.context}/{needed.namespace}/{needed.name}"
    if needed.namespace == dependent.namespace:
        return f"{needed.namespace}/{needed.name}" if needed.namespace else needed.name
    return f"{needed.namespace}/{needed.name}"


def against(stages_: Stages, needed_by: Mapping[ReleaseId, Sequence[ReleaseId]]) -> Iterator[tuple[ReleaseId, ReleaseId]]:
    """The pairs (release, what it needs today) that the stages turn round: helmfile would find a cycle in them."""
    stage = {release: number for number, group in enumerate(stages_) for release in group}
    for release, needed in needed_by.items():
        yield from ((release, other) for other in needed if other in stage and stage[other] > stage[release])


def named(reference_: str, dependent: ReleaseId) -> ReleaseId:
    """The release that a text of `needs:` names (state/state.go:463-518 of helmfile 0.166)."""
    parts = reference_.split("/")
    if len(parts) == 1:
        return ReleaseId(dependent.context, dependent.namespace, parts[0])
    context = parts[-3] if len(parts) > 2 else dependent.context  # noqa: PLR2004 -- context/namespace/name
    return ReleaseId(context, parts[-2], parts[-1])


def swapped(old: Stages, new: Stages) -> tuple[tuple[ReleaseId, ReleaseId], ...]:
    """The pairs whose order changes: the first was deployed before the second, and now waits for it."""
    place = {release: number for number, stage in enumerate(new) for release in stage}
    known = [[release for release in stage if release in place] for stage in old]
    return tuple(
        (a, b) for i, stage in enumerate(known) for a in stage for later in known[i + 1 :] for b in later if place[a] > place[b]
    )
