"""The logical lines of a Makefile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

_LOGICAL = re.compile(rb"(?:[^\\\n]|\\\r?\n|\\.)*\n?", re.DOTALL)
_ASSIGNMENT = re.compile(
    rb"[ ]*(?:(?:export|override|private)[ \t]+)*(?P<name>[^\s:#=+?!]+)[ \t]*(?::{1,3}|[+?!])?=[ \t]*(?P<value>.*)", re.DOTALL
)
_TARGETED = re.compile(rb"(?P<targets>[^\t#=][^#=]*?):[ \t]*(?P<own>[A-Za-z_]\w*)[ \t]*[:+?]?=[ \t]*(?P<value>.*)", re.DOTALL)
_RULE = re.compile(rb"(?P<targets>[^\t#=:][^#=:]*?)[ \t]*&?::?(?P<needs>[^#;]*)(?:;(?P<recipe>.*))?", re.DOTALL)
_INCLUDE = re.compile(rb"[ ]*(?:[s-]?include|vpath[ \t]+\S+)[ \t]+(?P<value>[^#]*)", re.DOTALL)
_DIRECTIVE = re.compile(rb"[ \t]*(?:ifn?eq|ifn?def|else|endif|undefine|unexport|load)\b")
_DEFINE = re.compile(rb"[ ]*(?:override[ \t]+)?define[ \t]+(?P<name>[^\s=]+)")
_ONE_SHELL = re.compile(rb"^\.ONESHELL[ \t]*:", re.MULTILINE)
_END = re.compile(rb"[ ]*endef\b")


class Kind(Enum):
    """What a logical line is."""

    RECIPE = auto()
    ASSIGNMENT = auto()
    RULE = auto()
    INCLUDE = auto()
    COMMENT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: where it stands, and where its parts do, by their names in the syntax."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    value: tuple[int, int] = (0, 0)
    targets: tuple[int, int] = (0, 0)


def lines(text: bytes) -> tuple[Line, ...]:
    """The lines that may name paths. The body of a `define` is a recipe."""
    found: list[Line] = []
    defined = False
    for logical in _LOGICAL.finditer(text):
        start, end = logical.span()
        if start == end:
            continue
        if _END.match(text, start, end):
            defined = False
        elif defined or text[start : start + 1] == b"\t":
            found.append(Line(Kind.RECIPE, start, end, value=(start, end)))
        elif _DEFINE.match(text, start, end):
            defined = True
        elif not _DIRECTIVE.match(text, start, end):
            found += _line(text, start, end)
    return tuple(_joined(found)) if _ONE_SHELL.search(text) else tuple(found)


def _joined(lines: list[Line]) -> list[Line]:
    """With `.ONESHELL`, the lines of a recipe are one script."""
    found: list[Line] = []
    for line in lines:
        last = found[-1] if found else None
        if last and last.kind is line.kind is Kind.RECIPE and last.end == line.start:
            found[-1] = Line(Kind.RECIPE, last.start, line.end, value=(last.value[0], line.value[1]))
        else:
            found.append(line)
    return found


def _line(text: bytes, start: int, end: int) -> list[Line]:
    if text[start:end].lstrip().startswith(b"#"):
        return [Line(Kind.COMMENT, start, end, value=(start, end))]
    included = _INCLUDE.match(text, start, end)
    if included:
        return [Line(Kind.INCLUDE, start, end, value=included.span("value"))]
    assigned = _ASSIGNMENT.match(text, start, end)
    if assigned:
        return [_assigned(text, assigned, assigned["name"])]
    own = _TARGETED.match(text, start, end)
    if own:
        return [_assigned(text, own, own["own"] + b" of one target")]
    rule = _RULE.match(text, start, end)
    if not rule:
        return []
    found = [Line(Kind.RULE, start, end, value=rule.span("needs"), targets=rule.span("targets"))]
    if rule["recipe"]:
        found.append(Line(Kind.RECIPE, *rule.span("recipe"), value=rule.span("recipe")))
    return found


def _assigned(text: bytes, found: re.Match[bytes], name: bytes) -> Line:
    first, last = found.span("value")
    comment = re.search(rb"(?:^|\s)#", text[first:last])
    last = first + comment.start() if comment else last
    last = first + len(text[first:last].rstrip())
    return Line(Kind.ASSIGNMENT, *found.span(), name=name.decode("utf-8", "replace"), value=(first, last))
