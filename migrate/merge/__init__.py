"""What happened meanwhile carried into a tree that people have changed: the three-way merge of trees, texts and YAML. Pure."""

from migrate.merge.conflict import Block, Conflict, Kind, Span
from migrate.merge.trees import Merge, merge_trees

__all__ = ["Block", "Conflict", "Kind", "Merge", "Span", "merge_trees"]
