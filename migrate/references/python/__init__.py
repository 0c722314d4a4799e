"""Python files: which of their texts are paths, and where they call helmfile.

Followed are names that are bound in the file, f-strings, `+`, `%`, `format`, `os.path` and `pathlib`, `__file__`, and functions
that run what they are given. What another file binds is unknown. Comments and docstrings are read as prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.formats.python_source import read_module
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.python.lists import Lists
from migrate.references.python.texts import prose_found
from migrate.references.python.uses import Use, Uses
from migrate.references.python.values import Values
from migrate.references.python.visiting import Visit
from migrate.references.snippet import Snippet

_COUNTS = re.compile(rb"""\.r?split\(\s*(?:["']/["']|os\.sep)|\.parts\b|\.count\(\s*(?:["']/["']|os\.sep)""")
"""What takes a path apart by the number of its parts: at its new place it has another one."""


def find_python(tree: Tree, snippet: Snippet, place: Place) -> Iterator[Found]:
    """What a piece of Python names, a file or a code block. UnreadableSource if it is no Python 3."""
    module = read_module(snippet.text, snippet.file)
    values = Values(snippet, snippet.file if snippet.text is snippet.source else "")
    uses = Uses(module, values, Use(place.folders))
    visit = Visit(tree, snippet, place, values, uses, Lists(snippet, place, values))
    counted = _COUNTS.search(snippet.text)
    doubt = f"line {snippet.line(counted.start())} counts the parts of a path" if counted else ""
    for scope in module.scope.all():
        for expression in scope.expressions:
            found = visit.expression(expression, scope, uses.start)
            yield from (replace(item, doubt=item.doubt or doubt) for item in found) if doubt else found
    yield from prose_found(snippet, module, place)


class _Python:
    """Modules and scripts."""

    def reads(self, path: RepoPath, head: bytes) -> bool:
        """Whether a file is Python, by its ending or its first line."""
        return path.endswith((".py", ".pyw", ".pyi")) or (head.startswith(b"#!") and b"python" in head.partition(b"\n")[0])

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """All of a file, started at the top or in its own folder."""
        return find_python(tree, snippet, Place(tuple(dict.fromkeys(("", snippet.file.folder)))))


PYTHON = _Python()
"""The finder for Python."""
