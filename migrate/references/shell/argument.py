"""The words of a command with their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.formats.shell import Node
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Value, Values, basename, split
from migrate.references.shell.words import expanded, variable

_ALL = re.compile(r'"?\$\{(\w+)\[@\]\}"?|"?\$(@)"?')


@dataclass(frozen=True, slots=True)
class Argument:
    """A word: its values, and the node in which it stands."""

    values: Values
    node: Node
    many: bool = False
    """it becomes any number of words"""
    passed: bool = False
    """it is one of those that a function was given (`"$@"`)"""
    shares: bool = False
    """other words stand in the same node: a variable or an array holds them"""

    @property
    def plain(self) -> str | None:
        """Its only value, if it is known."""
        return self.values[0].plain if len(self.values) == 1 else None

    @property
    def own(self) -> bool:
        """Whether it stands there itself, and no variable holds it."""
        return not (self.shares or self.passed or b"$" in (self.node.text or b""))

    @property
    def program(self) -> str | None:
        """The name of the program that it calls, if all of its values call the same."""
        names = {_program(value) for value in self.values}
        return names.pop() if len(names) == 1 else None


def _program(value: Value) -> str | None:
    name = basename(value) if "/" in value.text else value
    return name.plain if name is not None else _last(value)


def _last(value: Value) -> str | None:
    last = value.text.rpartition("/")[2]
    return last if last and "\0" not in last else None


def arguments(nodes: Sequence[Node], state: State, reading: Reading) -> list[Argument]:
    """The words of a command; arrays and variables of several words are taken apart where that is clear."""
    found: list[Argument] = []
    for node in nodes:
        text = reading.text(node).decode("utf-8", "replace")
        whole = _ALL.fullmatch(text)
        if whole and whole[2] and state.arguments is not None:
            found += [Argument(argument, node, passed=True) for argument in state.arguments]
        elif whole and whole[1] and not found:
            found += [Argument((value,), node, shares=True) for value in variable(whole[1], state, reading)]
        else:
            found += _word(node, state, reading, first=not found, many=bool(whole) or not text.startswith(('"', "'")))
    return found


def _word(node: Node, state: State, reading: Reading, *, first: bool, many: bool) -> list[Argument]:
    inner = node.named_children[0] if node.type == "command_name" and node.named_children else node
    bare = inner.type in ("simple_expansion", "expansion")
    if first and bare:
        whole = variable(reading.text(inner).decode("utf-8", "replace").strip("${}"), state, reading)
        if len(whole) == 1 and len(split(whole[0])) > 1:
            return [Argument((part,), node, shares=True) for part in split(whole[0])]
    return [Argument(expanded(inner, state, reading), node, many and bare)]
