"""The selectors of helmfile command lines in a tree, found in the files in which an earlier look found some."""

from __future__ import annotations

from migrate.analyzers.selectors import SelectorUse, uses_of_selectors
from migrate.model.tree import Tree
from migrate.ports import Memory
from migrate.references.places import Places

LOOK = "selectors/1"


def selectors_in_use(tree: Tree, memory: Memory | None) -> tuple[SelectorUse, ...]:
    """As `uses_of_selectors`. Only places in the list of files are remembered."""
    places = Places(tree, ((LOOK,),), memory)
    known = places.recalled(LOOK)
    found = uses_of_selectors(tree, known)
    if known is None:
        places.keep(LOOK, {use.path for use in found})
    return found
