"""Places of a text that are filled in later: `"%s/values.yaml" % env`, `"{}/values.yaml".format(env)`, `"$ROOT/charts"`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.references import Piece

_FIELD = re.compile(
    r"(?P<doubled>%%|\{\{|\}\})"
    r"|%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|\{[A-Za-z_][\w.\[\]]*(?:![rsa])?(?::[^{}]*)?\}|\$\{\w+\}|\$[A-Za-z_]\w*"
    r"|(?P<nameless>%[-+#0]*\d*(?:\.\d+)?[sdrif]|\{\d*(?:![rsa])?(?::[^{}]*)?\})"
)


def fields(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a text is filled in: start and end, by characters, and the name. A `$name` is left to the shell."""
    for found in _FIELD.finditer(text):
        if not found["doubled"] and not found[0].startswith("$"):
            yield found.start(), found.end(), found[0].strip("{}")


def holes_cut(piece: Piece) -> Iterator[Piece]:
    """A literal with holes where it is filled in; those without a name are told apart by where they stand."""
    at = 0
    for found in _FIELD.finditer(piece.text):
        yield from cut(piece, at, found.start())
        if found["doubled"]:
            yield Piece(found[0][0])
        else:
            yield Piece(f"{found[0]} ({found.start()})" if found["nameless"] else found[0].strip("{}"), hole=True)
        at = found.end()
    yield from cut(piece, at, len(piece.text))


def cut(piece: Piece, start: int, end: int | None = None) -> Iterator[Piece]:
    """A part of a known piece, by characters; nothing if it is empty."""
    text = piece.text[start:end]
    if text:
        offset = None if piece.offset is None else piece.offset + len(piece.text[:start].encode())
        yield Piece(text, offset)
