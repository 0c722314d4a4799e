"""Which expressions make a path, and what they are made from."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.formats.python_source import Binary, Call, Choice, Expression, Items, Member, Name, Slot, Text
from migrate.references.python import names


def operands(expression: Expression) -> tuple[Expression, ...] | None:
    """The expressions inside one whose values become parts of its own and are no texts; None for one that makes no path.

    `os.path.join("environments", env(), "values.yaml")` has `env()`.
    """
    return tuple(_leaves(expression)) if _makes_a_path(expression) else None


def _makes_a_path(expression: Expression) -> bool:  # noqa: C901, PLR0911  # a case for each kind
    match expression:
        case Text():
            return True
        case Binary(operator="%", left=left):
            return _makes_a_path(left)
        case Binary(left=left, right=right):
            return not isinstance(left, Items) and not isinstance(right, Items) and (_holds_text(left) or _holds_text(right))
        case Choice(options=options):
            return any(_makes_a_path(option) for option in options)
        case Member(of=of, name="parent" | "parents"):
            return _makes_a_path(of)
        case Call():
            receiver, method = names.method(expression)
            if names.function(expression) in names.JOIN | names.PATHS | names.KEEP | names.DIRNAME:
                return True
            if method == "joinpath" or names.joined_with_slash(expression) is not None:
                return True
            return method in names.KEEP_METHODS and receiver is not None and _makes_a_path(receiver)
        case _:
            return False


def _holds_text(expression: Expression) -> bool:
    """A `+` or `/` is about paths or texts if one of its sides is one; two names may be numbers."""
    return _makes_a_path(expression) and not isinstance(expression, Items)


def _leaves(expression: Expression) -> Iterator[Expression]:  # noqa: C901  # a case for each kind
    match expression:
        case Text(parts=parts):
            for part in parts:
                if isinstance(part, Slot):
                    yield from _leaf(part.value)
        case Binary(left=left, right=right):
            yield from _leaf(left)
            yield from _leaf(right)
        case Choice(options=options, inner=inner):
            for option in options:
                yield from _leaf(option)
            yield from inner
        case Member(of=of):
            yield from _leaf(of)
        case Call(arguments=arguments, keywords=keywords):
            receiver, _ = names.method(expression)
            if receiver is not None and not isinstance(receiver, Name):
                yield from _leaf(receiver)
            for argument in names.joined_with_slash(expression) or arguments:
                yield from _leaf(argument) if names.last(expression) != "format" else (argument,)
            yield from (value for _, value in keywords)
        case _:
            yield expression


def _leaf(expression: Expression) -> Iterator[Expression]:
    return _leaves(expression) if _makes_a_path(expression) else iter((expression,))
