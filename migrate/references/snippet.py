"""A part of a file in a language of its own: the script of a workflow's step, a code block of a document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from migrate.model.paths import RepoPath


@dataclass(frozen=True, slots=True)
class Snippet:
    """`text`, and where each of its bytes stands in the file.

    `segments` pairs offsets in `text` with offsets in `source`, the bytes of the whole file; each segment goes on to the next.
    """

    file: RepoPath
    source: bytes
    text: bytes
    segments: tuple[tuple[int, int], ...]

    @classmethod
    def whole(cls, file: RepoPath, source: bytes) -> Snippet:
        """The whole file."""
        return cls(file, source, source, ((0, 0),))

    @classmethod
    def joined(cls, file: RepoPath, source: bytes, spans: list[tuple[int, int]]) -> Snippet:
        """The bytes of these spans (start and end in the file), one after the other: lines without their indentation."""
        text, segments = bytearray(), []
        for start, end in spans:
            segments.append((len(text), start))
            text += source[start:end]
        return cls(file, source, bytes(text), tuple(segments) or ((0, 0),))

    def part(self, start: int, end: int) -> Snippet:
        """A part of this snippet, by offsets in its text."""
        inner = [(at - start, offset) for at, offset in self.segments if start < at < end]
        return Snippet(self.file, self.source, self.text[start:end], ((0, self.offset(start)), *inner))

    def offset(self, position: int) -> int:
        """The offset in the file of a byte of the text."""
        at, offset = self.segments[bisect_right(self.segments, position, key=lambda segment: segment[0]) - 1]
        return offset + position - at

    def contiguous(self, start: int, end: int) -> bool:
        """Whether the bytes from `start` to `end` stand together in the file, so that they can be replaced there."""
        return end <= start or self.offset(end - 1) - self.offset(start) == end - 1 - start

    def line(self, position: int) -> int:
        """The line of the file, from 1."""
        return bisect_left(_breaks(self.source), self.offset(position)) + 1


@lru_cache(maxsize=2)
def _breaks(source: bytes) -> tuple[int, ...]:
    """Where the lines of a file end. Counting them anew for each mention would take a time that grows with the square."""
    return tuple(found.start() for found in re.finditer(b"\n", source))
