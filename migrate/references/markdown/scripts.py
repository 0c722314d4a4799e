"""Shell in a document: with prompts, with placeholders, and in a folder that is named as the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.model.references import Mention
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.markdown.drawings import drawing_found, is_drawing
from migrate.references.prose import Reading, mentions_in
from migrate.references.prose.own_name import OwnName
from migrate.references.prose.scripts import Blank, shell_with_blanks, with_doubt
from migrate.references.prose.tokens import PLACEHOLDER
from migrate.references.shell import find_shell
from migrate.references.snippet import Snippet

_COMMAND = re.compile(
    r"(?:\$ |sudo |[A-Z_]+=\S* )*(?:\./\S+|\.\./\S+|(?:helmfile|helm|kubectl|cp|mv|rm|cat|vi|vim|nano|ls|cd|mkdir|bash|sh|source"
    r"|git|diff|find|grep|yq|sed|make|docker|nerdctl|export|scp|rsync|tar|python3?|touch|chmod|less|head|tail|tree|ln)"
    r"(?=[ \t]+\S))"
)
_PROMPT = re.compile(rb"[ \t]*(?:\(\S+\) ?)?(?:(?:\[?[\w.-]+@[\w.-]+[^\r\n$#]{0,60}[$#])|\$)[ \t]+(?=\S)")
_BLANK = re.compile(rf"(?<!\$)(?:{PLACEHOLDER})")


def looks_like_a_command(text: str) -> bool:
    """Whether a text begins as a command does that reads files, or is one of this repository."""
    return bool(_COMMAND.match(text))


def shell_found(tree: Tree, snippet: Snippet, reading: Reading) -> Iterator[Found]:
    """What a script in a document names. It starts at the top, in prompts or without."""
    lines = _lines(snippet)
    if any(_PROMPT.match(snippet.text, start, end) for start, end in lines):
        commands, output = _session(snippet, lines)
        yield from _output(tree, output, replace(reading, group=""))
    else:
        commands = snippet
    blanks = list(_blanks(commands.text))
    for found in shell_with_blanks(find_shell, tree, commands, Place(("",), reading.group, prose=True), blanks):
        yield from in_clone(with_doubt(found, reading.doubt, reading.kind), reading.own)


def _lines(snippet: Snippet) -> list[tuple[int, int]]:
    spans, at = [], 0
    for line in snippet.text.splitlines(keepends=True):
        spans.append((at, at + len(line)))
        at += len(line)
    return spans


def _output(tree: Tree, snippet: Snippet, reading: Reading) -> Iterator[Found]:
    """What commands print: `tree` draws."""
    if is_drawing(snippet.text.decode("utf-8", "replace")):
        yield from drawing_found(tree, snippet, reading)
    else:
        yield from mentions_in(snippet, reading)


def _session(snippet: Snippet, lines: list[tuple[int, int]]) -> tuple[Snippet, Snippet]:
    """The commands of a session without their prompts, and the lines that they print."""
    text, segments, output, goes_on = bytearray(), [], [], False
    for start, end in lines:
        prompt = _PROMPT.match(snippet.text, start, end)
        if prompt is None and not goes_on:
            output.append((snippet.offset(start), snippet.offset(end - 1) + 1))
            continue
        first = prompt.end() if prompt else start
        segments.append((len(text), snippet.offset(first)))
        text += snippet.text[first:end]
        goes_on = snippet.text[first:end].rstrip(b"\r\n").endswith(b"\\")
    commands = Snippet(snippet.file, snippet.source, bytes(text), tuple(segments))
    return commands, Snippet.joined(snippet.file, snippet.source, output)


def _blanks(data: bytes) -> Iterator[Blank]:
    """Placeholders that a shell would take for something else: `<env>`, `{env}`, `[env]`."""
    text = data.decode("utf-8", "replace")
    for found in _BLANK.finditer(text):
        if not found[0].startswith("$"):
            start = len(text[: found.start()].encode())
            yield Blank(start, start + len(found[0].encode()), found[0].strip("{}<>[]%"))


def in_clone(found: Found, own: OwnName) -> Iterator[Found]:
    """The same from the top, where a document goes into its own repository by name."""
    folders = tuple(dict.fromkeys(own.without(folder) for folder in found.folders))
    if isinstance(found, Mention):
        pieces = own.from_top(found.pieces)
        if pieces is not None:
            yield replace(found, pieces=pieces, folders=("",))
            return
        hidden = own.behind_unknown(found.pieces)
        if hidden is not None:
            yield replace(found, pieces=hidden, group=f"{found.group} behind")
    unknown = [folder.partition("/")[0] for folder in folders if folder and folder.partition("/")[0] not in own.top]
    if unknown and own.top:
        rest = tuple(folder.partition("/")[2] if folder.partition("/")[0] in unknown else folder for folder in folders)
        doubt = f"whether `{unknown[0]}` is this repository is not known"
        yield replace(found, folders=rest, doubt=found.doubt or doubt)
    else:
        yield replace(found, folders=folders)
