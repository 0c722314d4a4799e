"""The way through a script: what is known at each command, over branches, loops, functions and sub-shells."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrate.formats.shell import Node
from migrate.references.shell.assign import assignment, bind, declared
from migrate.references.shell.commands import COUNTED, command, counts_folders
from migrate.references.shell.prose import comment, heredoc, text_of
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Values, distinct
from migrate.references.shell.words import expanded, values

WORDS = frozenset("string concatenation expansion".split())
"""Nodes whose values are not used, but what runs inside of them is read."""

OPERATORS = frozenset("-d -e -f -r -w -x -s -L -h -nt -ot -ef".split())
"""Of `test`: what follows is a path."""


def run(reading: Reading, node: Node, state: State) -> None:
    """Read a statement; `state` becomes what holds behind it."""
    reading.steps += 1
    if reading.exhausted:
        return
    read = _STATEMENTS.get(node.type)
    if read is not None:
        read(node, state, reading)
    elif node.type in WORDS:
        values(node, state, reading)
    else:
        _each(node.named_children, state, reading)


def _each(nodes: Iterable[Node], state: State, reading: Reading) -> None:
    for node in nodes:
        run(reading, node, state)


def _list(node: Node, state: State, reading: Reading) -> None:
    """`a && b` and `a || b`. After a `cd` that is followed by `&&`, it is taken to have worked."""
    first, last = node.named_children[0], node.named_children[-1]
    before = state.copy()
    run(reading, first, state)
    way = before if any(child.type == "||" for child in node.children) else state
    tested = _asks(first, reading)
    other = way.copy()
    run(reading, last, other)
    state.become([state, other] if way is before or tested else [other])


def _asks(node: Node, reading: Reading) -> bool:
    """Whether a command is there for its exit code: what follows may well not run."""
    if node.type in ("test_command", "negated_command", "pipeline"):
        return True
    if node.type == "list":
        return _asks(node.named_children[0], reading)
    return node.type == "command" and reading.text(node).startswith((b"test ", b"command -v", b"grep ", b"type ", b"which "))


def _if(node: Node, state: State, reading: Reading) -> None:
    ways: list[State] = []
    way, closed = state.copy(), False
    for child in node.named_children:
        if child.type == "elif_clause":
            ways.append(way)
            way = state.copy()
        elif child.type == "else_clause":
            ways.append(way)
            way, closed = state.copy(), True
        if child in node.children_by_field_name("condition"):
            run(reading, child, state)
            way = state.copy()
        else:
            run(reading, child, way)
    ways.append(way)
    state.become(ways if closed else [*ways, state.copy()])


def _case(node: Node, state: State, reading: Reading) -> None:
    ways, catches = [], False
    for child in node.named_children:
        if child.type != "case_item":
            values(child, state, reading)
            continue
        way = state.copy()
        patterns = child.children_by_field_name("value")
        for part in child.named_children:
            if part in patterns:
                catches = catches or reading.text(part) == b"*"
                for value in values(part, way, reading):
                    reading.path(value, way.cwd, reading.line(part))
            else:
                run(reading, part, way)
        ways.append(way)
    state.become(ways if catches else [*ways, state.copy()])


def _for(node: Node, state: State, reading: Reading) -> None:
    name = node.child_by_field_name("variable")
    words = [child for child in node.children_by_field_name("value") if child.is_named]
    found = distinct(value for word in words for value in expanded(word, state, reading))
    if name is not None:
        chosen: Values = found if words else _of_arguments(state)
        bind(reading.text(name).decode("utf-8", "replace"), chosen, state, reading, line=reading.line(node))
    body = node.child_by_field_name("body")
    _loop([body] if body else [], state, reading)


def _of_arguments(state: State) -> Values:
    """What `for x; do` goes over."""
    return distinct(value for argument in state.arguments or () for value in argument)


def _loop(nodes: list[Node], state: State, reading: Reading) -> None:
    """The body once, and once more with what it has changed; loops in it only once then."""
    rounds = 1 if reading.again else 2
    for number in range(rounds):
        before, way = state.copy(), state.copy()
        outer, reading.again = reading.again, reading.again or number > 0
        _each(nodes, way, reading)
        reading.again = outer
        state.become([before, way])
        state.ended = False
        if not state.news(before):
            return


def _subshell(node: Node, state: State, reading: Reading) -> None:
    _each(node.named_children, state.copy(), reading)


def _pipeline(node: Node, state: State, reading: Reading) -> None:
    *sources, last = node.named_children
    counted = [at for at, part in enumerate(node.named_children) if counts_folders(reading.text(part))]
    before = reading.doubt
    with reading.capturing():
        for at, part in enumerate(sources):
            reading.doubt = before or (COUNTED if counted and at < counted[-1] else "")
            run(reading, part, state.copy())
    reading.doubt = before
    run(reading, last, state.copy())


def _while(node: Node, state: State, reading: Reading) -> None:
    _loop(node.named_children, state, reading)


def _unset(node: Node, state: State, reading: Reading) -> None:
    for name in node.named_children:
        state.variables.pop(reading.text(name).decode("utf-8", "replace"), None)


def _define(node: Node, state: State, reading: Reading) -> None:  # noqa: ARG001  # one shape for all statements
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and body is not None:
        reading.functions[reading.text(name).decode("utf-8", "replace")] = body


def _redirected(node: Node, state: State, reading: Reading) -> None:
    body = node.child_by_field_name("body")
    redirects = [child for child in node.named_children if child != body]
    target = state.copy()  # a file is opened before the command runs
    for child in redirects:
        if child.type != "heredoc_redirect":
            run(reading, child, target)
    if body is not None:
        run(reading, body, state)
    for child in redirects:
        if child.type == "heredoc_redirect":
            heredoc(child, body, target, reading)


def redirect(node: Node, state: State, reading: Reading) -> None:
    """`> file`: a path, also without a slash. tree-sitter gives it the words behind the file as well."""
    for word in node.named_children:
        if word.type == "file_descriptor":
            continue
        if word.type == "process_substitution":
            run(reading, word, state)
        for value in values(word, state, reading):
            reading.path(value, state.cwd, reading.line(word), bare=True)


def _test(node: Node, state: State, reading: Reading) -> None:
    if node.type in ("test_command", "binary_expression", "unary_expression", "parenthesized_expression", "negated_command"):
        operators = {reading.text(child).decode("utf-8", "replace") for child in node.children}
        for child in node.named_children:
            if child.type in ("test_command", "binary_expression", "unary_expression", "parenthesized_expression"):
                _test(child, state, reading)
            elif child.type == "regex":
                text_of(
                    reading.literal(child.start_byte, child.end_byte), child, state, reading, "it stands in a pattern", code=True
                )
            elif child.type != "test_operator":
                for value in values(child, state, reading):
                    reading.path(value, state.cwd, reading.line(child), bare=bool(operators & OPERATORS))


_STATEMENTS: dict[str, Callable[[Node, State, Reading], None]] = {
    "comment": comment,
    "command": command,
    "variable_assignment": assignment,
    "declaration_command": declared,
    "list": _list,
    "if_statement": _if,
    "case_statement": _case,
    "for_statement": _for,
    "while_statement": _while,
    "c_style_for_statement": _while,
    "function_definition": _define,
    "subshell": _subshell,
    "command_substitution": _subshell,
    "process_substitution": _subshell,
    "pipeline": _pipeline,
    "redirected_statement": _redirected,
    "file_redirect": redirect,
    "test_command": _test,
    "unset_command": _unset,
}
"""What is done at each kind of node; of others, what stands in them is read in order."""
