"""Files that no commit holds go along with the branch's checkout, and only there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.errors import GitFailed
from migrate.ports import NewCommit
from migrate.system.git import carried as carrying
from migrate.system.git import open_repository, publish
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
    assert dict(moved) == {
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
    assert repository.publish("feature", None, next_commit(repository), "x", PAIRS) == ()
    assert files(repo) == before


def test_a_place_that_is_taken_is_left_alone(repo: Path) -> None:
    repository = open_repository(repo)
    write_file(repo / "new/env/lent/values.yaml", "mine\n")
    repository.publish("main", repository.resolve("main"), next_commit(repository), "x", PAIRS)
    found = files(repo)
    assert (found["env/lent/values.yaml"], found["new/env/lent/values.yaml"]) == ("secret\n", "mine\n")


@pytest.mark.parametrize("done", [0, 1])
def test_a_run_that_is_stopped_among_them_is_finished_by_the_next(repo: Path, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    repository = open_repository(repo)
    new = next_commit(repository)

    def stopped(top: Path, pairs: tuple[tuple[str, str], ...]) -> None:
        carrying.carry(top, pairs[:done])
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
    assert subprocess.run(["git", "status", "--porcelain"], cwd=repo, capture_output=True, check=True).stdout == b""
