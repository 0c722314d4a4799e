"""Python source -> located values: who assigns what, and which expressions hold texts. By libcst; nothing is printed from it."""

from __future__ import annotations

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


def read_module(data: bytes, where: str) -> Module:
    """The module in `data`, with byte offsets in it. UnreadableSource, with the line, if it is no UTF-8 or no Python 3."""
    from migrate.formats.python_source import reader  # noqa: PLC0415 -- libcst takes long to load, and few runs read Python

    return reader.read_module(data, where)
