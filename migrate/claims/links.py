"""Links and submodules that were copied: the same entry at another place may lead to something else, or nowhere."""

from __future__ import annotations

import re
from itertools import accumulate

from migrate.errors import PathLeavesRepository
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Mode, Tree

MODULES = RepoPath(".gitmodules")
_DEPTH = 40
"""How many links in a row a system follows at most (Linux)."""


def leads_elsewhere(case: ProofCase, source: RepoPath, target: RepoPath) -> str:
    """Why a copied link or submodule is not the same from its new place; empty if it is, and for any other file."""
    mode = case.new.entries[target].mode
    if mode is Mode.SUBMODULE:
        return "" if _is_registered(case.new, target) else f"a submodule that .gitmodules does not name at {target}"
    if mode is not Mode.LINK:
        return ""
    before, after = reached(case.old, source), reached(case.new, target)
    return "" if before == after else "a link that leads to something else from its new place"


def _is_registered(tree: Tree, path: RepoPath) -> bool:
    text = tree.read(MODULES).decode("utf-8", "replace") if MODULES in tree else ""
    return bool(re.search(rf"^\s*path\s*=\s*\"?{re.escape(path)}\"?\s*$", text, re.MULTILINE))


def reached(tree: Tree, link: RepoPath) -> object:
    """What a link leads to: a file's entry, the entries of a folder, no entries if nothing is there, a place if it leads out."""
    try:
        path = _followed(tree, link)
    except PathLeavesRepository:
        text = tree.read(link).decode("utf-8", "surrogateescape")
        return text if text.startswith("/") else ["out of the repository", link.folder, text]
    if path in tree:
        return tree.entries[RepoPath(path)]
    return {found.relative_to(path): tree.entries[found] for found in tree.below(path)}


def _followed(tree: Tree, path: str) -> str:
    """The path with every link on the way followed; one that goes in a circle leads nowhere."""
    for _ in range(_DEPTH):
        heads = accumulate(path.split("/"), "{}/{}".format)
        link = next((head for head in heads if head in tree and tree.entries[RepoPath(head)].mode is Mode.LINK), None)
        if link is None:
            return path
        led = resolve(RepoPath(link).folder, tree.read(link).decode("utf-8", "surrogateescape"))
        path = "/".join(filter(None, (led, path.removeprefix(link).removeprefix("/"))))
    return path
