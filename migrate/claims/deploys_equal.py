"""deploys_equal: the same releases are deployed, diffed and destroyed, with the same flags and values.

Judged per release from recorded runs of `sync`, `apply`, `diff` and `destroy`. A release that a failing run does not reach is
judged by its own run. What no argument shows (labels, conditions, `installed`, repositories) is compared from `build`. Only the
label that the record names may be added, with the value that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from migrate.claims import missing_files, repositories, skip_deps, switched_off
from migrate.claims.fetched import has_all_it_got
from migrate.claims.gathered import Gathered, unequal_of_cell
from migrate.claims.side_facts import Definition, SideFacts, release_id
from migrate.model.facts import CellId, Failure, HelmCall
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.tree import Tree

NAME = "deploys_equal"
ASSERTS = "sync, apply, diff and destroy do the same for each release"

COMMANDS = ("sync", "apply", "diff", "destroy")

ELSEWHERE = frozenset(
    (
        *("namespace", "kubeContext", "chart", "chartPath", "version", "createNamespace", "historyMax"),
        *("values", "valuesTemplate", "valuesPathPrefix", "secrets", "set", "setTemplate", "missingFileHandler"),
        *("needs", "hooks", "labels", "inherit", "postRenderer", "postRendererArgs", "keyring"),
        *("strategicMergePatches", "jsonPatches", "transformers", "dependencies"),
    )
)
"""Settings that helm's arguments show, that only change its inputs, or that another claim or line judges."""

_MORE = re.compile(r" \(and \d+ more\)$")
"""How a failure for several causes ends; a whole run of one flat file has them all, one of nested files only the first."""

_HELM_BINARY = re.compile(r"^helmBinary[ \t]*:[ \t]*([^#\n]*?)[ \t]*(?:#.*)?$", re.MULTILINE)


def judge(gathered: Gathered) -> ClaimResult:
    """Evidence for each cell × command, each definition, each run and each repository."""
    return ClaimResult.of(NAME, ASSERTS, tuple(_evidence(gathered)))


def _evidence(gathered: Gathered) -> Iterator[Evidence]:
    yield from _calls(gathered)
    yield from _definitions(gathered)
    yield from _untold(gathered)
    yield from switched_off.evidence(gathered)
    yield from _runs(gathered)
    yield from repositories.evidence(gathered)


def _calls(gathered: Gathered) -> Iterator[Evidence]:
    for cell in gathered.cells:
        for command in COMMANDS:
            old, new = _deploying(gathered.old, cell, command), _deploying(gathered.new, cell, command)
            subject = f"{cell} {command}"
            if old and new:
                unequal = _unequal(gathered, cell, old, new)
                yield Evidence(subject, not unequal, unequal or f"{len(old)} equal calls of helm")
            elif old or new:
                yield _one_sided(gathered, cell, command, reached_old=bool(old))
        yield from _never_called(gathered, cell)


def _deploying(side: SideFacts, cell: CellId, command: str) -> tuple[HelmCall, ...]:
    return tuple(call for call in side.calls(cell, command) if call.verb != "template")


def _unequal(gathered: Gathered, cell: CellId, old: tuple[HelmCall, ...], new: tuple[HelmCall, ...]) -> str:
    if len(old) != len(new):
        return f"helm is called {len(old)} times on the old side, {len(new)} times on the new side"
    for before, after in zip(old, new, strict=True):
        unequal = unequal_of_cell(gathered, cell, before, after)
        if unequal:
            return f"{before.verb}: {'; '.join(unequal)}"
    return ""


def _one_sided(gathered: Gathered, cell: CellId, command: str, *, reached_old: bool) -> Evidence:
    """A release that only one run reaches: fine if the other stopped at a failure and the release is judged by its own run."""
    stopped = gathered.new if reached_old else gathered.old
    name = "new" if reached_old else "old"
    run = stopped.environments[cell.environment].runs.get(command)
    shown = _deploying(stopped, cell, "sync") or stopped.failure(cell)
    if run is not None and run.failure is not None and shown:
        return Evidence(f"{cell} {command}", True, f"not reached on the {name} side, whose run stops at a failure before it")
    return Evidence(f"{cell} {command}", False, f"helm is not called on the {name} side")


def _never_called(gathered: Gathered, cell: CellId) -> Iterator[Evidence]:
    """A release that renders, and that no `sync` ever reaches, is not proved."""
    for name, side in (("old", gathered.old), ("new", gathered.new)):
        if side.template(cell) and not _deploying(side, cell, "sync"):
            yield Evidence(f"{cell} sync", False, f"never deployed on the {name} side, though it renders")


def _definitions(gathered: Gathered) -> Iterator[Evidence]:
    for cell in gathered.cells:
        old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if len(old) == len(new) == 1:
            unequal = ", ".join(_unequal_definitions(gathered, old[0], new[0]))
            yield Evidence(f"{cell} definition", not unequal, unequal or "equal")
        elif old or new:
            yield Evidence(f"{cell} definition", False, f"defined {len(old)} times on the old side, {len(new)} on the new side")


