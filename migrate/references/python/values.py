"""What an expression is worth as a path: its pieces, for each way that the names in it may be bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product

from migrate.formats.python_source import Binary, Call, Choice, Each, Escape, Expression, Name, Run, Scope, Slot, Text
from migrate.model.references import TOP, Piece
from migrate.references.python import names
from migrate.references.python.placeholders import holes_cut
from migrate.references.python.runners import lists_of
from migrate.references.snippet import Snippet

Pieces = tuple[Piece, ...]
WAYS = 200
"""So many values of one expression are followed."""
DEPTH = 12
HERE = (Piece("."),)


@dataclass(frozen=True)
class Values:
    """The values of a module's expressions. `own` is the path that `__file__` stands for, empty in a code block of a document."""

    snippet: Snippet
    own: str
    _active: set[tuple[int, str]] = field(default_factory=set)
    """the names that are being followed, so that one which is bound to itself comes to an end"""

    def of(self, expression: Expression, scope: Scope, depth: int = 0) -> list[Pieces]:
        """All values that are known, at most `WAYS`; a hole where something is not."""
        if depth > DEPTH:
            return [self.hole(expression)]
        found = list(dict.fromkeys(islice(self._of(expression, scope, depth + 1), WAYS)))
        return found or [self.hole(expression)]

    def hole(self, expression: Expression | Slot) -> Pieces:
        """An unknown value, named as it is written."""
        written = self.snippet.text[expression.start : expression.end].decode("utf-8", "replace").strip("{}")
        return (Piece(" ".join(written.split()), hole=True),)

    def _of(self, expression: Expression, scope: Scope, depth: int) -> Iterator[Pieces]:  # noqa: C901  # a case for each kind
        match expression:
            case Text():
                yield from self._text(expression, scope, depth)
            case Name(dotted=dotted):
                yield from self._name(dotted, scope, depth)
            case Binary():
                yield from self._binary(expression, scope, depth)
            case Choice(options=options):
                for option in options:
                    yield from self.of(option, scope, depth)
            case Call():
                yield from self._call(expression, scope, depth)
            case Each(of=of):
                for items in lists_of(of, scope):
                    for item in items.items:
                        yield from self.of(item, scope, depth)
            case _:
                climbed = names.climbs(expression)
                if climbed is not None:
                    yield from self._parents(*climbed, scope, depth)

    def _binary(self, both: Binary, scope: Scope, depth: int) -> Iterator[Pieces]:
        match both.operator:
            case "/":
                yield from self.joined((both.left, both.right), scope, depth)
            case "+":
                ways = product(self.of(both.left, scope, depth), self.of(both.right, scope, depth))
                yield from (one + other for one, other in ways)
            case _ if isinstance(both.left, Text):
                yield from self.of(both.left, scope, depth)
            case _:
                yield from self.of(both.left, scope, depth) if isinstance(both.left, Name) else ()

    def _text(self, text: Text, scope: Scope, depth: int) -> Iterator[Pieces]:
        parts: list[list[Pieces]] = []
        for part in text.parts:
            match part:
                case Run(text=run, start=start):
                    parts.append([tuple(self._literals(run, start))])
                case Escape(text=value):
                    parts.append([(Piece(value),)])
                case Slot(plain=True, value=value):
                    parts.append(self.of(value, scope, depth))
                case Slot():
                    parts.append([self.hole(part)])
        yield from (tuple(piece for pieces in way for piece in pieces) for way in product(*parts))

    def _literals(self, run: str, start: int) -> Iterator[Piece]:
        """A run in pieces that stand together in the file."""
        at = start
        for line in run.splitlines(keepends=True):
            yield from holes_cut(Piece(line, self.snippet.offset(at)))
            at += len(line.encode())

    def _name(self, dotted: str, scope: Scope, depth: int) -> Iterator[Pieces]:
        if dotted == "__file__" and self.own:
            yield (Piece(f"{TOP}/{self.own}"),)
            return
        if dotted.endswith(".parent"):
            yield from self._parents(Name(0, 0, dotted.removesuffix(".parent")), 1, scope, depth)
            return
        if dotted in names.SEPARATORS:
            yield (Piece("/"),)
            return
        home, bound = names.bindings(dotted, scope)
        key, unknown = (id(home), dotted), (Piece(dotted, hole=True),)
        if not bound or key in self._active:
            yield unknown
            return
        self._active.add(key)
        found = [way for value in bound for way in (self.of(value, home, depth) if value is not None else [unknown])]
        self._active.discard(key)
        yield from found

    def joined(self, expressions: Iterable[Expression], scope: Scope, depth: int = 0) -> Iterator[Pieces]:
        """The values, put together as os.path.join does."""
        for way in product(*(self.of(one, scope, depth) for one in expressions)):
            pieces: Pieces = ()
            for part in way:
                pieces = placed_under(pieces, part) if part else pieces
            yield pieces

    def _parents(self, of: Expression, count: int, scope: Scope, depth: int) -> Iterator[Pieces]:
        for pieces in self.of(of, scope, depth):
            folder = known_text(pieces)
            for _ in range(count):
                folder = folder.rpartition("/")[0] if folder and folder.startswith(TOP) else ""
            yield (Piece(folder),) if folder else (Piece(f"parent of {_text_of(pieces)}", hole=True),)

    def _call(self, call: Call, scope: Scope, depth: int) -> Iterator[Pieces]:
        receiver, method = names.method(call)
        function = names.function(call)
        if function in names.JOIN | names.PATHS:
            yield from self.joined(call.arguments, scope, depth) if call.arguments else [HERE]
        elif function in names.CWD:
            yield HERE
        elif call.arguments and (function in names.KEEP | names.DIRNAME or self._from_top(call, scope, depth)):
            first, up = call.arguments[0], function in names.DIRNAME
            yield from self._parents(first, 1, scope, depth) if up else self.of(first, scope, depth)
        elif (parts := names.joined_with_slash(call)) is not None:
            yield from self.joined(parts, scope, depth)
        elif method == "joinpath" and receiver is not None:
            first_ones = () if names.is_path_class(receiver) else (receiver,)
            yield from self.joined((*first_ones, *call.arguments), scope, depth)
        elif method in names.KEEP_METHODS and receiver is not None:
            yield from self.of(receiver, scope, depth)
        elif names.takes_default(function, method) and len(call.arguments) > 1:
            yield self.hole(call)
            yield from self.of(call.arguments[-1], scope, depth)
        else:
            yield from self._returned(call, scope, depth)

    def _from_top(self, call: Call, scope: Scope, depth: int) -> bool:
        """Whether it is `relpath` as seen from the top or from where the program runs: it leads to the same file there."""
        if names.function(call) != "relpath":
            return False
        start = call.arguments[1] if len(call.arguments) > 1 else call.keyword("start")
        return start is None or self.of(start, scope, depth) in ([HERE], [(Piece(TOP),)])

    def _returned(self, call: Call, scope: Scope, depth: int) -> Iterator[Pieces]:
        """The one value that a function of this file returns, if it does not depend on what it is given."""
        called = names.local_function(call, scope)
        if called is not None and len(called.returns) == 1:
            found = self.of(called.returns[0], called, depth)
            if all(not piece.hole for pieces in found for piece in pieces):
                yield from found
                return
        yield self.hole(call)


def _text_of(pieces: Iterable[Piece]) -> str:
    return "".join("" if piece.hole else piece.text for piece in pieces)


def placed_under(folder: Pieces, pieces: Pieces) -> Pieces:
    """The pieces behind those of a folder, unless they begin at a root of their own."""
    if not folder or _text_of(pieces[:1]).startswith(("/", TOP)):
        return pieces
    return (*folder, *(() if _text_of(folder[-1:]).endswith("/") else (Piece("/"),)), *pieces)


def known_text(pieces: Pieces) -> str:
    """The text of pieces that are all known; empty if one is not."""
    return "" if any(piece.hole for piece in pieces) else _text_of(pieces)
