"""The commits that copy files so that their history comes along.

Legacy files stay until the cleanup, yet plain `git blame` of a copy must name the commits of its source. Git looks for renames
only among files that a commit deletes, and follows a merge to the parent that has the file. Hence a side chain of commits that
rename (the sources go, the targets come), joined with the base by a merge whose tree has both. Git pairs deleted and added
files by their blobs, so no two equal blobs are renamed in one commit. See docs/explanation/history.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.ports import NewCommit

Copy = tuple[RepoPath, RepoPath]
"""where a file is, and where its copy goes"""


def rename_chain(
    base: Tree, copies: Sequence[Copy], *, move_message: Callable[[int, int], str], merge_message: str
) -> list[NewCommit]:
    """Commits that add the copies to the base; the last one is the merge, its tree is the base with all targets.

    `move_message` is asked with the number of a rename commit (from 1) and how many there are. The base commit must be
    `base.commit`. No copies: no commits. A source that has several copies gets a chain for each, all joined by the one merge.
    ValueError if a source is missing, or if a target is taken or doubled.
    """
    if not copies:
        return []
    _check(base, copies)
    chains = [_steps(base, wave) for wave in _waves(copies)]
    total = sum(len(steps) for steps in chains)
    commits: list[NewCommit] = []
    ends: list[int] = []
    for steps in chains:
        tree = base
        parent: str | int = base.commit
        for step in steps:
            tree = tree.changed(_put(base, step), drop=frozenset(source for source, _ in step))
            commits.append(NewCommit(tree, move_message(len(commits) + 1, total), (parent,)))
            parent = len(commits) - 1
        ends.append(len(commits) - 1)
    commits.append(NewCommit(base.changed(_put(base, copies)), merge_message, (base.commit, *ends)))
    return commits


def _check(base: Tree, copies: Sequence[Copy]) -> None:
    targets = [target for _, target in copies]
    folders = {folder for path in (*base, *targets) for folder in _folders_above(path)}
    for source, target in copies:
        if source not in base:
            raise ValueError(f"{source} is not in the base")
        if target in base or target in folders or any(folder in base for folder in _folders_above(target)):
            raise ValueError(f"{target} is taken in the base")
    if doubled := [target for target, count in Counter(targets).items() if count > 1]:
        raise ValueError(f"{doubled[0]} is the target of two copies")


def _folders_above(path: RepoPath) -> Iterator[str]:
    """`a/b/c` -> `a`, `a/b`."""
    return accumulate(path.split("/")[:-1], lambda above, name: f"{above}/{name}")


def _waves(copies: Sequence[Copy]) -> list[list[Copy]]:
    """Each source at most once in a wave: a file can be renamed only once."""
    waves: list[list[Copy]] = []
    taken: Counter[RepoPath] = Counter()
    for source, target in sorted(copies, key=lambda copy: copy[1]):
        _put_at(waves, taken[source], (source, target))
        taken[source] += 1
    return waves


def _steps(base: Tree, wave: Sequence[Copy]) -> list[list[Copy]]:
    """Each blob at most once in a commit; as few commits as that allows."""
    steps: list[list[Copy]] = []
    seen: Counter[str] = Counter()
    for source, target in wave:
        oid = base.entries[source].oid
        _put_at(steps, seen[oid], (source, target))
        seen[oid] += 1
    return steps


def _put_at(lists: list[list[Copy]], number: int, copy: Copy) -> None:
    if number == len(lists):
        lists.append([])
    lists[number].append(copy)


def _put(base: Tree, copies: Sequence[Copy]) -> dict[RepoPath, tuple[Mode, str]]:
    return {target: (base.entries[source].mode, base.entries[source].oid) for source, target in copies}
