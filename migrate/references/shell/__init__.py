"""Shell scripts: which of their words are paths, and where they call helmfile.

The script is walked as it runs, with what is known at each command: the folder, and the values of the variables. `words` gives
the values of a word, `commands` says what a command does with them, `walk` goes over branches, loops and functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.formats.shell import Node, errors, parse
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.references.finding import Found, Place
from migrate.references.shell.commands import dispatch
from migrate.references.shell.functions import uncalled
from migrate.references.shell.nested import inner
from migrate.references.shell.prose import tokens
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Value
from migrate.references.shell.walk import run
from migrate.references.snippet import Snippet

_SHEBANG = re.compile(rb"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?\b(?:ba|da|k)?sh\b")
_ENDINGS = (".sh", ".bash", ".bats", ".envrc")


def find_shell(tree: Tree, snippet: Snippet, place: Place) -> Iterator[Found]:
    """What a piece of shell names, wherever it stands: a script, a workflow's step, a recipe, a code block.

    `place.folders` are the folders that it is started in. Offsets are those of the file, through the snippet. A sourced file is
    read from the tree for what it assigns. Where the syntax can't be followed, what is found has a doubt.
    """
    whole = snippet.source is snippet.text and snippet.file in tree.entries
    named = whole and (snippet.text.startswith(b"#!") or tree.entries[snippet.file].mode is Mode.EXECUTABLE)
    reading = Reading(
        tree, snippet, place, snippet.file if named else None, snippet.file if whole else None, run, inner, dispatch
    )
    root = parse(snippet.text)
    start = State((Value(base=place.folders),))
    state = start.copy()
    for statement in root.named_children:
        broken = next(errors(statement), None)
        reading.doubt = _unread(broken, snippet) if broken is not None else ""
        run(reading, statement, state)
    uncalled(state, reading, start)
    _unused(reading)
    yield from _settled(reading, root)


def _unread(node: Node, snippet: Snippet) -> str:
    return f"the syntax on line {snippet.line(node.start_byte)} can't be followed"


def _unused(reading: Reading) -> None:
    """Texts of variables that no command uses: read where they are assigned."""
    for value, (cwd, line) in reading.assigned.items():
        if all(piece.offset in reading.seen for piece in value.literals if "/" in piece.text or " " in piece.text):
            continue
        if any(blank in value.text for blank in " \n\t"):
            tokens(value, cwd, line, reading)
        else:
            reading.path(value, cwd, line)


def _settled(reading: Reading, root: Node) -> Iterator[Found]:
    """What was found. In a script that can't be followed to its end, nothing is sure."""
    broken = None if reading.place.prose else next(errors(root), None)
    doubt = _unread(broken, reading.snippet) if broken is not None else ""
    if reading.exhausted:
        doubt = "there are too many ways through this script"
    for item in reading.found:
        yield replace(item, doubt=item.doubt or doubt) if doubt and not item.prose else item


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
