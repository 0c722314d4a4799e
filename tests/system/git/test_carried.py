"""Files that no commit holds go along with the branch's checkout, and only there."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

import pytest

from migrate.errors import GitFailed
from migrate.model.carried import Carried, Pair
from migrate.ports import NewCommit
from migrate.system.git import carried as carrying
from migrate.system.git import open_repository, publish
from migrate.system.git.plumbing import Plumbing
from migrate.system.git.repository import GitRepository
from tests.conftest import write_file

PAIRS = (("env/lent/values.yaml", "new/env/lent/values.yaml"),)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    write_file(folder / ".gitignore", "env/lent\nnew/env/lent\n")
    write_file(folder / "env/dev/values.yaml", "a: 1\n")
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    subprocess.run(["git", "commit", "-q", "-m", "Start"], cwd=folder, check=True)
    write_file(folder / "env/lent/values.yaml", "secret\n")
    write_file(folder / "env/lent/more/notes.txt", "more\n")
    return folder


def next_commit(repository: GitRepository) -> str:
    tree = repository.read_tree("HEAD")
    copies = {path: (entry.mode, entry.oid) for path, entry in tree.entries.items()}
    new = tree.changed({type(path)(f"new/{path}"): entry for path, entry in copies.items() if path != ".gitignore"})
    return repository.write_chain([NewCommit(new, "Next\n", (tree.commit,))])[-1]


def files(repo: Path) -> dict[str, str]:
    return {str(p.relative_to(repo)): p.read_text() for p in repo.rglob("*") if p.is_file() and ".git" not in p.parts}


def test_they_move_with_their_folder_in_the_branch_that_is_checked_out(repo: Path) -> None:
    repository = open_repository(repo)
    moved = repository.publish("main", repository.resolve("main"), next_commit(repository), "x", PAIRS)
    assert not moved.left
    assert dict(moved.along) == {
        "env/lent/values.yaml": "new/env/lent/values.yaml",
        "env/lent/more/notes.txt": "new/env/lent/more/notes.txt",
    }
    found = files(repo)
    assert (found["new/env/lent/values.yaml"], found["new/env/lent/more/notes.txt"]) == ("secret\n", "more\n")
    assert not (repo / "env/lent").exists()
    assert (repo / "env/dev/values.yaml").exists()


def test_they_stay_where_another_branch_is_checked_out(repo: Path) -> None:
    repository = open_repository(repo)
    before = files(repo)
    assert repository.publish("feature", None, next_commit(repository), "x", PAIRS) == Carried()
    assert files(repo) == before


def test_a_place_that_is_taken_is_left_alone(repo: Path) -> None:
    repository = open_repository(repo)
    write_file(repo / "new/env/lent/values.yaml", "mine\n")
    done = repository.publish("main", repository.resolve("main"), next_commit(repository), "x", PAIRS)
    assert done.left == PAIRS
    found = files(repo)
    assert (found["env/lent/values.yaml"], found["new/env/lent/values.yaml"]) == ("secret\n", "mine\n")


def test_nothing_is_overwritten_beyond_a_link(repo: Path, tmp_path: Path) -> None:
    write_file(tmp_path / "theirs/values.yaml", "theirs\n")
    (repo / "new/env").mkdir(parents=True)
    (repo / "new/env/lent").symlink_to(tmp_path / "theirs")
    repository = open_repository(repo)
    done = repository.publish("main", repository.resolve("main"), next_commit(repository), "x", PAIRS)
    assert (set(done.left) >= set(PAIRS), done.along) == (True, ())
    assert (tmp_path / "theirs/values.yaml").read_text() == "theirs\n"
    assert files(repo)["env/lent/values.yaml"] == "secret\n"


def test_a_file_where_a_folder_is_needed_keeps_it_from_moving_and_nothing_else(repo: Path) -> None:
    write_file(repo / "new/env/lent", "mine\n")
    repository = open_repository(repo)
    new = next_commit(repository)
    done = repository.publish("main", repository.resolve("main"), new, "x", PAIRS)
    assert set(done.left) >= set(PAIRS)
    assert repository.resolve("main") == new
    assert not (repo / ".git/index.lock").exists()
    assert open_repository(repo).recover() is None


def test_a_move_that_the_system_refuses_is_told_and_stops_nothing(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other_file_system(self: Path, target: Path) -> Path:
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(self), None, str(target))

    repository = open_repository(repo)
    new = next_commit(repository)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", other_file_system)
        done = repository.publish("main", repository.resolve("main"), new, "x", PAIRS)
    assert set(done.left) >= set(PAIRS)
    assert files(repo)["env/lent/values.yaml"] == "secret\n"
    assert open_repository(repo).recover() is None


def test_what_git_would_no_longer_ignore_stays(repo: Path) -> None:
    write_file(repo / ".gitignore", "env/lent/*\nnew/env/lent/values.yaml\n")
    subprocess.run(["git", "commit", "-q", "-am", "Ignore"], cwd=repo, check=True)
    write_file(repo / "env/lent/site.key", "private\n")
    repository = open_repository(repo)
    done = repository.publish("main", repository.resolve("main"), next_commit(repository), "x", PAIRS)
    assert done.along == PAIRS
    assert ("env/lent/site.key", "new/env/lent/site.key") in done.left
    assert files(repo)["env/lent/site.key"] == "private\n"


def test_links_go_along_unless_they_would_lead_elsewhere(repo: Path) -> None:
    (repo / "env/lent/current.yaml").symlink_to("values.yaml")
    (repo / "env/lent/top.md").symlink_to("../../README.md")
    repository = open_repository(repo)
    done = repository.publish("main", repository.resolve("main"), next_commit(repository), "x", PAIRS)
    assert done.left == (("env/lent/top.md", "new/env/lent/top.md"),)
    assert (repo / "new/env/lent/current.yaml").read_text() == "secret\n"


@pytest.mark.parametrize("done", [0, 1])
def test_a_run_that_is_stopped_among_them_is_finished_by_the_next(repo: Path, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    repository = open_repository(repo)
    new = next_commit(repository)

    def stopped(there: Plumbing, pairs: tuple[Pair, ...]) -> None:
        carrying.carry(there, pairs[:done])
        raise SystemExit(9)

    def gone(*_: object) -> None:
        raise GitFailed("killed")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "carry", stopped)
        patch.setattr(publish, "recover", gone)  # a killed process recovers nothing
        with pytest.raises(GitFailed):
            repository.publish("main", repository.resolve("main"), new, "x", PAIRS)
    again = open_repository(repo)
    assert "finished" in (again.recover() or "")
    found = files(repo)
    assert (found["new/env/lent/values.yaml"], found["new/env/lent/more/notes.txt"]) == ("secret\n", "more\n")
    assert again.went_along(repository.resolve("main~1"), new) == (
        *PAIRS,
        ("env/lent/more/notes.txt", "new/env/lent/more/notes.txt"),
    )
    assert subprocess.run(["git", "status", "--porcelain"], cwd=repo, capture_output=True, check=True).stdout == b""
