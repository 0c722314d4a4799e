"""A base that people merged into a migrated branch by themselves, before a re-run."""

from __future__ import annotations

from migrate.layout import Layout
from migrate.merge.virtual_base import virtual_base
from migrate.model.tree import Tree
from migrate.pipeline.past import Past
from migrate.pipeline.recorded import HISTORY
from migrate.ports import Repository


def with_hand_merges(repository: Repository, past: Past, base: str, alone: Tree, layout: Layout) -> Tree:
    """The migration alone, with the legacy changes that people merged into the branch since: the base of the next merge.

    `base` is the commit to be carried over. Where nobody merged any of its history, or only a line that left it before the
    migration, this is `alone`.
    """
    if (merged := _merged_by_hand(repository, past, base)) is None:
        return alone
    record = past.record
    made = {layout.record, *record.created, *(target for _, target in record.copies)}
    return virtual_base(repository.read_tree(record.base), alone, repository.read_tree(merged), made)


def _merged_by_hand(repository: Repository, past: Past, base: str) -> str | None:
    """The newest commit of the base that the branch holds, if the recorded base and all other such commits are behind it."""
    ours = frozenset(repository.ancestors(past.tip, first_parent=False, limit=HISTORY))
    known = frozenset(repository.ancestors(past.record.base, first_parent=False, limit=HISTORY))
    news = [each for each in repository.ancestors(base, first_parent=False, limit=HISTORY) if each in ours and each not in known]
    if not news:
        return None
    behind = frozenset(repository.ancestors(news[0], first_parent=False, limit=HISTORY))
    return news[0] if behind.issuperset((past.record.base, *news)) else None
