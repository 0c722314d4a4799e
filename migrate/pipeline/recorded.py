"""What the record of a branch may say of itself, for a person can edit it: which commit and which state files are judged."""

from __future__ import annotations

from migrate.errors import BadInput, UnknownRevision
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from migrate.model.tree import Tree
from migrate.ports import Repository

HISTORY = 1_000_000
"""How many commits back the base is looked for."""
HINT = "name the commit that the branch was made from with --base; in a shallow clone, fetch the whole history first"


def recorded_base(repository: Repository, record: Record, branch: str, place: RepoPath) -> str:
    """The base that a record names: a commit that the branch was made from; a migration only if that was merged."""
    base = _own_base(repository, record, place)
    if base != record.base:
        raise BadInput(f"{place}: `base` is no commit id", path=place, hint=HINT)
    if place in repository.read_tree(base) and not _is_of_base_branch(repository, record, base):
        raise BadInput(f"{place}: its base {base[:12]} holds a migration already", path=place, hint=HINT)
    if base not in repository.ancestors(branch, first_parent=False, limit=HISTORY):
        raise BadInput(f"{place}: the branch was not made from its base {base[:12]}", path=place, hint=HINT)
    return base


def _is_of_base_branch(repository: Repository, record: Record, base: str) -> bool:
    """Whether a migration that the base holds was merged: the recorded branch has it, not only the branch that is judged."""
    try:
        tip = repository.resolve(record.base_branch) if record.base_branch else ""
    except UnknownRevision:
        return False
    return bool(tip) and base in repository.ancestors(tip, first_parent=False, limit=HISTORY)


def speaks_of(repository: Repository, record: Record, base: str, place: RepoPath) -> bool:
    """Whether what a record declares may be held against a base: its own, or a commit that came after it.

    A later base is the target of a merge that has gone on, or the merge itself: its legacy files against its own new tree. The
    record's copies, labels and order are then held against what those files are now. BadInput for a base that is not to be had.
    """
    own = _own_base(repository, record, place)
    return own == base or own in repository.ancestors(base, first_parent=False, limit=HISTORY)


def _own_base(repository: Repository, record: Record, place: RepoPath) -> str:
    try:
        return repository.resolve(record.base)
    except UnknownRevision:
        raise BadInput(f"{place}: its base {record.base[:12]} is not in this clone", path=place, hint=HINT) from None


def require_two_sides(old: tuple[str, str], new: tuple[str, str]) -> None:
    """BadInput if a state file would be judged against itself, which always holds. Each side is a commit and its state file."""
    if old == new:
        raise BadInput(f"{old[1]} of {old[0][:12]} would be judged against itself", path=old[1], hint="name another --base")


def require_states(record: Record, place: RepoPath, legacy: str, new: str) -> None:
    """BadInput if a record names other state files than those that are run: another one would be judged in their place."""
    for key, named, found, option in (
        ("legacyState", record.legacy_state, legacy, "--legacy-file"),
        ("newState", record.new_state, new, "--new-file"),
    ):
        if named != found:
            raise BadInput(f"{place}: `{key}` is {named}, but {found} is what is run", path=place, hint=f"name it with {option}")


def new_state(tree: Tree, expected: RepoPath, legacy: str) -> str:
    """The state file of the layout, or its `.gotmpl`. helmfile refuses a folder with both.

    `legacy` is what a record names instead because the phase of the new one is to come; a new one that is there is judged.
    """
    found = [path for path in (expected, f"{expected}.gotmpl") if path in tree]
    if not found and legacy in tree:
        return legacy
    if not found:
        message = f"{expected}: the branch has no such file"
        raise BadInput(message, hint="name the new state file with --new-file", path=expected)
    if len(found) > 1:
        raise BadInput(f"{found[1]} lies beside {found[0]}: helmfile refuses both", hint="remove one of them", path=found[1])
    return found[0]
