"""Jenkinsfiles are Groovy, which is not parsed here: the words of their strings are told and never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Word
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.snippet import Snippet
from migrate.references.tokens import loose

KIND = "jenkinsfile"
DOUBT = "a Jenkinsfile is a program that is not followed here"
_CALL = re.compile(rb"(?:^|[\s'\"|;&(])(?P<name>helmfile)[ \t]+(?P<rest>[^\n'\"|;&]*)", re.MULTILINE)


class Jenkinsfile:
    """`Jenkinsfile`, `Jenkinsfile.x`, `x.jenkinsfile`, and `.groovy`."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its name."""
        return bool(re.fullmatch(r"(?i)jenkinsfile(?:[.-].*)?|.*\.jenkinsfile|.*\.groovy", path.name))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:  # noqa: ARG002  # the shape of a finder
        """Words with a slash and calls of helmfile, each for itself and with a doubt."""
        place = Place(("",))
        yield from loose(snippet, place, KIND, DOUBT)
        for found in _CALL.finditer(snippet.text):
            yield _call(snippet, found)


def _call(snippet: Snippet, found: re.Match[bytes]) -> CommandLine:
    start, end = found.span("name")
    base = found.start("rest")
    words = [(base + word.start(), base + word.end()) for word in re.finditer(rb"\S+", found["rest"])]
    texts = [Word(_text(snippet.text[a:b]), snippet.offset(a), snippet.offset(b)) for a, b in words]
    given = any(word.text is not None and re.match(r"-f|--file\b", word.text) for word in texts)
    whole = (Word("helmfile", snippet.offset(start), snippet.offset(end)), *texts)
    at = None if given else snippet.offset(end)
    return CommandLine(snippet.file, snippet.line(start), whole, at, " -f {state}", ("",), KIND, doubt=DOUBT)


def _text(word: bytes) -> str | None:
    return None if b"$" in word else word.decode("utf-8", "replace")


JENKINSFILE = Jenkinsfile()
"""The finder for Jenkinsfiles."""
