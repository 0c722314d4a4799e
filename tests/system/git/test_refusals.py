"""What publishing refuses: anything that could lose work, with nothing done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.errors import BadInput, BranchState, UnknownRevision
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.ports import NewCommit
from migrate.system.git import GitRepository, open_repository
from tests.conftest import MakeRepo
from tests.system.git.conftest import PUT, Git, commit
from tests.system.git.test_writing import state


def stage(folder: Path, git: Git) -> None:
    (folder / "staged").write_text("x")
    git(folder, "add", "staged")


def modify(folder: Path, _: Git) -> None:
    (folder / "README.md").write_text("mine\n")


def delete(folder: Path, _: Git) -> None:
    (folder / "README.md").unlink()


def untracked_in_the_way(folder: Path, _: Git) -> None:
    (folder / "helmfile").mkdir()
    (folder / "helmfile/helmfile.yaml").write_text("mine\n")


def ignored_in_the_way(folder: Path, git: Git) -> None:
    untracked_in_the_way(folder, git)
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/exclude").write_text("helmfile\n")


def file_where_a_folder_goes(folder: Path, _: Git) -> None:
    (folder / "helmfile").write_text("mine\n")


def link_where_a_folder_goes(folder: Path, _: Git) -> None:
    (folder / "helmfile").symlink_to("apps")


def folder_where_a_file_goes(folder: Path, _: Git) -> None:
    (folder / "helmfile/helmfile.yaml").mkdir(parents=True)
    (folder / "helmfile/helmfile.yaml/mine").write_text("mine\n")


def overlooked(folder: Path, git: Git) -> None:
    git(folder, "update-index", "--assume-unchanged", "apps/values.yaml")
    (folder / "apps/values.yaml").write_text("mine\n")


def skipped(folder: Path, git: Git) -> None:
    git(folder, "update-index", "--skip-worktree", "apps/values.yaml")
    (folder / "apps/values.yaml").write_text("mine\n")


def busy(folder: Path, _: Git) -> None:
    (folder / ".git/index.lock").touch()


def merging(folder: Path, git: Git) -> None:
    git(
        folder,
        "merge",
        "--no-ff",
        "--no-commit",
        "-s",
        "ours",
        git(folder, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "x"),
    )


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (stage, "uncommitted changes: staged"),
        (modify, "uncommitted changes: README.md"),
        (delete, "uncommitted changes: README.md"),
        (untracked_in_the_way, "untracked ones: helmfile/helmfile.yaml"),
        (ignored_in_the_way, "untracked ones: helmfile/helmfile.yaml"),
        (file_where_a_folder_goes, "untracked ones: helmfile"),
        (link_where_a_folder_goes, "untracked ones: helmfile"),
        (folder_where_a_file_goes, "untracked ones: helmfile/helmfile.yaml/mine"),
        (overlooked, "overlook changes of apps/values.yaml"),
        (skipped, "overlook changes of apps/values.yaml"),
        (busy, "index.lock exists"),
        (merging, "a merge of branch main is in progress"),
    ],
)
def test_a_checkout_that_would_lose_something_is_refused_and_stays_as_it_is(
    folder: Path, git: Git, repository: GitRepository, spoil: Callable[[Path, Git], None], message: str
) -> None:
    old, new = repository.resolve("HEAD"), commit(repository, PUT)
    spoil(folder, git)
    before = state(git, folder)
    with pytest.raises(BranchState, match=message):
        repository.publish("main", old, new, "x")
    assert state(git, folder) == before


def test_a_folder_that_changes_into_a_file_is_refused_only_with_something_untracked_in_it(
    folder: Path, git: Git, repository: GitRepository
) -> None:
    old = repository.resolve("HEAD")
    new = commit(repository, {"apps": b"a file now\n"}, drop=("apps/values.yaml", "apps/새 파일.yaml"))
    (folder / "apps/mine.ignored").write_text("mine\n")
    with pytest.raises(BranchState, match=r"apps/mine\.ignored"):
        repository.publish("main", old, new, "x")
    assert (folder / "apps/values.yaml").exists()
    (folder / "apps/mine.ignored").unlink()
    repository.publish("main", old, new, "x")
    assert (folder / "apps").read_bytes() == b"a file now\n"
    assert git(folder, "status", "--porcelain") == ""


def test_a_submodule_that_changes_is_refused(folder: Path, git: Git, make_repo: MakeRepo) -> None:
    outer = make_repo({"a": "a\n"})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(folder), "sub")
    git(outer, "commit", "-qm", "x")
    repository = open_repository(outer)
    base = repository.read_tree("HEAD")
    (new,) = repository.write_chain([NewCommit(base.changed({RepoPath("sub"): (Mode.SUBMODULE, "1" * 40)}), "x", (base.commit,))])
    with pytest.raises(BranchState, match="sub is a submodule that changes"):
        repository.publish("main", base.commit, new, "x")


def test_a_rebase_of_the_branch_is_refused(folder: Path, git: Git, repository: GitRepository) -> None:
    git(folder, "checkout", "-q", "-b", "feature/x")
    for number in range(2):
        git(folder, "commit", "-q", "--allow-empty", "-m", str(number))
    git(folder, "-c", "sequence.editor=sed -i.bak 1s/pick/edit/", "rebase", "-q", "-i", "--keep-empty", "HEAD~2")
    old = repository.resolve("feature/x")
    with pytest.raises(BranchState, match=r"a rebase of branch feature/x is in progress"):
        repository.publish("feature/x", old, commit(repository, PUT), "x")
    repository.publish("other", None, commit(repository, PUT), "x")


def test_a_bisect_of_the_branch_is_refused(folder: Path, git: Git, repository: GitRepository) -> None:
    for number in range(3):
        git(folder, "commit", "-q", "--allow-empty", "-m", str(number))
    old = repository.resolve("main")
    git(folder, "bisect", "start", "HEAD", "HEAD~3")
    with pytest.raises(BranchState, match="a bisect of branch main is in progress"):
        repository.publish("main", old, commit(repository, PUT), "x")


def test_a_worktree_that_is_gone_and_a_branch_in_two_worktrees_are_refused(
    folder: Path, git: Git, tmp_path: Path, repository: GitRepository
) -> None:
    old, new = repository.resolve("HEAD"), commit(repository, PUT)
    git(folder, "worktree", "add", "-q", "-b", "feature/x", str(tmp_path / "one"))
    git(folder, "worktree", "add", "-q", "--force", str(tmp_path / "two"), "feature/x")
    with pytest.raises(BranchState, match="2 worktrees"):
        repository.publish("feature/x", old, new, "x")
    git(folder, "worktree", "remove", str(tmp_path / "two"))
    (tmp_path / "one").rename(tmp_path / "elsewhere")
    with pytest.raises(BranchState, match="which is not there"):
        repository.publish("feature/x", old, new, "x")


def test_a_branch_that_somebody_moved_made_or_removed_is_refused(folder: Path, git: Git, repository: GitRepository) -> None:
    old, new = repository.resolve("HEAD"), commit(repository, PUT)
    git(folder, "branch", "there")
    for branch, expected in (("there", None), ("there", new), ("missing", old)):
        with pytest.raises(BranchState, match="somebody moved it"):
            repository.publish(branch, expected, new, "x")
    assert git(folder, "for-each-ref", "--format=%(refname) %(objectname)") == f"refs/heads/main {old}\nrefs/heads/there {old}"


def test_a_name_that_can_be_no_branch_is_refused(repository: GitRepository) -> None:
    for name in ("", "-x", "a..b", "a b", "HEAD", "refs/heads/x", "x.lock", "@{-1}", "a\nb"):
        with pytest.raises(BadInput, match="name of a branch"):
            repository.publish(name, None, repository.resolve("HEAD"), "x")
    with pytest.raises(UnknownRevision):
        repository.publish("x", None, "0" * 40, "x")


def test_a_branch_below_another_and_a_symbolic_one_are_refused(folder: Path, git: Git, repository: GitRepository) -> None:
    old = repository.resolve("HEAD")
    with pytest.raises(BranchState, match="can't move branch main/x"):
        repository.publish("main/x", None, old, "x")
    git(folder, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
    with pytest.raises(BranchState, match="symbolic"):
        repository.publish("alias", old, commit(repository, PUT), "x")
    assert repository.recover() is None


def test_the_users_own_hook_may_refuse_and_everything_goes_back(folder: Path, git: Git, repository: GitRepository) -> None:
    hook = folder / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] && echo "not today" >&2 && exit 1\nexit 0\n')
    old, new = repository.resolve("HEAD"), commit(repository, PUT, drop=("README.md",))
    hook.chmod(0o755)
    with pytest.raises(BranchState, match="not today"):
        repository.publish("main", old, new, "x")
    assert git(folder, "status", "--porcelain") == ""
    assert (git(folder, "rev-parse", "HEAD"), (folder / "README.md").exists(), (folder / "helmfile").exists()) == (
        old,
        True,
        False,
    )
    assert [path.name for path in (folder / ".git/migrate").iterdir()] == ["lock"]


def test_a_checkout_of_a_partial_clone_that_lacks_files_is_honestly_dirty(folder: Path, git: Git, tmp_path: Path) -> None:
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{folder}", "partial")
    repository = open_repository(tmp_path / "partial")
    git(tmp_path / "partial", "read-tree", "HEAD")
    with pytest.raises(BranchState, match="uncommitted changes"):
        repository.publish("main", repository.resolve("HEAD"), commit(repository, {"new": b"x"}), "x")


@pytest.mark.parametrize("name", ["taken/x", "taken/x/y", "deep"])
def test_a_branch_for_which_there_is_no_room_is_refused_before_the_work(folder: Path, git: Git, name: str) -> None:
    git(folder, "branch", "taken")
    git(folder, "branch", "deep/er")
    with pytest.raises(BranchState, match="there can be no branch"):
        open_repository(folder).require_publishable(name)
    open_repository(folder).require_publishable("taken")
