"""libcst's expressions -> those of `syntax`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeSpan

from migrate.formats.python_source.strings import parts_of_literal
from migrate.formats.python_source.syntax import (
    Binary,
    Call,
    Choice,
    Comment,
    Escape,
    Expression,
    Index,
    Items,
    Member,
    Name,
    Other,
    Run,
    Slot,
    Text,
)

_OPERATORS: dict[type[cst.BaseBinaryOp], str] = {cst.Add: "+", cst.Divide: "/", cst.Modulo: "%"}


@dataclass(frozen=True)
class Positions:
    """Where each node stands; `shift` is what stands before the text that was parsed (a BOM)."""

    spans: Mapping[cst.CSTNode, CodeSpan]
    shift: int

    def start(self, node: cst.CSTNode) -> int:
        """The byte where it begins, without its parentheses."""
        return self.spans[node].start + self.shift

    def end(self, node: cst.CSTNode) -> int:
        """The byte behind it, without its parentheses."""
        return self.start(node) + self.spans[node].length

    def comments(self) -> Iterator[Comment]:
        """All comments."""
        return (Comment(node.value, self.start(node)) for node in self.spans if isinstance(node, cst.Comment))


def converted(node: cst.BaseExpression, positions: Positions) -> Expression:  # noqa: C901, PLR0911  # a case for each kind
    """An expression with all that is inside it."""
    span = positions.start(node), positions.end(node)
    match node:
        case cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString():
            return _text(node, positions)
        case cst.Name():
            return Name(*span, node.value)
        case cst.Attribute():
            return _attribute(node, span, positions)
        case cst.Call():
            return _call(node, span, positions)
        case cst.BinaryOperation(operator=operator) if type(operator) in _OPERATORS:
            left, right = converted(node.left, positions), converted(node.right, positions)
            return Binary(*span, _OPERATORS[type(operator)], left, right)
        case cst.List() | cst.Tuple():
            return _items(node.elements, span, positions)
        case cst.IfExp():
            options = converted(node.body, positions), converted(node.orelse, positions)
            return Choice(*span, options, (converted(node.test, positions),))
        case cst.BooleanOperation():
            return Choice(*span, (converted(node.left, positions), converted(node.right, positions)), ())
        case cst.Subscript():
            return _index(node, span, positions)
        case _:
            return Other(*span, tuple(_inside(node, positions)))


def _inside(node: cst.CSTNode, positions: Positions) -> Iterator[Expression]:
    """The outermost expressions below a node."""
    for child in node.children:
        if isinstance(child, cst.BaseExpression):
            yield converted(child, positions)
        else:
            yield from _inside(child, positions)


def _attribute(node: cst.Attribute, span: tuple[int, int], positions: Positions) -> Expression:
    of = converted(node.value, positions)
    if isinstance(of, Name):
        return Name(*span, f"{of.dotted}.{node.attr.value}")
    return Member(*span, of, node.attr.value)


def _call(node: cst.Call, span: tuple[int, int], positions: Positions) -> Call:
    arguments: list[Expression] = []
    keywords: list[tuple[str, Expression]] = []
    for argument in node.args:
        value = converted(argument.value, positions)
        if argument.keyword is not None:
            keywords.append((argument.keyword.value, value))
        elif argument.star:
            arguments.append(Other(value.start, value.end, (value,)))
        else:
            arguments.append(value)
    return Call(*span, converted(node.func, positions), tuple(arguments), tuple(keywords))


def _items(elements: Sequence[cst.BaseElement], span: tuple[int, int], positions: Positions) -> Items:
    items: list[Expression] = []
    for element in elements:
        value = converted(element.value, positions)
        items.append(Other(value.start, value.end, (value,)) if isinstance(element, cst.StarredElement) else value)
    return Items(*span, tuple(items), tuple(_element_end(element, positions) for element in elements))


def _element_end(element: cst.BaseElement, positions: Positions) -> int:
    """Behind the element with its parentheses, before its comma."""
    return positions.end(element) if isinstance(element, cst.Element) else positions.end(element.value)


def _index(node: cst.Subscript, span: tuple[int, int], positions: Positions) -> Index:
    key = None
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        value = node.slice[0].slice.value
        key = int(value.value) if isinstance(value, cst.Integer) and value.value.isdecimal() else None
    inner = tuple(found for element in node.slice for found in _inside(element, positions))
    return Index(*span, converted(node.value, positions), key, inner)


def _text(node: cst.BaseExpression, positions: Positions) -> Text | Other:
    parts: list[Run | Escape | Slot] = []
    quote = ""
    for literal in _literals(node):
        if isinstance(literal, cst.SimpleString):
            if "b" in literal.prefix.lower():
                return Other(positions.start(node), positions.end(node), ())
            start = positions.start(literal) + len(literal.prefix) + len(literal.quote)
            parts += parts_of_literal(literal.raw_value, start, escapes="r" not in literal.prefix.lower(), braces=False)
            quote = quote or literal.quote[0]
        else:
            parts += _formatted(literal, positions)
            quote = quote or literal.end[0]
    return Text(positions.start(node), positions.end(node), tuple(parts), quote)


def _literals(node: cst.BaseExpression) -> Iterator[cst.SimpleString | cst.FormattedString]:
    if isinstance(node, cst.ConcatenatedString):
        yield from _literals(node.left)
        yield from _literals(node.right)
    elif isinstance(node, cst.SimpleString | cst.FormattedString):
        yield node


def _formatted(node: cst.FormattedString, positions: Positions) -> Iterator[Run | Escape | Slot]:
    escapes = "r" not in node.start.lower()
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            yield from parts_of_literal(part.value, positions.start(part), escapes=escapes, braces=True)
        elif isinstance(part, cst.FormattedStringExpression):
            plain = part.conversion is None and not part.format_spec and part.equal is None
            yield Slot(converted(part.expression, positions), positions.start(part), positions.end(part), plain)
