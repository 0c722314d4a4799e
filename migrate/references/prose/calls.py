"""Calls of helmfile in a text: in a sentence only with a flag behind the word, which no other use of the name has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.references import CommandLine, Word
from migrate.references.prose.reading import Reading
from migrate.references.snippet import Snippet

SUBCOMMANDS = (
    "apply build cache charts create delete deps destroy diff fetch init lint list print-env repos show-dag status sync template "
    "test write-values".split()
)
"""Of helmfile 0.166 and 1.x (cmd/root.go); `version` and `help` load no state."""
_NAMES = "|".join(SUBCOMMANDS).encode()
_REST = re.compile(rb"(?:<[^<>\n\r]{1,40}>|[^\n\r`|;&<>()\"'])*")
_SENTENCE = re.compile(rb"(?<![\w/.\-])helmfile(?=[ \t]+--?[A-Za-z])")
_CODE = re.compile(rb"(?<![\w/.\-])helmfile(?=[ \t]+(?:--?[A-Za-z]|(?:" + _NAMES + rb")(?![\w-])))")
_LIST = re.compile(
    rb"(?P<quote>[\"'])helmfile(?P=quote)(?=[ \t]*,[ \t]*(?P=quote)(?:-|(?:" + _NAMES + rb")(?P=quote)))[^\]\r\n]*"
)
_WORD = re.compile(rb"(?:<[^<>]*>|\S)+")
_FILLED = re.compile(rb"[<>{}$\[\]*]")
_PUNCTUATION = b".,!?:"
_ITEM = re.compile(rb"\"[^\"]*\"|'[^']*'|[^\s,]+")


def names_a_state(words: list[str | None]) -> bool:
    """Whether words of a call say which state file is loaded."""
    return any(word is not None and (word == "--file" or word.startswith(("--file=", "-f"))) for word in words)


def calls_in(snippet: Snippet, reading: Reading, *, code: bool = False) -> Iterator[CommandLine]:
    """The calls in a text; the words end where the line does, or a sign that no argument has.

    With `code`, a subcommand behind the name is enough, and lists of words count: `["helmfile", "sync"]`.
    """
    for found in (_CODE if code else _SENTENCE).finditer(snippet.text):
        rest = _REST.match(snippet.text, found.start())
        words = [(found.start() + one.start(), one[0]) for one in _WORD.finditer(rest[0] if rest else b"")]
        yield _call(snippet, reading, list(_arguments(words)), " -f {state}")
    for found in _LIST.finditer(snippet.text) if code else ():
        quote = found["quote"].decode()
        words = [(found.start() + one.start(), one[0]) for one in _ITEM.finditer(found[0])]
        yield _call(snippet, reading, words, f", {quote}-f{quote}, {quote}{{state}}{quote}")


def _arguments(words: list[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """The words that belong to the call, up to where the sentence goes on: flags, what follows one, and the subcommand."""
    yield words[0]
    subcommand, after_flag = False, False
    for at, word in words[1:]:
        plain = word.rstrip(_PUNCTUATION)
        is_subcommand = not after_flag and not subcommand and plain.decode("utf-8", "replace") in SUBCOMMANDS
        if not (word.startswith(b"-") or after_flag or is_subcommand) or not plain:
            return
        subcommand, after_flag = subcommand or is_subcommand, word.startswith(b"-") and b"=" not in word
        yield at, plain


def _call(snippet: Snippet, reading: Reading, found: list[tuple[int, bytes]], spelling: str) -> CommandLine:
    words = []
    for at, written in found:
        text = None if _FILLED.search(written) else written.decode("utf-8", "replace").strip("\"'")
        words.append(Word(text, snippet.offset(at), snippet.offset(at + len(written) - 1) + 1))
    return CommandLine(
        file=snippet.file,
        line=snippet.line(found[0][0]),
        words=tuple(words),
        insert_at=None if names_a_state([one.text for one in words]) else words[0].end,
        spelling=spelling,
        folders=reading.folders,
        kind=reading.kind,
        prose=True,
        doubt=reading.doubt,
        group=reading.group_at(words[0].start),
    )
