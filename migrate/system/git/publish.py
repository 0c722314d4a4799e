"""One compare-and-swap of a branch; the checkout that has the branch follows, or nothing happens at all.

The order: claim the index as git would, look whether the checkout is clean, write the journal, move the files with an index of
our own, swap the branch, put that index in place, move files along that no commit holds, remove the journal. Killed at any of
these, `recovery` knows what to do.
Made for kills: what a power cut does to files that git has just written is up to the file system.
"""

from __future__ import annotations

from dataclasses import replace

from migrate.errors import BadInput, BranchState
from migrate.model.carried import Carried
from migrate.model.paths import RepoPath
from migrate.system.git.carried import carry, to_carry
from migrate.system.git.journal import Journal, JournalFolder
from migrate.system.git.plumbing import Plumbing, decode
from migrate.system.git.recovery import branch_tip, copy_index, digest_of, recover
from migrate.system.git.trees import changes_between
from migrate.system.git.worktrees import Worktree, require_clean, worktree_of


def require_branch_name(plumbing: Plumbing, branch: str) -> None:
    """BadInput unless git allows the name for a branch, and it is meant as one."""
    odd = branch.startswith(("-", "refs/")) or branch in ("HEAD", "@")
    if odd or plumbing.run("check-ref-format", f"refs/heads/{branch}").code:
        raise BadInput(f"{branch!r} can't be the name of a branch", hint="a name like feature/BE-384")


def require_room(plumbing: Plumbing, branch: str) -> None:
    """BranchState if another branch is in the way: git can't hold `feature` and `feature/x` at once."""
    above = [branch[:end] for end, character in enumerate(branch) if character == "/"]
    taken = [name for name in above if branch_tip(plumbing, name) is not None]
    below = plumbing.ask("for-each-ref", "--count=1", "--format=%(refname:lstrip=2)", f"refs/heads/{branch}/")
    if found := [*taken, *decode(below).split()]:
        raise BranchState(f"there is a branch {found[0]}, so there can be no branch {branch}", hint="choose another name")


def publish(plumbing: Plumbing, folder: JournalFolder, own: Worktree | None, move: Journal, message: str) -> Carried:
    """Move or remove `move.branch`, the lock being held; what was carried along. See `Repository.publish`."""
    if plumbing.run("symbolic-ref", "--quiet", move.ref).code == 0:
        raise BranchState(f"branch {move.branch} is a symbolic ref", hint="name the branch that it stands for")
    tip = branch_tip(plumbing, move.branch) or ""
    if tip != move.old:
        raise _moved(move, tip)
    if move.old == move.new:
        return Carried()
    worktree = worktree_of(plumbing, move.branch, own)
    if worktree and not move.old:
        raise BranchState(f"branch {move.branch} is checked out in {worktree.top}, without a commit", hint="choose another name")
    if worktree and not move.new:
        raise BranchState(f"branch {move.branch} is checked out in {worktree.top}, so it can't go", hint="leave it there first")
    try:
        if worktree is None:
            folder.write(replace(move, carried=()))
            _swap(plumbing, move, message)
            carried = Carried()
        else:
            carried = _publish_with(plumbing, folder, worktree, move, message)
    except BaseException:
        recover(plumbing, folder)
        raise
    folder.close()
    return carried


def _publish_with(plumbing: Plumbing, folder: JournalFolder, worktree: Worktree, move: Journal, message: str) -> Carried:
    there = plumbing.at(worktree.top)
    folder.claim_index(worktree.index_lock)
    require_clean(there, worktree, changes_between(there, move.old, move.new))
    digest = digest_of(worktree.index)
    copy_index(worktree.index, folder.index)
    carried = to_carry(there, move.new, [(RepoPath(old), RepoPath(new)) for old, new in move.carried])
    folder.write(Journal(move.branch, move.old, move.new, str(worktree.top), str(worktree.git_dir), digest, carried))
    there.run("update-index", "-q", "--refresh", index=folder.index)
    moved = there.run("read-tree", "-m", "-u", "--no-recurse-submodules", move.old, move.new, index=folder.index)
    if moved.code or there.run("diff-index", "--cached", "--quiet", move.new, index=folder.index).code:
        raise BranchState(f"the checkout in {worktree.top} can't follow branch {move.branch}: {moved.err}")
    _swap(there, move, message)
    folder.index.replace(worktree.index)
    done = carry(there, carried)
    folder.note(move, done.along)
    return done


def _swap(plumbing: Plumbing, move: Journal, message: str) -> None:
    """The user's own hooks for refs run, and may refuse."""
    subject = message.splitlines()[0] if message else "migrate"
    if move.new:
        change = ["--create-reflog", "-m", subject, move.ref, move.new, move.old or "0" * len(move.new)]
    else:
        change = ["-m", subject, "-d", move.ref, move.old]
    answer = plumbing.run("update-ref", *change, hooks=True)
    if answer.code:
        tip = branch_tip(plumbing, move.branch) or ""
        raise _moved(move, tip) if tip != move.old else BranchState(f"git can't move branch {move.branch}: {answer.err}")


def _moved(move: Journal, tip: str) -> BranchState:
    expected, found = (f"at {oid[:12]}" if oid else "missing" for oid in (move.old, tip))
    return BranchState(f"branch {move.branch} is {found}, not {expected}: somebody moved it", hint="run the command again")
