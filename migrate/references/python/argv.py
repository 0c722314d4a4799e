"""Lists of words that are run: `["helmfile", "-e", env, "sync"]`."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.formats.python_source import Escape, Expression, Run, Text
from migrate.model.references import Word
from migrate.model.tree import Tree
from migrate.references.prose.calls import SUBCOMMANDS
from migrate.references.shell.tables import (
    CONTAINERS,
    GIT_READS_PATHS,
    PATH_OPTIONS,
    PATTERN_FIRST,
    READS_PATHS,
    REMOTE,
    RUNS_A_FILE,
    WRAPPERS,
)
from migrate.references.snippet import Snippet

STATE_FLAGS = frozenset({"-f", "--file"})


def value(expression: Expression) -> str | None:
    """The text of a literal; None if it is none, or holds something computed."""
    if not isinstance(expression, Text):
        return None
    if any(not isinstance(part, Run | Escape) for part in expression.parts):
        return None
    return "".join(part.text for part in expression.parts if isinstance(part, Run | Escape))


@dataclass(frozen=True, slots=True)
class Argv:
    """A list as a command line: the place of the command among the items, and its name without folders."""

    items: tuple[Expression, ...]
    ends: tuple[int, ...]
    at: int
    command: str

    def paths_from(self) -> int:
        """The place of the first word that is a path even without a slash; behind the end if there is none."""
        plain = [at for at in range(self.at + 1, len(self.items)) if not (value(self.items[at]) or "").startswith("-")]
        skip = len(plain)
        if self.command in READS_PATHS:
            skip = 1 if self.command in PATTERN_FIRST else 0
        elif self.command == "git" and plain and value(self.items[plain[0]]) in GIT_READS_PATHS:
            skip = 1
        return plain[skip] if skip < len(plain) else len(self.items)

    def follows_path_option(self, index: int) -> bool:
        """Whether the word before is an option whose value is a path."""
        return index > self.at + 1 and value(self.items[index - 1]) in PATH_OPTIONS

    def runs_elsewhere(self) -> bool:
        """Whether what it runs is run on another machine, as another user or in a container."""
        local = self.command in CONTAINERS | {"kubectl"} and not any(value(item) == "exec" for item in self.items)
        return self.command in REMOTE and not local

    def goes_elsewhere(self) -> bool:
        """Whether an option says in which folder the rest is read: `git -C`, `tar -C`, `make -C`."""
        return self.command in ("git", "tar", "make") and any(value(item) in ("-C", "--directory") for item in self.items)

    def has_flag(self) -> bool:
        """Whether a flag follows: helmfile is called, and not only named."""
        return self._following().startswith("-")

    def may_be_call(self) -> bool:
        """Whether a flag or a subcommand follows; `["helmfile", "diff"]` may be a list of tools as well."""
        return self.has_flag() or self._following() in SUBCOMMANDS

    def _following(self) -> str:
        return (value(self.items[self.at + 1]) or "") if len(self.items) > self.at + 1 else ""

    def handed_from(self, tree: Tree) -> int:
        """The place of the first word that a script is given (of the tree, or interpreted); else behind the end."""
        if self.command in RUNS_A_FILE:
            plain = [at for at in range(self.at + 1, len(self.items)) if not (value(self.items[at]) or "").startswith("-")]
            return plain[0] + 1 if plain else len(self.items)
        own = (value(self.items[self.at]) or "").removeprefix("./")
        return self.at + 1 if own in tree.entries else len(self.items)

    def words(self, snippet: Snippet) -> tuple[Word, ...]:
        """The words from the command on."""
        pairs = list(zip(self.items, self.ends, strict=True))[self.at :]
        return tuple(Word(value(item), snippet.offset(item.start), snippet.offset(end - 1) + 1) for item, end in pairs)

    def state(self) -> int | None:
        """The place of the item that names a state file, with or without its flag in the same word."""
        for index, item in enumerate(self.items[self.at + 1 :], self.at + 1):
            text = _beginning(item)
            if text in STATE_FLAGS:
                return index + 1
            if text.startswith("--file=") or joined_state(text):
                return index
        return None


def joined_state(text: str) -> bool:
    """Whether a word has the flag and the state file in one: `-fhelmfile.yaml`."""
    return text.startswith("-f") and len(text) > len("-f")


def _beginning(item: Expression) -> str:
    if isinstance(item, Text) and item.parts and isinstance(item.parts[0], Run):
        return item.parts[0].text
    return ""


def argv_of(items: tuple[Expression, ...], ends: tuple[int, ...], command_of: dict[int, str]) -> Argv | None:
    """The list as a command line; None if it has no first word that is known. `command_of` has the values of names, by start."""
    at, options = 0, frozenset[str]()
    while at < len(items):
        text = value(items[at]) or command_of.get(items[at].start)
        if text is None:
            return None
        name = text.rpartition("/")[2]
        if name in WRAPPERS and at + 1 < len(items):
            options = WRAPPERS[name]
        elif not (options or at) or not (text.startswith("-") or "=" in text):
            return Argv(items, ends, at, name)
        at += 2 if text in options else 1
    return None
