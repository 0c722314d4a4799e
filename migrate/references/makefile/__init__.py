"""Makefiles: recipes by the shell rules, variables, targets and prerequisites as paths (GNU make manual, chapters 4 to 6).

Each line of a recipe is a script of its own unless lines are joined by a backslash or the file says `.ONESHELL`. make's
variables become variables of that script, so that they are followed as its own are.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references.finding import Found
from migrate.references.makefile.lines import Kind, lines
from migrate.references.makefile.reading import MakeReader
from migrate.references.snippet import Snippet


class Makefile:
    """`Makefile`, `GNUmakefile`, `Makefile.x`, `x.mk`."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its name."""
        name = path.name.lower()
        return name in ("makefile", "gnumakefile") or name.startswith("makefile.") or name.endswith((".mk", ".mak"))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """All of it; the code of one file belongs together."""
        reader = MakeReader(tree, snippet, lines(snippet.text))
        for line in reader.lines:
            match line.kind:
                case Kind.RECIPE:
                    yield from reader.recipe(line)
                case Kind.ASSIGNMENT:
                    yield from reader.assignment(line)
                case Kind.RULE:
                    yield from reader.rule(line)
                case Kind.INCLUDE:
                    yield from reader.include(line)
                case Kind.COMMENT:
                    yield from reader.comment(line)


MAKEFILE = Makefile()
"""The finder for Makefiles."""
