"""Writing commits: nothing that a user sees changes, and the user's own name and key are on them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.errors import GitFailed, IdentityMissing, SigningFailed
from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree
from migrate.ports import NewCommit
from migrate.system.git import open_repository
from tests.system.git.conftest import Git, commit


def state(git: Git, folder: Path) -> tuple[str, dict[Path, tuple[bytes, int]]]:
    """Refs, and every file with its time: the checkout, the index, reflogs; not the objects, nor the lock that stays."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    files = [path for path in paths if ".git/objects" not in str(path) and path != folder / ".git/migrate/lock"]
    return git(folder, "for-each-ref"), {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_chain_has_the_trees_messages_and_parents_asked_for(folder: Path, git: Git) -> None:
    repository = open_repository(folder)
    base = repository.read_tree("HEAD")
    one = base.changed({RepoPath("새 폴더/run.sh"): (Mode.EXECUTABLE, b"#!/bin/sh\r\n")}, frozenset([RepoPath("README.md")]))
    two = one.changed(
        {RepoPath("link"): (Mode.LINK, b"apps"), RepoPath("새 폴더"): (Mode.FILE, b"")}, frozenset([RepoPath("새 폴더/run.sh")])
    )
    ids = repository.write_chain(
        [
            NewCommit(one, "feat: 하나", (base.commit,)),
            NewCommit(two, "two\n\nPlan: x\n", (0,)),
            NewCommit(two, "join", (base.commit, 1)),
        ]
    )
    assert [repository.read_tree(commit_).entries for commit_ in ids] == [one.entries, two.entries, two.entries]
    assert repository.read_tree(ids[0]).read("새 폴더/run.sh") == b"#!/bin/sh\r\n"
    assert [repository.message(commit_) for commit_ in ids] == ["feat: 하나", "two\n\nPlan: x", "join"]
    assert git(folder, "rev-list", "--parents", "-1", ids[2]) == f"{ids[2]} {base.commit} {ids[1]}"
    assert git(folder, "fsck", "--strict", "--no-dangling", *ids) == ""


def test_nothing_but_objects_is_written(folder: Path, git: Git) -> None:
    (folder / "apps/values.yaml").write_text("a: 2\n")
    before = state(git, folder)
    repository = open_repository(folder)
    commit(repository, {f"many/{number}": b"%d\n" % number for number in range(150)}, drop=("README.md",))
    assert state(git, folder) == before
    assert repository.write_chain([]) == ()


@pytest.mark.parametrize("path", [".git/x", "helmfile/.GIT/x", "helmfile/git~1"])
def test_a_path_that_git_passes_over_is_no_success(folder: Path, path: str) -> None:
    with pytest.raises(GitFailed, match="did not take 1 files"):
        commit(open_repository(folder), {path: b"x"})


def test_a_commit_carries_the_identity_of_the_repository(folder: Path, git: Git) -> None:
    git(folder, "config", "user.name", "김 민수")
    made = commit(open_repository(folder), {"x": b"x"})
    assert (
        git(folder, "log", "-1", "--format=%an <%ae> %cn <%ce>", made) == "김 민수 <test@example.org> 김 민수 <test@example.org>"
    )


@pytest.mark.parametrize(
    "settings", ["", "[user]\n\tname = Only\n", "[user]\n\temail = only@example.org\n", "[user]\n\tname = X\n\temail =\n"]
)
def test_an_identity_that_git_would_have_to_guess_is_refused(
    folder: Path, git: Git, git_identity: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    config = git_identity / "no-identity"
    config.write_text(settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    before = state(git, folder)
    with pytest.raises(IdentityMissing) as refused:
        commit(open_repository(folder), {"x": b"x"})
    assert "git config user.email" in refused.value.hint
    assert state(git, folder) == before


def test_commits_are_signed_where_the_user_asks_for_it(folder: Path, git: Git, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "signers").write_text(f"test@example.org {key.with_suffix('.pub').read_text()}")
    repository = open_repository(folder)
    assert "gpgsig" not in git(folder, "cat-file", "commit", commit(repository, {"x": b"x"}))
    for name, value in {
        "gpg.format": "ssh",
        "user.signingKey": str(key),
        "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
        "commit.gpgSign": "true",
    }.items():
        git(folder, "config", name, value)
    made = commit(repository, {"x": b"x"})
    assert git(folder, "log", "-1", "--format=%G?", made) == "G"
    assert repository.message(made) == "Change"
    key.unlink()
    with pytest.raises(SigningFailed) as refused:
        commit(repository, {"x": b"y"})
    assert refused.value.exit_code == 8


def test_a_blob_that_exists_nowhere_is_refused(folder: Path) -> None:
    repository = open_repository(folder)
    base = repository.read_tree("HEAD")
    broken = Tree(base.commit, {**base.entries, RepoPath("x"): Entry(Mode.FILE, "1" * 40)}, base.reader)
    with pytest.raises(GitFailed, match="exist nowhere"):
        repository.write_chain([NewCommit(broken, "x", (base.commit,))])
