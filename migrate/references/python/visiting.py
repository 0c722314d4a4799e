"""Goes through a module's expressions and yields what may be a path or a call of helmfile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migrate.formats.python_source import Binary, Call, Choice, Expression, Items, Name, Scope, Text, parts_of
from migrate.model.references import Mention, Piece
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.python import names
from migrate.references.python.argv import ELSEWHERE, SHELLS, Argv, argv_of, value
from migrate.references.python.lists import Lists, behind_flag, grows
from migrate.references.python.operands import operands
from migrate.references.python.texts import has_blanks, message_found, script_found
from migrate.references.python.uses import Use, Uses
from migrate.references.python.values import Pieces, Values, placed_under
from migrate.references.snippet import Snippet

REMOTE = "it is run on another machine"
LEAVES = "a path leaves the folder that the program is run in"


@dataclass(frozen=True)
class Visit:
    """One module, looked at once before."""

    tree: Tree
    snippet: Snippet
    place: Place
    values: Values
    uses: Uses
    lists: Lists

    def expression(self, one: Expression, scope: Scope, use: Use) -> Iterator[Found]:  # noqa: C901  # a case for each kind
        """Everything in an expression that is used in this way."""
        use = self.uses.of(one, use)
        inner = operands(one)
        match one:
            case Choice():
                for part in parts_of(one):
                    yield from self.expression(part, scope, use if part in one.options else self.uses.start)
            case Text() if not use.as_path and (use.runs or has_blanks(one)):
                yield from self._sentence(one, use)
            case Items():
                yield from self._list(one, scope, use)
            case Binary() if inner is None:
                for part in parts_of(one):
                    yield from self.expression(part, scope, use)
            case Name() if use.as_path:
                yield from self._path(one, scope, use)
            case Call() if inner is None:
                yield from self._call(one, scope)
            case _:
                if inner is not None:
                    yield from self._path(one, scope, use)
                yield from self._inside(parts_of(one) if inner is None else inner, scope)

    def _inside(self, inner: Iterator[Expression] | tuple[Expression, ...], scope: Scope) -> Iterator[Found]:
        for part in inner:
            yield from self.expression(part, scope, self.uses.start)

    def _sentence(self, text: Text, use: Use) -> Iterator[Found]:
        """A text of several words, or one that is run."""
        place = Place(use.called_in or use.folders, self.place.group, self.place.prose)
        if use.runs or (value(text) or "").lstrip().startswith(("helmfile ", "sudo helmfile ")):
            yield from script_found(self.tree, self.snippet, text, place, use.doubt)
        else:
            yield from message_found(self.snippet, text, place)

    def _path(self, one: Expression, scope: Scope, use: Use) -> Iterator[Found]:
        sure = use.as_path or not isinstance(one, Text)
        for pieces in self.values.of(one, scope):
            literal = _literal(pieces)
            if literal and ("/" in literal or sure):
                yield from self._mentions(pieces, one, use)

    def _mentions(self, pieces: Pieces, one: Expression, use: Use) -> Iterator[Mention]:
        """A path in the folder that the program is run in. If it leaves that folder, the folder has to stay where it is."""
        if use.under and pieces[0].text.startswith(".."):
            yield self._mention((*use.under, Piece("/..")), one, replace(use, doubt=LEAVES))
            yield self._mention(pieces, one, replace(use, folders=use.called_in, under=()))
        else:
            yield self._mention(pieces, one, use)

    def _mention(self, pieces: Pieces, one: Expression, use: Use) -> Mention:
        return Mention(
            file=self.snippet.file,
            line=self.snippet.line(one.start),
            pieces=placed_under(use.under, pieces),
            folders=use.folders,
            kind="python",
            glob=use.as_glob or "*" in _literal(pieces),
            prose=self.place.prose,
            doubt=use.doubt,
            group=self.place.group,
        )

    def _call(self, call: Call, scope: Scope) -> Iterator[Found]:
        run = self.uses.runners.run_of(call, scope)
        if run is not None and names.last(call) == "create_subprocess_exec":
            ends = tuple(one.end for one in call.arguments)
            argv = argv_of(call.arguments, ends, self.lists.known_words(call.arguments, scope))
            yield from self._words(argv, call.arguments, scope, self.uses.run(run))
        else:
            yield from self._function(call, scope)
            use = self.uses.argument(path=names.reads_paths(call), glob=names.function(call) in names.GLOBS)
            for argument in call.arguments:
                yield from self.expression(argument, scope, use)
        option = names.makes_an_option(call) and any(names.names_a_path(value(one) or "") for one in call.arguments)
        for name, argument in call.keywords:
            path = option or names.reads_paths(call) or names.names_a_path(name) or name == "cwd"
            yield from self.expression(argument, scope, self.uses.argument(path=path))

    def _function(self, call: Call, scope: Scope) -> Iterator[Found]:
        """What a method is called on: `Path("environments").mkdir()`, `Path("environments").glob("*/values.yaml")`."""
        receiver, method = names.method(call)
        if receiver is None or isinstance(receiver, Name):
            return
        if method == "glob" and call.arguments:
            for pieces in self.values.joined((receiver, call.arguments[0]), scope):
                yield from self._mentions(pieces, call, self.uses.argument(path=True, glob=True))
        else:
            yield from self.expression(receiver, scope, self.uses.start)

    def _list(self, items: Items, scope: Scope, use: Use) -> Iterator[Found]:
        argv = argv_of(items.items, items.ends, self.lists.known_words(items.items, scope))
        yield from self._words(argv, items.items, scope, use, items)

    def _words(
        self, argv: Argv | None, items: tuple[Expression, ...], scope: Scope, use: Use, whole: Items | None = None
    ) -> Iterator[Found]:
        helmfile = argv is not None and self.lists.calls_helmfile(argv, use)
        if argv is not None and helmfile:
            yield self.lists.command(argv, use, grows=whole is not None and grows(whole, scope))
        of_word = replace(use, runs=False) if helmfile or use.runs else self.uses.start
        if argv is not None and argv.command in SHELLS | ELSEWHERE:
            of_word = replace(of_word, runs=True, doubt=REMOTE if argv.command in ELSEWHERE else of_word.doubt)
        for index, item in enumerate(items):
            as_path = argv is not None and self.lists.reads_path(argv, index, use)
            yield from self._word(item, scope, replace(of_word, as_path=as_path))

    def _word(self, item: Expression, scope: Scope, use: Use) -> Iterator[Found]:
        """A word; of `--values=environments/dev.yaml` what stands behind the sign."""
        if not isinstance(item, Text) or (has_blanks(item) and not use.as_path):
            yield from self.expression(item, scope, replace(use, runs=use.runs and isinstance(item, Text)))
            return
        for pieces in self.values.of(item, scope):
            inner = behind_flag(pieces)
            if _literal(inner) and ("/" in _literal(inner) or use.as_path or inner != pieces):
                yield from self._mentions(inner, item, use)
        yield from self._inside(operands(item) or (), scope)


def _literal(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces if piece.offset is not None)
