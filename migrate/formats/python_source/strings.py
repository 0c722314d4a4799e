"""What is written between the quotes -> what it means, part by part."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from migrate.formats.python_source.syntax import Escape, Run

_ESCAPE = re.compile(
    r"\\(?:\r\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|[\n\r\\'\"abfnrtv])",
)
_BRACES = re.compile(r"\{\{|\}\}")


def parts_of_literal(raw: str, start: int, *, escapes: bool, braces: bool) -> Iterator[Run | Escape]:
    """The parts of a literal whose text begins at byte `start`: no `escapes` in raw strings, `{{` only with `braces`."""
    pattern = {
        (True, True): re.compile(f"{_ESCAPE.pattern}|{_BRACES.pattern}"),
        (True, False): _ESCAPE,
        (False, True): _BRACES,
    }.get((escapes, braces))
    at = 0
    for found in pattern.finditer(raw) if pattern else ():
        if found.start() > at:
            yield Run(raw[at : found.start()], start + len(raw[:at].encode()))
        yield Escape(_meaning(found[0]), start + len(raw[: found.start()].encode()))
        at = found.end()
    if at < len(raw):
        yield Run(raw[at:], start + len(raw[:at].encode()))


def _meaning(written: str) -> str:
    if written in ("{{", "}}"):
        return written[0]
    if written[1:] in ("\n", "\r", "\r\n"):
        return ""
    return codecs.decode(written.encode("ascii", "backslashreplace"), "unicode_escape")
