"""Scripts inside of scripts: `bash -c`, `eval`, `trap`, what runs elsewhere, and files that are sourced."""

from __future__ import annotations

import re
from dataclasses import replace

from migrate.errors import PathLeavesRepository
from migrate.formats.shell import Node, parse
from migrate.model.paths import RepoPath
from migrate.model.references import Piece
from migrate.references.shell.argument import Argument
from migrate.references.shell.paths import paths
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.tables import CONTAINERS
from migrate.references.shell.value import Value, hole, split, under
from migrate.references.snippet import Snippet

_ASSIGNS = re.compile(r"\s*(\w+)=")
_DEPTH = 4
"""Files that source each other are followed so far."""


def inner(reading: Reading, start: int, end: int, state: State, doubt: str = "") -> None:
    """Read a part of the snippet as a script. With a doubt it runs somewhere else, in a folder that nobody knows."""
    if doubt:
        state.cwd = (Value(lost=doubt),)
    part = replace(
        reading, snippet=reading.snippet.part(start, end), functions={}, called=set(), calls={}, doubt=reading.doubt or doubt
    )
    part.run(part, parse(part.snippet.text), state)


def _quoted(node: Node) -> tuple[int, int] | None:
    """The inside of a string, as bytes of the snippet."""
    return (node.start_byte + 1, node.end_byte - 1) if node.type in ("string", "raw_string") else None


def shell(words: list[Argument], state: State, reading: Reading) -> None:
    """`bash -c '…'`, or a script that a shell is given."""
    for at, word in enumerate(words[1:-1], start=1):
        text = word.plain or ""
        if text.startswith("-") and not text.startswith("--") and text.endswith("c"):
            _run_text(words[at + 1], state.copy(), reading)
            return
    paths("source", words, state, reading)


def _run_text(word: Argument, state: State, reading: Reading, doubt: str = "") -> None:
    span = _quoted(word.node)
    if span and not (len(word.values) == 1 and not _own(word, reading)):
        inner(reading, *span, state, doubt)
    else:
        _as_command(word, state, reading, doubt)


def _as_command(word: Argument, state: State, reading: Reading, doubt: str) -> None:
    """A command that a variable holds."""
    before, reading.doubt = reading.doubt, reading.doubt or doubt
    for value in word.values:
        reading.dispatch([Argument((part,), word.node, shares=True) for part in split(value)], state, reading)
    reading.doubt = before


def _own(word: Argument, reading: Reading) -> bool:
    """Whether the text of a string stands in it, and does not come from a variable alone."""
    low, high = reading.snippet.offset(word.node.start_byte), reading.snippet.offset(word.node.end_byte - 1)
    return any(piece.offset is not None and low <= piece.offset <= high for value in word.values for piece in value.pieces)


def evaluate(words: list[Argument], state: State, reading: Reading) -> None:
    """`eval`: an assignment to a variable of any name, or a script."""
    if len(words) < 2:  # noqa: PLR2004  # nothing to evaluate
        return
    for value in words[1].values:
        assigns = _ASSIGNS.match(value.text)
        if assigns:
            state.assign(assigns[1], (hole(f"${assigns[1]}"),))
            return
        if re.match(r"\0=", value.text):
            return
    _run_text(words[1], state, reading)
    for word in words[2:]:
        _as_command(word, state, reading, "it is a part of what `eval` runs")


def trap(words: list[Argument], state: State, reading: Reading) -> None:
    """`trap '…' EXIT`: runs at any time, in the folder of that time."""
    if len(words) > 1 and _quoted(words[1].node):
        _run_text(words[1], state.copy(), reading)


def in_container(words: list[Argument], state: State, reading: Reading) -> bool:
    """A call of helmfile that a container, another machine or another user makes. Whether there is one."""
    texts = [word.plain for word in words]
    doubt = f"`{texts[0]}` runs it elsewhere"
    found = False
    for at, word in enumerate(words):
        span = _quoted(word.node)
        if at and span and "helmfile" in " ".join(value.text for value in word.values) and " " in word.values[0].text:
            inner(reading, *span, state.copy(), doubt)
            found = True
        elif at and texts[at] == "helmfile" and at + 1 < len(words) and texts[0] in CONTAINERS | {"kubectl", "ssh"}:
            lost = state.copy()
            lost.cwd = (Value(lost=doubt),)
            reading.dispatch(words[at:], lost, reading)
            paths(texts[0] or "", words[:at], state, reading)
            return True
    if found:
        paths(texts[0] or "", [word for word in words if " " not in word.values[0].text], state, reading)
    return found


def source(words: list[Argument], state: State, reading: Reading) -> None:
    """`source file`: a path, and what the file assigns if the tree holds it."""
    paths("source", words, state, reading)
    if len(words) < 2 or reading.depth >= _DEPTH:  # noqa: PLR2004  # `source` and a file
        return
    for cwd in state.cwd:
        for value in words[1].values:
            for folder in under(cwd, value).folders():
                if _read(folder, state, reading):
                    return


def _read(path: str, state: State, reading: Reading) -> bool:
    try:
        file = RepoPath(path)
        data = reading.tree.read(file)
    except (PathLeavesRepository, KeyError):
        return False
    other = Reading(
        reading.tree, Snippet.whole(file, data), reading.place, reading.script, file, reading.run, reading.inner, reading.dispatch
    )
    other.depth = reading.depth + 1
    before = dict(state.variables)
    other.run(other, parse(data), state)
    state.variables = {
        name: found if before.get(name) == found else tuple(_known(value) for value in found)
        for name, found in state.variables.items()
    }
    state.cwd = tuple(_known(value) for value in state.cwd)
    state.ended = False
    return True


def _known(value: Value) -> Value:
    """A value from another file: its texts stand there, not here."""
    return replace(value, pieces=tuple(Piece(piece.text, hole=piece.hole) for piece in value.pieces))
