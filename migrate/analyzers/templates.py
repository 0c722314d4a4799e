"""What templates do beyond filling in values: run commands, read files, look at things that a migration changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrate.errors import UnreadableSource
from migrate.formats.gotemplate import Action, actions, literals
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

READERS = ("readFile", "readDir", "readDirEntries", "isFile", "isDir")
RUNNERS = ("exec", "envExec")
PATH_DEPENDENT = (".Release.Chart", ".Environment.Values", ".Environment.Defaults", ".Release.Labels")
OUTSIDE = ("requiredEnv", "env", "expandSecretRefs", "fetchSecretValue")


@dataclass(frozen=True, slots=True)
class FileRead:
    """A template that reads a file: which function, the literal path (None if it is computed), and where."""

    path: RepoPath
    line: int
    function: str
    argument: str | None


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What was seen in a set of templates."""

    reads: tuple[FileRead, ...]
    findings: tuple[Finding, ...]


def analyze_templates(tree: Tree, paths: Iterable[RepoPath], *, exec_allowed: bool) -> TemplateFacts:
    """Look through templates that helmfile renders: state files, values templates, templates of environments."""
    reads: list[FileRead] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            text = tree.read(path).decode("utf-8-sig")
            found = actions(text, path)
        except (UnicodeDecodeError, KeyError, UnreadableSource):
            continue
        for action in found:
            line = text.count("\n", 0, action.start) + 1
            reads += _reads(path, line, action)
            findings += _findings(path, line, action, exec_allowed=exec_allowed)
    return TemplateFacts(tuple(reads), tuple(findings))


def _reads(path: RepoPath, line: int, action: Action) -> Iterator[FileRead]:
    for function in READERS:
        for argument in literals(action, function):
            yield FileRead(path, line, function, argument)


def _calls(action: Action, function: str) -> bool:
    return bool(re.search(rf"(?<![\w.$]){function}\b", action.code))


def _findings(path: RepoPath, line: int, action: Action, *, exec_allowed: bool) -> Iterator[Finding]:
    for function in RUNNERS:
        if _calls(action, function):
            severity = Severity.WARNING if exec_allowed else Severity.BLOCKING
            hint = "" if exec_allowed else "give --run-commands if you trust this repository"
            yield Finding("executes-commands", severity, path, line, f"`{function}` runs a command when it is rendered", hint)
    for name in PATH_DEPENDENT:
        if re.search(rf"{re.escape(name)}\b", action.code):
            message = f"`{name}` is not the same in one flat helmfile"
            hint = "replace it by a value that does not depend on the layout"
            yield Finding("template-reads-chart-path", Severity.BLOCKING, path, line, message, hint)
    for function in OUTSIDE:
        if _calls(action, function):
            message = f"`{function}` reads something outside the commit"
            hint = "name the variables under `passEnv` in migrate.yaml to let the proof see them"
            yield Finding("reads-outside-commit", Severity.WARNING, path, line, message, hint)
