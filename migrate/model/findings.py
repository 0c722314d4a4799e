"""Trouble in the user's repository, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    BLOCKING = "blocking"
    """`apply` refuses until it is gone or named under `accept:` in migrate.yaml."""
    CHANGE = "change"
    """A change of meaning that the migration makes on purpose or can't avoid."""
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What was found where, and what to do. `line` counts from 1; 0 means the whole file."""

    slug: str
    severity: Severity
    path: str
    line: int
    message: str
    hint: str = ""

    def where(self) -> str:
        """`path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else self.path
