"""Lists of patterns in the syntax of .gitignore: which of them are tied to a place, and what they mean there.

A pattern is tied to its list's folder by a slash at its beginning or in its middle; one without (`build/`, `*.tgz`) means a
name at any depth and holds at the new place as at the old one (gitignore(5); docs.github.com on CODEOWNERS). For .dockerignore
every pattern is tied to the build context (docs.docker.com/build/concepts/context).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.references import Mention, Piece, Reference
from migrate.model.tree import Tree
from migrate.references.finding import Found
from migrate.references.snippet import Snippet
from migrate.references.tokens import stands

KIND = "ignore list"
IGNORED = "the line stays as long as the old place does; the new place needs a line of its own beside it"
ATTRIBUTES = "the line stays as long as the old place does; moved files get lines with the attributes that they have"
DOUBTS = {".gitignore": IGNORED, ".dockerignore": IGNORED, ".gitattributes": ATTRIBUTES, "CODEOWNERS": ""}
"""Why a list's lines are left, by the end of its file name. Owners go with their files."""
_LINE = re.compile(rb"[^\r\n]+")
_PATTERN = re.compile(rb'!?(?:"(?P<quoted>[^"\n]*)"|(?P<plain>(?:\\.|[^\s\\])+))')
_WHOLE = re.compile(rb"!?(?P<plain>.*?)(?<!\\)[ \t]*$")


class IgnoreFiles:
    """.gitignore, .dockerignore, .gitattributes and CODEOWNERS, at any depth."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its name."""
        return _kind(path) is not None

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:  # noqa: ARG002  # the shape of a finder
        """A mention for each pattern that is tied to a place; each stands for itself."""
        kind = _kind(snippet.file) or ""
        for found in _LINE.finditer(snippet.text):
            span = _pattern(snippet.text, found, kind)
            if span is not None:
                yield _mention(snippet, *span, kind)


def _kind(path: RepoPath) -> str | None:
    return next((kind for kind in DOUBTS if path.name.endswith(kind)), None)


def _pattern(text: bytes, line: re.Match[bytes], kind: str) -> tuple[int, int] | None:
    """Where the pattern of a line stands, without `!`; None for a comment, a section, or a pattern that is tied to no place."""
    start = line.start() + 3 if line[0].startswith(b"\xef\xbb\xbf") else line.start()
    if text[start : start + 1] in (b"#", b"[") or (kind == "CODEOWNERS" and text[start : start + 2] == b"^["):
        return None
    found = (_WHOLE if kind in (".gitignore", ".dockerignore") else _PATTERN).match(text, start, line.end())
    if found is None:
        return None
    first, last = found.span(found.lastgroup or 0)
    pattern = text[first:last]
    tied = b"/" in pattern.rstrip(b"/") if kind != ".dockerignore" else pattern.strip(b"/") != b""
    return (first, last) if tied else None


def _mention(snippet: Snippet, start: int, end: int, kind: str) -> Mention:
    """The pattern, read from the list's folder; the slash at its beginning only ties it."""
    lead = start + len(snippet.text[start:end]) - len(snippet.text[start:end].lstrip(b"/"))
    piece = Piece(snippet.text[lead:end].decode("utf-8", "replace"), snippet.offset(lead))
    escaped = "\\" in piece.text or not stands(snippet, piece)
    doubt = DOUBTS[kind] or ("it is written with escapes" if escaped else "")
    line = snippet.line(start)
    return Mention(snippet.file, line, (piece,), _folders(snippet.file, kind), KIND, glob=True, doubt=doubt, group=f"line {line}")


def _folders(path: RepoPath, kind: str) -> tuple[str, ...]:
    """Where a list's patterns begin: GitHub and GitLab look for CODEOWNERS in three folders, its patterns begin at the top."""
    if kind == "CODEOWNERS":
        return ("",)
    if path.name.endswith(".dockerignore") and path.name != ".dockerignore":
        return (path.folder, "") if path.folder else ("",)  # the list of one Dockerfile; its context is not known
    return (path.folder,)


def line_beside(source: bytes, reference: Reference) -> Edit | None:
    """A line for the new place, right behind that of the old one, spelt alike; None if it isn't known how, or if it is there."""
    origin = reference.origin
    if not isinstance(origin, Mention) or origin.kind != KIND or not reference.becomes:
        return None
    piece, folder = origin.pieces[0], origin.folders[0]
    old, at = piece.text.encode(), piece.offset or 0
    if not source.startswith(old, at) or not RepoPath(reference.becomes).is_below(folder):
        return None
    begin, end = source.rfind(b"\n", 0, at) + 1, source.find(b"\n", at)
    line = source[begin : end if end >= 0 else len(source)]
    new = RepoPath(reference.becomes).relative_to(folder).encode() + (b"/" if old.endswith(b"/") else b"")
    text = (line[: at - begin] + new + line[at - begin + len(old) :]).removeprefix(b"\xef\xbb\xbf").removesuffix(b"\r")
    if text in source.splitlines():
        return None
    ending = b"\r\n" if line.endswith(b"\r") or b"\r\n" in source else b"\n"
    return Edit(end + 1, b"", text + ending) if end >= 0 else Edit(len(source), b"", ending + text)


IGNORE_FILES = IgnoreFiles()
"""The finder for lists of patterns."""
