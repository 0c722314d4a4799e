"""Dockerfiles: what they copy out of the build context (docs.docker.com/reference/dockerfile).

The context is not named in the file: it is taken to be the top, else the file's own folder. A path in `RUN` is one inside the
image: what `COPY` made there decides, so it is only told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.model.paths import RepoPath
from migrate.model.references import Mention
from migrate.model.tree import Tree
from migrate.references.embedded import Script
from migrate.references.finding import Found, Place
from migrate.references.snippet import Snippet
from migrate.references.tokens import loose, mention

KIND = "dockerfile"
INSIDE = "it is a path inside the image, where `COPY` decides what lies"
RENAMED = "its file would get another name in the image"
_INSTRUCTION = re.compile(
    rb"^[ \t]*(?P<name>[A-Za-z]+)[ \t]+(?P<rest>(?:[^\\\n]|\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*|\\[^\n])*)", re.MULTILINE
)
"""An instruction and its lines, joined by a backslash; comments may stand between them"""
_HEREDOC = re.compile(rb"<<-?[\"']?(?P<end>\w+)[\"']?")
_WORD = re.compile(rb'"(?P<quoted>[^"\n]*)"|(?P<plain>[^\s\\,\[\]"]+)')
_MADE = ("/", "~", "http:", "https:", "git@")


class Dockerfile:
    """`Dockerfile`, `Dockerfile.x`, `x.Dockerfile`, `Containerfile`."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its name."""
        return bool(re.fullmatch(r"(?i)(?:.*\.)?(?:dockerfile|containerfile)(?:[.-](?!dockerignore).*)?", path.name))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """Sources of COPY and ADD and bound folders exactly, all else with a doubt."""
        context = Place(tuple(dict.fromkeys(("", snippet.file.folder))))
        for name, start, end in _instructions(snippet.text):
            if name in (b"COPY", b"ADD"):
                yield from _copied(tree, snippet, (start, end), context)
            elif name == b"RUN":
                part = snippet.part(start, end)
                script = Script(snippet.file, snippet.source, kind=KIND, doubt=INSIDE).add(part)
                yield from (replace(item, group="run") for item in script.found(tree, Place(context.folders)))
        yield from _comments(snippet, context)


def _instructions(text: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name of each instruction, and where the rest of it stands: its heredoc, if it has one."""
    at = 0
    while found := _INSTRUCTION.search(text, at):
        start, at = found.span("rest")
        opened = _HEREDOC.search(found["rest"])
        closed = re.compile(rb"^\s*" + opened["end"] + rb"[ \t]*\r?$", re.MULTILINE).search(text, at) if opened else None
        if closed:
            start, at = at, closed.start()
        yield found["name"].upper(), start, at


def _copied(tree: Tree, snippet: Snippet, span: tuple[int, int], place: Place) -> Iterator[Mention]:
    """The sources of a COPY; those out of another stage are none."""
    words = [(found.lastgroup or "", *found.span(found.lastgroup or 0)) for found in _WORD.finditer(snippet.text, *span)]
    texts = [snippet.text[start:end] for _, start, end in words]
    if any(text.startswith((b"--from=", b"<<")) for text in texts):
        return
    named = [(start, end) for (_, start, end), text in zip(words, texts, strict=True) if not text.startswith(b"--")]
    if len(named) < 2:  # noqa: PLR2004  # a source and a destination
        return
    target = snippet.text[slice(*named[-1])]
    for start, end in named[:-1]:
        text = snippet.text[start:end].decode("utf-8", "replace")
        if text.startswith(_MADE[1:]):
            continue
        found = mention(snippet, start + len(text) - len(text.lstrip("/")), end, place, KIND, glob=True)
        into = (target == b"." or target.endswith((b"/", b"/."))) and not tree.is_folder(text.strip("/").removeprefix("./"))
        yield replace(found, keeps_name=into)


def _comments(snippet: Snippet, place: Place) -> Iterator[Mention]:
    for found in re.finditer(rb"^[ \t]*#[^\n]*", snippet.text, re.MULTILINE):
        yield from loose(snippet.part(*found.span()), replace(place, group="prose", prose=True), KIND)


DOCKERFILE = Dockerfile()
"""The finder for Dockerfiles."""
