"""Faults in charts: an object dropped, a container twice, a Secret with other data, a file that no render shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from migrate.model.facts import CellId
from migrate.model.paths import RepoPath
from migrate.model.planted import Fault
from migrate.plant.drawing import FILES, GIVEN, Places, dropped, edited, in_charts, shuffled
from migrate.plant.ground import Ground
from migrate.plant.lines import Line, block_end, lines, replaced

_MANIFEST = re.compile(r"(?:.*/)?(?:templates|crds)/.*\.ya?ml$")
_KIND = re.compile(r"^kind: *\S", re.MULTILINE)
_SECRET = re.compile(r"^kind: *Secret *$")
_CONTAINERS = re.compile(r"^ *(?:- +)?(?:initContainers|containers): *$")
_OPENS = re.compile(r"\{\{-?\s*(?:if|range|with|define|block)\b")
_ENDS = re.compile(r"\{\{-?\s*end\b")
_CONTROL = re.compile(r"\{\{-?\s*(?:if|range|with|define|block|end|else)\b")
_DATA = re.compile(r"^(?P<name>data|stringData): *$")
_ENTRY = re.compile(r"^(?P<head> +(?P<key>[\w.-]+): +)(?P<value>\S.*)$")
_UNREAD = re.compile(
    r"(?:(?:.*/)?(?:README|CHANGELOG|LICENSE|OWNERS)[^/]*|(?:.*/)?values\.schema\.json|(?:.*/)?templates/NOTES\.txt|"
    r"(?:.*/)?\.helmignore|ci/.*)$"
)


def dropped_object(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A template with objects, emptied or taken away."""

    def places(cells: tuple[CellId, ...]) -> Places:
        return lambda path, text: shuffled(_object_faults(ground, cells, path), rng) if _KIND.search(text) else ()

    return in_charts(ground, rng, lambda name: bool(_MANIFEST.match(name)), places)


def _object_faults(ground: Ground, cells: tuple[CellId, ...], path: RepoPath) -> list[Fault]:
    return [
        edited(ground, "object", path, "", line=-1, wording="template emptied", expected=GIVEN, cells=cells),
        dropped("object", path, wording="template dropped", expected=GIVEN, cells=cells),
    ]


def duplicated_container(ground: Ground, rng: Random) -> Iterator[Fault]:
    """The first container of a list, once more."""

    def places(cells: tuple[CellId, ...]) -> Places:
        return lambda path, text: (
            edited(ground, "container", path, content, line=at, wording="container twice", expected=GIVEN, cells=cells)
            for at, content in shuffled(_container_twice(text), rng)
        )

    return in_charts(ground, rng, lambda name: bool(_MANIFEST.match(name)), places)


def _container_twice(text: str) -> Iterator[tuple[int, str]]:
    found = list(lines(text))
    for number, line in enumerate(found[:-1]):
        item = found[number + 1]
        if not _CONTAINERS.match(line.text) or not item.text.lstrip().startswith("- ") or item.indent < line.indent:
            continue
        end = block_end(text, item.at, item.indent)
        block = "\n".join(text.split("\n")[item.at : end])
        if len(_OPENS.findall(block)) == len(_ENDS.findall(block)):
            yield item.at, replaced(text, item.at, f"{block}\n{block}", end - item.at)


def secret(ground: Ground, rng: Random) -> Iterator[Fault]:
    """Other data of a Secret."""

    def places(cells: tuple[CellId, ...]) -> Places:
        return lambda path, text: (
            edited(ground, "secret", path, content, line=at, wording=wording, expected=GIVEN, cells=cells)
            for at, wording, content in shuffled(_other_secrets(text), rng)
        )

    return in_charts(ground, rng, lambda name: bool(_MANIFEST.match(name)), places)


def _other_secrets(text: str) -> Iterator[tuple[int, str, str]]:
    inside, is_secret = "", False
    for line in lines(text):
        if line.indent == 0 and not line.text.startswith("{{"):
            data = _DATA.match(line.text)
            is_secret = bool(_SECRET.match(line.text)) or (is_secret and not line.text.startswith("---"))
            inside = data["name"] if data and is_secret else ""
        entry = _ENTRY.match(line.text) if inside else None
        if entry and _is_whole(line, entry["value"]):
            new = "cGxhbnRlZA==" if inside == "data" else "planted"
            yield line.at, f"other data of a Secret under `{entry['key']}`", replaced(text, line.at, f"{entry['head']}{new}")


def _is_whole(line: Line, value: str) -> bool:
    return value[0] not in "|>" and not _CONTROL.search(line.text)


def unread_file(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A file of a chart that no render shows, changed or taken away."""

    def places(_cells: tuple[CellId, ...]) -> Places:
        return lambda path, text: shuffled(_unread_faults(ground, path, text), rng)

    return in_charts(ground, rng, lambda name: bool(_UNREAD.match(name)), places)


def _unread_faults(ground: Ground, path: RepoPath, text: str) -> list[Fault]:
    content = text.replace("{", '{"title": "planted", ', 1) if path.endswith(".json") else f"{text}planted\n"
    changed = edited(ground, "unread", path, content, line=-1, wording="file that no render shows changed", expected=FILES)
    return [changed, dropped("unread", path, wording="file that no render shows dropped", expected=FILES)]
