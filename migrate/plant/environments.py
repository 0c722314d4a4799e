"""Faults in the values files of environments."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from random import Random

from migrate.model.paths import RepoPath
from migrate.model.planted import Fault
from migrate.plant.drawing import FILES, GIVEN, dropped, edited, in_files, shuffled
from migrate.plant.ground import Ground
from migrate.plant.lines import Leaf, leaves, other, paths, replaced

SEEN = GIVEN | {"values_equal"}


def environment(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A value, a key or the whole file. A file that no environment names is seen by the files' claims alone."""

    def places(path: RepoPath, text: str) -> Iterable[Fault]:
        find = _in_read if path in ground.environment_files else _in_unread
        return shuffled(find(ground, path, text), rng)

    return in_files(ground, [*ground.environment_files, *_unread(ground)], rng, places)


def _in_read(ground: Ground, path: RepoPath, text: str) -> list[Fault]:
    names = ground.environment_files[path]
    found = [dropped("environment", path, wording="environment's file dropped", expected=SEEN, environments=names)]
    led = paths(text)
    overridden = {name: _overridden(ground, name, path) for name in names}
    for leaf in leaves(text):
        effective = [name for name in names if leaf.line.at in led and not _is_hidden(led[leaf.line.at], overridden[name])]
        for wording, line in _changes(leaf) if effective else ():
            content = replaced(text, leaf.line.at, line)
            found.append(
                edited(
                    ground,
                    "environment",
                    path,
                    content,
                    line=leaf.line.at,
                    wording=wording,
                    expected=SEEN,
                    environments=effective,
                )
            )
    return found


def _changes(leaf: Leaf) -> Iterator[tuple[str, str | None]]:
    yield f"another value of `{leaf.key}`", leaf.with_value(other(leaf.value))
    yield f"key `{leaf.key}` renamed", leaf.with_key(leaf.key + "Planted")
    if "-" not in leaf.head:
        yield f"key `{leaf.key}` dropped", None


def _overridden(ground: Ground, name: str, path: RepoPath) -> set[tuple[str, ...]]:
    """The keys that later files of an environment set again."""
    files = ground.values_of(name)
    later = files[files.index(path) + 1 :]
    return {led for file in later for led in paths(ground.text(file) or "").values()}


def _is_hidden(led: tuple[str, ...], overridden: set[tuple[str, ...]]) -> bool:
    """A map is merged key by key, a list is replaced as a whole."""
    return (led[: led.index("-")] if "-" in led else led) in overridden


def _unread(ground: Ground) -> list[RepoPath]:
    """The copies beside the environments' files that no environment names."""
    folders = {posixpath.dirname(path.folder) for path in ground.environment_files}
    return [p for p in ground.copies if posixpath.dirname(p.folder) in folders - {""} and p not in ground.environment_files]


def _in_unread(ground: Ground, path: RepoPath, text: str) -> list[Fault]:
    found = [dropped("environment", path, wording="file that no environment names dropped", expected=FILES)]
    for leaf in leaves(text):
        content = replaced(text, leaf.line.at, leaf.with_value(other(leaf.value)))
        wording = f"another value of `{leaf.key}`, in a file that no environment names"
        found.append(edited(ground, "environment", path, content, line=leaf.line.at, wording=wording, expected=FILES))
    return found
