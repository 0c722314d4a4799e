"""Settings in YAML, read strictly: what is unknown or of the wrong kind is refused where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from migrate.errors import BadConfiguration, PathLeavesRepository
from migrate.formats.plain_yaml import Path, PlainDocument
from migrate.model.paths import RepoPath


class CheckedYaml:
    """A document of settings, asked value by value: each answer has the right kind, or BadConfiguration names line and key."""

    def __init__(self, document: PlainDocument) -> None:
        self.document = document

    def refusal(self, at: Path, problem: str, hint: str = "") -> BadConfiguration:
        """The error for the key at a path."""
        where, line = self.document.where, self.document.line(*at)
        name = _dotted(at)
        return BadConfiguration(f"{where}:{line}: {name + ': ' if name else ''}{problem}", hint=hint, path=where, line=line)

    def mapping(self, value: object, at: Path, known: tuple[str, ...] | None = None) -> Mapping[str, Any]:
        """A mapping; with `known`, one that has no other keys."""
        if not isinstance(value, dict):
            raise self.refusal(at, "a mapping is needed here")
        for key in value if known else ():
            if known and key not in known:
                raise self.refusal((*at, key), "unknown key", self._known(key, known))
        return value

    def items(self, value: object, at: Path) -> list[Any]:
        """A list."""
        if not isinstance(value, list):
            raise self.refusal(at, "a list is needed here")
        return value

    def text(self, value: object, at: Path) -> str:
        """Text that is not empty."""
        if not isinstance(value, str) or not value.strip():
            raise self.refusal(at, f"text is needed here, not {_kind(value)}")
        return value

    def choice(self, value: object, at: Path, known: tuple[str, ...]) -> str:
        """One of the known words."""
        text = self.text(value, at)
        if text not in known:
            raise self.refusal(at, f"{text!r} is none of {', '.join(known)}", self._known(text, known))
        return text

    def boolean(self, value: object, at: Path) -> bool:
        """True or false."""
        if not isinstance(value, bool):
            raise self.refusal(at, f"true or false is needed here, not {_kind(value)}")
        return value

    def matching(self, value: object, at: Path, pattern: re.Pattern[str], words: str) -> str:
        """Text that a pattern describes."""
        text = self.text(value, at)
        if not pattern.fullmatch(text):
            raise self.refusal(at, f"{text!r} is no {words}")
        return text

    def path(self, value: object, at: Path) -> RepoPath:
        """A path inside the repository."""
        try:
            return RepoPath(self.text(value, at))
        except PathLeavesRepository as error:
            raise self.refusal(at, error.message) from error

    def _known(self, word: str, known: tuple[str, ...]) -> str:
        near = get_close_matches(word, known, n=1, cutoff=0.6) or [k for k in known if k.lower() == word.lower()]
        return (f"did you mean {near[0]!r}? " if near else "") + f"known: {', '.join(known)}"


def _dotted(at: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at).removeprefix(".")


def _kind(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    kinds = {bool: "true/false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), "blanks")
