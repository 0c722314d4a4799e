"""Recovering: a half-moved checkout goes back or forward; what the user did since is never touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from migrate.errors import BranchState, Interrupted
from migrate.system.git import GitRepository, open_repository
from migrate.system.git.journal import Journal, JournalFolder
from migrate.system.git.recovery import copy_index, digest_of
from tests.system.git.conftest import Git, commit
from tests.system.git.kill_sweep import Sample, make_sample

PUT = {
    "helmfile/helmfile.yaml": b"releases: []\n",
    "apps/values.yaml": b"a: 2\n",
    ".gitattributes": b"README.md eol=crlf\n",
    "new": b"x" * 9000,
}


class HalfDone:
    """A repository in which a publication of `main` was stopped after it had moved the files, and before the branch."""

    def __init__(self, folder: Path, git: Git) -> None:
        self.folder, self.git = folder, git
        self.repository: GitRepository = open_repository(folder)
        self.old = self.repository.resolve("HEAD")
        self.new = commit(self.repository, PUT, drop=("apps/새 파일.yaml",))
        self.journal = JournalFolder(folder / ".git")
        index = folder / ".git/index"
        with self.repository.locked():
            self.journal.claim_index(folder / ".git/index.lock")
            copy_index(index, self.journal.index)
            self.journal.write(Journal("main", self.old, self.new, str(folder), str(folder / ".git"), digest_of(index)))
        env = {**os.environ, "GIT_INDEX_FILE": str(self.journal.index)}
        subprocess.run(["git", "read-tree", "-m", "-u", self.old, self.new], cwd=folder, env=env, check=True)

    def assert_old(self) -> None:
        assert self.git(self.folder, "status", "--porcelain") == ""
        assert self.git(self.folder, "rev-parse", "HEAD") == self.old
        assert not (self.folder / "helmfile").exists()
        assert not (self.folder / ".git/index.lock").exists()
        assert [path.name for path in self.journal.path.iterdir()] == ["lock"]


@pytest.fixture
def half(folder: Path, git: Git) -> HalfDone:
    return HalfDone(folder, git)


def test_the_copy_of_an_index_is_as_old_as_the_index(tmp_path: Path) -> None:
    """Else git trusts the times of files that were changed in the second in which the index was written."""
    (tmp_path / "index").write_bytes(b"DIRC")
    os.utime(tmp_path / "index", ns=(10**18, 10**18))
    copy_index(tmp_path / "index", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mtime_ns == 10**18


def test_nothing_to_recover_touches_nothing(folder: Path) -> None:
    assert open_repository(folder).recover() is None
    assert not (folder / ".git/migrate").exists()


def test_moved_files_go_back_while_the_branch_is_old(half: HalfDone) -> None:
    said = open_repository(half.folder).recover()
    assert said is not None
    assert "taken back" in said
    half.assert_old()


def test_the_next_publication_recovers_by_itself(half: HalfDone) -> None:
    half.repository.publish("main", half.old, half.new, "x")
    assert half.git(half.folder, "status", "--porcelain") == ""
    assert half.git(half.folder, "rev-parse", "HEAD") == half.new


def test_moved_files_stay_once_the_branch_is_new_and_later_work_stays_too(half: HalfDone) -> None:
    half.git(half.folder, "update-ref", "refs/heads/main", half.new, half.old)
    (half.folder / "apps/values.yaml").write_text("mine\n")
    said = half.repository.recover()
    assert said is not None
    assert "finished" in said
    assert half.git(half.folder, "status", "--porcelain") == " M apps/values.yaml"


def test_torn_files_and_absent_ones_go_back(half: HalfDone) -> None:
    (half.folder / "new").write_bytes(b"x" * 100)
    (half.folder / "apps/values.yaml").write_bytes(b"")
    (half.folder / "helmfile/helmfile.yaml").unlink()
    half.repository.recover()
    half.assert_old()


@pytest.mark.parametrize("name", ["apps/values.yaml", "helmfile/helmfile.yaml", "apps/새 파일.yaml"])
def test_a_file_that_was_changed_since_is_refused_and_kept(half: HalfDone, name: str) -> None:
    (half.folder / name).write_text("mine\n")
    for _ in range(2):
        with pytest.raises(Interrupted, match=name) as refused:
            half.repository.recover()
        assert "move them away" in refused.value.hint
        assert (half.folder / name).read_text() == "mine\n"
        assert (half.folder / "new").exists()
    (half.folder / name).rename(half.folder / "mine")
    half.repository.recover()
    (half.folder / "mine").unlink()
    half.assert_old()


def test_a_file_in_a_folder_where_a_file_goes_back_is_refused_and_kept(half: HalfDone) -> None:
    mine = half.folder / "apps/새 파일.yaml/mine"
    mine.parent.mkdir()
    mine.write_text("mine\n")
    with pytest.raises(Interrupted, match="mine"):
        half.repository.recover()
    assert mine.read_text() == "mine\n"


def test_work_beside_the_moved_files_stays(half: HalfDone) -> None:
    (half.folder / "README.md").write_text("mine\n")
    (half.folder / "helmfile/notes").write_text("mine\n")
    half.repository.recover()
    assert half.git(half.folder, "status", "--porcelain").splitlines() == [" M README.md", "?? helmfile/"]
    assert (half.folder / "helmfile/notes").read_text() == "mine\n"


def test_an_index_that_was_changed_since_is_refused(half: HalfDone) -> None:
    (half.folder / ".git/index.lock").unlink()
    half.git(half.folder, "add", "-A")
    for tip in (half.old, half.new):
        half.git(half.folder, "update-ref", "refs/heads/main", tip)
        with pytest.raises(Interrupted, match=r"the index of .* has been changed"):
            half.repository.recover()
    assert (half.folder / "new").exists()


def test_a_branch_that_was_moved_since_is_refused(half: HalfDone) -> None:
    half.git(half.folder, "update-ref", "refs/heads/main", half.git(half.folder, "commit-tree", "HEAD^{tree}", "-m", "other"))
    with pytest.raises(Interrupted, match="has been moved since") as refused:
        half.repository.recover()
    assert str(half.journal.journal) in refused.value.hint


def test_a_checkout_that_is_gone_is_refused(half: HalfDone) -> None:
    document = json.loads(half.journal.journal.read_text())
    half.journal.journal.write_text(json.dumps({**document, "top": str(half.folder / "gone")}))
    with pytest.raises(Interrupted, match="is gone"):
        half.repository.recover()


def test_a_journal_that_can_not_be_read_is_refused(half: HalfDone) -> None:
    half.journal.journal.write_text("{}")
    with pytest.raises(Interrupted, match="can't be read"):
        half.repository.recover()


def test_a_lock_on_the_index_that_is_not_ours_stays(half: HalfDone) -> None:
    lock = half.folder / ".git/index.lock"
    lock.unlink()
    lock.write_bytes(b"DIRC")
    half.repository.recover()
    assert lock.read_bytes() == b"DIRC"


def test_locks_that_a_killed_git_left_on_the_branch_go_and_others_stay(half: HalfDone) -> None:
    ours, foreign = half.folder / ".git/refs/heads/main.lock", half.folder / ".git/HEAD.lock"
    ours.write_text(half.new + "\n")
    foreign.write_text("ref: refs/heads/other\n")
    half.repository.recover()
    assert (ours.exists(), foreign.exists()) == (False, True)


def test_recovery_waits_for_the_git_that_outlives_its_killed_parent(tmp_path: Path, git: Git) -> None:
    """The orphan moves the files on: with the lock it inherited, nobody comes in its way."""
    sample = make_sample(tmp_path / "repository", files=30)
    hold = tmp_path / "hold"
    filters = f"touch {tmp_path}/started; while [ -e {hold} ]; do sleep 0.05; done; cat"
    for name, value in (("clean", "cat"), ("smudge", filters)):
        git(sample.folder, "config", f"filter.slow.{name}", value)
    new = commit(open_repository(sample.folder), {"a/.gitattributes": b"*.slow filter=slow\n", "a/x.slow": b"x\n"})
    hold.touch()
    script = (
        "import sys; from pathlib import Path; from migrate.system.git import open_repository as o;"
        "o(Path(sys.argv[1])).publish(*sys.argv[2:])"
    )
    branch = git(sample.folder, "branch", "--show-current")
    child = subprocess.Popen([sys.executable, "-c", script, str(sample.folder), branch, sample.old, new, "x"])
    while not (tmp_path / "started").exists():
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    repository = open_repository(sample.folder)
    with pytest.raises(BranchState, match=f"process {child.pid} on .* is at work"), repository.locked(patience=0.2):
        pass
    hold.unlink()
    assert repository.recover() is not None
    assert git(sample.folder, "status", "--porcelain") == "?? untracked"
    assert git(sample.folder, "rev-parse", "HEAD") == sample.old


def test_the_lock_is_taken_by_one_at_a_time_and_by_its_holder_again(folder: Path) -> None:
    one, two = open_repository(folder), open_repository(folder / "apps")
    with one.locked():
        with one.locked():
            pass
        with pytest.raises(BranchState, match=f"process {os.getpid()} on"), two.locked(patience=0.1):
            pass
    with two.locked(patience=0.1):
        pass


def test_a_sample_is_what_it_says(tmp_path: Path) -> None:
    """The kill sweep is worth nothing if its repository does not exercise what it claims."""
    sample: Sample = make_sample(tmp_path / "repository", files=30)
    kinds = {line.split("\t")[0] for line in sample.git("diff-tree", "-r", "--name-status", sample.old, sample.new).splitlines()}
    assert kinds == {"A", "D", "M"}
