"""The values of a word: its literals, and what its variables may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from migrate.formats.shell import Node
from migrate.model.references import TOP, Piece
from migrate.references.shell.idioms import substitution
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.tables import TOP_VARIABLES
from migrate.references.shell.value import Value, Values, basename, cut, dirname, distinct, hole, joined, known, split

_BRACES = re.compile(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
_CUTS = re.compile(r"#(?!#\*[/.])|%%(?!\.)|//?\\/|:\s*-?\d")
"""Operators that count the folders of a path, or name those at its beginning."""
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")


def values(node: Node, state: State, reading: Reading) -> Values:
    """All values that a word may have. What runs inside of it is read as well."""
    kind = _KINDS.get(node.type)
    if kind is not None:
        return kind(node, state, reading)
    reading.run(reading, node, state.copy())
    return (hole(_name(node, reading)),)


def _plain(node: Node, state: State, reading: Reading) -> Values:  # noqa: ARG001  # one shape for all words
    return (_bare(reading.literal(node.start_byte, node.end_byte)),)


def _raw(node: Node, state: State, reading: Reading) -> Values:  # noqa: ARG001  # one shape for all words
    return (reading.literal(node.start_byte + 1, node.end_byte - 1),)


def _escaped(node: Node, state: State, reading: Reading) -> Values:  # noqa: ARG001  # one shape for all words
    return (_doubted(reading.literal(node.start_byte + 2, node.end_byte - 1)),)


def _simple(node: Node, state: State, reading: Reading) -> Values:
    return variable(reading.text(node)[1:].decode("utf-8", "replace"), state, reading)


def _output(node: Node, state: State, reading: Reading) -> Values:
    return substitution(node, state, reading, values)


def _name(node: Node, reading: Reading) -> str:
    return reading.text(node).decode("utf-8", "replace").strip('"')[:60]


def expanded(node: Node, state: State, reading: Reading) -> Values:
    """The words that a word becomes: an expansion without quotes is split at blanks, an array is all its elements."""
    found = values(node, state, reading)
    if node.type in ("simple_expansion", "expansion"):
        return distinct(part for value in found for part in split(value))
    return found


def _sequence(node: Node, state: State, reading: Reading) -> Values:
    return joined([*_parts(node, state, reading)], _name(node, reading))


def _parts(node: Node, state: State, reading: Reading) -> Iterator[Values]:
    """The values of the parts of a string or of a joined word; text between the nodes is literal."""
    quoted = node.type in ("string", "heredoc_body")
    at = node.start_byte + (node.type == "string")
    end = node.end_byte - (node.type == "string")
    for child in node.named_children:
        if child.type in ("string_content", "heredoc_content", "word", "number"):
            continue  # with the text around it, which the parser gives to no node at times
        yield from _literal(at, child.start_byte, reading, quoted=quoted)
        yield values(child, state, reading)
        at = child.end_byte
    yield from _literal(at, end, reading, quoted=quoted)


def _literal(start: int, end: int, reading: Reading, *, quoted: bool) -> Iterator[Values]:
    if start < end:
        value = reading.literal(start, end)
        yield ((_doubted(value) if quoted else _bare(value)),)


def _doubted(value: Value) -> Value:
    """A text with an escape is not the path that it stands for."""
    return replace(value, doubt="it is written with a backslash") if "\\" in value.text else value


def _bare(value: Value) -> Value:
    """A word without quotes: `{a,b}` in it stands for each of several texts."""
    text, at, pieces = value.text, 0, list[Piece]()
    for found in _BRACES.finditer(text):
        pieces += cut(value, at, found.start()).pieces
        pieces.append(Piece(found[0], hole=True))
        at = found.end()
    pieces += cut(value, at, len(text)).pieces
    return _doubted(Value(tuple(pieces), value.base))


def variable(name: str, state: State, reading: Reading) -> Values:
    """What a variable may hold; a hole if the script does not say."""
    found = state.variables.get(name)
    if found is not None:
        return found
    if state.arguments is not None and (name in ("@", "*") or (name.isdigit() and name != "0")):
        return _argument(name, state.arguments)
    return here(state) if name == "PWD" else (_special(name, reading),)


def _argument(name: str, arguments: tuple[Values, ...]) -> Values:
    if name.isdigit():
        return arguments[int(name) - 1] if int(name) <= len(arguments) else (Value(),)
    return distinct(value for argument in arguments for value in argument) or (Value(),)


def _special(name: str, reading: Reading) -> Value:
    file = {"0": reading.script, "BASH_SOURCE": reading.own}.get(name)
    if file is not None:
        return known(f"{TOP}/{file}")
    if name in TOP_VARIABLES:
        return known(TOP)
    return known("~") if name == "HOME" else hole(f"${name}")


def here(state: State) -> Values:
    """The folder that the script is in, as a word."""
    return distinct(
        hole("$PWD") if cwd.lost else known("/") if cwd.outside else cwd if cwd.pieces else known(".", cwd.base)
        for cwd in state.cwd
    )


def _expansion(node: Node, state: State, reading: Reading) -> Values:
    """`${x}`, `${x[@]}`, `${x:-word}`, and the forms of dirname and basename."""
    whole = reading.text(node).decode("utf-8", "replace")
    inner = whole[2:-1]
    name = _NAME.match(inner)
    rest = node.named_children[1:]
    defaults = distinct(value for child in rest for value in values(child, state, reading))
    if name is None:  # ${#x}, ${!x}
        return (hole(whole),)
    found = variable(name[0], state, reading)
    operator = re.sub(r"^\[[^\]]*\]", "", inner[name.end() :])
    for value in found if _CUTS.match(operator) else ():
        reading.path(value, state.cwd, reading.line(node), bare=True, doubt=f"`{whole}` cuts it by how its folders are written")
    return _operated(operator, found, defaults, whole)


def _operated(operator: str, found: Values, defaults: Values, whole: str) -> Values:
    if not operator or operator.startswith((":?", "?")):
        return found
    if operator[:2] in (":-", ":=") or operator[0] in "-=":
        own = [value for value in found if value.text.strip("\0")]
        return distinct([*own, *(defaults if operator.strip(":-=") else ())]) or found
    if operator[:2] == ":+" or operator[0] == "+":
        return distinct([Value(), *defaults])
    form = {"%/*": dirname, "##*/": basename}.get(operator)
    if form is not None:
        return distinct(form(value) or hole(whole) for value in found)
    if operator == "%/":
        return distinct(cut(value, 0, len(value.text.rstrip("/"))) for value in found)
    return (hole(whole),)


_KINDS: dict[str, Callable[[Node, State, Reading], Values]] = {
    **dict.fromkeys(("string", "translated_string", "concatenation", "command_name", "heredoc_body"), _sequence),
    **dict.fromkeys(("word", "number", "extglob_pattern", "regex", "variable_name", "test_operator", "heredoc_content"), _plain),
    "raw_string": _raw,
    "ansi_c_string": _escaped,
    "simple_expansion": _simple,
    "expansion": _expansion,
    "command_substitution": _output,
}
"""How each kind of word is read; of others nobody knows the value."""