def _untold(gathered: Gathered) -> Iterator[Evidence]:
    """An environment of which `build` tells neither side, though it loads: one release whose patches get no values is enough."""
    for environment in gathered.environments:
        facts = gathered.old.environments[environment], gathered.new.environments[environment]
        loads = not all(isinstance(side.listed, Failure) for side in facts)
        if loads and all(isinstance(side.states, Failure) for side in facts):
            said = "`build` fails and `list` does not, so nothing tells labels, hooks and what waits for what"
            yield Evidence(f"{environment}: definitions", False, said)


def _unequal_definitions(gathered: Gathered, old: Definition, new: Definition) -> Iterator[str]:
    declared = (skip_deps.KEY,) if skip_deps.is_declared(gathered, old, new) else ()
    yield from (f"`{key}` differs" for key in _settings(gathered, old, new) if key not in declared)
    yield from _labels(gathered, old, new)
    yield from _binaries(gathered, old, new)
    handlers = missing_files.handlers_of_release(old), missing_files.handlers_of_release(new)
    if all(handlers) and handlers[0] != handlers[1]:
        yield f"`{missing_files.HANDLER}` differs"
    case = gathered.case
    missing = missing_files.of_release(case.old, case.lent_old, old), missing_files.of_release(case.new, case.lent_new, new)
    if not missing_files.alike(case, old.state.environment, *missing):
        yield f"names {_names(missing[0])} of values files that are not there, {_names(missing[1])} on the new side"
    looked_for = missing_files.looked_for(case.old, case.lent_old, old), missing_files.looked_for(case.new, case.lent_new, new)
    if {*missing_files.moved_along(case, looked_for[0])} != looked_for[1]:
        yield f"its templates look for {_names(looked_for[0])}, on the new side for {_names(looked_for[1])}, in no commit"


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _settings(gathered: Gathered, old: Definition, new: Definition) -> Iterator[str]:
    """What a release or its state's `helmDefaults` sets otherwise: `skipDeps` alone shows in no argument of a recorded run."""
    for key in sorted((old.settings() | new.settings()) - ELSEWHERE):
        before, after = _effect(old, key), _effect(new, key)
        if key == "skipDeps" and not before and has_all_it_got(gathered.case, old, new):
            continue
        if before != after or type(before) is not type(after):
            yield key


def _effect(definition: Definition, key: str) -> Any:  # noqa: ANN401  (whatever YAML holds)
    """A setting with helmfile's defaults: `installed` is true unless it is false, everything else is empty."""
    value = definition.effective(key)
    if key == "installed":
        return value is None or bool(value)
    return value or None


def _labels(gathered: Gathered, old: Definition, new: Definition) -> Iterator[str]:
    before, after = old.release.get("labels") or {}, dict(new.release.get("labels") or {})
    record = gathered.case.record
    if record and record.tier_label not in before:
        wanted = record.tier_of(release_id(new.state, new.release))
        before = {**before, record.tier_label: wanted} if wanted is not None else before
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield f"label `{key}` is lost"
        elif key not in before:
            yield f"label `{key}` is new"
        elif before[key] != after[key]:
            yield f"label `{key}` has another value"


def _binaries(gathered: Gathered, old: Definition, new: Definition) -> Iterator[str]:
    """`build` prints the helm it was started with as helmBinary, so that one is read from the text of the state file."""
    if old.state.document.get("kustomizeBinary") != new.state.document.get("kustomizeBinary"):
        yield "`kustomizeBinary` differs"
    if _helm_binaries(gathered.case.old, old) != _helm_binaries(gathered.case.new, new):
        yield "`helmBinary` differs"


def _helm_binaries(tree: Tree, definition: Definition) -> list[str]:
    source = definition.state.source
    return _HELM_BINARY.findall(tree.text(source)) if source in tree else []


def _runs(gathered: Gathered) -> Iterator[Evidence]:
    for environment in gathered.environments:
        old, new = gathered.old.environments[environment], gathered.new.environments[environment]
        for command in COMMANDS:
            subject = f"{environment}: {command}"
            if command in old.runs and command in new.runs:
                yield _outcome(gathered, environment, subject, (old.runs[command].failure, new.runs[command].failure))
            elif command in old.runs or command in new.runs:
                yield Evidence(subject, False, "run on one side only")


def _outcome(gathered: Gathered, environment: str, subject: str, failures: tuple[Failure | None, Failure | None]) -> Evidence:
    old, new = failures
    failure = old or new
    if failure is None:
        return Evidence(subject, True, "succeeds on both sides")
    if old is None or new is None:
        return Evidence(subject, False, f"only the {'old' if old else 'new'} side fails: {failure.message}")
    if not gathered.old.states(environment) and not gathered.new.states(environment):
        return Evidence(subject, True, "fails on both sides, where the environment does not load; its cells say why")
    if _known(gathered, gathered.old, environment, old) and _known(gathered, gathered.new, environment, new):
        return Evidence(subject, True, "fails on both sides, at releases that can't be rendered")
    return Evidence(subject, False, f"fails on both sides for other causes: {old.message} | {new.message}")


def _known(gathered: Gathered, side: SideFacts, environment: str, failure: Failure) -> bool:
    """Whether single releases fail for the first cause that a whole run names: the cells judge those, one by one."""
    causes = {found.message for cell in gathered.cells_of(environment) if (found := side.failure(cell))}
    return _MORE.sub("", failure.message) in causes
