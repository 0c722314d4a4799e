"""A paragraph: links, code between backticks, and the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.model.references import Mention
from migrate.model.tree import Tree
from migrate.references.finding import Found
from migrate.references.markdown.scripts import looks_like_a_command, shell_found
from migrate.references.prose import Reading, calls_in, mentions_in
from migrate.references.prose.tokens import pieces_of
from migrate.references.snippet import Snippet

_CODE = re.compile(rb"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_LINKS = (
    re.compile(rb"\]\(\s*<?(?P<to>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^)]*\)))?\s*\)"),
    re.compile(rb"(?m)^[ >]{0,6}\[[^\]\r\n]+\]:[ \t]*<?(?P<to>[^\s<>]+)>?"),
    re.compile(rb"(?i)(?:href|src)\s*=\s*[\"'](?P<to>[^\"'\s]+)[\"']"),
)
SEVERAL = "several files have this name"
ESCAPED = "the link is written with percent signs"


def line_found(tree: Tree, snippet: Snippet, reading: Reading) -> Iterator[Found]:
    """What a paragraph names."""
    rest = bytearray(snippet.text)
    for found in _CODE.finditer(snippet.text):
        rest[found.start() : found.end()] = _blank(found[0])
        yield from _code(tree, snippet.part(*found.span("code")), reading)
    for pattern in _LINKS:
        for found in pattern.finditer(bytes(rest)):
            rest[found.start() : found.end()] = _blank(found[0])
            yield from _link(snippet, found.start("to"), found["to"].decode("utf-8", "replace"), reading)
    around = Snippet(snippet.file, snippet.source, bytes(rest), snippet.segments)
    yield from mentions_in(around, reading)
    yield from calls_in(around, reading)


def _blank(text: bytes) -> bytes:
    """As many bytes without words; the ends of lines stay."""
    return re.sub(rb"[^\r\n]", b" ", text)


def _link(snippet: Snippet, at: int, to: str, reading: Reading) -> Iterator[Mention]:
    """The target of a link: from the document's folder, or from the top if it begins with a slash."""
    path = re.split(r"[#?]", to, maxsplit=1)[0]
    if not path:
        return
    top = path.startswith("/")
    offset = snippet.offset(at) + top
    yield Mention(
        file=snippet.file,
        line=snippet.line(at),
        pieces=pieces_of(path[top:], offset),
        folders=("",) if top else (snippet.file.folder,),
        kind=reading.kind,
        prose=True,
        doubt=reading.doubt or (ESCAPED if "%" in path else ""),
        group=reading.group_at(offset),
    )


def _code(tree: Tree, snippet: Snippet, reading: Reading) -> Iterator[Found]:
    text = snippet.text.decode("utf-8", "replace").strip()
    if re.search(r"\s", text) and looks_like_a_command(text):
        yield from shell_found(tree, snippet, replace(reading, group=reading.group_at(snippet.offset(0))))
        return
    bare = not re.search(r"\s", text)
    for found in mentions_in(snippet, reading, bare=bare):
        ambiguous = "/" not in text and not found.doubt and sum(path.endswith(f"/{text}") or path == text for path in tree) > 1
        yield replace(found, doubt=SEVERAL) if ambiguous else found
