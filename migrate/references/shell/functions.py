"""Functions of a script: their bodies are read with the arguments and the folder of each call."""

from __future__ import annotations

from migrate.references.shell.argument import Argument
from migrate.references.shell.prose import text_of
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Value

CONTEXTS = 24
"""After so many different calls of a function its arguments are no longer told apart; each is still read where it stands."""


def call_function(name: str, words: list[Argument], state: State, reading: Reading) -> None:
    """Read the body as this call runs it. A function that calls itself is not followed further."""
    _remember(words, state, reading)
    if name in reading.active:
        return
    known = None if any(word.many for word in words[1:]) else tuple(word.values for word in words[1:])
    key: tuple[object, ...] = (name, known, reading.captured, state.signature)
    done = reading.calls.get(key)
    few = done is not None or reading.contexts.get(name, 0) < CONTEXTS
    if not few:
        key = name, None, reading.captured, state.cwd
        done, known = reading.calls.get(key), None
    if done is None:
        reading.contexts[name] = reading.contexts.get(name, 0) + 1
        done = _through(name, known, state, reading)
        reading.calls[key] = done.copy()
        reading.called.add(name)
    state.cwd, state.pushed, state.ended = done.cwd, done.pushed, done.ended
    state.variables = dict(done.variables) if few else {**state.variables, **done.variables}


def _remember(words: list[Argument], state: State, reading: Reading) -> None:
    """The use of an argument in the body says what it means; a text with blanks is read as such."""
    line = reading.line(words[0].node)
    for word in words[1:]:
        for value in word.values:
            reading.handed.update(piece.offset for piece in value.literals if piece.offset is not None)
            if " " in value.text:
                text_of(value, word.node, state, reading)
            elif value.literals:
                reading.assigned.setdefault(value, (state.cwd, line))


def _through(name: str, known: tuple[tuple[Value, ...], ...] | None, state: State, reading: Reading) -> State:
    inner = state.copy()
    inner.arguments = known
    reading.active.append(name)
    reading.returned.append([])
    reading.local.append(set())
    reading.run(reading, reading.functions[name], inner)
    reading.active.pop()
    ways = reading.returned.pop()
    after = state.copy()
    after.become([*ways, inner])
    for local in reading.local.pop():
        if local in state.variables:
            after.variables[local] = state.variables[local]
        else:
            after.variables.pop(local, None)
    return after


def come_back(words: list[Argument], state: State, reading: Reading) -> None:  # noqa: ARG001  # one shape for all commands
    """`return`: the way ends here, and goes on behind the call."""
    if reading.returned:
        reading.returned[-1].append(state.copy())
    state.ended = True


def uncalled(state: State, reading: Reading, start: State) -> None:
    """Functions that nothing in the file calls: their arguments are unknown, the folder is that of the start."""
    for name in reversed(list(reading.functions)):  # who calls mostly stands behind who is called
        if name not in reading.called:
            reading.called.add(name)
            _through(name, None, State(start.cwd, dict(state.variables)), reading)
