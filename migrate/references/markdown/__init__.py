"""Documents: links, code in a line, code blocks by their language, drawings of folders, and words that look like paths.

Everything is read by people, so each mention stands for itself, apart from the lines of one script. Changelogs and dated notes
are history: what they name is told, and left.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.formats.markdown import blocks
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references.finding import Found
from migrate.references.markdown.code import code_found
from migrate.references.markdown.dated import doubt_of
from migrate.references.markdown.lines import line_found
from migrate.references.prose import Reading, calls_in, mentions_in, own_names
from migrate.references.snippet import Snippet

KIND = "markdown"


def reading_of(tree: Tree, snippet: Snippet, kind: str) -> Reading:
    """How a document is read: from the top, or from its own folder."""
    folders = tuple(dict.fromkeys(("", snippet.file.folder)))
    own = own_names(snippet.text.decode("utf-8", "replace"), tree)
    return Reading(folders, kind, doubt_of(snippet.file), own)


class _Markdown:
    """Markdown documents."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the ending says it
        """Whether a file is Markdown, by its ending."""
        return path.lower().endswith((".md", ".markdown", ".mdown", ".mkd", ".mdx"))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """All of a document. UnreadableSource if it is no UTF-8."""
        reading = reading_of(tree, snippet, KIND)
        for block in blocks(snippet.text, snippet.file):
            inner = Snippet.joined(snippet.file, snippet.source, list(block.spans))
            yield from code_found(tree, inner, block.language, reading) if block.code else line_found(tree, inner, reading)


class _PlainDocument:
    """reStructuredText and AsciiDoc: only words that look like paths, and calls of helmfile with a flag."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the ending says it
        """Whether a file is such a document, by its ending."""
        return path.lower().endswith((".rst", ".adoc", ".asciidoc"))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """All of a document."""
        reading = reading_of(tree, snippet, "document")
        yield from mentions_in(snippet, reading)
        yield from calls_in(snippet, reading)


MARKDOWN = _Markdown()
"""The finder for Markdown."""
PLAIN_DOCUMENT = _PlainDocument()
"""The finder for documents in other markup."""
