"""Lists of words that are run: `["helmfile", "-e", env, "sync"]`."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.formats.python_source import Escape, Expression, Run, Text
from migrate.model.references import Word
from migrate.references.snippet import Snippet

STATE_FLAGS = frozenset({"-f", "--file"})
SUBCOMMANDS = frozenset(
    "apply build cache charts create delete deps destroy diff fetch init lint list print-env repos show-dag status sync template "
    "test write-values".split()
)
"""Of helmfile 0.166 and 1.x (cmd/root.go); `version` and `help` load no state."""
FILE_COMMANDS = frozenset(
    "cat cd chmod chown cp diff find head install ln ls mkdir mv rm rmdir rsync sed source stat tail tar tee touch yq".split()
)
SHELLS = frozenset({"bash", "sh", "dash", "zsh", "ksh"})
ELSEWHERE = frozenset({"ssh"})
PREFIXES = frozenset({"sudo", "env", "time", "nice", "nohup", "exec"})


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

    def is_call(self) -> bool:
        """Whether what follows shows that helmfile is called, and not only named."""
        following = value(self.items[self.at + 1]) if len(self.items) > self.at + 1 else None
        return self.command == "helmfile" and following is not None and (following.startswith("-") or following in SUBCOMMANDS)

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
            if text.startswith("--file="):
                return index
        return None


def _beginning(item: Expression) -> str:
    if isinstance(item, Text) and item.parts and isinstance(item.parts[0], Run):
        return item.parts[0].text
    return ""


def argv_of(items: tuple[Expression, ...], ends: tuple[int, ...], command_of: dict[int, str]) -> Argv | None:
    """The list as a command line; None if it has no first word that is known. `command_of` has the values of names, by start."""
    at = 0
    while at < len(items):
        text = value(items[at]) or command_of.get(items[at].start)
        if text is None:
            return None
        name = text.rpartition("/")[2]
        if name not in PREFIXES and not (at and (text.startswith("-") or "=" in text)):
            return Argv(items, ends, at, name)
        at += 1
    return None
