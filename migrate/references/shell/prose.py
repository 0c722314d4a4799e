"""Texts that people read: comments, `echo`, usage, heredocs. Paths and calls of helmfile in them are found by their looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.formats.shell import Node
from migrate.model.references import CommandLine, Piece, Word
from migrate.references.shell.argument import Argument
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.tables import REMOTE, SHELLS, SUBCOMMANDS, TALKS
from migrate.references.shell.value import Value, Values, cut, distinct
from migrate.references.shell.words import values

_TOKEN = re.compile(r"(?:[^\s\"'`|;()<>{}\[\],=\\^@#]|<[^<>\s]*>|\{[^{}\s]*\}|\[[^\[\]\s]*\])+")
_PLACEHOLDER = re.compile(r"<[^<>]*>|\{[^{}]*\}|\[[^\[\]]*\]")
_VARIABLE = re.compile(r"\$\{?(\w+|@)\}?")
_COMMAND = re.compile(r"(?<![\w./-])(?:\./)?helmfile(?=[ \t])")
_REST = re.compile(r"[^\n\"'`|;&>#)]*")
TOLD = frozenset(
    "failed failure error errors succeeded success done finished complete completed is was has 실패 성공 완료".split()
)
"""Behind a subcommand these make a sentence about it."""
_ALONE = frozenset("build list show-dag status test".split())


def talks(name: str) -> bool:
    """Whether a command only prints its arguments."""
    return any(part in TALKS for part in re.split(r"[_\-:.]", name.lower()))


def say(words: list[Argument], state: State, reading: Reading, *, code: bool = False) -> None:
    """The arguments of `echo` and the like: a text for people, unless another command gets it."""
    for word in words[1:]:
        for value in word.values:
            if (code or reading.captured) and " " not in value.text:
                reading.path(value, state.cwd, reading.line(word.node))
            else:
                text_of(value, word.node, state, reading, code=code or reading.captured)


def text_of(  # noqa: PLR0913  # the text, where it stands, and how it is read
    value: Value, node: Node, state: State, reading: Reading, doubt: str = "", *, code: bool = False
) -> None:
    """A text that stands in a node; what variables bring into it is read where it stands.

    It is for people, or (`code`) for a program.
    """
    if not value.literals:
        return
    inside, run = _span(node, reading), [_span(part, reading) for part in _substitutions(node)]
    mine = tuple(
        piece
        if piece.offset is None or (_holds(inside, piece.offset) and not any(_holds(span, piece.offset) for span in run))
        else Piece(piece.text, hole=at == 0)
        for at, piece in enumerate(value.pieces)
    )
    tokens(
        replace(value, pieces=mine, doubt=""),
        state.cwd,
        reading.line(node),
        reading,
        doubt,
        code=code,
    )


def _span(node: Node, reading: Reading) -> tuple[int, int]:
    offset = reading.snippet.offset
    return offset(node.start_byte), offset(max(node.start_byte, node.end_byte - 1)) + 1


def _holds(span: tuple[int, int], offset: int) -> bool:
    return span[0] <= offset < span[1]


def _substitutions(node: Node) -> Iterator[Node]:
    """The parts of a text that run: they are no text."""
    for child in node.named_children:
        if child.type in ("command_substitution", "process_substitution"):
            yield child
        else:
            yield from _substitutions(child)


def tokens(  # noqa: PLR0913  # the text, where it stands, and how it is read
    value: Value, cwd: Values, line: int, reading: Reading, doubt: str = "", *, code: bool = False
) -> None:
    """The paths and command lines in a text that begins on a line, for people or (`code`) for a program."""
    before, before_doubt = reading.prose, reading.doubt
    reading.prose, reading.doubt = before or not code, before_doubt or doubt
    folders = distinct([Value(base=reading.place.folders), *(folder for folder in cwd if folder.settled() and not folder.lost)])
    base = tuple(dict.fromkeys(name for folder in folders for name in folder.folders()))
    key = value, base, line, reading.prose, reading.doubt
    if key not in reading.told:
        reading.told.add(key)
        _read(value, base, line, reading)
    reading.prose, reading.doubt = before, before_doubt


def _read(value: Value, base: tuple[str, ...], line: int, reading: Reading) -> None:
    text = value.text
    for found in _TOKEN.finditer(text):
        coded = text[max(found.start() - 1, 0) : found.start()] == "`" == text[found.end() : found.end() + 1]
        if "/" not in found[0] and not coded:
            continue
        at = line + text.count("\n", 0, found.start())
        for part in _parts(value, found):
            reading.path(part, (Value(base=base),), at, bare=coded)
    for found in _COMMAND.finditer(text):
        _call(value, found, base, line + text.count("\n", 0, found.start()), reading)


def _parts(value: Value, found: re.Match[str]) -> Iterator[Value]:
    """The token without what belongs to the sentence, cut at colons; placeholders in it are unknown parts."""
    if "://" in found[0]:
        return
    at = found.start()
    for text in found[0].split(":"):
        shown = text.rstrip(".!?…*")
        if "/" in shown or len(found[0]) == len(text):
            yield _with_holes(cut(value, at, at + len(shown)))
        at += len(text) + 1


def _with_holes(value: Value) -> Value:
    text, at, pieces = value.text, 0, list[Piece]()
    for found in _PLACEHOLDER.finditer(text):
        pieces += cut(value, at, found.start()).pieces
        pieces.append(Piece(found[0].strip("<>{}[]"), hole=True))
        at = found.end()
    return replace(value, pieces=(*pieces, *cut(value, at, len(text)).pieces))


def _call(value: Value, found: re.Match[str], base: tuple[str, ...], line: int, reading: Reading) -> None:
    command = cut(value, found.start(), found.end()).pieces[-1]
    rest = _REST.match(value.text, found.end())
    given = rest[0].split() if rest else []
    if command.offset is None or not given or not _looks_called(given):
        return
    end = command.offset + len(command.text.encode())
    words = (Word("helmfile", end - len("helmfile"), end), *(Word(None if "\0" in word else word, end, end) for word in given))
    state_given = any(word in ("-f", "--file") or word.startswith(("--file=", "-f=")) for word in given)
    reading.command_line(
        CommandLine(reading.snippet.file, line, words, None if state_given else end, " -f {state}", base, "shell")
    )
    if state_given:
        after = next(at for at, word in enumerate(given) if word.startswith(("-f", "--file")))
        for word in given[after : after + 2]:
            start = value.text.index(word, found.end()) + (word.index("=") + 1 if "=" in word else 0)
            reading.path(cut(value, start, value.text.index(word, found.end()) + len(word)), (Value(base=base),), line, bare=True)


def _looks_called(given: list[str]) -> bool:
    first = given[0].rstrip(".,:")
    if len(given) > 1 and given[1].rstrip(".,:!") in TOLD:
        return False
    return first[:1] in ("-", "\0", "<", "[", "{", "$") or first in SUBCOMMANDS or (first in _ALONE and len(given) == 1)


def comment(node: Node, state: State, reading: Reading) -> None:
    """A comment: its variables are those that hold at that place, as far as they are known without a text."""
    whole = reading.literal(node.start_byte + 1, node.end_byte)
    text, at, pieces = whole.text, 0, list[Piece]()
    for found in _VARIABLE.finditer(text):
        pieces += cut(whole, at, found.start()).pieces
        held = state.variables.get(found[1], ())
        known = len(held) == 1 and held[0].pieces and not held[0].literals
        pieces += held[0].pieces if known else [Piece(found[0], hole=True)]
        at = found.end()
    pieces += cut(whole, at, len(text)).pieces
    tokens(Value(tuple(pieces)), (), reading.line(node), reading)


def here_string(node: Node, state: State, reading: Reading) -> None:
    """`<<< text`."""
    for child in node.named_children:
        for value in values(child, state, reading):
            text_of(value, child, state, reading)


def heredoc(node: Node, body: Node | None, state: State, reading: Reading) -> None:
    """`<<EOF`: the script of a shell, or a text."""
    for child in node.named_children:
        if child.type == "heredoc_body":
            _document(child, body, state, reading)
        elif child.type not in ("heredoc_start", "heredoc_end"):
            reading.run(reading, child, state)


def _document(node: Node, body: Node | None, state: State, reading: Reading) -> None:
    program = reading.text(body).split(maxsplit=2)[:2] if body is not None else []
    names = {word.decode("utf-8", "replace").rpartition("/")[2] for word in program}
    if names & (SHELLS | REMOTE):
        reading.inner(reading, node.start_byte, node.end_byte, state.copy(), "it runs elsewhere" if names & REMOTE else "")
        return
    doubt, code = _read_by(program[0].decode("utf-8", "replace") if program else "", node)
    for value in values(node, state, reading):
        text_of(value, node, state, reading, doubt, code=code)


def _read_by(program: str, node: Node) -> tuple[str, bool]:
    """What speaks against rewriting the text of a heredoc, and whether a program reads it."""
    statement = node.parent.parent if node.parent is not None else None
    written = statement is not None and any(_writes(child) for child in [*statement.children, *(node.parent or node).children])
    if program in ("cat", "tee", "sudo") or talks(program):
        written = written or program != "cat"
        return ("it stands in a file that is written when this script runs" if written else ""), False
    return f"it stands in a text that `{program}` reads", True


def _writes(node: Node) -> bool:
    """Whether it sends what is printed to a file, or to another command."""
    return node.type == "pipeline" or (
        node.type == "file_redirect" and b"/dev/" not in (node.text or b"") and b"&" not in (node.text or b"")
    )
