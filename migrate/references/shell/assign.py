"""Assignments: the use of a variable says what its text means; what is never used is read where it is assigned."""

from __future__ import annotations

import re

from migrate.formats.shell import Node
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Value, Values, cut, distinct, hole, joined
from migrate.references.shell.words import values

_INDEX = re.compile(r"\[[^\]]*\]=")


def assignment(node: Node, state: State, reading: Reading) -> None:
    """`x=…`, `x+=…`, `x[i]=…` and `x=(…)`."""
    target, given = node.child_by_field_name("name"), node.child_by_field_name("value")
    if target is None:
        return
    element = target.type == "subscript"
    name = reading.text(target.named_children[0] if element else target).decode("utf-8", "replace")
    more = any(child.type == "+=" for child in node.children)
    if given is not None and given.type == "array":
        found = distinct(_unindexed(value) for word in given.named_children for value in element_values(word, state, reading))
        bind(name, found, state, reading, line=reading.line(node), more=more)
        return
    found = values(given, state, reading) if given is not None else (Value(),)
    if more and not element and state.variables.get(name):
        found = joined([state.variables[name], found], f"${name}")
    bind(name, found, state, reading, line=reading.line(node), more=element)


def element_values(word: Node, state: State, reading: Reading) -> Values:
    """The values of one element of an array."""
    if word.type == "comment":
        reading.run(reading, word, state)
        return ()
    return values(word, state, reading)


def _unindexed(value: Value) -> Value:
    index = _INDEX.match(value.text)
    return cut(value, index.end(), len(value.text)) if index else value


def bind(name: str, found: Values, state: State, reading: Reading, *, line: int, more: bool = False) -> None:  # noqa: PLR0913  # what is bound, and where
    """Give a variable its values, and remember them for what is never used."""
    named = distinct(hole(f"${name}") if value.text == "\0" else value for value in found)
    state.assign(name, named, more=more)
    for value in named:
        if value.literals:
            reading.assigned.setdefault(value, (state.cwd, line))


def declared(node: Node, state: State, reading: Reading) -> None:
    """`export`, `local`, `readonly`, `declare`, with assignments and without."""
    local = reading.text(node).startswith((b"local", b"declare", b"typeset")) and bool(reading.local)
    for child in node.named_children:
        if child.type not in ("variable_assignment", "variable_name"):
            continue
        target = child.child_by_field_name("name") if child.type == "variable_assignment" else child
        name = reading.text(target or child).decode("utf-8", "replace")
        if child.type == "variable_assignment":
            assignment(child, state, reading)
        elif local:
            state.assign(name, (Value(),))
        if local:
            reading.local[-1].add(name)
