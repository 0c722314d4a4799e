"""Markdown -> its blocks with the bytes of each line, by markdown-it; what is inside a line is left to who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from migrate.errors import UnreadableSource

Span = tuple[int, int]
_PARSER = MarkdownIt("commonmark").enable("table").disable(["inline"])
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_FRONT = re.compile(r"\ufeff?---[ \t]*(?:\r\n?|\n)(?:.*?(?:\r\n?|\n))??(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Code (`language` is the first word behind the fence, in lower case, empty without one) or a paragraph.

    `spans` are the bytes of each line with its end; of code without the indentation and the marks of lists and quotations.
    """

    code: bool
    language: str
    spans: tuple[Span, ...]


def blocks(data: bytes, where: str) -> Iterator[Block]:
    """The blocks in order of kind: code first. Front matter is in none. UnreadableSource, with the line, for what is no UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableSource(f"{where}:{line}: not UTF-8", path=where, line=line) from error
    lines = [found[0] for found in _LINE.finditer(text) if found[0]]
    front = _FRONT.match(text)
    skipped = len([found for found in _LINE.finditer(front[0]) if found[0]]) if front else 0
    starts = [0]
    for one in lines:
        starts.append(starts[-1] + len(one.encode()))
    tokens = _PARSER.parse("\n" * skipped + "\n".join(line.rstrip("\r\n") for line in lines[skipped:]))
    yield from _Lines(lines, starts, skipped).blocks(tokens)


@dataclass(frozen=True)
class _Lines:
    """The lines of a document, and the byte where each begins."""

    lines: list[str]
    starts: list[int]
    skipped: int

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        taken = set(range(self.skipped))
        for token in tokens:
            if token.type in ("fence", "code_block") and token.map:
                taken.update(range(*token.map))
                language = token.info.strip().lower().split(maxsplit=1)[0].strip("{}.") if token.info.strip() else ""
                yield Block(True, language, tuple(self._code(token, token.map[0] + (token.type == "fence"))))
        for token in tokens:
            if token.type == "inline" and token.map and taken.isdisjoint(range(*token.map)):
                taken.update(range(*token.map))
                yield Block(False, "", tuple(self._line(number) for number in range(*token.map) if number < len(self.lines)))
        for number, line in enumerate(self.lines):
            if number not in taken and line.strip():
                yield Block(False, "", (self._line(number),))

    def _line(self, number: int) -> Span:
        return self.starts[number], self.starts[number + 1]

    def _code(self, token: Token, first: int) -> Iterator[Span]:
        for number, content in enumerate(token.content.removesuffix("\n").split("\n") if token.content else (), first):
            line = self.lines[number].rstrip("\r\n")
            inner = content if line.endswith(content) else line.lstrip()
            start, end = self._line(number)
            yield start + len(line.encode()) - len(inner.encode()), end
