"""Words of a text that look like paths, with their placeholders: `environments/{env}/values.yaml`, `environments/<env>/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.model.references import Mention, Piece
from migrate.references.prose.reading import Reading
from migrate.references.snippet import Snippet

PLACEHOLDER = (
    r"\$\{\{[^{}\n]*\}\}|\{\{[^{}\n]*\}\}|\$\{\w+\}|\$\(\w+\)|\$\w+|%\w+%"
    r"|\{[^{}\s/,;:\"'$]+(?: [^{}\s/,;:\"'$]+)*\}"
    r"|<(?!/?(?:a|b|i|p|u|s|br|hr|h\d|td|tr|th|li|ul|ol|dl|dt|dd|em|del|ins|div|img|sub|sup|kbd|pre|code|span|table|strong|"
    r"details|summary|font|center|tbody|thead|samp|var|picture|source|video|figure)\b)"
    r"[^<>\s/|&;=\"'$(](?:[^<>/|&;=\"'$(\n]{0,40}[^<>\s/|&;=\"'$(])?>"
    r"|(?<=/)\[[^\[\]\s/]+\](?!\()|\[[^\[\]\s/]+\](?=/)"
)
"""A part of a path that the reader is to fill in, as people write it."""
_TOKEN = re.compile(rf"(?:{PLACEHOLDER}|[\w.~@+*/-])+")
_HOLE = re.compile(PLACEHOLDER)
_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]*://[^\s)>\]\"'`]*|[\w.+-]+@[\w.-]+:[^\s)>\]\"'`]*")
_ENDING = re.compile(r"(?<=[A-Za-z0-9}\]>])[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+$")
"""A particle, which Korean and Japanese write right behind the word."""
_HOME = re.compile(r"\$\{?(?:HOME|TMPDIR|TMP|TEMP)\b")
ESCAPED = "it is written with backslashes"
BARE = "a word without a slash may mean something else here"


def mentions_in(snippet: Snippet, reading: Reading, *, bare: bool = False) -> Iterator[Mention]:
    """The mentions of a text. `bare` takes words without a slash, too, for there the text is marked as code.

    A token is one for each line: lines are read one by one.
    """
    at = 0
    for line in snippet.text.splitlines(keepends=True):
        yield from _in_line(snippet, at, line.decode("utf-8", "replace"), reading, bare=bare)
        at += len(line)


def _in_line(snippet: Snippet, at: int, line: str, reading: Reading, *, bare: bool) -> Iterator[Mention]:
    blanked = _ELSEWHERE.sub(lambda found: " " * len(found[0]), line)
    for found in _TOKEN.finditer(blanked):
        start, token = _trimmed(found[0])
        if not token or _HOME.match(token) or not ("/" in token or bare) or _names_anything(token):
            continue
        first = at + len(line[: found.start() + start].encode())
        escaped = line[found.end() : found.end() + 1] == "\\"
        if snippet.contiguous(first, first + len(token.encode())):
            how = replace(reading, doubt=reading.doubt or ESCAPED) if escaped else reading
            yield from mentions_of(snippet, first, token, how)


def _names_anything(token: str) -> bool:
    """Whether its first folder is a wildcard: `*.yaml`, `*/values.yaml`, `charts/../*.yaml` speak of files of a kind."""
    parts: list[str] = []
    for part in token.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return bool(parts) and "*" in parts[0]


def _trimmed(token: str) -> tuple[int, str]:
    """The token without the marks of emphasis, punctuation and particles around it, and where it begins."""
    stars = re.match(r"\*+(?![/.*])|_+(?=[^_].*_$)|~~(?=[^~/])|[-+]+(?=\w)", token)
    start = stars.end() if stars else 0
    token = token[start:]
    if stars:
        token = re.sub(r"[*_~]{1,3}(?:[^*/]*)$", "", token) if stars[0][0] in "*_~" and stars[0][0] in token[1:] else token
    token = _ENDING.sub("", token)
    return start, re.sub(r"(?<=[^./])\.+$", "", token)


def pieces_of(token: str, offset: int) -> tuple[Piece, ...]:
    """A token whose first byte stands at `offset` of the file, with its placeholders as holes."""
    pieces: list[Piece] = []
    at = 0
    for found in _HOLE.finditer(token):
        if found.start() > at:
            pieces.append(Piece(token[at : found.start()], offset + len(token[:at].encode())))
        pieces.append(Piece(found[0].strip("{}<>[]$() "), hole=True))
        at = found.end()
    if at < len(token):
        pieces.append(Piece(token[at:], offset + len(token[:at].encode())))
    return tuple(pieces)


def mentions_of(snippet: Snippet, first: int, token: str, reading: Reading) -> Iterator[Mention]:
    """What one token may mean: `first` is the byte in the snippet where it begins."""
    offset = snippet.offset(first)
    pieces = pieces_of(token, offset)
    folders, doubt = reading.folders, reading.doubt or ("" if "/" in token or "." in token.strip(".") else BARE)
    own = reading.own.from_top(pieces)
    if own is not None:
        pieces, folders = own, ("",)
    group, line, glob = reading.group_at(offset), snippet.line(first), "*" in token
    yield Mention(snippet.file, line, pieces, folders, reading.kind, glob, True, doubt, group)
    hidden = None if own is not None else reading.own.behind_unknown(pieces)
    if hidden is not None:
        yield Mention(snippet.file, line, hidden, folders, reading.kind, glob, True, doubt, f"{group} behind")
