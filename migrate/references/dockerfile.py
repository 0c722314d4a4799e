"""Dockerfiles: what they copy out of the build context (docs.docker.com/reference/dockerfile).

The context is not named in the file: it is taken to be the top, else the file's own folder. A path in `RUN`, `CMD` and
`ENTRYPOINT` is one inside the image: what `COPY` made there decides, so it is only told. The default of an `ARG` is read where
the argument stands in a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from migrate.model.paths import RepoPath
from migrate.model.references import Mention, Piece
from migrate.model.tree import Tree
from migrate.references.embedded import Script
from migrate.references.finding import Found, Place
from migrate.references.loose_calls import loose_calls
from migrate.references.snippet import Snippet
from migrate.references.tokens import loose, mention

KIND = "dockerfile"
INSIDE = "it is a path inside the image, where `COPY` decides what lies"
SHARED = "the argument is used for other things as well"
_INSTRUCTION = re.compile(
    rb"^[ \t]*(?P<name>[A-Za-z]+)[ \t]+(?P<rest>(?:[^\\\n]|\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*|\\[^\n])*)", re.MULTILINE
)
"""An instruction and its lines, joined by a backslash; comments may stand between them"""
_HEREDOC = re.compile(rb"<<-?[\"']?(?P<end>\w+)[\"']?")
_WORD = re.compile(rb'"(?P<quoted>[^"\n]*)"|(?P<plain>[^\s\\,\[\]"]+)')
_MOUNT = re.compile(rb"--mount=(?P<options>\S+)")
_SOURCE = re.compile(rb"(?:^|,)(?:source|src)=(?P<path>[^,\s]+)")
_ARGUMENT = re.compile(rb"(?P<name>[A-Za-z_]\w*)=(?P<quote>[\"']?)(?P<value>[\w./@+-]+)(?P=quote)[ \t]*\r?$")
_USED = re.compile(rb"\$(?:(?P<bare>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?[-+][^{}]*)?\})")
_MADE = ("/", "~", "http:", "https:", "git@")


class Dockerfile:
    """`Dockerfile`, `Dockerfile.x`, `x.Dockerfile`, `Containerfile`."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its name."""
        return bool(re.fullmatch(r"(?i)(?:.*\.)?(?:dockerfile|containerfile)(?:[.-](?!dockerignore).*)?", path.name))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """Sources of COPY and ADD and bound folders exactly, all else with a doubt."""
        context = Place(tuple(dict.fromkeys(("", snippet.file.folder))))
        instructions = list(_instructions(snippet.text))
        arguments = _arguments(snippet, instructions)
        for name, start, end in instructions:
            if name in (b"COPY", b"ADD"):
                yield from _copied(tree, snippet, (start, end), context, arguments)
            elif name == b"RUN":
                yield from _bound(snippet, (start, end), context)
                yield from _run(tree, snippet.part(start, end), context)
            elif name in (b"CMD", b"ENTRYPOINT", b"HEALTHCHECK", b"ONBUILD"):
                yield from loose_calls(snippet.part(start, end), context.folders, KIND, INSIDE, "run")
        yield from _comments(snippet, context)


def _run(tree: Tree, part: Snippet, context: Place) -> Iterator[Found]:
    script = Script(part.file, part.source, kind=KIND, doubt=INSIDE).add(part)
    yield from (replace(item, group="run") for item in script.found(tree, Place(context.folders)))


def _bound(snippet: Snippet, span: tuple[int, int], place: Place) -> Iterator[Mention]:
    """What `RUN --mount=type=bind,source=…` takes out of the context."""
    for mount in _MOUNT.finditer(snippet.text, *span):
        options = mount["options"]
        source = _SOURCE.search(options)
        if source and b"type=bind" in options and b"from=" not in options:
            at = mount.start("options") + source.start("path")
            yield mention(snippet, at, at + len(source["path"]), place, KIND)


def _arguments(snippet: Snippet, instructions: list[tuple[bytes, int, int]]) -> Mapping[bytes, tuple[int, int, str]]:
    """Where the default of each argument stands, and a doubt if it has several or is used for more than what is copied."""
    found: dict[bytes, tuple[int, int, str]] = {}
    elsewhere: set[bytes] = set()
    for name, start, end in instructions:
        given = _ARGUMENT.match(snippet.text, start, end) if name == b"ARG" else None
        if given:
            again = given["name"] in found
            found[given["name"]] = (*given.span("value"), SHARED if again else "")
        elif name not in (b"COPY", b"ADD"):
            elsewhere |= {used["bare"] or used["braced"] for used in _USED.finditer(snippet.text, start, end)}
    return {name: (start, end, SHARED if name in elsewhere else doubt) for name, (start, end, doubt) in found.items()}


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


def _copied(
    tree: Tree, snippet: Snippet, span: tuple[int, int], place: Place, arguments: Mapping[bytes, tuple[int, int, str]]
) -> Iterator[Mention]:
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
        yield _filled(snippet, replace(found, keeps_name=into), start, end, arguments)


def _filled(snippet: Snippet, found: Mention, start: int, end: int, arguments: Mapping[bytes, tuple[int, int, str]]) -> Mention:
    """The mention with the defaults of those arguments that hold its beginning, or a path; a name in its middle may be any."""
    used = [one for one in _USED.finditer(snippet.text, start, end) if (one["bare"] or one["braced"]) in arguments]
    known = [(one, *arguments[one["bare"] or one["braced"]]) for one in used]
    known = [item for item in known if item[0].start() == start or b"/" in snippet.text[item[1] : item[2]]]
    if not known:
        return found
    pieces: list[Piece] = []
    at = start
    for one, first, last, _ in known:
        pieces += mention(snippet, at, one.start(), Place(found.folders), KIND).pieces
        pieces.append(Piece(snippet.text[first:last].decode("utf-8", "replace"), snippet.offset(first)))
        at = one.end()
    pieces += mention(snippet, at, end, Place(found.folders), KIND).pieces
    return replace(found, pieces=tuple(pieces), doubt=next((doubt for *_, doubt in known if doubt), found.doubt))


def _comments(snippet: Snippet, place: Place) -> Iterator[Mention]:
    for found in re.finditer(rb"^[ \t]*#[^\n]*", snippet.text, re.MULTILINE):
        yield from loose(snippet.part(*found.span()), replace(place, group="prose", prose=True), KIND)


DOCKERFILE = Dockerfile()
"""The finder for Dockerfiles."""
