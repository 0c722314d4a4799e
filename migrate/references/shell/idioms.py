"""The value of `$(…)` where a script asks for its own folder, the current one, or a part of a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate.formats.shell import Node
from migrate.model.references import TOP, Piece
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Value, Values, basename, dirname, distinct, hole, known, under

Evaluate = Callable[[Node, State, Reading], Values]


def substitution(node: Node, state: State, reading: Reading, evaluate: Evaluate) -> Values:
    """What a command substitution gives; a hole if it is none of the idioms. The commands in it are read."""
    inner = state.copy()
    with reading.capturing():
        for child in node.named_children:
            reading.run(reading, child, inner)
    name = reading.text(node).decode("utf-8", "replace")[:60]
    last = node.named_children[-1] if node.named_children else None
    found = distinct(value for command in _last(last) for value in _result(command, inner, reading, evaluate, name))
    return found or (hole(name),)


def _last(node: Node | None) -> Iterator[Node]:
    """The commands whose output it may be."""
    if node is None:
        return
    if node.type == "command":
        yield node
    elif node.type == "list":
        first, last = node.named_children[0], node.named_children[-1]
        if any(child.type == "||" for child in node.children):
            yield from _last(first)
        yield from _last(last)
    elif node.type in ("redirected_statement", "subshell", "compound_statement") and node.named_children:
        yield from _last(node.named_children[0] if node.type == "redirected_statement" else node.named_children[-1])


def _result(command: Node, state: State, reading: Reading, evaluate: Evaluate, name: str) -> Values:
    words = [child for child in command.named_children if child.type not in ("variable_assignment", "file_redirect")]
    if not words:
        return (hole(name),)
    program = reading.text(words[0]).decode("utf-8", "replace")
    flags = [reading.text(word).decode("utf-8", "replace") for word in words[1:]]
    arguments = [word for word, flag in zip(words[1:], flags, strict=True) if not flag.startswith("-")]
    if program in reading.functions and len(words) == 1 and program not in reading.active:
        return _of_function(program, state, reading, evaluate, name)
    fixed = _fixed(program, flags, state, name)
    if fixed:
        return fixed
    if len(arguments) == 1 or (arguments and program == "basename"):
        return distinct(_of(program, value, state, name) for value in evaluate(arguments[0], state, reading))
    return (hole(name),)


def _fixed(program: str, flags: list[str], state: State, name: str) -> Values:
    """What a program prints whatever its arguments are."""
    if program == "pwd":
        return distinct(_whereabouts(cwd, name) for cwd in state.cwd)
    if program == "git" and "--show-toplevel" in flags:
        return (known(TOP),)
    if program == "mktemp":
        return (Value((Piece("/tmp/"), Piece(name, hole=True))),)  # noqa: S108  # out of the repository; nothing is made
    return ()


def _of_function(program: str, state: State, reading: Reading, evaluate: Evaluate, name: str) -> Values:
    """What a function without arguments prints last: the usual way to ask for the top of a repository."""
    inner = state.copy()
    reading.active.append(program)
    reading.run(reading, reading.functions[program], inner)
    found = distinct(
        value for last in _last(reading.functions[program]) for value in _result(last, inner, reading, evaluate, name)
    )
    reading.active.pop()
    return found or (hole(name),)


def _whereabouts(cwd: Value, name: str) -> Value:
    if cwd.lost:
        return hole(name)
    return known("/") if cwd.outside else cwd if cwd.pieces else known(".", cwd.base)


def _of(program: str, value: Value, state: State, name: str) -> Value:
    """What a program that computes with paths prints for one."""
    if program == "dirname":
        return dirname(value) or hole(name)
    if program == "basename":
        return basename(value) or hole(name)
    if program in ("realpath", "readlink", "greadlink"):
        cwd = state.cwd[0]
        return hole(name) if cwd.lost and not value.anchored else under(cwd, value)
    return value if program == "echo" and " " not in value.text else hole(name)
