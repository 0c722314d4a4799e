"""Reading commits: whatever kind of repository, whatever the names of the files, and never over the network."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from migrate.errors import NotARepository, UnknownRevision
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.system.git import open_repository
from tests.conftest import MakeRepo
from tests.system.git.conftest import Git, commit


def test_a_tree_has_every_file_with_mode_and_bytes(make_repo: MakeRepo, git: Git) -> None:
    odd = 'with blank/한 글\nand\ttab "quoted".yaml'
    folder = make_repo({odd: "k: v\r\n", "run.sh": b"\xff\x00", "link": Path("run.sh")})
    (folder / "run.sh").chmod(0o755)
    git(folder, "commit", "-qam", "x")
    tree = open_repository(folder).read_tree("HEAD")
    assert {path: entry.mode for path, entry in tree.entries.items()} == {
        odd: Mode.FILE,
        "run.sh": Mode.EXECUTABLE,
        "link": Mode.LINK,
    }
    assert [tree.read(path) for path in (odd, "run.sh", "link")] == [b"k: v\r\n", b"\xff\x00", b"run.sh"]
    assert tree.commit == git(folder, "rev-parse", "HEAD")


def test_a_commit_that_was_read_is_not_read_again_and_a_branch_that_moved_is(folder: Path, git: Git) -> None:
    repository = open_repository(folder)
    first = repository.read_tree("HEAD")
    assert repository.read_tree("HEAD") is repository.read_tree(first.commit) is first
    (folder / "more.txt").write_text("more")
    git(folder, "add", "more.txt")
    git(folder, "commit", "-qm", "more")
    assert "more.txt" in repository.read_tree("HEAD")
    assert "more.txt" not in repository.read_tree(first.commit)


def test_a_path_that_is_no_utf8_is_read_and_written_back(folder: Path, git: Git) -> None:
    blob = git(folder, "rev-parse", "HEAD:README.md")
    lines = b"100644 " + blob.encode() + b"\tcaf\xe9.yaml\0"
    subprocess.run(["git", "update-index", "-z", "--index-info"], cwd=folder, input=lines, check=True)
    git(folder, "commit", "-qm", "latin-1")
    repository = open_repository(folder)
    made = commit(repository, {"more": b"x"})
    assert "caf\udce9.yaml" in git(folder, "ls-tree", "-r", "-z", "--name-only", made).split("\0")


def test_it_opens_from_a_folder_below_from_a_linked_worktree_and_from_a_bare_clone(
    folder: Path, git: Git, tmp_path: Path
) -> None:
    linked = tmp_path / "한 linked"
    git(folder, "worktree", "add", "-q", "-b", "other", str(linked))
    git(tmp_path, "clone", "-q", "--bare", str(folder), "bare")
    head = git(folder, "rev-parse", "HEAD")
    tops = []
    for place in (folder / "apps", linked, tmp_path / "bare", folder / ".git"):
        repository = open_repository(place)
        assert repository.read_tree("HEAD").read("README.md") == b"# read me\n"
        assert repository.resolve("HEAD") == head
        tops.append(repository.top)
    assert tops[:3] == [folder, linked, None]


def test_a_submodule_is_a_repository_and_an_entry_of_its_parent(folder: Path, git: Git, make_repo: MakeRepo) -> None:
    outer = make_repo({"a": "a\n"})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(folder), "sub")
    git(outer, "commit", "-qm", "x")
    assert open_repository(outer).read_tree("HEAD").entries[RepoPath("sub")].mode is Mode.SUBMODULE
    inner = open_repository(outer / "sub")
    assert inner.top == outer / "sub"
    assert inner.read_tree("HEAD").read("apps/values.yaml") == b"a: 1\n"


def test_a_sha256_repository_is_read_and_written(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    (tmp_path / "a").write_text("a\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")
    repository = open_repository(tmp_path)
    assert repository.read_tree("HEAD").read("a") == b"a\n"
    made = commit(repository, {"b": b"b\n"})
    assert git(tmp_path, "show", f"{made}:b") == "b"
    repository.publish("main", repository.resolve("HEAD"), made, "x")
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_shallow_clone_is_read_as_far_as_it_goes(folder: Path, git: Git, tmp_path: Path) -> None:
    git(folder, "commit", "-q", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{folder}", "shallow")
    repository = open_repository(tmp_path / "shallow")
    assert repository.ancestors("HEAD", first_parent=True, limit=9) == (repository.resolve("HEAD"),)
    made = commit(repository, {"b": b"b\n"})
    repository.publish("feature/x", None, made, "x")
    assert repository.branch_tip("feature/x") == made


@pytest.mark.parametrize("lazy", ["", "0"])
def test_an_absent_blob_is_a_key_error_and_nothing_is_fetched(folder: Path, git: Git, tmp_path: Path, lazy: str) -> None:
    """`GIT_NO_LAZY_FETCH=0` in the user's environment, or an old git that does not know it, changes nothing."""
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{folder}", "partial")
    repository = open_repository(tmp_path / "partial")
    repository._plumbing._git.update_environment(GIT_NO_LAZY_FETCH=lazy)  # stands in for an old git
    tree = repository.read_tree("HEAD")
    for _ in range(2):
        with pytest.raises(KeyError):
            tree.read("README.md")
    assert "README.md" in tree
    made = commit(repository, {"new": b"new\n"})
    assert git(tmp_path / "partial", "rev-parse", f"{made}:README.md") == git(folder, "rev-parse", "HEAD:README.md")


