"""What an earlier run left on a branch: its record, the commit that is the migration alone, and the legacy tree below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.errors import BadInput, UnknownRevision
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from migrate.model.tree import Mode, Tree
from migrate.model.tree_id import tree_id
from migrate.pipeline.recorded import HISTORY
from migrate.ports import Repository

_PLAN = re.compile(r"^Migrate-Plan: ([0-9a-f]{64})$", re.MULTILINE)
_TREE = re.compile(r"^Migrate-Alone: ([0-9a-f]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier migration: where the branch is, with its files and its record.

    `pure` is the commit whose tree is the migration alone, without people's edits; None if no commit of the history is it any
    more: a squash or a rebase took it. `authored` says that the commits which moved the files are there too.
    """

    tip: str
    tree: Tree
    record: Record
    pure: str | None
    authored: bool


def past_of(repository: Repository, commit: str, place: RepoPath) -> Past | None:
    """What a commit tells of an earlier migration; None if it has no record at `place`, BadInput if somebody rewrote that."""
    tree = repository.read_tree(commit)
    if place not in tree:
        return None
    record = Record.from_json(tree.text(place), place)
    pure = _pure(repository, tree.commit, record)
    _require_as_written(repository, pure, record, place)
    return Past(tree.commit, tree, record, pure, pure is not None and _is_authored(repository, pure, record))


def _require_as_written(repository: Repository, pure: str | None, record: Record, place: RepoPath) -> None:
    """A later run does what the record says was asked for, the cleanup too: nobody may write that into it by hand."""
    if pure is not None and Record.from_json(repository.read_tree(pure).text(place), place) != record:
        message = f"{place}: the record of the migration is not as commit {pure[:12]} wrote it"
        raise BadInput(message, path=place, hint=f"git checkout {pure[:12]} -- {place}, and commit that")


def _is_authored(repository: Repository, pure: str, record: Record) -> bool:
    """Whether commits lie beside the first parents' line, as those do that move files: a rebase or a squash leaves one line."""
    try:
        base = repository.resolve(record.base)
    except UnknownRevision:
        return True
    line = repository.ancestors(pure, first_parent=True, limit=HISTORY)
    beside = set(repository.ancestors(pure, first_parent=False, limit=HISTORY)).difference(line)
    return not record.copies or bool(beside.difference(repository.ancestors(base, first_parent=False, limit=HISTORY)))


def _pure(repository: Repository, commit: str, record: Record) -> str | None:
    """The newest commit whose message names the record's plan and its own tree."""
    try:
        below = frozenset(repository.ancestors(record.base, first_parent=False, limit=HISTORY))
    except UnknownRevision:
        below = frozenset()
    for each in repository.ancestors(commit, first_parent=False, limit=HISTORY):
        if each in below and each != record.base:
            continue
        message = repository.message(each)
        trees, plans = _TREE.findall(message), _PLAN.findall(message)
        if len(trees) == 1 and plans == [record.plan_digest] and tree_id(repository.read_tree(each)) == trees[-1]:
            return each
    return None


def legacy_side(repository: Repository, tree: Tree, place: RepoPath) -> Tree:
    """The tree as it would be without the migration that its record tells of: the tree itself if it has none.

    What a cleanup removed is taken from the recorded base; what people did to the other files since stays as it is.
    """
    if place not in tree:
        return tree
    record = Record.from_json(tree.text(place), place)
    base = recorded_legacy(repository, record, place)
    made = {place, *record.created, *(target for _, target in record.copies)}.difference(base)
    gone = {path: base.entries[path] for path in record.removed if path in base and path not in tree}
    put: dict[RepoPath, tuple[Mode, bytes | str]] = {path: (entry.mode, entry.oid) for path, entry in gone.items()}
    return tree.changed(put, drop=frozenset(made))


def recorded_legacy(repository: Repository, record: Record, place: RepoPath) -> Tree:
    """The legacy tree that a migration was made of; BadInput if its base is not in this clone."""
    try:
        base = repository.read_tree(record.base)
    except UnknownRevision:
        raise BadInput(f"{place}: its base {record.base[:12]} is not in this clone", path=place, hint=FETCH) from None
    return legacy_side(repository, base, place)


def base_branch_tip(repository: Repository, past: Past) -> str:
    """Where the branch is now that the migration was made from, its base if that was none; UnknownRevision if it is gone.

    A base from before would hide what changed since.
    """
    name = past.record.base_branch
    if not name:
        return past.record.base
    try:
        return repository.resolve(name)
    except UnknownRevision:
        message = f"{name}, the branch that the migration was made from, is not in this clone"
        raise UnknownRevision(message, hint=f"name it with --base, say --base origin/{name}") from None


FETCH = "in a shallow clone, fetch the whole history first"
