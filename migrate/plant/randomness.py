"""Random values made constant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from migrate.model.facts import CellId
from migrate.model.planted import Fault
from migrate.plant.drawing import GIVEN, Places, edited, in_charts, shuffled
from migrate.plant.ground import Ground

_TEMPLATE = re.compile(r"(?:.*/)?templates/.*\.(?:ya?ml|tpl)$")
_ACTION = re.compile(r"\{\{(?!-?\s*/\*)(?:(?!\}\}).)*\}\}", re.DOTALL)
_COMMENT = re.compile(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}", re.DOTALL)
_LETTERS = re.compile(r"(?<![\w.$\"])(?P<name>randAlphaNum|randAlpha|randNumeric|randAscii)\s+(?P<count>\d+)\b")
_WHOLE = re.compile(r"(?<![\w.$\"])(?P<name>uuidv4|now)(?![\w\"])")
_PAIR = re.compile(
    r"(?P<head>\$\w+\s*:?=\s*)(?P<name>gen(?:CA|SelfSignedCert|SignedCert)(?:WithKey)?)\b(?P<arguments>(?:(?!-?\}\}).)*?)(?=\s*-?\}\})",
    re.DOTALL,
)
_CONSTANTS = {
    "uuidv4": '"00000000-0000-4000-8000-000000000000"',
    "now": '(toDate "2006-01-02" "2024-01-01")',
}
_DICT = 'dict "Cert" "planted" "Key" "planted"'


def random_made_constant(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A call of a function that draws anew each time, replaced by a literal of the same kind."""

    def places(cells: tuple[CellId, ...]) -> Places:
        return lambda path, text: (
            edited(
                ground,
                "random",
                path,
                content,
                line=text.count("\n", 0, at),
                wording=f"`{name}` made constant",
                expected=GIVEN,
                cells=cells,
            )
            for at, name, content in shuffled(_constants(text), rng)
        )

    return in_charts(ground, rng, lambda name: bool(_TEMPLATE.match(name)), places)


def _constants(text: str) -> Iterator[tuple[int, str, str]]:
    comments = [match.span() for match in _COMMENT.finditer(text)]
    for action in _ACTION.finditer(text):
        if any(start <= action.start() < end for start, end in comments):
            continue
        for start, end, name, new in _in_action(action.group()):
            at = action.start() + start
            yield at, name, text[:at] + new + text[action.start() + end :]


def _in_action(action: str) -> Iterator[tuple[int, int, str, str]]:
    for call in _LETTERS.finditer(action):
        letter = "1" if call["name"] == "randNumeric" else "a"
        yield call.start(), call.end(), call["name"], f'"{letter * int(call["count"])}"'
    for call in _WHOLE.finditer(action):
        yield call.start(), call.end(), call["name"], _CONSTANTS[call["name"]]
    for call in _PAIR.finditer(action):
        yield call.start(), call.end(), call["name"], call["head"] + _DICT
