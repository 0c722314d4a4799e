"""Go template actions inside a text: where they are, what they are, and a masked copy that the rest can be parsed from.

The lexer follows text/template/parse/lex.go of Go 1.22: a comment must open right behind the delimiter (or its trim
mark), strings are interpreted ("…", '…') or raw (`…`), and an action may span lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from migrate.errors import UnreadableSource

CONTROL = frozenset({"if", "else", "end", "range", "with", "define", "block", "template", "break", "continue"})
OPENING = frozenset({"if", "range", "with", "define", "block"})
_WORD = re.compile(r"[A-Za-z]+")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`')


class ActionKind(StrEnum):
    """What an action does to the text around it."""

    COMMENT = "comment"
    CONTROL = "control"
    ASSIGNMENT = "assignment"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Action:
    """One `{{ … }}`: character offsets of the whole, and what stands between delimiters and trim marks."""

    start: int
    end: int
    body: str

    @property
    def kind(self) -> ActionKind:
        """What it does."""
        if self.body.startswith("/*"):
            return ActionKind.COMMENT
        if self.keyword in CONTROL:
            return ActionKind.CONTROL
        if re.match(r"\$\w*(?:\s*,\s*\$\w+)?\s*:?=", self.body):
            return ActionKind.ASSIGNMENT
        return ActionKind.OUTPUT

    @property
    def keyword(self) -> str:
        """The first word."""
        found = _WORD.match(self.body)
        return found.group() if found else ""

    @property
    def code(self) -> str:
        """The body without string literals: what is left to look for fields and functions in."""
        return "" if self.body.startswith("/*") else _LITERAL.sub('""', self.body)


def actions(text: str, where: str = "") -> tuple[Action, ...]:
    """All actions in order; UnreadableSource with the line of an action that is never closed."""
    found: list[Action] = []
    position = text.find("{{")
    while position >= 0:
        end = _end_of_action(text, position)
        if end < 0:
            line = text.count("\n", 0, position) + 1
            raise UnreadableSource(f"{where}:{line}: the template action is never closed", path=where, line=line)
        found.append(Action(position, end, _body(text[position:end])))
        position = text.find("{{", end)
    return tuple(found)


def _body(action: str) -> str:
    inner = action[2:-2]
    if inner[:1] == "-" and inner[1:2].isspace():
        inner = inner[1:]
    if inner[-1:] == "-" and inner[-2:-1].isspace():
        inner = inner[:-1]
    return inner.strip()


def _end_of_action(text: str, start: int) -> int:
    opening = re.compile(r"\{\{(?:-\s)?\s*").match(text, start)
    position = opening.end() if opening else start + 2
    if text.startswith("/*", position):
        closing = text.find("*/", position)
        end = text.find("}}", closing) if closing >= 0 else -1
        return end + 2 if end >= 0 else -1
    while position < len(text):
        if text.startswith("}}", position):
            return position + 2
        position = _skip_literal(text, position) if text[position] in "\"'`" else position + 1
        if position < 0:
            return -1
    return -1


def _skip_literal(text: str, position: int) -> int:
    quote = text[position]
    position += 1
    while position < len(text):
        if text[position] == quote:
            return position + 1
        if quote != "`" and text[position] == "\n":
            return -1
        position += 2 if quote != "`" and text[position] == "\\" else 1
    return -1


def mask(text: str, where: str = "") -> str:
    """A text of the same length in which no action is left, so that a YAML parser finds the same offsets.

    A line that holds nothing but actions becomes blank; elsewhere each character of an action becomes `x`, its line breaks too.
    The first line of a block scalar is no exception if the next one is as far to the right: blanks would tell its indentation.
    """
    found = actions(text, where)
    masked, alone = list(text), _blank_lines(text, found)
    for action in found:
        fill = " " if alone(action.start) else "x"
        masked[action.start : action.end] = fill * (action.end - action.start)
    return "".join(masked)


def _blank_lines(text: str, found: tuple[Action, ...]) -> Callable[[int], bool]:
    """Tells whether nothing but actions stands in the line of an offset; an action over several lines joins them."""
    rest = list(text)
    for action in found:
        rest[action.start : action.end] = " " * (action.end - action.start)
    left = "".join(rest)

    def alone(offset: int) -> bool:
        first, last = left.rfind("\n", 0, offset) + 1, left.find("\n", offset)
        last = last if last >= 0 else len(left)
        return not left[first:last].strip("\ufeff \t\r") and not _begins_scalar(left, text[first:offset], (first, last))

    return alone


_HEADER = re.compile(r"(?:^|[ \t:-])[|>][-+0-9]{0,2}[ \t]*(?:[ \t]#.*)?$")


def _begins_scalar(left: str, blanks: str, line: tuple[int, int]) -> bool:
    """Whether a line is the first of a block scalar, and the next one that is not blank begins in its column."""
    rest = left[line[1] :].lstrip("\n")
    following = next((found for found in rest.split("\n") if found.strip()), "")
    before = left[: line[0]].rstrip("\n").rpartition("\n")[2]
    here = len(blanks) - len(blanks.lstrip(" "))
    return bool(_HEADER.search(before)) and here == len(following) - len(following.lstrip(" ")) > 0


def literals(action: Action, function: str) -> tuple[str | None, ...]:
    """For each call of `function` in the action its first argument if that is a string literal, else None."""
    if action.kind is ActionKind.COMMENT:
        return ()
    pattern = rf'(?<![\w.$"]){function}\b\s*(?P<literal>"(?:[^"\\]|\\.)*"|`[^`]*`)?'
    found = re.finditer(pattern, action.body)
    return tuple(call.group("literal")[1:-1] if call.group("literal") else None for call in found)


def balanced(text: str) -> bool:
    """Whether every if, range, with, define and block that opens in the text also ends in it, and nothing else does."""
    depth = 0
    for action in actions(text):
        if action.keyword in OPENING and action.kind is ActionKind.CONTROL:
            depth += 1
        elif action.keyword == "end":
            depth -= 1
        elif action.keyword == "else" and depth == 0:
            return False
        if depth < 0:
            return False
    return depth == 0
