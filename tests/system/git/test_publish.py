"""Publishing: a compare-and-swap of the branch, and a clean checkout follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.system.git import GitRepository, open_repository
from tests.conftest import MakeRepo
from tests.system.git.conftest import PUT, Git, commit


def test_a_new_branch_is_made_beside_the_checkout(folder: Path, git: Git, repository: GitRepository) -> None:
    (folder / "apps/values.yaml").write_text("mine\n")
    git(folder, "add", "-A")
    index = (folder / ".git/index").read_bytes()
    new = commit(repository, PUT)
    repository.publish("feature/BE-384", None, new, "migrate: apply")
    assert git(folder, "rev-parse", "feature/BE-384") == new
    assert git(folder, "reflog", "-1", "--format=%gs", "feature/BE-384") == "migrate: apply"
    assert git(folder, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert (folder / ".git/index").read_bytes() == index
    assert (folder / "apps/values.yaml").read_text() == "mine\n"
    assert [path.name for path in (folder / ".git/migrate").iterdir()] == ["lock"]


def test_a_clean_checkout_of_the_branch_follows(folder: Path, git: Git, repository: GitRepository) -> None:
    (folder / "notes.txt").write_text("untracked\n")
    (folder / "x.ignored").write_text("ignored\n")
    old, new = repository.resolve("HEAD"), commit(repository, PUT, drop=("README.md",))
    repository.publish("main", old, new, "migrate: apply")
    assert git(folder, "rev-parse", "HEAD") == new
    assert git(folder, "status", "--porcelain") == "?? notes.txt"
    assert git(folder, "write-tree") == git(folder, "rev-parse", f"{new}^{{tree}}")
    assert (folder / "helmfile/helmfile.yaml").read_bytes() == b"releases: []\n"
    assert not (folder / "README.md").exists()
    assert (folder / "x.ignored").read_text() == "ignored\n"
    assert git(folder, "reflog", "-1", "--format=%gs") == "migrate: apply"
    git(folder, "diff-files", "--quiet")


def test_the_linked_worktree_that_has_the_branch_follows(
    folder: Path, git: Git, tmp_path: Path, repository: GitRepository
) -> None:
    linked = tmp_path / "한 linked\nworktree"
    git(folder, "worktree", "add", "-q", "-b", "feature/x", str(linked))
    repository.publish("feature/x", repository.resolve("HEAD"), commit(repository, PUT), "x")
    assert (linked / "helmfile/helmfile.yaml").exists()
    assert not (folder / "helmfile").exists()
    assert [git(place, "status", "--porcelain") for place in (folder, linked)] == ["", ""]
    assert git(linked, "write-tree") == git(linked, "rev-parse", "HEAD^{tree}")


def test_the_main_worktree_follows_when_asked_from_a_linked_one(folder: Path, git: Git, tmp_path: Path) -> None:
    git(folder, "worktree", "add", "-q", "-b", "feature/x", str(tmp_path / "linked"))
    repository = open_repository(tmp_path / "linked")
    repository.publish("main", repository.resolve("main"), commit(repository, PUT), "x")
    assert (folder / "helmfile/helmfile.yaml").exists()
    assert git(folder, "status", "--porcelain") == ""


def test_a_submodules_checkout_follows_and_one_beside_the_changes_is_left_alone(
    folder: Path, git: Git, make_repo: MakeRepo
) -> None:
    outer = make_repo({"a": "a\n"})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(folder), "sub")
    git(outer, "commit", "-qm", "x")
    (outer / "sub/untracked").write_text("x")
    for place in (outer, outer / "sub"):
        repository = open_repository(place)
        repository.publish("main", repository.resolve("HEAD"), commit(repository, {"new": b"x\n"}), "x")
        assert (place / "new").exists()
        git(place, "diff-index", "--cached", "--quiet", "HEAD")
    assert git(outer, "diff", "--submodule=short", "--name-only") == "sub"


def test_line_ends_and_a_sparse_checkout_are_respected(folder: Path, git: Git) -> None:
    git(folder, "sparse-checkout", "set", "--no-cone", "/*", "!/hidden")
    repository = open_repository(folder)
    put = {".gitattributes": b"*.txt eol=crlf\n", "a.txt": b"one\ntwo\n", "hidden/x": b"x\n"}
    for content in (b"x\n", b"y\n"):
        repository.publish("main", repository.resolve("HEAD"), commit(repository, {**put, "hidden/x": content}), "x")
        assert (folder / "a.txt").read_bytes() == b"one\r\ntwo\r\n"
        assert not (folder / "hidden").exists()
        assert git(folder, "status", "--porcelain") == ""


def test_the_same_commit_again_is_nothing_to_do(folder: Path, git: Git, repository: GitRepository) -> None:
    before = git(folder, "reflog")
    repository.publish("main", repository.resolve("HEAD"), repository.resolve("HEAD"), "x")
    assert git(folder, "reflog") == before


def test_a_bare_repository_has_branches_too(folder: Path, git: Git, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(folder), "bare")
    repository = open_repository(tmp_path / "bare")
    new = commit(repository, PUT)
    repository.publish("main", repository.resolve("HEAD"), new, "x")
    assert git(tmp_path / "bare", "rev-parse", "main") == new


def test_a_file_system_without_hard_links_will_do(
    folder: Path, git: Git, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    repository.publish("main", repository.resolve("HEAD"), commit(repository, PUT), "x")
    assert git(folder, "status", "--porcelain") == ""
    assert not (folder / ".git/index.lock").exists()
