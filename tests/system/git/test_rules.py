"""Ignore rules and attributes: the tree's own files decide, nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.system.git import open_repository
from tests.conftest import MakeRepo

IGNORES = {".gitignore": "*.log\n/env/*.yaml\n!/env/keep.yaml\n", "deep/.gitignore": "local\n", "tracked.log": "x"}


def test_the_trees_ignore_files_decide_for_tracked_files_too(make_repo: MakeRepo) -> None:
    repository = open_repository(make_repo(IGNORES))
    asked = [
        "a.log",
        "env/a.yaml",
        "env/keep.yaml",
        "deep/local",
        "local",
        "tracked.log",
        "deep/한 글.log",
        ":!odd.log",
        "-x",
        "[a]",
    ]
    expected = {"a.log", "env/a.yaml", "deep/local", "deep/한 글.log", ":!odd.log", "tracked.log"}
    assert repository.ignored(asked, repository.read_tree("HEAD")) == expected
    assert repository.ignored(["x"], repository.read_tree("HEAD")) == frozenset()
    assert repository.ignored([], repository.read_tree("HEAD")) == frozenset()


def test_a_file_in_an_ignored_folder_is_ignored_whatever_is_said_below(make_repo: MakeRepo) -> None:
    repository = open_repository(make_repo({".gitignore": "out/\n!out/keep\n", "out.d/x": "x"}))
    assert repository.ignored(["out/keep", "out.d/x"], repository.read_tree("HEAD")) == {"out/keep"}


def test_neither_checkout_nor_info_nor_the_user_decide(
    make_repo: MakeRepo, git_identity: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_repo({"a": "a"})
    settings = git_identity / "other"
    settings.write_text(f"[core]\n\texcludesFile = {settings}.ignore\n\tattributesFile = {settings}.attributes\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    (folder / ".git/info").mkdir(exist_ok=True)
    for place in (f"{settings}.ignore", folder / ".gitignore", folder / ".git/info/exclude"):
        Path(place).write_text("*\n")
    for place in (f"{settings}.attributes", folder / ".gitattributes", folder / ".git/info/attributes"):
        Path(place).write_text("* eol=crlf\n")
    repository = open_repository(folder)
    tree = repository.read_tree("HEAD")
    assert repository.ignored(["a", "b"], tree) == frozenset()
    assert repository.attributes(["a"], tree) == {"a": {}}


def test_attributes_are_effective_ones_by_the_files_of_a_tree_that_is_not_written_yet(make_repo: MakeRepo) -> None:
    repository = open_repository(make_repo({".gitattributes": "*.sh text eol=lf\n*.tgz filter=lfs -text\n*.bin binary\n"}))
    tree = repository.read_tree("HEAD").changed({RepoPath("new/.gitattributes"): (Mode.FILE, b"*.sh -text !eol\n")})
    assert repository.attributes(["a/b.sh", "c.tgz", "새 파일", "new/b.sh", "d.bin"], tree) == {
        "a/b.sh": {"text": "set", "eol": "lf"},
        "c.tgz": {"filter": "lfs", "text": "unset"},
        "새 파일": {},
        "new/b.sh": {"text": "unset"},
        "d.bin": {"binary": "set", "diff": "unset", "merge": "unset", "text": "unset"},
    }
    assert repository.attributes([], tree) == {}


def test_rule_files_that_are_links_are_not_followed(make_repo: MakeRepo) -> None:
    repository = open_repository(make_repo({"rules": "*\n", ".gitignore": Path("rules")}))
    assert repository.ignored(["a", "rules"], repository.read_tree("HEAD")) == frozenset()
