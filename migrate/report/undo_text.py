"""What `undo` did, in words, with the commands for what it leaves to a person."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from migrate.model.undone import Undone


def undo_lines(undone: Undone) -> Iterator[str]:
    """One line each."""
    yield _what(undone)
    if undone.checkout is not None:
        yield f"Its checkout {undone.checkout} has followed."
    yield from (f"Moved back, for no commit holds it: {new} -> {old}" for new, old in undone.carried.along)
    for new, old in undone.carried.left:
        yield f"{new} is in no commit and was not moved back; where it lies: {_move(new, old)}"
    yield f"The commits stay in git's store until it is cleaned; to have them back: {_again(undone)}"
    for remote in undone.remotes:
        yield from _pushed(undone, remote)
    if undone.merged:
        yield f"Also in {', '.join(undone.merged)}: there, take back the merge with git revert -m 1 MERGE."


def _what(undone: Undone) -> str:
    if undone.tip is None:
        return f"{undone.branch} is gone: the last apply had made it, of {undone.start[:12]}."
    if undone.made:
        return f"{undone.branch} is at {undone.tip[:12]}, the commit that was migrated; it is checked out, else it would be gone."
    return f"{undone.branch} is at {undone.tip[:12]} again, as before the last apply."


def _move(old: str, new: str) -> str:
    folder = new.rpartition("/")[0]
    return f"mkdir -p {quote(folder or '.')} && mv -n {quote(old)} {quote(new)}"


def _again(undone: Undone) -> str:
    if undone.tip is None:
        return f"git branch {quote(undone.branch)} {undone.taken[:12]}"
    if undone.checkout is not None:
        return f"git -C {quote(undone.checkout)} merge --ff-only {undone.taken[:12]}"
    return f"git branch -f {quote(undone.branch)} {undone.taken[:12]}"


def _pushed(undone: Undone, remote: str) -> Iterator[str]:
    """What is pushed can be taken back with force, or without: by a commit that takes back all of the apply's."""
    branch = quote(undone.branch)
    change = f"{branch}" if undone.tip else f":{branch}"
    yield f"{remote} still has the commits. With a forced push:"
    yield f"  git push --force-with-lease={branch}:{undone.taken} {quote(remote)} {change}"
    yield f"Without one, have them back (as above), and in a checkout of {undone.branch}:"
    yield f"  git revert --no-commit -m 1 $(git rev-list --first-parent {undone.start[:12]}..{undone.taken[:12]})"
    yield f"  git commit -m 'Take back the migration' && git push {quote(remote)} {branch}"
