"""What a command does with its words: goes to a folder, runs other commands, reads files, or talks."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from migrate.formats.shell import Node
from migrate.references.shell.argument import Argument, arguments
from migrate.references.shell.find import find
from migrate.references.shell.folders import cd, popd, pushd
from migrate.references.shell.functions import call_function, come_back
from migrate.references.shell.helmfile import call, handed_on, may_be_helmfile
from migrate.references.shell.nested import evaluate, in_container, shell, source, trap
from migrate.references.shell.paths import paths
from migrate.references.shell.prose import here_string, say, talks
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.tables import READS_INTO, REMOTE, SHELLS, WRAPPERS
from migrate.references.shell.value import hole
from migrate.references.shell.words import values

Words = list[Argument]
COUNTED = "it is cut at its slashes, and has another number of folders afterwards"
_COUNTS = re.compile(rb"""\b(?:cut\b[^|]*?\s-[a-z]*d\s*|awk\b[^|]*?\s-F\s*|IFS=)['"]?/""")


def counts_folders(text: bytes) -> bool:
    """Whether a command takes a path apart by the number of its folders: `cut -d/ -f2`, `awk -F/`, `IFS=/ read`."""
    return bool(_COUNTS.search(text))


def _here_string(child: Node, node: Node, state: State, reading: Reading) -> None:
    if counts_folders(reading.text(node)):
        for value in (value for part in child.named_children for value in values(part, state, reading)):
            reading.path(value, state.cwd, reading.line(child), doubt=COUNTED)
    here_string(child, state, reading)


def command(node: Node, state: State, reading: Reading) -> None:
    """Read one command; `state` becomes what holds behind it."""
    own = state
    words: list[Node] = []
    for child in node.named_children:
        match child.type:
            case "variable_assignment":
                own = state.copy() if own is state else own
                reading.run(reading, child, own)
            case "file_redirect":
                reading.run(reading, child, state)
            case "herestring_redirect":
                _here_string(child, node, state, reading)
            case _:
                words.append(child)
    dispatch(arguments(words, own, reading), own, reading)
    if own is not state:
        state.cwd, state.ended = own.cwd, own.ended


def dispatch(words: Words, state: State, reading: Reading) -> None:
    """Do what the command does."""
    if not words:
        return
    name = words[0].program or ""
    if name in WRAPPERS and name not in reading.functions:
        _wrapped(name, words, state, reading)
    elif may_be_helmfile(words[0]):
        call(words, state, reading)
    elif name in reading.functions:
        call_function(name, words, state, reading)
        handed_on(words, state, reading)
    elif name in _OWN:
        _OWN[name](words, state, reading)
    elif talks(name):
        say(words, state, reading)
    elif not (name in REMOTE and in_container(words, state, reading)):
        paths(name, words, state, reading)
        handed_on(words, state, reading)


def _wrapped(name: str, words: Words, state: State, reading: Reading) -> None:
    rest = words[1:]
    if name == "command" and rest and rest[0].plain in ("-v", "-V"):
        return
    while rest:
        text = rest[0].plain or ""
        if text in WRAPPERS[name]:
            rest = rest[2:]
        elif text.startswith("-") or _belongs(name, text, rest[0].values[0].text):
            rest = rest[1:]
        else:
            break
    dispatch(rest, state, reading)


def _belongs(name: str, text: str, start: str) -> bool:
    """Whether a word is the wrapper's own: an assignment of `env`, the time of `timeout`, the count of `retry`."""
    return (name in ("env", "sudo") and "=" in start) or (name in ("timeout", "retry") and text[:1].isdigit())


def _read_into(words: Words, state: State, reading: Reading) -> None:
    """`read x`: nobody knows what it holds afterwards."""
    for word in words[1:]:
        text = word.plain or ""
        if text.isidentifier():
            state.assign(text, (hole(f"${text}"),))
    paths("", words, state, reading)


def _set(words: Words, state: State, reading: Reading) -> None:
    texts = [word.plain for word in words]
    if "--" in texts:
        rest = words[texts.index("--") + 1 :]
        state.arguments = None if any(word.many for word in rest) else tuple(word.values for word in rest)
        for value in (value for word in rest for value in word.values if value.literals):
            reading.assigned.setdefault(value, (state.cwd, reading.line(words[0].node)))


def _shift(words: Words, state: State, reading: Reading) -> None:  # noqa: ARG001  # one shape for all commands
    count = words[1].plain if len(words) > 1 else "1"
    if state.arguments is not None:
        state.arguments = state.arguments[int(count) :] if count and count.isdigit() else None


def _end(words: Words, state: State, reading: Reading) -> None:  # noqa: ARG001  # one shape for all commands
    state.ended = True


def _printf(words: Words, state: State, reading: Reading) -> None:
    into = [name.plain or "" for option, name in pairwise(words[1:]) if option.plain == "-v"]
    for name in into:
        state.assign(name, (hole(f"${name}"),))
    say(words, state, reading, code=bool(into))


_OWN: dict[str, Callable[[Words, State, Reading], None]] = {
    "cd": cd,
    "pushd": pushd,
    "popd": popd,
    "source": source,
    ".": source,
    "eval": evaluate,
    "find": find,
    "trap": trap,
    "set": _set,
    "shift": _shift,
    "exit": _end,
    "break": _end,
    "continue": _end,
    "return": come_back,
    "printf": _printf,
    **dict.fromkeys(SHELLS, shell),
    **dict.fromkeys(READS_INTO, _read_into),
}
