"""The id of a tree, computed, against git's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.model.tree_id import tree_id
from migrate.system.git import open_repository
from tests.fixtures.repository import Exec, Files, Link, write_files

TREES: list[Files] = [
    {},
    {"a": "1"},
    {"a/b": "1", "a.b": "2", "a-b": "3", "a0": "4", "a/b.c/d": "5", "B": "6"},
    {"run.sh": Exec("#!/bin/sh\n"), "link": Link("run.sh"), "한글/이름.txt": "글", "two\nlines": "x", "empty": ""},
    {"caf\udce9/\udcff": "no UTF-8"},
]


@pytest.mark.parametrize(("files", "kind"), [*((files, "sha1") for files in TREES), *((files, "sha256") for files in TREES[1:])])
def test_the_id_is_the_one_that_git_gives(tmp_path: Path, files: Files, kind: str) -> None:
    write_files(tmp_path, files)
    git(tmp_path, "init", "-q", f"--object-format={kind}")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Start")
    assert tree_id(open_repository(tmp_path).read_tree("HEAD")) == git(tmp_path, "rev-parse", "HEAD^{tree}")


def test_a_submodule_counts_by_its_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib/sub")
    git(tmp_path, "commit", "-q", "-m", "Start")
    assert tree_id(open_repository(tmp_path).read_tree("HEAD")) == git(tmp_path, "rev-parse", "HEAD^{tree}")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
