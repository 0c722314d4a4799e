"""Goes through a module's expressions and yields what may be a path or a call of helmfile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migrate.formats.python_source import Binary, Call, Choice, Expression, Items, Name, Scope, Text, parts_of
from migrate.model.references import Mention, Piece
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.prose.tokens import BARE
from migrate.references.python import names
from migrate.references.python.argv import Argv, argv_of, value
from migrate.references.python.lists import HANDED, Lists, before_colon, behind_flag, grows
from migrate.references.python.operands import operands
from migrate.references.python.sentences import as_text, begins_with, has_blanks
from migrate.references.python.texts import message_found, script_found
from migrate.references.python.uses import Use, Uses
from migrate.references.python.values import Pieces, Values, placed_under
from migrate.references.shell.tables import CONTAINERS, SHELLS
from migrate.references.snippet import Snippet

FAR = "it is run somewhere else"
AWAY = "an option says in which folder this is read"
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
        text = as_text(one) if inner is not None and not use.as_path else None
        match one:
            case Choice():
                for part in parts_of(one):
                    yield from self.expression(part, scope, use if part in one.options else self.uses.start)
            case _ if text is not None and (use.runs or has_blanks(text)):
                yield from self._sentence(text, scope, use)
                yield from self._inside(inner or (), scope)
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

    def _sentence(self, text: Text, scope: Scope, use: Use) -> Iterator[Found]:
        """A text of several words, or one that is run."""
        place = Place(use.called_in or use.folders, self.place.group, self.place.prose)
        if use.runs or begins_with(text, ("helmfile ", "sudo helmfile ")):
            yield from script_found(self.tree, self.snippet, text, place, lambda one: self._worth(one, scope), use.doubt)
        else:
            yield from message_found(self.snippet, text, place)

    def _worth(self, one: Expression, scope: Scope) -> Pieces | None:
        ways = self.values.of(one, scope)
        return ways[0] if len(ways) == 1 and all(not piece.hole for piece in ways[0]) else None

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
        if run is not None and run.spread and isinstance(run.what, Items):
            items = run.what.items
            argv = argv_of(items, run.what.ends, self.lists.known_words(items, scope))
            yield from self._words(argv, items, scope, self.uses.run(run))
            yield from self._inside(call.arguments[: len(call.arguments) - len(items)], scope)
        else:
            yield from self._function(call, scope)
            yield from self._handed(call, scope) if run is None else ()
            use = self.uses.argument(path=names.reads_paths(call), glob=names.function(call) in names.GLOBS)
            for argument in call.arguments:
                yield from self.expression(argument, scope, use)
        for name, argument in call.keywords:
            yield from self.expression(argument, scope, self._keyword(call, name, argument))

    def _handed(self, call: Call, scope: Scope) -> Iterator[Found]:
        """A command line that a function of another file is given: `run("helmfile", "sync")`, `sh.helmfile("sync")`."""
        named = names.last(call) == "helmfile" and names.local_function(call, scope) is None
        words = (call.function, *call.arguments) if named else call.arguments
        ends = tuple(one.end for one in words)
        argv = Argv(words, ends, 0, "helmfile") if named else argv_of(words, ends, self.lists.known_words(words, scope))
        use = replace(self.uses.start, doubt=HANDED)
        if argv is not None and not names.makes_an_option(call) and self.lists.calls_helmfile(argv, use):
            yield self.lists.command(argv, use, grows=False)
            for word in words[argv.state() or len(words) :][:1]:
                yield from self._word(word, scope, replace(use, as_path=True), mounts=False, state=True)

    def _keyword(self, call: Call, name: str, argument: Expression) -> Use:
        """How a named argument is used. The default of an option that isn't named as a path is doubted if it may be a word."""
        use = self.uses.argument(path=names.reads_paths(call) or names.names_a_path(name) or name == "cwd")
        if not names.makes_an_option(call) or name != "default":
            return use
        named = any(names.names_a_path(value(one) or "") for one in call.arguments) or "." in (value(argument) or "")
        return replace(use, as_path=True, doubt=use.doubt if named else BARE)

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
        if argv is not None and argv.command in SHELLS:
            of_word = replace(of_word, runs=True)
        if argv is not None and argv.runs_elsewhere():
            of_word = replace(of_word, runs=True, doubt=FAR)
        if argv is not None and argv.goes_elsewhere():
            of_word = replace(of_word, doubt=AWAY)
        handed = argv.handed_from(self.tree) if argv is not None and use.runs else len(items)
        for index, item in enumerate(items):
            if index >= handed and "/" not in (value(item) or "/"):
                yield from self._bare(item, use)
                continue
            as_path = argv is not None and self.lists.reads_path(argv, index, use)
            mounts = argv is not None and argv.command in CONTAINERS
            state = helmfile and argv is not None and index == argv.state()
            yield from self._word(item, scope, replace(of_word, as_path=as_path), mounts=mounts, state=state)

    def _bare(self, item: Expression, use: Use) -> Iterator[Found]:
        """A word without a slash that a script is given. It may be no path, and holds nothing else back."""
        text = Piece(value(item) or "")
        yield replace(self._mention((text,), item, replace(use, doubt=BARE)), group=f"{self.place.group} word {item.start}")

    def _word(self, item: Expression, scope: Scope, use: Use, *, mounts: bool, state: bool) -> Iterator[Found]:
        """A word; of `--values=environments/dev.yaml` what stands behind the sign, of a mount what stands before the colon."""
        if not isinstance(item, Text) or (has_blanks(item) and not use.as_path):
            yield from self.expression(item, scope, use)
            return
        for pieces in self.values.of(item, scope):
            inner = behind_flag(pieces, state=state)
            inner = before_colon(inner) if mounts else inner
            if _literal(inner) and ("/" in _literal(inner) or use.as_path or inner != pieces):
                yield from self._mentions(inner, item, use)
        yield from self._inside(operands(item) or (), scope)


def _literal(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces if piece.offset is not None)
