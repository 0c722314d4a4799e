"""Whether a chart's templates may read files of the chart that are neither templates nor values: through `.Files`."""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path

_FILES = re.compile(rb"(?<![A-Za-z0-9_])Files(?![A-Za-z0-9_])")
_ACTION = re.compile(rb"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_COMMENT = re.compile(rb"/\*")
_OPENS = re.compile(rb"(?:with|range)\b")
_NESTS = re.compile(rb"(?:if|define|block)\b")
_CLOSES = re.compile(rb"end\b")
_READERS = rb"(?:to[A-Z]\w*|print\w*|s?quote|cat|keys|values|pick|omit|deepCopy|get|index|dig|pluck|range)"
"""Functions that print a value as a whole or read any key of it."""

_WHOLE_ROOT = re.compile(rb"\b" + _READERS + rb"\b[^|()]*[\s=]\$(?![\w.])|(?:^|\(\s*)\$\s*\|")
_KEPT = re.compile(rb"\{\{-?\s*\$(\w+)\s*:?=\s*[.$]\s*-?\}\}")
_WHOLE_DOT = re.compile(rb"\b" + _READERS + rb"\b[^|()]*[\s=]\.(?![\w.])|(?:^|\(\s*)\.\s*\|")


def names_files(content: bytes) -> bool:
    """Whether the word `Files` stands anywhere in it."""
    return bool(_FILES.search(content))


def reads_files(chart: Path, files: Iterable[Path]) -> bool:
    """Whether any of the chart's files may hold a template that reads others. What can't be read may."""
    return any(_may_read(path, path.relative_to(chart).as_posix()) for path in files)


def _may_read(path: Path, name: str) -> bool:
    if _is_packed(name):
        return name.startswith("charts/") and _packed_may_read(path)
    return _can_hold_templates(name) and path.exists() and _text_may_read(path.read_bytes())


def _is_packed(name: str) -> bool:
    return name.endswith((".tgz", ".tar.gz"))


def _can_hold_templates(name: str) -> bool:
    """Templates, and values that a template may give to `tpl`."""
    *folders, file = name.split("/")
    return "templates" in folders or file == "values.yaml"


def _text_may_read(content: bytes) -> bool:
    return names_files(content) or hands_on_its_context(content)


def hands_on_its_context(template: bytes) -> bool:
    """Whether an action gives the whole context to a function that can read every key of it, `Files` too.

    `.` is the context of the chart only outside of `with` and `range`; in a named template it may be, for `include` hands it on.
    A variable that keeps the context is as good as `$`.
    """
    template = _of_root(template)
    inside: list[bool] = []
    for match in _ACTION.finditer(template):
        action = match[1]
        if _COMMENT.match(action):
            continue
        if _WHOLE_ROOT.search(action) or (not any(inside) and _WHOLE_DOT.search(action)):
            return True
        if _CLOSES.match(action):
            del inside[-1:]
        elif _OPENS.match(action) or _NESTS.match(action):
            inside.append(bool(_OPENS.match(action)))
    return False


def _of_root(template: bytes) -> bytes:
    """The template with `$` in place of the variables that keep the context."""
    kept = b"|".join(sorted(set(_KEPT.findall(template))))
    return re.sub(rb"\$(?:" + kept + rb")\b", b"$", template) if kept else template


def _packed_may_read(archive: Path) -> bool:
    """True if any template inside may, or if the archive can't be read to its end."""
    try:
        with tarfile.open(archive, "r:gz") as packed:
            return any(_member_may_read(packed, member) for member in packed if member.isfile())
    except (OSError, EOFError, zlib.error, tarfile.TarError):
        return True


def _member_may_read(packed: tarfile.TarFile, member: tarfile.TarInfo) -> bool:
    if _is_packed(member.name):
        return True
    content = packed.extractfile(member) if _can_hold_templates(member.name) else None
    return content is not None and _text_may_read(content.read())
