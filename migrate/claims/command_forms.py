"""The command lines of helmfile that a repository holds, in the form before and the form after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from migrate.claims.command_filling import HOLE, NAMESPACE, STATE, SUBCOMMANDS, Filling, Words, items
from migrate.claims.pieces import moves_of
from migrate.claims.side_facts import SideFacts
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Word
from migrate.model.tree import Tree
from migrate.references import command_lines, commands_in
from migrate.references.commands import loads_a_state

WRITING = frozenset(("write-values", "fetch"))
"""Subcommands that write into the tree: they are not run."""

TELLING = frozenset(("list", "build", "show-dag"))
"""Subcommands that print what helmfile itself knows: state file by state file, in their order, with all labels."""


@dataclass(frozen=True, slots=True)
class CommandForm:
    """One command line with its unknown parts filled in: the arguments before and after, without the state file."""

    file: RepoPath
    line: int
    old: Words
    new: Words
    elsewhere: str = ""
    """the state file that the form after names, if that is another one than the new"""
    complete: bool = True
    """whether nothing had to be filled in"""
    changed: str = ""
    """what is left out of the two forms and is not the same in both"""


def command_forms(case: ProofCase, old: SideFacts, *, writing: bool = False) -> tuple[CommandForm, ...]:
    """Each distinct pair of forms, told where it stands first; those that are not run instead, if `writing` says so.

    The form after is the one in the file of the new tree that stands in its place; where there is none, the old one, given to the
    new state file. An unknown environment, or one that does not load, is filled in with the first that loads, an unknown label
    with the first value there is. One without a subcommand only prints help.
    """
    filling = Filling.of(old)
    found: dict[tuple[Words, Words, str, str], CommandForm] = {}
    for path, commands in command_lines(case.old, moves_of(case)):
        for form, other in _paired(_forms(case.old, commands), _forms(case.new, commands_in(case.new, path))):
            pair = filling.arguments(form.words), filling.arguments(other.words)
            runs = bool(SUBCOMMANDS.intersection((*pair[0], *pair[1]))) and form.of(case.old_state)
            if runs and writing is bool(WRITING.intersection(pair[0])):
                elsewhere = other.other_than(case.new_state) if other is not form else ""
                changed = _changed(filling.left_out(form.words), filling.left_out(other.words))
                complete = filling.takes(form.words) and filling.takes(other.words)
                made = CommandForm(path, form.command.line, *pair, elsewhere, complete, changed)
                found.setdefault((*pair, elsewhere, changed), made)
    return tuple(found.values())


def unknown_states(case: ProofCase) -> Iterator[tuple[RepoPath, int, str]]:
    """The file, the line and what is written as state file of each command line whose state file has an unknown part."""
    for path, commands in command_lines(case.old, moves_of(case)):
        for form in _forms(case.old, commands):
            if HOLE.search(form.state):
                yield path, form.command.line, form.state


class _Form:
    """A command line's arguments as they are written, without quotes and without the state file."""

    def __init__(self, command: CommandLine, tree: Tree) -> None:
        data = tree.read(command.file)
        self.command = command
        self.state, self.words = _parted([_text(word, data) for word in command.words[1:]])

    def of(self, state: str) -> bool:
        """Whether it surely is a call that loads that state file: by its name, or as the one that helmfile finds by itself."""
        return self.command.kind != "text" and (not self.state or self.state.lstrip("./") == state)

    def other_than(self, state: str) -> str:
        """The state file that it names, if that is surely another one; it may be named from any folder."""
        named = self.state.lstrip("./")
        alike = not named or HOLE.search(named) or f"/{named}".endswith(f"/{state}") or f"/{state}".endswith(f"/{named}")
        return "" if alike else self.state


def _text(word: Word, data: bytes) -> str:
    """The word's value. As it is written where that is not known, or nothing: what a script is given is empty to its readers."""
    written = data[word.start : word.end].decode("utf-8", "replace").strip("\"'`")
    if word.text is None:
        return written if HOLE.search(written) else f"<{written}>"  # a name of Python, `a command` of a shell
    empty = not word.text or word.text.endswith("=")
    return written if empty and HOLE.search(written) else word.text


def _changed(old: Words, new: Words) -> str:
    return "" if old == new else f"{' '.join(old) or 'nothing'} was not known before, {' '.join(new) or 'nothing'} afterwards"


def _parted(words: Sequence[str]) -> tuple[str, Words]:
    """The state file that they name, of several the last one as helmfile does, and all other words."""
    state, others, rest = "", [], iter(words)
    for word in rest:
        name, _, value = word.partition("=")
        if word in STATE:
            state = next(rest, "")
        elif name in STATE:
            state = value
        elif word.startswith("-f"):
            state = word.removeprefix("-f")
        else:
            others.append(word)
    return state, tuple(others)


def _forms(tree: Tree, commands: Sequence[CommandLine]) -> list[_Form]:
    return [_Form(command, tree) for command in commands if loads_a_state(command)]


def _paired(before: Sequence[_Form], after: Sequence[_Form]) -> Iterator[tuple[_Form, _Form]]:
    """Each old form with the new one in its place, or with itself where none or another number of them stands there."""
    old, new = (list(map(_key, forms)) for forms in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    alike = ((before[i:k], after[j:m]) for _, i, k, j, m in matcher.get_opcodes() if k - i == m - j)
    others = {form: other for olds, news in alike for form, other in zip(olds, news, strict=True)}
    yield from ((form, others.get(form, form)) for form in before)


def _key(form: _Form) -> Words:
    """What stays the same when a command line is rewritten: all but `-n`."""
    return without_namespace(form.words)


def without_namespace(words: Sequence[str]) -> Words:
    """The words without `-n`."""
    return tuple(word for item in items(words) if item.option not in NAMESPACE for word in item.words)
