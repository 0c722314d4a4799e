"""Calls of helmfile in a text: in a sentence only with a flag behind the word, which no other use of the name has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.references import CommandLine, Word
from migrate.references.prose.reading import Reading
from migrate.references.snippet import Snippet

STATE_FLAGS = ("-f", "--file")
SUBCOMMANDS = (
    "apply build cache charts create delete deps destroy diff fetch init lint list print-env repos show-dag status sync template "
    "test write-values".split()
)
"""Of helmfile 0.166 and 1.x (cmd/root.go); `version` and `help` load no state."""
_NAMES = "|".join(SUBCOMMANDS).encode()
_REST = rb"[^\n\r`|;&<>()\"']*"
_SENTENCE = re.compile(rb"(?<![\w/.\-])helmfile(?=[ \t]+--?[A-Za-z])" + _REST)
_CODE = re.compile(rb"(?<![\w/.\-])helmfile(?=[ \t]+(?:--?[A-Za-z]|(?:" + _NAMES + rb")(?![\w-])))" + _REST)
_LIST = re.compile(
    rb"(?P<quote>[\"'])helmfile(?P=quote)(?=[ \t]*,[ \t]*(?P=quote)(?:-|(?:" + _NAMES + rb")(?P=quote)))[^\]\r\n]*"
)
_WORD = re.compile(rb"\S+")
_ITEM = re.compile(rb"\"[^\"]*\"|'[^']*'|[^\s,]+")


def names_a_state(words: list[str | None]) -> bool:
    """Whether words of a call say which state file is loaded."""
    return any(word is not None and (word in STATE_FLAGS or word.startswith(("--file=", "-f="))) for word in words)


def calls_in(snippet: Snippet, reading: Reading, *, code: bool = False) -> Iterator[CommandLine]:
    """The calls in a text; the words end where the line does, or a sign that no argument has.

    With `code`, a subcommand behind the name is enough, and lists of words count: `["helmfile", "sync"]`.
    """
    for found in (_CODE if code else _SENTENCE).finditer(snippet.text):
        yield _call(snippet, reading, found, _WORD, " -f {state}")
    for found in _LIST.finditer(snippet.text) if code else ():
        quote = found["quote"].decode()
        yield _call(snippet, reading, found, _ITEM, f", {quote}-f{quote}, {quote}{{state}}{quote}")


def _call(snippet: Snippet, reading: Reading, found: re.Match[bytes], word: re.Pattern[bytes], spelling: str) -> CommandLine:
    words = []
    for one in word.finditer(found[0]):
        start, end = found.start() + one.start(), found.start() + one.end()
        words.append(Word(one[0].decode("utf-8", "replace").strip("\"'"), snippet.offset(start), snippet.offset(end - 1) + 1))
    return CommandLine(
        file=snippet.file,
        line=snippet.line(found.start()),
        words=tuple(words),
        insert_at=None if names_a_state([one.text for one in words]) else words[0].end,
        spelling=spelling,
        folders=reading.folders,
        kind=reading.kind,
        prose=True,
        doubt=reading.doubt,
        group=reading.group_at(words[0].start),
    )
