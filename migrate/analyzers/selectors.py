"""Selectors in use: `-l …` of helmfile command lines in scripts, CI and docs, and whether they mean the same afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

MAX_BYTES = 1_000_000
_COMMAND = re.compile(rb"\bhelmfile\b(?:[^\n]|\\\r?\n)*?\s(?:-l|--selector)")
_SELECTOR = re.compile(r"(?<=\s)(?:-l\s*=?|--selector(?:\s+|=))[\"']?(?P<selector>[\w./-]+!?=[^\s\"'`]*)")


@dataclass(frozen=True, slots=True)
class SelectorUse:
    """One selector of a command line, and where it stands."""

    text: str
    path: RepoPath
    line: int

    @property
    def terms(self) -> tuple[tuple[str, str, str], ...]:
        """key, operator (`=` or `!=`), value of each of its terms."""
        found = (re.match(r"([^!=]+)(!?=)(.*)", term) for term in self.text.split(","))
        return tuple((m[1], m[2], m[3]) for m in found if m)


def uses_of_selectors(tree: Tree, among: Iterable[RepoPath] | None = None) -> tuple[SelectorUse, ...]:
    """Every selector of a helmfile command line in the tree's text files, charts' own files left out.

    `among` are the files in which there is one, if that is known.
    """
    paths = tree if among is None else among
    return tuple(use for path in paths if _may_hold_commands(tree, path) for use in _of_file(tree, path))


def _may_hold_commands(tree: Tree, path: RepoPath) -> bool:
    return tree.entries[path].mode in (Mode.FILE, Mode.EXECUTABLE) and "/templates/" not in path and not path.endswith(".tgz")


def _of_file(tree: Tree, path: RepoPath) -> Iterator[SelectorUse]:
    try:
        data = tree.read(path)
    except KeyError:
        return
    if len(data) > MAX_BYTES or not _COMMAND.search(data):
        return
    going_on = False
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
        going_on = going_on or "helmfile" in line
        if going_on:
            yield from (SelectorUse(m.group("selector"), path, number) for m in _SELECTOR.finditer(line))
        going_on = going_on and line.rstrip("\r").endswith("\\")


Labels = Mapping[str, str]


def selector_findings(uses: Sequence[SelectorUse], before: Sequence[Labels], after: Sequence[Labels]) -> Iterator[Finding]:
    """A finding for each selector whose matches change. The labels of both sides are in the same order of releases.

    A term with a variable in it can match anything; it is looked at by its key alone.
    """
    for use in uses:
        if any("$" in value or "{" in value for _, _, value in use.terms):
            changed = [i for i in range(len(before)) if _keys(use, before[i]) != _keys(use, after[i])]
        else:
            changed = [i for i in range(len(before)) if matches(use, before[i]) != matches(use, after[i])]
        if changed:
            names = ", ".join(after[i]["name"] for i in changed)
            message = f"`-l {use.text}` no longer matches the same releases: it differs for {names}"
            hint = "choose another key with `tierLabel` in migrate.yaml, or change the command"
            yield Finding("selector-matches-change", Severity.CHANGE, use.path, use.line, message, hint)


def _keys(use: SelectorUse, labels: Labels) -> tuple[str | None, ...]:
    return tuple(labels.get(key) for key, _, _ in use.terms)


def matches(use: SelectorUse, labels: Labels) -> bool:
    """Whether a selector chooses a release: `!=` also does one without the label (state/release_filters.go of helmfile 0.166)."""
    return all((labels.get(key) == value) == (sign == "=") for key, sign, value in use.terms)
