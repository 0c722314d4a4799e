"""Tracked files that .gitignore would hide at their new places: a later `git add` would pass over them without a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from migrate.charts.nesting import folder_beside, is_nested_archive
from migrate.flatten.git_files import IGNORE
from migrate.flatten.ground import EXTERNAL
from migrate.model.edits import Edit
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Create, Rewrite

Copies = Sequence[tuple[RepoPath, RepoPath]]
Writes = tuple[Rewrite | Create, ...]
Ignored = Callable[[Sequence[str], Tree], Collection[str]]
"""which of the paths a tree's .gitignore files ignore"""
_VERSION = re.compile(r"-(v?)[0-9].*$")


def shown_again(tree: Tree, new: Tree, copies: Copies, ignored: Ignored) -> tuple[Writes, tuple[Finding, ...]]:
    """A line of .gitignore for each packed chart that goes along and would be hidden; a finding for what is hidden all the same.

    `new` is the tree with the copies. An archive beside the unpacked chart stays hidden: it is what a run leaves behind.
    """
    hidden = ignored([target for _, target in copies], new)
    if not hidden:
        return (), ()
    archives = [(s, t) for s, t in copies if t in hidden and is_nested_archive(t) and not folder_beside(new, t)]
    lines = list(dict.fromkeys(_line(target) for _, target in archives))
    data = tree.read(IGNORE) if IGNORE in tree else b""
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    text = b"".join(line.encode("utf-8", "surrogateescape") + ending for line in lines)
    text = (b"" if not data or data.endswith(b"\n") else ending) + text
    still = ignored([target for _, target in copies], new.changed({IGNORE: (Mode.FILE, data + text)}))
    mended = [(s, t) for s, t in archives if t not in still]
    before = ignored([source for source, _ in copies], tree)
    left = [(s, t) for s, t in copies if t in still and (s not in before or (s, t) in archives)]
    return (_written(tree, data, text, mended) if mended else ()), (*map(_told, mended), *_left(left))


def _line(target: RepoPath) -> str:
    """The archive in any version, so that an upgrade is not hidden either."""
    found = _VERSION.search(target.name)
    folder, name = (_quoted(part) for part in (target.folder, target.name[: found.start()] if found else target.name))
    return f"!/{folder}/{name}-{found[1]}[0-9]*.tgz" if found else f"!/{folder}/{name}"


def _quoted(text: str) -> str:
    return re.sub(r"([\\*?\[])", r"\\\1", text)


def _written(tree: Tree, data: bytes, text: bytes, mended: Copies) -> Writes:
    reason = f"{len(mended)} packed charts go along, and git must not ignore them at their new places"
    if IGNORE not in tree:
        return (Create(IGNORE, text.decode(), Mode.FILE, reason, EXTERNAL),)
    return (Rewrite(IGNORE, (Edit(len(data), b"", text),), reason, EXTERNAL),)


def _told(pair: tuple[RepoPath, RepoPath]) -> Finding:
    source, target = pair
    message = f"git would ignore this packed chart at {target}; .gitignore gets the line `{_line(target)}`"
    return Finding("archive-shown-again", Severity.NOTE, source, 0, message)


def _left(left: Copies) -> tuple[Finding, ...]:
    if not left:
        return ()
    message = (
        f"git ignores {len(left)} tracked files at their new places, {left[0][1]} for one: a later `git add` passes over them"
    )
    return (Finding("hidden-at-new-place", Severity.WARNING, left[0][0], 0, message, "mend the .gitignore that names it"),)
