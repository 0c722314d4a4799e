"""Faults in what a chart is given or renders: a value, a key, the order of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from migrate.model.facts import CellId
from migrate.model.paths import RepoPath
from migrate.model.planted import Fault
from migrate.plant.drawing import GIVEN, Places, edited, in_charts, in_files, shuffled, turns
from migrate.plant.ground import Ground
from migrate.plant.lines import leaves, lines, other, replaced

_ITEM = re.compile(r"^ *- [A-Za-z0-9_./-][^:{}#\"'&*|>]*$")
_TEMPLATE = re.compile(r"templates/.*\.ya?ml$")

Edit = tuple[int, int, str, str]
"""The number of a line, how many lines are replaced, by which text, and the words for it."""
Finder = Callable[[str], Iterator[Edit]]


def value(ground: Ground, rng: Random) -> Iterator[Fault]:
    """Another value of a key: in values files, in charts' defaults and in what templates say outright."""
    return _everywhere(ground, rng, "value", _other_values)


def key(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A key under another name, in values files, charts' defaults and templates."""
    return _everywhere(ground, rng, "key", _other_keys)


def list_order(ground: Ground, rng: Random) -> Iterator[Fault]:
    """Two items of a list that have changed places."""
    return _everywhere(ground, rng, "order", _turned_items)


def _everywhere(ground: Ground, rng: Random, kind: str, find: Finder) -> Iterator[Fault]:
    def places(cells: tuple[CellId, ...]) -> Places:
        return lambda path, text: (_fault(ground, kind, cells, (path, text), edit) for edit in shuffled(find(text), rng))

    of_releases = [in_files(ground, [path], rng, places(cells)) for path, cells in ground.values.items()]
    defaults = in_charts(ground, rng, lambda name: name == "values.yaml", places)
    templates = in_charts(ground, rng, lambda name: bool(_TEMPLATE.match(name)), places)
    return turns([turns(of_releases), defaults, templates])


def _fault(ground: Ground, kind: str, cells: tuple[CellId, ...], file: tuple[RepoPath, str], edit: Edit) -> Fault:
    at, count, new, wording = edit
    content = replaced(file[1], at, new, count)
    return edited(ground, kind, file[0], content, line=at, wording=wording, expected=GIVEN, cells=cells)


def _other_values(text: str) -> Iterator[Edit]:
    for leaf in leaves(text):
        yield leaf.line.at, 1, leaf.with_value(other(leaf.value)), f"another value of `{leaf.key}`"


def _other_keys(text: str) -> Iterator[Edit]:
    for leaf in leaves(text):
        yield leaf.line.at, 1, leaf.with_key(leaf.key + "Planted"), f"key `{leaf.key}` renamed"


def _turned_items(text: str) -> Iterator[Edit]:
    for one, two in pairwise(lines(text)):
        both = (one.text.rstrip(), two.text.rstrip())
        if one.at + 1 == two.at and one.indent == two.indent and both[0] != both[1] and all(map(_ITEM.match, both)):
            yield one.at, 2, f"{two.text}\n{one.text}", "two items of a list turned round"