def test_what_git_sets_for_its_hooks_does_not_lead_elsewhere(
    folder: Path, make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repo({"other": "x\n"})
    for name, value in {"GIT_DIR": ".git", "GIT_WORK_TREE": ".", "GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": "x/"}.items():
        monkeypatch.setenv(name, str(other / value))
    repository = open_repository(folder)
    assert "README.md" in repository.read_tree("HEAD")
    assert "GIT_DIR" not in os.environ


def test_a_replaced_object_does_not_stand_in_for_the_real_one(folder: Path, git: Git) -> None:
    blob = subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=folder, input=b"fake\n", check=True, capture_output=True)
    git(folder, "replace", git(folder, "rev-parse", "HEAD:README.md"), blob.stdout.decode().strip())
    assert open_repository(folder).read_tree("HEAD").read("README.md") == b"# read me\n"


def test_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotARepository, match="not inside a git repository"):
        open_repository(tmp_path)
    with pytest.raises(NotARepository, match="there is no folder"):
        open_repository(tmp_path / "nowhere")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_somebody_else_names_safe_directory(folder: Path) -> None:
    for path in (folder, folder / ".git"):
        shutil.chown(path, 12345)
    with pytest.raises(NotARepository, match="belongs to another user") as refused:
        open_repository(folder)
    assert "safe.directory" in refused.value.hint


@pytest.mark.parametrize("revision", ["nowhere", "", "-x", "--all", "HEAD:README.md", "HEAD~9", "0" * 40])
def test_an_unknown_revision_is_refused(folder: Path, revision: str) -> None:
    with pytest.raises(UnknownRevision):
        open_repository(folder).resolve(revision)


def test_a_name_that_is_branch_and_tag_is_refused(folder: Path, git: Git) -> None:
    git(folder, "tag", "both")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    git(folder, "branch", "both")
    with pytest.raises(UnknownRevision, match="two things"):
        open_repository(folder).resolve("both")
    assert open_repository(folder).resolve("refs/heads/both") == git(folder, "rev-parse", "HEAD")


def test_a_repository_without_a_commit_has_no_head(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UnknownRevision):
        open_repository(tmp_path).read_tree("HEAD")


def test_messages_and_ancestors(folder: Path, git: Git) -> None:
    git(folder, "-c", "i18n.commitEncoding=EUC-KR", "commit", "-q", "--allow-empty", "-m", "x")
    body = "feat: 옮기기\n\nPlan-Digest: abc"
    repository = open_repository(folder)
    git(folder, "commit", "-q", "--allow-empty", "-m", body)
    assert repository.message("HEAD") == body
    assert repository.ancestors("HEAD", first_parent=True, limit=2) == tuple(git(folder, "rev-list", "-2", "HEAD").split())


def test_a_message_in_another_encoding_is_read(folder: Path) -> None:
    subprocess.run(
        ["git", "-c", "i18n.commitEncoding=EUC-KR", "commit", "-q", "--allow-empty", "-F", "-"],
        cwd=folder,
        input="옮기기".encode("euc-kr"),
        check=True,
    )
    assert open_repository(folder).message("HEAD") == "옮기기"
