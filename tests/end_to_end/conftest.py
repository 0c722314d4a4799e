"""Repositories on which `apply` was run already: once for all workers, with a copy for each test."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.kill_sweep import copy
from tests.end_to_end.later import FILES
from tests.end_to_end.small import migrate

BRANCH = "feature/BE-384"
Applied = Callable[..., Path]
"""Takes the files of the repository and the options of `apply`."""


@pytest.fixture(scope="session")
def applied_once(tmp_path_factory: pytest.TempPathFactory, make_repo: MakeRepo) -> Applied:
    """The repository that every test with these files and options has a copy of. It must stay as it is."""
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "applied"
    shared.mkdir(exist_ok=True)

    def once(files: Mapping[str, str], *options: str) -> Path:
        folder = shared / hashlib.sha256(json.dumps([sorted(files.items()), options]).encode()).hexdigest()
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                repo = make_repo(files)
                done = migrate(repo, "apply", "--branch", BRANCH, *options)
                assert done.returncode == 0, done.stderr + done.stdout
                repo.rename(folder)
        return folder

    return once


@pytest.fixture
def applied_copy(applied_once: Applied, tmp_path: Path) -> Applied:
    """A copy of such a repository for one test, with `main` checked out."""
    return lambda files, *options: copy(applied_once(files, *options), tmp_path / "repository")


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    """The small repository with scripts that name its pieces."""
    return make_repo(FILES)


@pytest.fixture
def migrated(applied_copy: Applied) -> Path:
    """The same with the branch that a first `apply` made."""
    return applied_copy(FILES)
