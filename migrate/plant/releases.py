"""Faults in the entries of releases: a flag, a label, a namespace."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from migrate.model.planted import Fault
from migrate.plant.drawing import DEPLOYED, shuffled, turns
from migrate.plant.entries import Entry, Known, in_entry, known
from migrate.plant.ground import Ground
from migrate.plant.lines import Leaf, leaves, other, replaced

_SWITCHES = {
    "wait": False,
    "waitForJobs": False,
    "atomic": False,
    "createNamespace": True,
    "force": False,
    "recreatePods": False,
    "cleanupOnFail": False,
    "skipDeps": False,
    "disableOpenAPIValidation": False,
    "installed": True,
}
"""helmfile's defaults (0.166 and 1.7.4)."""
_NUMBERS = {"timeout": 300, "historyMax": 10}
Edit = tuple[int, str, str]


def flag(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A switch turned round, or another number, so that the effective setting changes."""
    text = ground.text(ground.state) or ""

    def of(release: Known) -> Iterator[Fault]:
        for name, value in shuffled(_other_settings(release), rng):
            yield in_entry(ground, "flag", release, _set(text, release.entry, name, value), DEPLOYED)

    return turns([of(release) for release in shuffled(known(ground), rng)])


def _other_settings(release: Known) -> Iterator[tuple[str, str]]:
    for name, default in _SWITCHES.items():
        if not (name == "wait" and release.setting("atomic", False)):  # helm's --atomic implies --wait
            yield name, "false" if release.setting(name, default) else "true"
    for name, number in _NUMBERS.items():
        now = release.setting(name, number)
        if isinstance(now, int):
            yield name, str(now + 1)


def _set(text: str, entry: Entry, key: str, value: str) -> Edit:
    """Give a key another value, or add it behind the first line of the entry."""
    if key in entry.keys:
        line = entry.line(key)
        head = line.text[: line.text.index(f"{key}:")]
        return line.at, f"another `{key}`", replaced(text, line.at, f"{head}{key}: {value}")
    return _added(text, entry, key, value)


def _added(text: str, entry: Entry, key: str, value: str) -> Edit:
    first = entry.lines[0]
    return first.at + 1, f"added `{key}`", replaced(text, first.at, f"{first.text}\n{' ' * entry.column}{key}: {value}")


def label(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A label changed, renamed, dropped or added."""
    text = ground.text(ground.state) or ""
    plain = {leaf.line.at: leaf for leaf in leaves(text)}

    def of(release: Known) -> Iterator[Fault]:
        for edit in shuffled(_other_labels(text, release, plain), rng):
            yield in_entry(ground, "label", release, edit, frozenset(("deploys_equal",)))

    return turns([of(release) for release in shuffled(known(ground), rng)])


def _other_labels(text: str, release: Known, plain: dict[int, Leaf]) -> Iterator[Edit]:
    effective = release.document.get("labels") or {}
    lines = release.entry.below("labels") if "labels" in release.entry.keys else ()
    for leaf in (plain[line.at] for line in lines if line.at in plain):
        at = leaf.line.at
        if str(effective.get(leaf.key)) == leaf.value.strip("\"'"):
            yield at, f"another value of label `{leaf.key}`", replaced(text, at, leaf.with_value(other(leaf.value)))
            yield at, f"label `{leaf.key}` renamed", replaced(text, at, leaf.with_key(leaf.key + "-planted"))
            if len(lines) > 1:
                yield at, f"label `{leaf.key}` dropped", replaced(text, at, None)
            yield at, "label added", replaced(text, at, f"{leaf.line.text}\n{leaf.head}planted: here")


def namespace(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A release in another namespace, and `needs` that name it there."""
    text = ground.text(ground.state) or ""
    for release in shuffled(known(ground), rng):
        entry, now = release.entry, release.entry.value("namespace")
        if "{" in now:
            continue
        new = f"{now}-planted" if now else "planted"
        at, wording, content = _set(text, entry, "namespace", new)
        for form in (f"- {now}/{entry.value('name')}", f'- "{now}/{entry.value("name")}"'):
            moved = form.replace(f"{now}/", f"{new}/", 1)
            content = "\n".join(line.replace(form, moved) if line.strip() == form else line for line in content.split("\n"))
        yield in_entry(ground, "namespace", release, (at, wording, content), DEPLOYED)
