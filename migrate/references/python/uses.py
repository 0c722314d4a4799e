"""How an expression is used: from which folders it is read, and whether as a path. Found by a first look at the module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from migrate.formats.python_source import Call, Choice, Expression, Module, Name, Scope, Text
from migrate.model.references import TOP
from migrate.references.pattern import place as placed
from migrate.references.python import names
from migrate.references.python.runners import Run, Runners, calls, lists_of, texts_of
from migrate.references.python.values import Pieces, Values, known_text

SEVERAL = "it is run in several folders"
CHANGES = "os.chdir changes the folder that this is read from"


@dataclass(frozen=True, slots=True)
class Use:
    """The folders that it is read from, the likeliest first; whether it is a path or a glob for sure, or runs a program.

    `under` is the folder that a program is run in, as it is written: paths go on from there, and it may have to be respelt.
    `called_in` has the folders that this may be.
    """

    folders: tuple[str, ...]
    under: Pieces = ()
    called_in: tuple[str, ...] = ()
    as_path: bool = False
    as_glob: bool = False
    runs: bool = False
    doubt: str = ""


@dataclass
class Uses:
    """The uses of a module's expressions. `start` is that of one of which nothing is known."""

    module: Module
    values: Values
    start: Use
    runners: Runners = field(init=False)
    _known: dict[int, Use] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """The first look."""
        self.runners = Runners(self.module.scope)
        self.start = self._after_chdir()
        for scope in self.module.scope.all():
            self._note_named(scope)
            for call in calls(scope):
                run = self.runners.run_of(call, scope)
                if run is not None:
                    self._note_run(run)

    def of(self, expression: Expression, otherwise: Use) -> Use:
        """The use of this very expression, if the first look found one."""
        return self._known.get(id(expression), otherwise)

    def argument(self, *, path: bool, glob: bool = False) -> Use:
        """The use of what a function is given."""
        return replace(self.start, as_path=path, as_glob=glob)

    def run(self, run: Run) -> Use:
        """Where a program is run."""
        if run.folder is None or (isinstance(run.folder, Name) and run.folder.dotted == "None"):
            return replace(self.start, runs=True)
        ways = self.values.of(run.folder, run.folder_scope)
        found = tuple(dict.fromkeys(self._folders(run.folder, run.folder_scope)))
        known = tuple(folder for folder in found if folder is not None)
        if None in found:
            return replace(self.start, runs=True, doubt="the folder that it is run in is not known")
        doubt = self.start.doubt or (SEVERAL if len(ways) > 1 else "")
        return replace(self.start, under=() if known == self.start.folders else ways[0], called_in=known, runs=True, doubt=doubt)

    def _folders(self, expression: Expression, scope: Scope) -> Iterator[str | None]:
        """The folders that an expression may name, from the top; None for one that is not known."""
        for pieces in self.values.of(expression, scope):
            text = known_text(pieces)
            starts = ("",) if text.startswith(TOP) else self.start.folders
            yield from (placed(text, base) for base in starts) if text else (None,)

    def _after_chdir(self) -> Use:
        """Where paths are read from in a module that changes its folder: sure only if it goes to the top."""
        changes = [(call, scope) for scope in self.module.scope.all() for call in calls(scope) if _is_chdir(call)]
        if not changes:
            return self.start
        goals = {goal for call, scope in changes for one in call.arguments[:1] for goal in self._folders(one, scope)}
        if goals == {""}:
            return replace(self.start, folders=("",))
        known = tuple(sorted(goal for goal in goals if goal is not None))
        return replace(self.start, folders=(*known, *self.start.folders), doubt=CHANGES)

    def _note_named(self, scope: Scope) -> None:
        """Values of variables and parameters that are named as paths."""
        bound = [(name, one) for name, bound in scope.bindings.items() for one in bound]
        bound += [(parameter.name, parameter.default) for parameter in scope.parameters]
        for name, expression in bound:
            if isinstance(expression, Text | Choice) and names.names_a_path(name):
                self._known.setdefault(id(expression), self.argument(path=True))

    def _note_run(self, run: Run) -> None:
        """The lists and texts that are run, wherever they were bound to a name."""
        use = self.run(run)
        if run.spread:
            return  # the list stands nowhere
        for found in (*lists_of(run.what, run.scope), *texts_of(run.what, run.scope)):
            before = self._known.get(id(found), use)
            several = before.runs and before.called_in != use.called_in
            self._known[id(found)] = replace(use, doubt=SEVERAL) if several else use


def _is_chdir(call: Call) -> bool:
    return names.function(call) in ("os.chdir", "chdir")
