"""Which calls run a program, in which folder, and which lists they are given: also through functions of the same file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrate.formats.python_source import (
    Binary,
    Call,
    Choice,
    Expression,
    Items,
    Name,
    Other,
    Parameter,
    Scope,
    parts_of,
)
from migrate.references.python import names
from migrate.references.python.sentences import as_text

_RUNS = re.compile(
    r"run|call|check_call|check_output|Popen|getoutput|getstatusoutput|system|popen|create_subprocess_(?:exec|shell)|exec[lv]p?e?|spawnlp?e?",
)
_RECEIVERS = ("self", "cls")
_SPREADS = {"create_subprocess_exec": 0, **dict.fromkeys(("execl", "execlp", "execle", "execlpe"), 1)}
_SPREADS |= dict.fromkeys(("spawnl", "spawnlp", "spawnle", "spawnlpe"), 2)
"""These take the words of a command as arguments of their own, from this one on."""


@dataclass(frozen=True, slots=True)
class Run:
    """A program that is run: the expression that says what, and the one that says in which folder (None: where it is).

    `spread` says that `what` is a list that stands nowhere: the arguments of the call itself (`run("helmfile", "sync")`).
    """

    what: Expression
    folder: Expression | None
    scope: Scope
    folder_scope: Scope
    spread: bool = False


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """A function that runs what it is given: which parameter that is, and where the folder comes from."""

    scope: Scope
    position: int
    name: str
    folder: Expression | None
    spread: bool = False
    """it is the parameter that takes all further arguments"""


@dataclass
class Runners:
    """The runs of a module."""

    module: Scope
    wrappers: dict[str, _Wrapper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Functions that hand a parameter to something that runs it are runners as well; two steps are followed."""
        for _ in range(2):
            for scope in self.module.all():
                for call in calls(scope):
                    run = self.run_of(call, scope)
                    wrapper = _wrapper(run, scope) if run else None
                    if wrapper is not None:
                        self.wrappers.setdefault(scope.name, wrapper)

    def run_of(self, call: Call, scope: Scope) -> Run | None:
        """What a call runs; None if it runs nothing."""
        name = names.last(call)
        if name in self.wrappers and self._is_ours(call, scope):
            return self._through(self.wrappers[name], call, scope)
        if not _RUNS.fullmatch(name):
            return None
        if name in _SPREADS:
            return Run(spread(call, _SPREADS[name]), call.keyword("cwd"), scope, scope, spread=True)
        what = call.arguments[0] if call.arguments else call.keyword("args") or call.keyword("cmd")
        return Run(what, call.keyword("cwd"), scope, scope) if what is not None else None

    @staticmethod
    def _is_ours(call: Call, scope: Scope) -> bool:
        """A method of any object counts, for its class may be in this file; a plain name has to be a function here."""
        return not isinstance(call.function, Name) or "." in call.function.dotted or names.local_function(call, scope) is not None

    @staticmethod
    def _through(wrapper: _Wrapper, call: Call, scope: Scope) -> Run | None:
        what = call.keyword(wrapper.name)
        if wrapper.spread:
            what = spread(call, wrapper.position)
        elif what is None and wrapper.position < len(call.arguments):
            what = call.arguments[wrapper.position]
        if what is None:
            return None
        folder, folder_scope = wrapper.folder, wrapper.scope
        if folder is None and call.keyword("cwd") is not None:
            folder, folder_scope = call.keyword("cwd"), scope  # handed on by `**options`
        given = _parameter(folder, wrapper.scope)
        if given is not None:
            position, parameter = given
            passed = call.keyword(parameter.name) or (call.arguments[position] if position < len(call.arguments) else None)
            folder, folder_scope = (passed, scope) if passed is not None else (parameter.default, wrapper.scope)
        return Run(what, folder, scope, folder_scope, wrapper.spread)


def spread(call: Call, start: int) -> Items:
    """The arguments of a call from one on, as a list."""
    items = call.arguments[start:]
    return Items(call.start, call.end, items, tuple(one.end for one in items))


def _wrapper(run: Run, scope: Scope) -> _Wrapper | None:
    if scope.star is not None and _is_all_of(run.what, scope.star[0]):
        own = sum(parameter.name in _RECEIVERS for parameter in scope.parameters[:1])
        return _Wrapper(scope, scope.star[1] - own, scope.star[0], run.folder, spread=True)
    found = _parameter(_words(run.what), scope)
    return _Wrapper(scope, found[0], found[1].name, run.folder) if found is not None else None


def _is_all_of(what: Expression, star: str) -> bool:
    """Whether it is `args` itself: also as `list(args)`, `[*args]` and `" ".join(args)`."""
    match what:
        case Name(dotted=dotted):
            return dotted == star
        case Items(items=(Other(inner=(inner,)),)) | Call(arguments=(inner,)):
            plain = isinstance(what, Items) or names.last(what) in ("list", "tuple", "join")
            return plain and _is_all_of(inner, star)
        case _:
            return False


def _words(what: Expression) -> Expression:
    """`cmd` of `cmd.split()` and `shlex.split(cmd)`."""
    if isinstance(what, Call) and names.last(what) == "split":
        receiver, _ = names.method(what)
        of_shlex = isinstance(receiver, Name) and receiver.dotted == "shlex"
        return (what.arguments[0] if of_shlex and what.arguments else receiver) or what
    return what


def _parameter(expression: Expression | None, scope: Scope) -> tuple[int, Parameter] | None:
    """The parameter that an expression is, with its place among the arguments of a call."""
    if not isinstance(expression, Name):
        return None
    parameters = [one for one in scope.parameters if one.name not in _RECEIVERS]
    return next(((index, one) for index, one in enumerate(parameters) if one.name == expression.dotted), None)


def calls(scope: Scope) -> Iterator[Call]:
    """All calls in a scope's own expressions."""
    todo = list(scope.expressions)
    while todo:
        expression = todo.pop()
        if isinstance(expression, Call):
            yield expression
        todo += parts_of(expression)


def lists_of(what: Expression, scope: Scope, depth: int = 0) -> Iterator[Items]:  # noqa: C901  # a case for each kind
    """The lists that an expression begins with: `[…]`, `[…] + more`, a name that is bound to one."""
    match what:
        case Items():
            yield what
        case Binary(operator="+", left=left):
            yield from lists_of(left, scope, depth)
        case Choice(options=options):
            for option in options:
                yield from lists_of(option, scope, depth)
        case Name(dotted=dotted) if depth < 4:  # noqa: PLR2004  # so many names in a row are followed
            home, bound = names.bindings(dotted, scope)
            for value in bound:
                if value is not None:
                    yield from lists_of(value, home, depth + 1)
        case Call(arguments=(inner, *_)) if names.function(what) in ("list", "tuple", "sorted", "set", "reversed"):
            yield from lists_of(inner, scope, depth)
        case _:
            pass


def texts_of(what: Expression, scope: Scope, depth: int = 0) -> Iterator[Expression]:
    """The texts that are run by a shell, or are split into words."""
    match _words(what):
        case text if as_text(text) is not None:
            yield text
        case Choice(options=options):
            for option in options:
                yield from texts_of(option, scope, depth)
        case Name(dotted=dotted) if depth < 4:  # noqa: PLR2004  # as above
            home, bound = names.bindings(dotted, scope)
            for value in bound:
                if value is not None:
                    yield from texts_of(value, home, depth + 1)
        case _:
            pass
