"""Causes of a failure that lie outside of the commit though the message names a file of it.

git keeps a pointer where LFS has the file, and nothing of a submodule; a filter gives a checkout other bytes than the commit; a
template may fail for a variable that is not set. Behind such a failure anything can differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.claims.surroundings import chart_files, named_files
from migrate.model.case import Attributes
from migrate.model.facts import CellId, Failure
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How each pointer file begins (the specification of git-lfs)."""

_SAYS_SO = re.compile(r"error calling (?:fail|required)\b")
"""The functions with which a template refuses to go on."""
_ASKS = re.compile(rb"\b(?:env|expandenv|requiredEnv|exec|envExec|fetchSecretValue|expandSecretRefs)\b")


def cause_outside(gathered: Gathered, cell: CellId, old: Failure, new: Failure) -> str:
    """Why the failure lies outside of the commit, in words that hold no value; empty if it does not."""
    sides = (gathered.old, old, gathered.case.old_attributes), (gathered.new, new, gathered.case.new_attributes)
    return next((why for side, failure, attributes in sides if (why := _of_side(side, cell, failure, attributes))), "")


def _of_side(side: SideFacts, cell: CellId, failure: Failure, attributes: Attributes) -> str:
    for folder in _submodules(side.tree):
        if failure.missing and (failure.missing + "/").startswith(folder + "/"):
            return f"{folder} is a submodule, and its files are in another repository"
    for path in sorted(set(_concerned(side, cell, failure))):
        why = _not_what_a_checkout_has(side.tree, path, attributes)
        if why:
            return why
    if _SAYS_SO.search(failure.message) and failure.path and _ASKS.search(_read(side.tree, failure.path)):
        return f"{failure.path} refuses, and reads variables or runs commands"
    return ""


def _submodules(tree: Tree) -> Iterator[RepoPath]:
    return (path for path, entry in tree.entries.items() if entry.mode is Mode.SUBMODULE)


def _concerned(side: SideFacts, cell: CellId, failure: Failure) -> Iterator[RepoPath]:
    """The file that the failure names, and those of the release."""
    if failure.path:
        yield RepoPath(failure.path)
    for definition in side.definitions(cell):
        yield from chart_files(side.tree, definition)
        yield from named_files(side.tree, definition)


def _not_what_a_checkout_has(tree: Tree, path: RepoPath, attributes: Attributes) -> str:
    if path not in tree:
        return ""
    if tree.entries[path].mode is Mode.SUBMODULE:
        return f"{path} is a submodule, and its files are in another repository"
    if _read(tree, path).startswith(LFS_POINTER):
        return f"{path} is a pointer of git LFS"
    if attributes.get(path, {}).get("filter", "unset") != "unset":
        return f"{path} has a filter, which gives a checkout other bytes"
    return ""


def _read(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path)
    except KeyError:
        return b""
