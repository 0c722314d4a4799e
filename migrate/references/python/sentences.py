"""Texts that are put together: `"helmfile -e " + env`, `"helmfile -e %s" % env`, `"helmfile -e {}".format(env)`."""

from __future__ import annotations

from dataclasses import replace

from migrate.formats.python_source import Binary, Call, Expression, Slot, Text
from migrate.references.python import names


def as_text(expression: Expression) -> Text | None:
    """The expression as one text in which everything computed is a slot; None if it is no text."""
    match expression:
        case Text():
            return expression
        case Binary(operator="+", left=left, right=right):
            return _added(left, right)
        case Binary(operator="%", left=left):
            return as_text(left)
        case Call(arguments=arguments):
            receiver, method = names.method(expression)
            if names.function(expression) in names.DEDENT and arguments:
                return as_text(arguments[0])
            return as_text(receiver) if method in names.KEEP_METHODS and receiver is not None else None
        case _:
            return None


def _added(left: Expression, right: Expression) -> Text | None:
    one, other = as_text(left), as_text(right)
    if one is None and other is None:
        return None
    one = one or _computed(left)
    other = other or _computed(right)
    return replace(one, end=other.end, parts=(*one.parts, *other.parts), quote=one.quote or other.quote)


def _computed(expression: Expression) -> Text:
    return Text(expression.start, expression.end, (Slot(expression, expression.start, expression.end, plain=True),), "")


def has_blanks(text: Text) -> bool:
    """Whether a text has several words."""
    return any(character.isspace() for part in text.parts if not isinstance(part, Slot) for character in part.text)


def begins_with(text: Text, words: tuple[str, ...]) -> bool:
    """Whether its first words are one of these."""
    first = text.parts[0] if text.parts else None
    return first is not None and not isinstance(first, Slot) and first.text.lstrip().startswith(words)
