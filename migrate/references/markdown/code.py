"""A code block, by its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.errors import UnreadableSource
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.markdown.drawings import drawing_found, is_drawing
from migrate.references.markdown.scripts import looks_like_a_command, shell_found
from migrate.references.prose import Reading, calls_in, mentions_in
from migrate.references.prose.scripts import with_doubt
from migrate.references.python import find_python
from migrate.references.snippet import Snippet

_SHELL = frozenset("bash sh shell zsh ksh console shell-session shellsession sh-session terminal cmd".split())
_PYTHON = frozenset({"python", "py", "python3"})
_YAML = frozenset({"yaml", "yml", "helmfile", "gotmpl", ""})
_PLAIN = frozenset({"", "text", "txt", "plaintext", "plain", "tree", "ascii"})
_STATE = re.compile(rb"(?m)^[ \t]*(?:helmfiles|releases|environments|bases):[ \t]*(?:#.*)?\r?$")
SAMPLE = "a sample of the old state file"


def code_found(tree: Tree, snippet: Snippet, language: str, reading: Reading) -> Iterator[Found]:
    """What a code block names."""
    block = f"block {snippet.offset(0)}"
    if language in _SHELL or (language in _PLAIN and _begins_with_a_command(snippet.text)):
        yield from shell_found(tree, snippet, replace(reading, group=block))
    elif language in _PYTHON:
        yield from _python(tree, snippet, replace(reading, group=block))
    elif language in _PLAIN and is_drawing(snippet.text.decode("utf-8", "replace")):
        yield from drawing_found(tree, snippet, reading)
    else:
        yield from _words(snippet, reading, sample=language in _YAML and bool(_STATE.search(snippet.text)))


def _begins_with_a_command(text: bytes) -> bool:
    """Whether the first line that is no comment is a command, with a prompt or without."""
    lines = (line.strip() for line in text.decode("utf-8", "replace").splitlines())
    return looks_like_a_command(next((line for line in lines if line and not line.startswith("# ")), ""))


def _python(tree: Tree, snippet: Snippet, reading: Reading) -> Iterator[Found]:
    try:
        found = list(find_python(tree, snippet, Place(("",), reading.group, prose=True)))
    except UnreadableSource:  # an excerpt, or a session
        yield from _words(snippet, replace(reading, group=""), sample=False)
        return
    yield from (with_doubt(one, reading.doubt, reading.kind) for one in found)


def _words(snippet: Snippet, reading: Reading, *, sample: bool) -> Iterator[Found]:
    """Words that look like paths. In a sample of a state file they are read from its folder, so that they can't be respelt."""
    title = len(snippet.text.partition(b"\n")[0]) if snippet.text.lstrip().startswith(b"#") else 0
    for found in mentions_in(snippet, reading):
        in_title = any(piece.offset is not None and piece.offset < snippet.offset(0) + title for piece in found.pieces)
        yield replace(found, doubt=found.doubt or SAMPLE) if sample and not in_title else found
    yield from calls_in(snippet, reading, code=True)
