"""Calls of helmfile: where the option for the state file goes, and what speaks against adding it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.references import CommandLine, Word
from migrate.references.commands import FROM_STATE, MOVES_ALONG
from migrate.references.shell.argument import Argument
from migrate.references.shell.paths import paths
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.tables import SUBCOMMANDS
from migrate.references.shell.value import Value, cut

_NAMED = re.compile(r"\W*\$\W*\w*HELMFILE(_BIN|_CMD|_PATH|_BINARY|_EXE)?\W*")


def may_be_helmfile(word: Argument) -> bool:
    """Whether a command word is helmfile in some of its values, or a variable that is named after it."""
    texts = [value.text for value in word.values]
    if any(text.rpartition("/")[2] == "helmfile" for text in texts):
        return True
    return any(
        len(value.pieces) == 1 and value.pieces[0].hole and _NAMED.fullmatch(value.pieces[0].text) for value in word.values
    )


def call(words: list[Argument], state: State, reading: Reading) -> None:
    """Note a call of helmfile for each folder that it may be called in, and the paths among its words."""
    paths("helmfile", words, state, reading)
    if words[0].passed:  # noted where the function is called
        reading.ran.update(piece.offset for value in words[0].values for piece in value.literals if piece.offset is not None)
        return
    for path in state.variables.get("HELMFILE_FILE_PATH", ()):
        reading.path(path, state.cwd, reading.line(words[0].node), bare=True)
    found = tuple(_word(word, reading) for word in words)
    line = reading.line(words[0].node)
    given, doubt = _state_given(words)
    if state.variables.get("HELMFILE_FILE_PATH"):
        given = True
    doubt = doubt or _doubt(words, state, reading)
    at = None if given else _behind(words[0], reading)
    if at is None and not given:
        doubt, at = doubt or "the command is put together from several texts", found[0].end
    for folders, lost in _folders(state, reading):
        reading.command_line(
            CommandLine(reading.snippet.file, line, found, at, " -f {state}", folders, "shell", doubt=doubt or lost)
        )


def handed_on(words: list[Argument], state: State, reading: Reading) -> None:
    """A call of helmfile that is handed to another command, or to a function that runs what it is given."""
    for at, word in enumerate(words[1:], start=1):
        following = {other.plain for other in words[at + 1 :]}
        ran = any(piece.offset in reading.ran for value in word.values for piece in value.literals)
        if word.plain == "helmfile" and word.own and (ran or following & SUBCOMMANDS):
            call(words[at:], state, reading)
            return


def _word(word: Argument, reading: Reading) -> Word:
    end = reading.snippet.offset(max(word.node.start_byte, word.node.end_byte - 1)) + 1
    return Word(word.plain, reading.snippet.offset(word.node.start_byte), end)


def _behind(word: Argument, reading: Reading) -> int | None:
    """The offset behind the command word: in the variable that holds it, if the variable holds options as well."""
    value = word.values[0]
    whole = reading.text(word.node)
    own = value.literals[-1] if value.literals else None
    start, end = reading.snippet.offset(word.node.start_byte), _word(word, reading).end
    if word.shares and own is not None and own.offset is not None:
        return own.offset + len(own.text.encode())
    return None if word.shares or not whole or start > end else end


def _state_given(words: list[Argument]) -> tuple[bool, str]:
    """Whether the call names its state file; a doubt if only some of its ways do."""
    for word in words[1:]:
        naming = [_names_state(value.text) for value in word.values]
        if naming and all(naming):
            return True, ""
        if any(naming):
            return False, "only some of the ways to this call name a state file"
    return False, ""


def _names_state(text: str) -> bool:
    return text == "--file" or text.startswith("--file=") or (text.startswith("-f") and not text.startswith("-f-"))


def _doubt(words: list[Argument], state: State, reading: Reading) -> str:
    if any(piece.offset in reading.handed for piece in words[0].values[0].literals if not words[0].own):
        return "the command is handed to a function"
    if len(words[0].values) > 1:
        return "the command is helmfile among others"
    if words[0].values[0].pieces[-1].hole:
        return f"what `{words[0].values[0].pieces[-1].text}` runs is not known"
    for option, value in _options(words):
        if not value.anchored:
            return MOVES_ALONG.format(option)
    for value in state.variables.get("KUBECONFIG", ()):
        if not value.anchored and not value.text.startswith("\0") and value.text:
            return "`KUBECONFIG` is read from the folder of the state file, which moves"
    return ""


def _options(words: list[Argument]) -> Iterator[tuple[str, Value]]:
    for at, word in enumerate(words):
        for value in word.values:
            option, equals, _ = value.text.partition("=")
            if option in FROM_STATE and equals:
                yield option, cut(value, len(option) + 1, len(value.text))
            elif value.text in FROM_STATE and at + 1 < len(words):
                yield from ((value.text, following) for following in words[at + 1].values)


def _folders(state: State, reading: Reading) -> Iterator[tuple[tuple[str, ...], str]]:
    for cwd in state.cwd:
        if cwd.outside:
            continue
        if cwd.lost or "\0" in cwd.text:
            yield reading.place.folders, cwd.lost or "the folder in which it is called has an unknown part"
        elif cwd.folders():
            yield cwd.folders(), ""
