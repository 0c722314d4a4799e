"""git as a user types it, to make repositories and to look at them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.ports import NewCommit
from migrate.system.git import GitRepository, open_repository
from tests.conftest import MakeRepo

Git = Callable[..., str]


@pytest.fixture
def git() -> Git:
    """`git(folder, "status", …)` -> its output without the last line end; CalledProcessError if it fails."""

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    return run


FILES = {"README.md": "# read me\n", "apps/values.yaml": "a: 1\n", ".gitignore": "*.ignored\n", "apps/새 파일.yaml": "k: v\n"}


@pytest.fixture
def folder(make_repo: MakeRepo) -> Path:
    """A checkout on `main` with a few files."""
    return make_repo(FILES)


def commit(repository: GitRepository, put: Mapping[str, bytes], *, drop: tuple[str, ...] = (), base: str = "HEAD") -> str:
    """A commit on top of `base`, that no ref points at."""
    tree = repository.read_tree(base)
    changed = tree.changed({RepoPath(p): (Mode.FILE, c) for p, c in put.items()}, frozenset(RepoPath(p) for p in drop))
    return repository.write_chain([NewCommit(changed, "Change", (tree.commit,))])[0]


PUT = {"helmfile/helmfile.yaml": b"releases: []\n", "apps/values.yaml": b"a: 2\n", "apps/새 폴더/x": b"x\n"}
"""Changes two folders and adds one."""


@pytest.fixture
def repository(folder: Path) -> GitRepository:
    return open_repository(folder)
