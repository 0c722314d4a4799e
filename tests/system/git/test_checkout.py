"""A part of a checkout as it lies on the disk."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from migrate.errors import BadInput
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.system.git import open_repository
from tests.conftest import MakeRepo


@pytest.fixture
def repo(make_repo: MakeRepo) -> Path:
    return make_repo(
        {
            ".gitignore": "*.tgz\n",
            ".gitattributes": "*.txt text eol=crlf\n",
            "charts/a.txt": "tracked\n",
            "charts/link": Path("a.txt"),
            "elsewhere/b.txt": "not asked for\n",
        }
    )


def test_it_has_the_bytes_of_the_disk_and_files_that_git_does_not_know(repo: Path) -> None:
    (repo / "charts/a.txt").write_bytes(b"tracked\r\n")
    (repo / "charts/run.sh").write_text("new\n")
    (repo / "charts/run.sh").chmod(0o755)
    (repo / "charts/deep").mkdir()
    (repo / "charts/deep/run-1.tgz").write_bytes(b"left behind")
    (repo / "charts/deep/away").symlink_to("/etc")
    tree, ignored = open_repository(repo).checkout(["charts", "one.lock"])
    assert {path: tree.entries[path].mode for path in tree} == {
        "charts/a.txt": Mode.FILE,
        "charts/deep/away": Mode.LINK,
        "charts/deep/run-1.tgz": Mode.FILE,
        "charts/link": Mode.LINK,
        "charts/run.sh": Mode.EXECUTABLE,
    }
    assert (tree.read("charts/a.txt"), tree.read("charts/link")) == (b"tracked\r\n", b"a.txt")
    assert ignored == {"charts/deep/run-1.tgz"}


def test_a_tracked_file_is_never_ignored(repo: Path) -> None:
    (repo / "charts/kept-1.tgz").write_bytes(b"x")
    subprocess.run(["git", "add", "-f", "charts/kept-1.tgz"], cwd=repo, check=True)
    assert open_repository(repo).checkout(["charts"]).ignored == frozenset()


def test_a_single_file_can_be_asked_for(repo: Path) -> None:
    assert list(open_repository(repo).checkout(["charts/a.txt"]).tree) == ["charts/a.txt"]


def test_where_the_disk_has_no_executable_bits_the_index_says(repo: Path) -> None:
    subprocess.run(["git", "update-index", "--chmod=+x", "charts/a.txt"], cwd=repo, check=True)
    path = RepoPath("charts/a.txt")
    assert open_repository(repo).checkout(["charts"]).tree.entries[path].mode is Mode.FILE
    subprocess.run(["git", "config", "core.fileMode", "false"], cwd=repo, check=True)
    assert open_repository(repo).checkout(["charts"]).tree.entries[path].mode is Mode.EXECUTABLE


def test_a_pipe_is_a_file_whose_content_is_missing(repo: Path) -> None:
    os.mkfifo(repo / "charts/pipe")
    tree = open_repository(repo).checkout(["charts"]).tree
    assert "charts/pipe" in tree
    with pytest.raises(KeyError):
        tree.read("charts/pipe")


def test_a_bare_repository_has_no_checkout(repo: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", "--bare", str(repo), str(tmp_path / "bare")], check=True)
    with pytest.raises(BadInput, match="no checkout"):
        open_repository(tmp_path / "bare").checkout(["charts"])
