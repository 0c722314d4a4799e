"""The command lines of helmfile that a repository holds, in the form before and the form after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from migrate.claims.pieces import moves_of
from migrate.claims.side_facts import SideFacts
from migrate.model.case import DEFAULT_ENVIRONMENT, ProofCase
from migrate.model.facts import Failure
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Word
from migrate.model.tree import Tree
from migrate.references import command_lines, commands_in
from migrate.references.commands import loads_a_state

Words = tuple[str, ...]
STATE, ENVIRONMENT, SELECTOR = ("-f", "--file"), ("-e", "--environment"), ("-l", "--selector")
VALUED = (*STATE, *ENVIRONMENT, *SELECTOR, "-n", "--namespace")
WRITING = frozenset(("write-values", "fetch", "pull", "cache"))
"""Subcommands that write into the tree: they are not run."""
_HOLE = re.compile(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\(.*\)|\$[\w@*#]+|\{[^}]*\}|<[^>]*>|\[[^\]]*\]|%s")


@dataclass(frozen=True, slots=True)
class CommandForm:
    """One command line with its unknown parts filled in: the arguments before and after, without the state file."""

    file: RepoPath
    line: int
    old: Words
    new: Words
    elsewhere: str = ""
    """the state file that the form after names, if that is another one than the new"""


def command_forms(case: ProofCase, old: SideFacts) -> tuple[CommandForm, ...]:
    """Each distinct pair of forms, told where it stands first.

    The form after is the one in the file of the new tree that stands in its place; where there is none, the old one, given to the
    new state file. An unknown environment is filled in with the first that loads, an unknown label with the first value there is.
    """
    filling = _Filling.of(old)
    found: dict[tuple[Words, Words, str], CommandForm] = {}
    for path, commands in command_lines(case.old, moves_of(case)):
        before = [_Form(command, case.old) for command in commands if loads_a_state(command) and command.kind != "text"]
        after = [_Form(command, case.new) for command in commands_in(case.new, path) if loads_a_state(command)]
        for form, other in _paired([form for form in before if form.of(case.old_state)], after):
            pair = filling.arguments(form.words), filling.arguments(other.words)
            if pair[0] and not WRITING.intersection(pair[0]):
                elsewhere = other.other_than(case.new_state) if other is not form else ""
                found.setdefault((*pair, elsewhere), CommandForm(path, form.command.line, *pair, elsewhere))
    return tuple(found.values())


class _Form:
    """A command line's arguments as they are written, without quotes and without the state file."""

    def __init__(self, command: CommandLine, tree: Tree) -> None:
        data = tree.read(command.file)
        texts = [_text(word, data) for word in command.words[1:]]
        self.command = command
        self.words = tuple(_without_state(texts))
        self._state = next(iter(_values(texts, STATE)), "")

    def of(self, state: str) -> bool:
        """Whether it loads that state file: by its name, or as the one that helmfile finds by itself."""
        return not self._state or self._state.lstrip("./") == state

    def other_than(self, state: str) -> str:
        """The state file that it names, if that is surely another one; it may be named from any folder."""
        named = self._state.lstrip("./")
        alike = not named or _HOLE.search(named) or f"/{named}".endswith(f"/{state}") or f"/{state}".endswith(f"/{named}")
        return "" if alike else self._state


def _text(word: Word, data: bytes) -> str:
    return word.text if word.text is not None else data[word.start : word.end].decode("utf-8", "replace").strip("\"'`")


def _values(words: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if word in names and at + 1 < len(words):
            yield words[at + 1]
        elif equals and name in names:
            yield value


def _without_state(words: Sequence[str]) -> Iterator[str]:
    skipped = False
    for word in words:
        if not skipped and word not in STATE and word.partition("=")[0] not in STATE:
            yield word
        skipped = not skipped and word in STATE


def _paired(before: Sequence[_Form], after: Sequence[_Form]) -> Iterator[tuple[_Form, _Form]]:
    """Each old form with the new one in its place, or with itself where none or another number of them stands there."""
    keys = [[_key(form) for form in forms] for forms in (before, after)]
    matcher = SequenceMatcher(a=keys[0], b=keys[1], autojunk=False)
    alike = [(i, j, k - i) for _, i, k, j, m in matcher.get_opcodes() if k - i == m - j]
    others = {i + n: after[j + n] for i, j, size in alike for n in range(size)}
    yield from ((form, others.get(number, form)) for number, form in enumerate(before))


def _key(form: _Form) -> Words:
    """What stays the same when a command line is rewritten: all but `-n`."""
    named = {word for value in _values(form.words, ("-n", "--namespace")) for word in (value, "-n", "--namespace")}
    return tuple(word for word in form.words if word not in named and not word.startswith(("-n=", "--namespace=")))


@dataclass(frozen=True, slots=True)
class _Filling:
    """What is put in for unknown parts."""

    environment: str
    labels: Mapping[str, str]

    @classmethod
    def of(cls, side: SideFacts) -> _Filling:
        environment = next((n for n, f in side.environments.items() if not isinstance(f.states, Failure)), DEFAULT_ENVIRONMENT)
        labels: dict[str, str] = {}
        for state in side.states(environment):
            for release in state.releases:
                own = {"name": release.get("name"), "namespace": release.get("namespace"), **(release.get("labels") or {})}
                for key, value in own.items():
                    labels.setdefault(str(key), str(value or ""))
        return cls(environment, labels)

    def arguments(self, words: Sequence[str]) -> Words:
        """The words with all unknown parts filled in; those that may be anything are left out."""
        filled, before = [], ""
        for word in words:
            value = self._filled(word, before)
            if value is not None:
                filled.append(value)
            elif before in VALUED:
                filled.pop()
            before = word
        return tuple(filled)

    def _filled(self, word: str, before: str) -> str | None:
        if not _HOLE.search(word):
            return word
        option, equals, value = word.partition("=")
        if before in ENVIRONMENT:
            return self.environment
        if equals and option in ENVIRONMENT:
            return f"{option}={self.environment}"
        if before in SELECTOR:
            return self._selector(word)
        if equals and option in SELECTOR and (selector := self._selector(value)):
            return f"{option}={selector}"
        return None if before or _HOLE.fullmatch(word) is None else "template"

    def _selector(self, text: str) -> str | None:
        key, equals, _ = text.partition("=")
        return f"{key}={self.labels[key]}" if equals and key in self.labels else None
