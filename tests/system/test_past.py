from __future__ import annotations

import subprocess
from pathlib import Path

from migrate.ports import PastCommit
from migrate.system.git import open_repository
from tests.conftest import write_file


def commit(repo: Path, author: str, **files: str) -> None:
    for name, text in files.items():
        write_file(repo / name.replace("__", "/"), text)
    subprocess.run(["git", "add", "-A"], cwd=repo, check=True)
    date = "2024-05-06T07:08:09Z"
    subprocess.run(
        ["git", "commit", "-q", "-m", "x", f"--author={author} <a@example.org>", f"--date={date}"], cwd=repo, check=True
    )


def test_commits_are_told_with_all_their_files_if_they_touch_a_place(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", "-b", "main", str(repo)], check=True)
    commit(repo, "Kim", **{"env__dev [1].yaml": "a", "README": "b"})
    commit(repo, "Lee", README="c")
    commit(repo, "다른 사람", **{"env__dev [1].yaml": "d"})
    found = list(open_repository(repo).past_commits("main", ["env"]))
    assert found == [
        PastCommit("다른 사람", "2024-05-06", ("env/dev [1].yaml",)),
        PastCommit("Kim", "2024-05-06", ("README", "env/dev [1].yaml")),
    ]
    assert list(open_repository(repo).past_commits("main", [])) == []
