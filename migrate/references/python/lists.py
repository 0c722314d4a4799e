"""What a list of words names: the call of helmfile that it is, and the paths among its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrate.formats.python_source import Call, Expression, Items, Name, Scope, Text
from migrate.model.references import CommandLine, Piece, Word
from migrate.references.commands import reads_beside_state
from migrate.references.finding import Place
from migrate.references.python import names
from migrate.references.python.argv import STATE_FLAGS, Argv, joined_state, value
from migrate.references.python.placeholders import cut
from migrate.references.python.runners import calls
from migrate.references.python.uses import Use
from migrate.references.python.values import Pieces, Values
from migrate.references.snippet import Snippet

UNSEEN = "whether this list is run is not to be seen"
LATER = "more words are added to it later, with a state file among them"
HANDED = "a function that is not in this file is handed the words"


@dataclass(frozen=True)
class Lists:
    """The lists of one module."""

    snippet: Snippet
    place: Place
    values: Values

    def known_words(self, items: tuple[Expression, ...], scope: Scope) -> dict[int, str]:
        """The values of names among the words that have one value and no other, by where they stand."""
        found = {item.start: self.values.of(item, scope) for item in items if isinstance(item, Name)}
        return {start: ways[0][0].text for start, ways in found.items() if len(ways) == len(ways[0]) == 1 and not ways[0][0].hole}

    def calls_helmfile(self, argv: Argv, use: Use) -> bool:
        """Whether a list is a call: it is run, or its second word looks like it."""
        return argv.command == "helmfile" and (use.runs or argv.may_be_call())

    def command(self, argv: Argv, use: Use, *, grows: bool) -> CommandLine:
        """The list as a call of helmfile, with the state file as two words more behind the first."""
        first, words = argv.items[argv.at], argv.words(self.snippet)
        quote = first.quote if isinstance(first, Text) else '"'
        given, seen = argv.state() is not None, use.runs or argv.has_flag()
        return CommandLine(
            file=self.snippet.file,
            line=self.snippet.line(first.start),
            words=words if len(words) > 1 else (*words, Word(None, words[0].end, words[0].end)),
            insert_at=None if given else words[0].end,
            spelling=f", {quote}-f{quote}, {quote}{{state}}{quote}",
            folders=use.called_in or use.folders,
            kind="python",
            prose=self.place.prose,
            doubt=use.doubt or ("" if seen else UNSEEN) or (LATER if grows and not given else "") or reads_beside_state(words),
            group=self.place.group if seen else f"list {words[0].start}",
        )

    def reads_path(self, argv: Argv, index: int, use: Use) -> bool:
        """Whether the word at `index` is a path even without a slash."""
        if self.calls_helmfile(argv, use):
            return index == argv.state()
        return use.runs and (index >= argv.paths_from() or argv.follows_path_option(index))


def grows(items: Items, scope: Scope) -> bool:
    """Whether a state file is added to the list by `+=`, `append`, `extend` or `insert`."""
    bound = {name for name, values in scope.bindings.items() if any(one is items for one in values)}
    added = [one for name in bound for one in scope.grown.get(name, [])]
    for call in calls(scope):
        receiver, method = names.method(call)
        if method in ("append", "extend", "insert") and isinstance(receiver, Name) and receiver.dotted in bound:
            added += call.arguments
    return names_state(added) or any(names_state(call.arguments) for call in calls_of(scope))


def names_state(added: Iterable[Expression]) -> bool:
    """Whether a state file is among words, or in lists of words."""
    words = [value(item) or "" for one in added for item in (one.items if isinstance(one, Items) else (one,))]
    return any(word in STATE_FLAGS or word.startswith("--file=") or joined_state(word) for word in words)


def calls_of(scope: Scope) -> Iterator[Call]:
    """The calls of a function in its file: what they hand over may become words of a list in it."""
    top = scope
    while top.parent is not None:
        top = top.parent
    if scope is not top and not scope.is_class:
        yield from (call for one in top.all() for call in calls(one) if names.last(call) == scope.name)


def before_colon(pieces: Pieces) -> Pieces:
    """Of `./environments:/data` what is mounted."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.hole and ":" in piece.text:
            return (*found, *cut(piece, 0, piece.text.index(":")))
        found.append(piece)
    return pieces


def behind_flag(pieces: Pieces, *, state: bool = False) -> Pieces:
    """Of `--values=environments/dev.yaml` what stands behind the sign, with `state` also of `-fhelmfile.yaml`."""
    first: Piece | None = pieces[0] if pieces else None
    if state and first is not None and not first.hole and joined_state(first.text):
        return (*cut(first, len("-f")), *pieces[1:])
    if first is None or first.hole or not first.text.startswith("-") or "=" not in first.text:
        return pieces
    return (*cut(first, first.text.index("=") + 1), *pieces[1:])
