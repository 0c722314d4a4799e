"""The side chain of renames, judged by plain `git blame` and `git log --follow`."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.history import Copy, rename_chain
from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree
from migrate.ports import NewCommit
from migrate.system.git import GitRepository, open_repository
from tests.conftest import FileContent, MakeRepo, write_file

LEGACY: Mapping[str, FileContent] = {
    "apps/a/values.yaml": "same: text\nin: both\n",
    "apps/b/values.yaml": "same: text\nin: both\n",
    "apps/a/Chart.yaml": "name: a\n",
    "apps/a/empty": "",
    "apps/b/empty": "",
    "apps/link": Path("a/Chart.yaml"),
    "apps/한 글/새 파일.yaml": "k: v\n",
    "keep/values.yaml": "same: text\nin: both\n",
}


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each file comes with a commit of its own, so that no two have the same history. No test moves a branch in it."""
    folder = tmp_path_factory.mktemp("legacy")
    git(folder, "init", "-q")
    write_file(folder / "README.md", "# read me\n")
    for name, content in LEGACY.items():
        write_file(folder / name, content)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", f"Add {name}")
    write_file(folder / "apps/a/values.yaml", "same: text\nin: both\nmore: a\n")
    git(folder, "commit", "-qam", "More")
    write_file(folder / "apps/a/values.yaml", "same: text\nin: both\n")
    git(folder, "commit", "-qam", "Less")
    return folder


def chain(repository: GitRepository, copies: Sequence[Copy]) -> tuple[str, ...]:
    commits = rename_chain(
        repository.read_tree("HEAD"), copies, move_message=lambda n, of: f"Move {n}/{of}", merge_message="Join"
    )
    return repository.write_chain(commits)


def moved() -> list[Copy]:
    return [(RepoPath(name), RepoPath(f"new/{name}")) for name in LEGACY if name.startswith("apps/")]


def quiet(number: int, of: int) -> str:
    return f"{number} of {of}"


def follow(folder: Path, tip: str, target: str) -> list[str]:
    """What `git log --follow` says of each commit, newest first."""
    out = git(folder, "-c", "core.quotePath=false", "log", "--follow", "--format=", "--name-status", tip, "--", target)
    return [line for line in out.splitlines() if line]


def test_each_line_of_a_copy_has_the_origin_that_it_has_in_its_source(legacy: Path) -> None:
    repository = open_repository(legacy)
    ids = chain(repository, moved())
    origins = repository.line_origins_kept("HEAD", ids[-1], moved())
    assert (origins.kept, origins.total, origins.examples) == (7, 7, ())


def test_one_rename_commit_for_all_gives_equal_files_each_others_history(legacy: Path) -> None:
    """Why a chain is needed. If this fails, git has become cleverer, and the chain may become simpler."""
    repository = open_repository(legacy)
    base = repository.read_tree("HEAD")
    copies = [
        (RepoPath("apps/b/values.yaml"), RepoPath("new/1.yaml")),
        (RepoPath("apps/a/values.yaml"), RepoPath("new/2.yaml")),
    ]
    long = rename_chain(base, copies, move_message=quiet, merge_message="Join")
    at_once = base.changed(
        {target: (base.entries[source].mode, base.entries[source].oid) for source, target in copies},
        drop=frozenset(source for source, _ in copies),
    )
    short = [NewCommit(at_once, "Move", (base.commit,)), NewCommit(long[-1].tree, "Join", (base.commit, 0))]
    assert kept(repository, short, copies) < 4
    assert kept(repository, long, copies) == 4


def kept(repository: GitRepository, commits: Sequence[NewCommit], copies: Sequence[Copy]) -> int:
    return repository.line_origins_kept("HEAD", repository.write_chain(commits)[-1], copies).kept


def test_log_follow_goes_through_the_move_into_the_history_of_the_source(legacy: Path) -> None:
    tip = chain(open_repository(legacy), moved())[-1]
    for source, target in moved():
        assert follow(legacy, tip, target)[0] == f"R100\t{source}\t{target}"
    assert follow(legacy, tip, "new/apps/a/values.yaml")[1:] == ["M\tapps/a/values.yaml"] * 2 + ["A\tapps/a/values.yaml"]


