"""What a values template reads beside itself: its helpers, and the files that `readFile` and the like name.

Where helmfile renders the template, what comes of it is compared. Where it never does, or fails before, these files are all there
is to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from migrate.analyzers.templates import analyze_templates
from migrate.claims.links import reached
from migrate.claims.missing_files import place_of
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

_DEFINES = re.compile(rb"\{\{-?\s*(?:define|block)\s+[\"`]([^\"`]*)[\"`]")


class ComputedPath(ValueError):
    """A template computes the name of a file that it reads: only helmfile could say which one."""


def reads_alike(old: tuple[Tree, RepoPath], new: tuple[Tree, RepoPath]) -> bool:
    """Whether a template finds the same at both of its places. A helper may be new if it defines nothing that an old one does.

    May raise ComputedPath.
    """
    if not old[1].endswith(".gotmpl"):
        return True
    before, after = _helpers(*old), _helpers(*new)
    if any(name in after and after[name] != text for name, text in before.items()) or before.keys() - after.keys():
        return False
    taken = set(_DEFINES.findall(old[0].read(old[1]))).union(*map(_DEFINES.findall, before.values()))
    more = {define for name, text in after.items() if name not in before for define in _DEFINES.findall(text)}
    if not taken.isdisjoint(more):
        return False
    stays = old[1] == new[1]
    return _read(*old, stays=stays) == _read(*new, stays=stays)


def _helpers(tree: Tree, template: RepoPath) -> Mapping[str, bytes]:
    """The `_*.tpl` files that helmfile loads with a template (tmpl/context_tmpl.go of 0.166): those in its own folder."""
    folder = template.folder
    beside = (path for path in (tree.below(folder) if folder else tree) if path.folder == folder)
    return {path.name: tree.read(path) for path in beside if path.name.startswith("_") and path.name.endswith(".tpl")}


def _read(tree: Tree, template: RepoPath, *, stays: bool) -> list[tuple[str, str, object]]:
    """What the template, its helpers and the files that these read name in words, all from the template's folder.

    Of a template that stays where it is, a computed name leads to what it led to: files that stay have their own verdict.
    """
    folder = template.folder
    todo = [template, *(RepoPath("/".join(filter(None, (folder, name)))) for name in sorted(_helpers(tree, template)))]
    found: dict[tuple[str, str], object] = {}
    while todo:
        for read in analyze_templates(tree, [todo.pop()], exec_allowed=True).reads:
            if read.argument is None and not stays:
                raise ComputedPath(f"{template} reads a file whose name is computed")
            if not read.argument or (read.function, read.argument) in found:
                continue
            place = place_of(folder, read.argument)
            found[read.function, read.argument] = _content(tree, read.function, place)
            if read.function == "readFile" and place in tree:
                todo.append(RepoPath(place))
    return [(*key, found[key]) for key in sorted(found)]


def _content(tree: Tree, function: str, place: str) -> object:
    """What one of these functions says of a place; None of one that the commit does not hold."""
    if function == "readFile":
        return reached(tree, RepoPath(place)) if place in tree else None
    if function in ("isFile", "isDir"):
        return place in tree if function == "isFile" else tree.is_folder(place)
    return sorted(_names(tree, place))


def _names(tree: Tree, folder: str) -> Iterator[str]:
    yield from {path.relative_to(folder).partition("/")[0] for path in tree.below(folder)} if tree.is_folder(folder) else ()
