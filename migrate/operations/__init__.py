"""What a plan is made of, one file each: value, effect on a Tree, its undoing, wording."""

from collections.abc import Iterable
from itertools import groupby

from migrate.model.tree import Tree
from migrate.operations.copy import Copy, copy_all
from migrate.operations.create import Create
from migrate.operations.remove import Remove, remove_all
from migrate.operations.rewrite import Rewrite
from migrate.operations.vendor import Vendor

Operation = Copy | Create | Rewrite | Remove | Vendor


def apply_all(tree: Tree, operations: Iterable[Operation]) -> Tree:
    """The tree with all operations made in order; what `apply` one by one would give, with runs of one kind made at once."""
    for kind, run in groupby(operations, key=type):
        if kind is Copy:
            tree = copy_all(tree, [operation for operation in run if isinstance(operation, Copy)])
        elif kind is Remove:
            tree = remove_all(tree, [operation for operation in run if isinstance(operation, Remove)])
        else:
            for operation in run:
                tree = operation.apply(tree)
    return tree


__all__ = ["Copy", "Create", "Operation", "Remove", "Rewrite", "Vendor", "apply_all"]
