"""The comments of a YAML text, Go template actions in it or not."""

from __future__ import annotations

from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import ScalarToken

from migrate.errors import UnreadableSource
from migrate.formats.gotemplate import ActionKind, actions, mask


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: its line (from 1), its text from the `#` on without trailing blanks, whether it has the line for itself."""

    line: int
    text: str
    full_line: bool


def comments(text: str) -> tuple[Comment, ...]:
    """All comments in order.

    A `#` inside a scalar, a block scalar or a template action is none. A text that is no YAML even with its actions masked (a
    values template may be one) is read line by line: a line that begins with `#` counts, and nothing else does.
    """
    masked = mask(text)
    try:
        inside = _scalar_spans(masked)
    except (YAMLError, UnreadableSource, RecursionError, ValueError):
        return tuple(_line_comments(text))
    inside += [(a.start, a.end) for a in actions(text) if a.kind is not ActionKind.COMMENT]
    inside.sort()
    return tuple(_outside(text, inside))


def _outside(text: str, spans: list[tuple[int, int]]) -> list[Comment]:
    found: list[Comment] = []
    offset = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for start in _starts(line):
            at = offset + start
            if not any(begin <= at < end for begin, end in spans):
                found.append(Comment(number, line[start:].rstrip(), not line[:start].strip("﻿ \t")))
                break
        offset += len(line) + 1
    return found


def _starts(line: str) -> list[int]:
    return [i for i, c in enumerate(line) if c == "#" and (i == 0 or line[i - 1] in " \t﻿")]


def _scalar_spans(masked: str) -> list[tuple[int, int]]:
    body = masked.replace("﻿", " ", 1) if masked.startswith("﻿") else masked
    tokens = YAML(typ="safe", pure=True).scan(body)
    return [(t.start_mark.index, _end(body, t)) for t in tokens if isinstance(t, ScalarToken)]


def _end(text: str, token: ScalarToken) -> int:
    """Where a scalar ends; a block scalar's mark lies behind the comments that follow it, at a lower indentation."""
    end: int = token.end_mark.index
    if token.style not in ("|", ">"):
        return end
    lines = text[token.start_mark.index : end].split("\n")
    filled = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip()]
    indent = filled[0] if filled else 0
    length = len(lines[0])
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip(" ")) < indent:
            break
        length += 1 + len(line)
    header = lines[0].find(" #")
    begin: int = token.start_mark.index
    return begin + (length if header < 0 or len(lines) > 1 else header)


def _line_comments(text: str) -> list[Comment]:
    lines = enumerate(text.split("\n"), start=1)
    return [Comment(number, line.strip("﻿ \t\r"), True) for number, line in lines if line.strip("﻿ \t").startswith("#")]
