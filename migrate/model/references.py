"""What points at a piece of the repository: mentions as they are written, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrate.model.edits import Edit
from migrate.model.paths import RepoPath

TOP = "\uf8ff"
"""Stands for the top of the repository at the start of a known text; no path holds this character."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a path as it is written.

    A literal has the byte `offset` in its file where `text` stands, byte for byte as UTF-8. A known part has no offset: its
    value is clear, but no text is there to be respelt (`TOP` and the script's own folder, for `$(dirname "$0")`). A hole is
    a value that nobody knows before the script runs; `text` is its name, and equal names are equal values.
    """

    text: str
    offset: int | None = None
    hole: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that may be a path. Most mean nothing that moves; `references` finds those that do.

    `folders` are those that it may be read from, the likeliest first (`""` is the top). `glob` says that `*`, `?` and `**` are
    no plain characters in it. `prose` marks what a person reads and no program. `doubt` says why it must not be rewritten even
    if it is clear what it means. Mentions of one `group` of a file are rewritten together or not at all. `keeps_name` says that
    the last part of the path becomes a name somewhere else (copied into a folder), so that it must stay as it is.
    """

    file: RepoPath
    line: int
    pieces: tuple[Piece, ...]
    folders: tuple[str, ...]
    kind: str
    glob: bool = False
    prose: bool = False
    doubt: str = ""
    group: str = ""
    keeps_name: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One argument of a command line: its value (None if it has an unknown part), and the bytes where it stands."""

    text: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A call of helmfile. `words[0]` is the command itself.

    `insert_at` is the byte offset at which the option for the state file goes, `spelling` how it is written there, with
    `{state}` for the path: ` -f {state}` in a shell. None where the line has one already. `folders` and the rest as in `Mention`.
    """

    file: RepoPath
    line: int
    words: tuple[Word, ...]
    insert_at: int | None
    spelling: str
    folders: tuple[str, ...]
    kind: str
    prose: bool = False
    doubt: str = ""
    group: str = ""


class Certainty(StrEnum):
    """Whether a reference may be rewritten."""

    EXACT = "exact"
    GUESSED = "guessed"
    """It is left as it is, and told with its reason."""
    DANGLING = "dangling"
    """It means nothing that is there today: no damage of the migration."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention or a command line that means a piece which moves.

    `target` is the legacy path, and `becomes` the new one; both have `{name}` for unknown parts. `edits` makes it mean the new
    one; there are none unless it is EXACT.
    """

    origin: Mention | CommandLine
    target: str
    becomes: str
    certainty: Certainty
    reason: str = ""
    edits: tuple[Edit, ...] = ()
