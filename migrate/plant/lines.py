"""YAML and Go templates read line by line, as far as a planter needs it: what is doubtful is no place for a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CONTROL = re.compile(r"\{\{-?\s*(if|range|with|define|block|end)\b")
_SPANNING = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_BLOCK = re.compile(r"(?::|^\s*-)\s+[|>][0-9+-]*\s*(?:#.*)?$")
_LEAF = re.compile(
    r"""^(?P<head>[ ]*(?:-[ ]+)*)(?P<key>[A-Za-z_][\w./-]*):[ ]+
        (?P<value>"[^"\\{}]*"|'[^'{}]*'|[A-Za-z0-9_./+-][^\#{}"'&*|>]*?)
        (?P<rest>[ ]*(?:[ ]\#.*)?)$""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file. `depth` counts the template blocks (`if`, `range`, …) that are open where it begins."""

    at: int
    text: str
    depth: int

    @property
    def indent(self) -> int:
        """The blanks that it begins with."""
        return len(self.text) - len(self.text.lstrip(" "))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A line `key: value` with a value on the line. `indent` is the column of the key, behind any dashes."""

    line: Line
    head: str
    key: str
    value: str
    rest: str

    @property
    def indent(self) -> int:
        """The column of the key."""
        return len(self.head)

    def with_value(self, value: str) -> str:
        """The line with another value."""
        return f"{self.head}{self.key}: {value}{self.rest}"

    def with_key(self, key: str) -> str:
        """The line with another key."""
        return f"{self.head}{key}: {self.value}{self.rest}"


def lines(text: str) -> Iterator[Line]:
    """The lines of `readable` that are no comments."""
    return (line for line in readable(text) if not line.text.lstrip().startswith("#"))


def readable(text: str) -> Iterator[Line]:
    """The lines that are not blank, nor in a block scalar, nor part of an action over several lines."""
    hidden = _spanned(text)
    block = -1
    depth = 0
    for at, line in enumerate(text.split("\n")):
        opened = depth
        depth += sum(-1 if word == "end" else 1 for word in _CONTROL.findall(line))
        found = Line(at, line, min(opened, depth))
        if not line.strip() or (block >= 0 and found.indent > block):
            continue
        block = found.indent if _BLOCK.search(line) and not line.lstrip().startswith("#") else -1
        if at not in hidden:
            yield found


def leaves(text: str) -> Iterator[Leaf]:
    """The lines with a plain value, outside of all template blocks."""
    for line in lines(text):
        found = _LEAF.match(line.text) if line.depth == 0 else None
        if found:
            yield Leaf(line, found["head"], found["key"], found["value"], found["rest"])


def paths(text: str) -> dict[int, tuple[str, ...]]:
    """Number of a line -> the keys that lead to it; `-` stands for an item of a list."""
    found: dict[int, tuple[str, ...]] = {}
    stack: list[tuple[int, str]] = []
    for line in lines(text):
        column, rest = line.indent, line.text.lstrip(" ")
        while rest.startswith("- "):
            stack = [(at, name) for at, name in stack if at < column or (at == column and name != "-")] + [(column, "-")]
            rest_of = rest[2:].lstrip(" ")
            column, rest = column + len(rest) - len(rest_of), rest_of
        key = re.match(r"[\"']?([^\"':#]+)[\"']?:(?:\s|$)", rest)
        if key:
            stack = [(at, name) for at, name in stack if at < column] + [(column, key[1])]
            found[line.at] = tuple(name for _, name in stack)
    return found


def other(value: str) -> str:
    """Another value of the same kind."""
    if re.fullmatch(r"-?\d+", value):
        return str(int(value) + 1)
    if value.lower() in ("true", "false"):
        return "false" if value.lower() == "true" else "true"
    if value[0] in "\"'":
        return f"{value[:-1]}planted{value[0]}"
    return f"{value}-planted"


def replaced(text: str, at: int, new: str | None, count: int = 1) -> str:
    """The text with `count` lines from `at` on replaced, or taken out."""
    found = text.split("\n")
    found[at : at + count] = [] if new is None else new.split("\n")
    return "\n".join(found)


def block_end(text: str, at: int, indent: int) -> int:
    """The number of the line behind the block that begins at `at`: all that is deeper than `indent`; blank lines end no block."""
    found = text.split("\n")
    end = at + 1
    for number in range(at + 1, len(found)):
        line = found[number]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        end = number + 1 if line.strip() else end
    return end


def _spanned(text: str) -> set[int]:
    """The numbers of the lines that an action over several lines touches."""
    found: set[int] = set()
    for action in _SPANNING.finditer(text):
        first, breaks = text.count("\n", 0, action.start()), action.group().count("\n")
        found.update(range(first, first + breaks + 1) if breaks else ())
    return found
