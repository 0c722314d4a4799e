"""Which templates can see the files of their chart's folder.

A template reads them by `.Files`; then every file in the folder may change what is rendered, a helmfile lying there included.
A partial of a subchart runs with the context of whoever includes it, so subcharts count too.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Iterator

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

MENTION = re.compile(rb"\bFiles\b")
MAX_UNPACKED = 50_000_000
"""bytes of an archive that are looked at"""


def templates_read_files(tree: Tree, chart_folder: str) -> tuple[tuple[RepoPath, int], ...]:
    """The places in the templates of a chart and of the charts vendored in it that mention `Files`, comments included.

    Line 0 stands for a whole file that can't be looked into, or for an archive with such a template: an archive that is not
    surely free of them is named. An empty result means that no template reads files by `.Files`.
    """
    places: list[tuple[RepoPath, int]] = []
    for path in tree.below(chart_folder):
        inner = path.relative_to(chart_folder)
        if is_archive(inner):
            places += [(path, 0)] if _archive_mentions(_content(tree, path)) else []
        elif is_template(inner):
            places += [(path, line) for line in _lines(_content(tree, path))]
    return tuple(places)


def is_template(inner: str) -> bool:
    """Whether a path inside a chart is rendered: it lies in `templates/` of the chart or of one in its `charts/`."""
    parts = inner.split("/")
    while len(parts) > 2 and parts[0] == "charts":  # noqa: PLR2004 -- charts/NAME/… is a chart of its own
        parts = parts[2:]
    return len(parts) > 1 and parts[0] == "templates"


def is_archive(inner: str) -> bool:
    """Whether a path inside a chart is a packed subchart."""
    parts = inner.split("/")
    return len(parts) > 1 and parts[-2] == "charts" and parts[-1].endswith((".tgz", ".tar.gz"))


def _content(tree: Tree, path: RepoPath) -> bytes | None:
    """The bytes; None for a link, and for a blob that is not in this clone."""
    if tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):
        return None
    try:
        return tree.read(path)
    except KeyError:
        return None


def _lines(content: bytes | None) -> Iterator[int]:
    if content is None:
        yield 0
        return
    for number, line in enumerate(content.split(b"\n"), 1):
        if MENTION.search(line):
            yield number


def _archive_mentions(content: bytes | None) -> bool:
    """Whether an archive holds a template that mentions `Files`; True too if that can't be told."""
    if content is None:
        return True
    left = MAX_UNPACKED
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r|gz") as archive:
            for member in archive:
                left -= member.size
                inner = member.name.removeprefix("./").partition("/")[2]
                if left < 0 or is_archive(inner) or (is_template(inner) and not member.isdir() and not member.isfile()):
                    return True
                file = archive.extractfile(member) if is_template(inner) and member.isfile() else None
                if file and MENTION.search(file.read()):
                    return True
    except (tarfile.TarError, OSError, EOFError):
        return True
    return False
