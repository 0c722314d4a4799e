"""Calls of helmfile in the middle of a sentence: with a flag behind the word, which no other use of the name has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.references import CommandLine, Word
from migrate.references.prose.reading import Reading
from migrate.references.snippet import Snippet

_CALL = re.compile(rb"(?<![\w/.\-])helmfile(?=[ \t]+--?[A-Za-z])[^\n\r`|;&<>()\"']*")
_WORD = re.compile(rb"\S+")
STATE_FLAGS = ("-f", "--file")


def names_a_state(words: list[str | None]) -> bool:
    """Whether words of a call say which state file is loaded."""
    return any(word is not None and (word in STATE_FLAGS or word.startswith(("--file=", "-f="))) for word in words)


def calls_in(snippet: Snippet, reading: Reading) -> Iterator[CommandLine]:
    """The calls in a text; the words end where the line does, or a sign that no argument has."""
    for found in _CALL.finditer(snippet.text):
        words = []
        for word in _WORD.finditer(found[0]):
            start, end = found.start() + word.start(), found.start() + word.end()
            words.append(Word(word[0].decode("utf-8", "replace"), snippet.offset(start), snippet.offset(end - 1) + 1))
        at = None if names_a_state([word.text for word in words]) else words[0].end
        yield CommandLine(
            file=snippet.file,
            line=snippet.line(found.start()),
            words=tuple(words),
            insert_at=at,
            spelling=" -f {state}",
            folders=reading.folders,
            kind=reading.kind,
            prose=True,
            doubt=reading.doubt,
            group=reading.group_at(words[0].start),
        )
