"""The comments of a YAML text, Go template actions in it or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import ScalarToken

from migrate.errors import UnreadableSource
from migrate.formats.gotemplate import actions, mask
from migrate.formats.pure_yaml import PureYaml
from migrate.formats.yaml_source import lenient


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: its line (from 1), its text from the `#` on without trailing blanks, whether it has the line for itself."""

    line: int
    text: str
    full_line: bool


@lru_cache(maxsize=1024)
def comments(text: str) -> tuple[Comment, ...]:
    """All comments in order.

    A `#` inside a scalar, a block scalar or a template action (a `{{/* */}}` too) is none. A text that is no YAML even with its
    actions masked (a values template may be one) is read line by line: a line that begins with `#` counts, and nothing else
    does.
    """
    masked = mask(text)
    try:
        inside = _scalar_spans(masked)
    except (YAMLError, UnreadableSource, RecursionError, ValueError):
        return tuple(_line_comments(text))
    inside += [(a.start, a.end) for a in actions(text)]
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
    tokens = lenient(masked, lambda body: list(PureYaml().scan(body)))
    return [span for token in tokens if isinstance(token, ScalarToken) for span in _spans(masked, token)]


def _spans(text: str, token: ScalarToken) -> list[tuple[int, int]]:
    """What a scalar covers. The header of a block scalar may have a comment; its mark may lie behind those that follow it."""
    begin: int = token.start_mark.index
    end: int = token.end_mark.index
    if token.style not in ("|", ">"):
        return [(begin, end)]
    lines = text[begin:end].split("\n")
    header = lines[0].find(" #")
    length = len(lines[0])
    indent = _indent(lines[1:], token.value)
    for line in lines[1:]:
        if line.strip() and _column(line) < indent:
            break
        length += 1 + len(line)
    return [(begin, begin + (header if header >= 0 else len(lines[0]))), (begin + len(lines[0]), begin + length)]


def _indent(lines: list[str], value: str) -> int:
    """The indentation of a block scalar: that of its first filled line, less the blanks that belong to the value (`|2`)."""
    filled = [line for line in lines if line.strip()]
    kept = [line for line in value.split("\n") if line.strip()]
    return _column(filled[0]) - (_column(kept[0]) if kept else 0) if filled else 0


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line_comments(text: str) -> list[Comment]:
    lines = enumerate(text.split("\n"), start=1)
    return [Comment(number, line.strip("﻿ \t\r"), True) for number, line in lines if line.strip("﻿ \t").startswith("#")]
