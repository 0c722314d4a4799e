"""Faults in the order of deployment: `needs` dropped, or turned round."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from migrate.model.planted import Fault
from migrate.plant.drawing import shuffled, turns
from migrate.plant.entries import Known, in_entry, known
from migrate.plant.ground import Ground
from migrate.plant.values import list_order

EXPECTED = frozenset(("order_kept",))


def order(ground: Ground, rng: Random) -> Iterator[Fault]:
    """All `needs` of a release dropped, or turned round; two items of a list that have changed places."""
    return turns([_of_releases(ground, rng), list_order(ground, rng)])


def _of_releases(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A single one of several `needs` is left alone: those of one stage wait for each other through any of them."""
    text = ground.text(ground.state) or ""
    releases = list(known(ground))
    by_reference = {release.entry.reference: release for release in releases}
    for release in shuffled(releases, rng):
        needs = _needs(release)
        if not needs or not set(release.environments).intersection(*(_environments(by_reference.get(n)) for n in needs)):
            continue
        at = release.entry.line("needs").at
        edits = [(at, "`needs` dropped", _without_needs(text, release)), *_turned(text, release, by_reference.get(needs[0]))]
        for edit in shuffled(edits, rng):
            yield in_entry(ground, "order", release, edit, EXPECTED)


def _needs(release: Known) -> list[str]:
    """The references as `- reference` names them, with a `/` also where there is no namespace."""
    if "needs" not in release.entry.keys:
        return []
    words = [line.text.strip().removeprefix("- ").strip("\"' ") for line in release.entry.below("needs")]
    return [word if "/" in word else f"/{word}" for word in words]


def _environments(release: Known | None) -> tuple[str, ...]:
    return release.environments if release else ()


def _without_needs(text: str, release: Known) -> str:
    gone = {release.entry.line("needs").at, *(line.at for line in release.entry.below("needs"))}
    return "\n".join(line for at, line in enumerate(text.split("\n")) if at not in gone)


def _turned(text: str, release: Known, needed: Known | None) -> Iterator[tuple[int, str, str]]:
    """The needed release waits for this one instead; only where that release has no `needs` that could close a circle."""
    if needed is None or "{" in release.entry.reference:
        return
    at = release.entry.line("needs").at
    found: list[str | None] = list(text.split("\n"))
    for number in (at, *(line.at for line in release.entry.below("needs"))):
        found[number] = None
    blanks = " " * needed.entry.column
    word = release.entry.reference if needed.entry.value("namespace") else release.entry.reference.lstrip("/")
    if "needs" in needed.entry.keys:
        place, more = needed.entry.line("needs").at, f"{blanks}- {word}"
        inner = needed.entry.below("needs")[0]
        more = f"{' ' * inner.indent}- {word}"
    else:
        place, more = needed.entry.lines[0].at, f"{blanks}needs:\n{blanks}- {word}"
    found[place] = f"{found[place]}\n{more}"
    yield at, "`needs` turned round", "\n".join(line for line in found if line is not None)