def test_log_follow_works_where_the_base_was_committed_by_a_clock_that_is_ahead(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@4000000000 +0900")
    folder = make_repo({"a.yaml": "k: v\n"})
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    tip = chain(open_repository(folder), [(RepoPath("a.yaml"), RepoPath("new/b.yaml"))])[-1]
    assert follow(folder, tip, "new/b.yaml") == ["R100\ta.yaml\tnew/b.yaml", "A\ta.yaml"]


def test_the_origins_stay_when_the_sources_are_removed_later(legacy: Path) -> None:
    repository = open_repository(legacy)
    base = repository.read_tree("HEAD")
    commits = rename_chain(base, moved(), move_message=quiet, merge_message="Join")
    cleaned = commits[-1].tree.changed({}, drop=frozenset(source for source, _ in moved()))
    tip = repository.write_chain([*commits, NewCommit(cleaned, "Clean up", (len(commits) - 1,))])[-1]
    origins = repository.line_origins_kept("HEAD", tip, moved())
    assert (origins.kept, origins.total) == (7, 7)


def test_a_source_with_two_copies_gives_its_history_to_both(legacy: Path) -> None:
    repository = open_repository(legacy)
    names = ("new/1.yaml", "new/2.yaml", "new/values.yaml")
    copies = [(RepoPath("apps/a/values.yaml"), RepoPath(name)) for name in names]
    copies += [(RepoPath("apps/b/values.yaml"), RepoPath("new/b/values.yaml"))]
    ids = chain(repository, copies)
    origins = repository.line_origins_kept("HEAD", ids[-1], copies)
    assert (origins.kept, origins.total) == (8, 8)
    for source, target in copies:
        assert follow(legacy, ids[-1], target)[0] == f"R100\t{source}\t{target}"


def test_a_file_that_stays_takes_no_part_though_it_is_equal_and_has_the_name_of_the_target(legacy: Path) -> None:
    repository = open_repository(legacy)
    copies = [(RepoPath("apps/a/values.yaml"), RepoPath("keep/values/values.yaml"))]
    tip = chain(repository, copies)[-1]
    assert {origin.path for origin in repository.blame("keep/values/values.yaml", tip)} == {"apps/a/values.yaml"}
    assert {origin.path for origin in repository.blame("keep/values.yaml", tip)} == {"keep/values.yaml"}


def test_the_last_commit_adds_the_copies_to_the_base_and_takes_nothing_away(legacy: Path) -> None:
    repository = open_repository(legacy)
    base = repository.read_tree("HEAD")
    last = rename_chain(base, moved(), move_message=quiet, merge_message="Join")[-1]
    assert last.parents[0] == base.commit
    assert {path: entry for path, entry in last.tree.entries.items() if path in base} == base.entries
    assert {path for path in last.tree.entries if path not in base} == {target for _, target in moved()}
    assert last.tree.entries[RepoPath("new/apps/link")] == base.entries[RepoPath("apps/link")]


def test_messages_count_the_moves(legacy: Path) -> None:
    base = open_repository(legacy).read_tree("HEAD")
    chain_ = rename_chain(base, moved(), move_message=lambda n, of: f"Move {n}/{of}", merge_message="Join")
    assert [commit.message for commit in chain_] == ["Move 1/2", "Move 2/2", "Join"]


def test_nothing_to_copy_makes_no_commit(legacy: Path) -> None:
    assert rename_chain(open_repository(legacy).read_tree("HEAD"), [], move_message=quiet, merge_message="Join") == []


@pytest.mark.parametrize(
    ("copies", "message"),
    [
        ([("nowhere", "new/x")], "nowhere is not in the base"),
        ([("README.md", "keep/values.yaml")], "taken"),
        ([("README.md", "keep")], "taken"),
        ([("README.md", "keep/values.yaml/x")], "taken"),
        ([("README.md", "new/x"), ("apps/a/Chart.yaml", "new/x")], "target of two copies"),
        ([("README.md", "new/x"), ("apps/a/Chart.yaml", "new/x/y")], "taken"),
    ],
)
def test_a_target_must_be_free(legacy: Path, copies: list[tuple[str, str]], message: str) -> None:
    base = open_repository(legacy).read_tree("HEAD")
    with pytest.raises(ValueError, match=message):
        rename_chain(base, [(RepoPath(s), RepoPath(t)) for s, t in copies], move_message=quiet, merge_message="Join")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=12))
def test_no_commit_renames_two_equal_blobs_or_one_source_twice(files: list[tuple[int, int]]) -> None:
    """Each number of the list is a file: its content, and how many copies it gets."""
    paths = {RepoPath(f"old/{number}"): content for number, (content, _) in enumerate(files)}
    base = Tree("0" * 40, {path: Entry(Mode.FILE, str(content) * 40) for path, content in paths.items()}, bytes.fromhex)
    copies = [(RepoPath(f"old/{n}"), RepoPath(f"new/{n}-{c}")) for n, (_, count) in enumerate(files) for c in range(count)]
    *moves, merge = rename_chain(base, copies, move_message=lambda *_: "", merge_message="")
    done: list[RepoPath] = []
    for move in moves:
        (parent,) = move.parents
        before = base if isinstance(parent, str) else moves[parent].tree
        gone = [path for path in before if path not in move.tree]
        come = [path for path in move.tree if path not in before]
        assert Counter(before.entries[path].oid for path in gone) == Counter(move.tree.entries[path].oid for path in come)
        assert len({before.entries[path].oid for path in gone}) == len(gone)
        done += come
    assert sorted(done) == sorted(target for _, target in copies)
    assert len(merge.tree.entries) == len(files) + len(copies)
