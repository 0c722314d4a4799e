"""Shell scripts: which of their words are paths, and where they call helmfile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.formats.shell import parse
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Mention, Piece, Word
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.snippet import Snippet

_SHEBANG = re.compile(rb"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?\b(?:ba|da|k)?sh\b")
_ENDINGS = (".sh", ".bash", ".bats", ".envrc")


def find_shell(tree: Tree, snippet: Snippet, place: Place) -> Iterator[Found]:  # noqa: ARG001  # sourced files are read from it
    """What a piece of shell names, wherever it stands: a script, a workflow's step, a recipe, a code block.

    `place.folders` are the folders that it is started in. Offsets are those of the file, through the snippet.
    """
    todo = [parse(snippet.text)]
    while todo:
        node = todo.pop()
        todo += node.named_children
        start, end = node.start_byte, node.end_byte
        text = snippet.text[start:end].decode("utf-8", "replace")
        at, line = snippet.offset(start), snippet.line(start)
        if node.type in ("word", "string_content"):
            yield Mention(
                snippet.file, line, (Piece(text, at),), place.folders, "shell", "*" in text, place.prose, "", place.group
            )
        elif node.type == "command" and text.split()[0] == "helmfile":
            words = tuple(
                Word(snippet.text[n.start_byte : n.end_byte].decode(), snippet.offset(n.start_byte), snippet.offset(n.end_byte))
                for n in node.named_children
            )
            given = any(word.text in ("-f", "--file") or (word.text or "").startswith("--file=") for word in words)
            at = None if given else words[0].end
            yield CommandLine(snippet.file, line, words, at, " -f {state}", place.folders, "shell", place.prose, "", place.group)


class _Shell:
    """Scripts of their own."""

    def reads(self, path: RepoPath, head: bytes) -> bool:
        """Whether a file is a script, by its ending or its first line."""
        return path.endswith(_ENDINGS) or bool(_SHEBANG.match(head))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """All of a script, started at the top or in its own folder."""
        return find_shell(tree, snippet, Place(tuple(dict.fromkeys(("", snippet.file.folder)))))


SHELL = _Shell()
"""The finder for scripts."""
