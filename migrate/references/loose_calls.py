"""Calls of helmfile in a text of any language, known by a subcommand behind the word. They are only told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.references import CommandLine, Word
from migrate.references.snippet import Snippet

_VERBS = rb"(?P<verb>apply|sync|diff|template|destroy|list|status|lint)"
_CALL = re.compile(rb"""(?<![\w./-])helmfile\b["']?,?[ \t](?:[^\n\\]|\\\n)*?(?<![\w-])""" + _VERBS + rb"\b")


def loose_calls(snippet: Snippet, folders: tuple[str, ...], kind: str, doubt: str, group: str = "") -> Iterator[CommandLine]:
    """A command line for each, with the doubt."""
    for call in _CALL.finditer(snippet.text):
        words = (_word(snippet, "helmfile", call.start()), _word(snippet, call["verb"].decode(), call.start("verb")))
        yield CommandLine(snippet.file, snippet.line(call.start()), words, 0, "", folders, kind, doubt=doubt, group=group)


def _word(snippet: Snippet, text: str, at: int) -> Word:
    return Word(text, snippet.offset(at), snippet.offset(at + len(text) - 1) + 1)
