"""Finding the repository around a folder."""

from __future__ import annotations

import warnings
from pathlib import Path

from git import Repo
from git.exc import InvalidGitRepositoryError, NoSuchPathError

from migrate.errors import NotARepository
from migrate.system.git.environment import forget_foreign_repository
from migrate.system.git.plumbing import Answer, Plumbing, decode
from migrate.system.git.repository import GitRepository
from migrate.system.git.worktrees import Worktree

HINT = "name a folder inside a git repository with --repo"


def open_repository(path: Path) -> GitRepository:
    """The repository around a folder (a checkout, a linked worktree, a submodule, a bare repository).

    NotARepository if there is none, or if git distrusts it (safe.directory). The variables that bind git to another repository
    are taken out of this process's environment: the path alone decides.
    """
    forget_foreign_repository()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a `$` in the path is meant literally
            repo = Repo(path.absolute(), search_parent_directories=True, expand_vars=False)
    except NoSuchPathError:
        raise NotARepository(f"there is no folder {path}", hint=HINT) from None
    except InvalidGitRepositoryError:
        raise NotARepository(f"{path} is not inside a git repository", hint=HINT) from None
    with repo:
        folder = Path(repo.working_dir)
    return _opened(folder)


def _opened(folder: Path) -> GitRepository:
    plumbing = Plumbing(folder)
    answer = plumbing.run("rev-parse", "--path-format=absolute", "--git-common-dir", "--absolute-git-dir")
    if answer.code:
        raise _refusal(folder, answer)
    common, git_dir = (Path(decode(line)) for line in answer.out.split(b"\n")[:2])
    top = plumbing.run("rev-parse", "--show-toplevel")
    own = None if top.code else Worktree(Path(decode(top.out.removesuffix(b"\n"))), git_dir)
    return GitRepository(common, own)


def _refusal(folder: Path, answer: Answer) -> NotARepository:
    if "dubious ownership" in answer.err or "unsafe repository" in answer.err:
        return NotARepository(
            f"{folder} belongs to another user, so git refuses to work in it",
            hint=f"if you trust it: git config --global --add safe.directory {folder}",
        )
    return NotARepository(f"git can't open {folder}: {answer.err}", hint=HINT)
