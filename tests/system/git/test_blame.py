"""Origins of lines, as plain `git blame` sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import GitFailed
from migrate.model.paths import RepoPath
from migrate.system.git import LineOrigin, open_repository
from tests.system.git.conftest import Git


def write(git: Git, folder: Path, name: str, text: str) -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", name)
    return git(folder, "rev-parse", "HEAD")


def test_each_line_names_the_commit_the_path_and_the_line_it_comes_from(folder: Path, git: Git) -> None:
    odd = 'a "한\tb".yaml'
    one = write(git, folder, odd, "one\ntwo\n")
    two = write(git, folder, odd, "new\none\ntwo")
    repository = open_repository(folder)
    assert repository.blame(odd, "HEAD") == [LineOrigin(two, odd, 1), LineOrigin(one, odd, 1), LineOrigin(two, odd, 3)]
    assert repository.blame_origins(odd, one) == [one, one]
    assert repository.blame_origins("apps/values.yaml", "HEAD") == [git(folder, "rev-list", "--max-parents=0", "HEAD")]
    with pytest.raises(GitFailed, match="nowhere"):
        repository.blame("nowhere", "HEAD")


def test_the_users_blame_settings_do_not_decide(folder: Path, git: Git) -> None:
    one = write(git, folder, "x", "one\n")
    two = write(git, folder, "x", "ONE\n")
    (folder / ".git/ignored").write_text(two + "\n")
    git(folder, "config", "blame.ignoreRevsFile", str(folder / ".git/ignored"))
    assert git(folder, "blame", "-s", "-l", "HEAD", "--", "x").lstrip("^?").startswith(one)
    assert open_repository(folder).blame_origins("x", "HEAD") == [two]


def test_lines_are_counted_as_kept_only_with_the_same_origin(folder: Path, git: Git) -> None:
    write(git, folder, "old/a", "one\ntwo\n")
    write(git, folder, "old/b", "one\ntwo\n")
    base = write(git, folder, "old/c", "c\n")
    git(folder, "mv", "old/a", "a")
    git(folder, "mv", "README.md", "longer")
    git(folder, "commit", "-qm", "moved")
    write(git, folder, "b", "one\ntwo\n")
    write(git, folder, "c", "c\nmore\n")
    write(git, folder, "longer", "# read me\nmore\n")
    copies = [(RepoPath(f"old/{name}"), RepoPath(name)) for name in "abc"] + [
        (RepoPath("README.md"), RepoPath("longer")),
        (RepoPath("apps/values.yaml"), RepoPath("nowhere")),
    ]
    origins = open_repository(folder).line_origins_kept(base, "HEAD", copies)
    assert (origins.kept, origins.total) == (2, 7)
    assert origins.examples == ("b: 2 of 2 lines", "c: 1 of 1 lines", "longer: 1 of 1 lines", "nowhere: 1 of 1 lines")
    assert not list((folder / ".git/objects/info").glob("commit-graph*"))


def test_copies_of_absent_blobs_are_named_and_not_counted(folder: Path, git: Git, tmp_path: Path) -> None:
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{folder}", "partial")
    copies = [(RepoPath("README.md"), RepoPath("README.md"))]
    origins = open_repository(tmp_path / "partial").line_origins_kept("HEAD", "HEAD", copies)
    assert (origins.kept, origins.total, origins.unread) == (0, 0, ("README.md",))
