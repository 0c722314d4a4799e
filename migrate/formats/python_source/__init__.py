"""Python source -> located values: who assigns what, and which expressions hold texts. By libcst; nothing is printed from it."""

from __future__ import annotations

from migrate.formats.python_source.reader import read_module
from migrate.formats.python_source.syntax import (
    Binary,
    Call,
    Choice,
    Comment,
    Each,
    Escape,
    Expression,
    Index,
    Items,
    Member,
    Module,
    Name,
    Other,
    Parameter,
    Run,
    Scope,
    Slot,
    Text,
    parts_of,
)

__all__ = [
    "Binary",
    "Call",
    "Choice",
    "Comment",
    "Each",
    "Escape",
    "Expression",
    "Index",
    "Items",
    "Member",
    "Module",
    "Name",
    "Other",
    "Parameter",
    "Run",
    "Scope",
    "Slot",
    "Text",
    "parts_of",
    "read_module",
]
