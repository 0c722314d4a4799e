"""What a plan is made of, one file each: value, effect on a Tree, its undoing, wording."""

from migrate.operations.copy import Copy
from migrate.operations.create import Create
from migrate.operations.rewrite import Rewrite

Operation = Copy | Create | Rewrite

__all__ = ["Copy", "Create", "Operation", "Rewrite"]
