"""What a plan is made of, one file each: value, effect on a Tree, its undoing, wording."""

from collections.abc import Iterable
from itertools import groupby

from migrate.model.tree import Tree
from migrate.operations.copy import Copy, copy_all
from migrate.operations.create import Create
from migrate.operations.rewrite import Rewrite

Operation = Copy | Create | Rewrite


def apply_all(tree: Tree, operations: Iterable[Operation]) -> Tree:
    """The tree with all operations made in order; what `apply` one by one would give, with runs of copies made at once."""
    for is_copy, run in groupby(operations, key=lambda operation: isinstance(operation, Copy)):
        if is_copy:
            tree = copy_all(tree, [operation for operation in run if isinstance(operation, Copy)])
        else:
            for operation in run:
                tree = operation.apply(tree)
    return tree


__all__ = ["Copy", "Create", "Operation", "Rewrite", "apply_all"]
