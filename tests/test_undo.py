"""`undo` on applies that are made by hand here, with real git: what goes back, and all that is refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migrate.cli import main
from migrate.errors import BranchState, MigrateError, UndoRefused, UnknownRevision
from migrate.model.carried import Carried
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.model.tree_id import tree_id
from migrate.model.way_back import WayBack
from migrate.pipeline import undo
from migrate.ports import NewCommit
from migrate.report.undo_text import undo_lines
from migrate.system.git import GitRepository, open_repository
from migrate.system.git.journal import Journal, JournalFolder
from tests.conftest import MakeRepo, write_file
from tests.test_docs import DOCS, fields_of

BRANCH = "feature/이전"
IGNORED = "env/lent/values.yaml"
NEW_PLACE = "new/env/lent/values.yaml"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.removesuffix("\n")


@pytest.fixture
def folder(make_repo: MakeRepo) -> Path:
    made = make_repo({"env/dev/values.yaml": "a: 1\n", ".gitignore": "/env/lent\n", "README.md": "# one\n", "old.yaml": "b: 1\n"})
    write_file(made / IGNORED, "kept: on this machine\n")
    return made


def apply(folder: Path, number: int = 1, branch: str = BRANCH) -> str:
    """What `apply` leaves on a branch: a commit aside, a merge, a last commit that says how it is taken back. The new tip."""
    repository = open_repository(folder)
    before = repository.branch_tip(branch)
    base = repository.read_tree(before or "main")
    trailers = f"Migrate-Base: {git(folder, 'rev-parse', 'main')}\nMigrate-Plan: {number}"
    moved = base.changed({RepoPath(f"new/env/{number}.yaml"): (Mode.FILE, b"a: 1\n")})
    ignore = base.text(RepoPath(".gitignore")) + (f"/{Path(NEW_PLACE).parent}\n" if number == 1 else "")
    content = {f"new/{number}.json": b"{}\n", ".gitignore": ignore.encode()}
    put = {RepoPath(path): (Mode.FILE, text) for path, text in content.items()}
    last = moved.changed(put, frozenset({RepoPath("old.yaml")} & set(moved)))
    ending = f"{trailers}\n{WayBack(branch, before).trailers(tree_id(last))}"
    chain = [
        NewCommit(moved.changed({}, frozenset({RepoPath("env/dev/values.yaml")})), f"Move\n\n{trailers}\n", (base.commit,)),
        NewCommit(moved, f"Join\n\n{trailers}\n", (base.commit, 0)),
        NewCommit(last, f"Record\n\n{{\n}}\n\n{ending}\n", (1,)),
    ]
    tip = repository.write_chain(chain)[-1]
    carried = [(IGNORED, NEW_PLACE)] if (folder / IGNORED).exists() else []
    repository.publish(branch, before, tip, "apply", carried)
    return tip


def checkout(folder: Path) -> tuple[object, ...]:
    """HEAD, its tree, the index, and every file outside git's folder with its content."""
    files = {str(path): path.read_text() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    return git(folder, "rev-parse", "HEAD", "HEAD^{tree}"), git(folder, "ls-files", "--stage"), files


def refs(folder: Path) -> str:
    return git(folder, "for-each-ref", "--format=%(refname) %(objectname)")


def test_a_branch_that_the_apply_made_goes(folder: Path) -> None:
    before = refs(folder)
    tip = apply(folder)
    undone = undo(open_repository(folder), BRANCH)
    assert (undone.taken, undone.tip, undone.made, refs(folder)) == (tip, None, True, before)
    assert undone.start == git(folder, "rev-parse", "main")
    with pytest.raises(UnknownRevision, match="there is no branch"):
        undo(open_repository(folder), BRANCH)


def test_a_branch_in_packed_refs_goes_too(folder: Path) -> None:
    before = refs(folder)
    apply(folder)
    git(folder, "pack-refs", "--all")
    undo(open_repository(folder), BRANCH)
    assert refs(folder) == before


def test_what_was_removed_is_had_back_by_the_command_that_is_said(folder: Path) -> None:
    tip = apply(folder)
    undone = undo(open_repository(folder), BRANCH)
    (said,) = [line.partition(": ")[2] for line in undo_lines(undone) if "to have them back" in line]
    subprocess.run(["bash", "-c", said], cwd=folder, check=True)
    assert git(folder, "rev-parse", BRANCH) == tip


def test_a_checked_out_branch_is_as_before_with_its_files_in_no_commit(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", BRANCH)
    git(folder, "commit", "-q", "--allow-empty", "-m", "Mine")
    before = checkout(folder)
    apply(folder)
    assert (folder / NEW_PLACE).read_text() == "kept: on this machine\n"
    undone = undo(open_repository(folder), BRANCH)
    assert checkout(folder) == before
    assert (folder / IGNORED).read_text() == "kept: on this machine\n"
    assert (undone.carried, git(folder, "status", "--porcelain")) == (Carried(along=((NEW_PLACE, IGNORED),)), "")


def test_a_file_that_went_along_and_whose_branch_is_checked_out_no_more_is_told(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", BRANCH)
    apply(folder)
    git(folder, "checkout", "-q", "main")
    undone = undo(open_repository(folder), BRANCH)
    assert undone.carried.left == ((NEW_PLACE, IGNORED),)
    (said,) = [line.partition("lies: ")[2] for line in undo_lines(undone) if "was not moved back" in line]
    subprocess.run(["bash", "-c", said], cwd=folder, check=True)
    assert (folder / IGNORED).read_text() == "kept: on this machine\n"


def test_a_branch_that_the_apply_made_and_that_is_checked_out_goes_back_to_what_was_migrated(folder: Path) -> None:
    tree = git(folder, "rev-parse", "main^{tree}")
    apply(folder)
    git(folder, "checkout", "-q", BRANCH)
    undone = undo(open_repository(folder), BRANCH)
    assert (undone.tip, git(folder, "write-tree"), git(folder, "status", "--porcelain")) == (undone.start, tree, "")
    assert git(folder, "rev-parse", "HEAD") == git(folder, "rev-parse", "main")
    assert "it is checked out, else it would be gone" in "\n".join(undo_lines(undone))
    with pytest.raises(UndoRefused, match=r"no commit of .* says that an apply"):
        undo(open_repository(folder), BRANCH)


def test_twice_takes_back_two(folder: Path) -> None:
    before = refs(folder)
    first = apply(folder)
    apply(folder, 2)
    assert undo(open_repository(folder), BRANCH).tip == first
    assert git(folder, "rev-parse", BRANCH) == first
    assert undo(open_repository(folder), BRANCH).tip is None
    assert refs(folder) == before


def test_only_what_went_along_with_the_last_apply_goes_back_with_it(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", BRANCH)
    apply(folder)
    apply(folder, 2)
    assert undo(open_repository(folder), BRANCH).carried == Carried()
    assert (folder / NEW_PLACE).exists()
    undo(open_repository(folder), BRANCH)
    assert (folder / IGNORED).exists()


def add(folder: Path, name: str = "work") -> None:
    write_file(folder / name, "mine\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"My {name}")


def amend(folder: Path) -> None:
    write_file(folder / "new/1.json", "other\n")
    git(folder, "commit", "-q", "-a", "--amend", "--no-edit")


def merge(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    add(folder)
    git(folder, "checkout", "-q", BRANCH)
    git(folder, "merge", "-q", "--no-edit", "main")


def rebase(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    add(folder)
    git(folder, "checkout", "-q", BRANCH)
    git(folder, "rebase", "-q", "--rebase-merges", "main")


def insert(folder: Path) -> None:
    """A person's commit before the last one, with the same files in the end."""
    last = git(folder, "rev-parse", "HEAD")
    git(folder, "reset", "-q", "--hard", "HEAD~1")
    git(folder, "commit", "-q", "--allow-empty", "-m", "My work")
    message = git(folder, "log", "-1", "--format=%B", last)
    git(folder, "reset", "-q", "--hard", git(folder, "commit-tree", f"{last}^{{tree}}", "-p", "HEAD", "-m", message))


def dirty(folder: Path) -> None:
    write_file(folder / "README.md", "# not committed\n")


def in_the_way(folder: Path) -> None:
    """A file that no commit holds at the place of one that would come back."""
    write_file(folder / "old.yaml", "mine\n")


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (add, UndoRefused, r"work came after the last apply of .* [0-9a-f]{12} My work"),
        (amend, UndoRefused, "was amended"),
        (merge, UndoRefused, "work came after .* Merge branch 'main'"),
        (rebase, UndoRefused, "was amended|does not come from|other commits lie among"),
        (insert, UndoRefused, "other commits lie among those of the apply: [0-9a-f]{12} My work$"),
        (dirty, BranchState, "uncommitted changes: README.md"),
        (in_the_way, BranchState, "would overwrite untracked ones: old.yaml"),
    ],
)
def test_what_would_take_other_work_along_is_refused_and_nothing_is_done(
    folder: Path, spoil: Callable[[Path], None], error: type[MigrateError], message: str
) -> None:
    apply(folder)
    git(folder, "checkout", "-q", BRANCH)
    spoil(folder)
    before = (refs(folder), git(folder, "status", "--porcelain"))
    with pytest.raises(error, match=message) as refused:
        undo(open_repository(folder), BRANCH)
    assert refused.value.hint
    assert (refs(folder), git(folder, "status", "--porcelain")) == before


def fast_forward(folder: Path) -> None:
    git(folder, "merge", "-q", "--ff-only", BRANCH)


def squash(folder: Path) -> None:
    """As a Git host does: one commit, whose message ends like that of the last one."""
    message = git(folder, "log", "-1", "--format=%B", BRANCH)
    git(folder, "merge", "-q", "--squash", BRANCH)
    git(folder, "commit", "-q", "-m", f"Migration (#1)\n\n* Move\n\n{message}")


@pytest.mark.parametrize("arrive", [fast_forward, squash])
def test_another_branch_that_came_to_hold_the_apply_is_refused(folder: Path, arrive: Callable[[Path], None]) -> None:
    apply(folder)
    arrive(folder)
    with pytest.raises(UndoRefused, match=f"which an apply made for branch {BRANCH}"):
        undo(open_repository(folder), "main")


def test_a_shallow_clone_that_lacks_the_commit_before_is_refused(folder: Path, tmp_path: Path) -> None:
    apply(folder)
    git(folder, "clone", "-q", "--depth", "1", "--branch", BRANCH, f"file://{folder}", str(tmp_path / "shallow"))
    with pytest.raises(UndoRefused, match="does not come from") as refused:
        undo(open_repository(tmp_path / "shallow"), BRANCH)
    assert "fetch the whole history" in refused.value.hint


def pushed(folder: Path, tmp_path: Path) -> Path:
    """A checkout of the branch in a clone, with an apply that the remote has too."""
    clone = tmp_path / "clone"
    git(folder, "clone", "-q", "--bare", str(folder), str(tmp_path / "hub.git"))
    git(folder, "clone", "-q", str(tmp_path / "hub.git"), str(clone))
    git(clone, "checkout", "-q", "-b", BRANCH)
    git(clone, "commit", "-q", "--allow-empty", "-m", "Mine")
    apply(clone)
    git(clone, "push", "-q", "origin", BRANCH)
    return clone


def commands(repository: GitRepository) -> list[str]:
    """The indented lines of what is said."""
    return [line.strip() for line in undo_lines(undo(repository, BRANCH)) if line.startswith("  ")]


def test_a_pushed_branch_is_taken_back_there_by_the_forced_push_that_is_said(folder: Path, tmp_path: Path) -> None:
    clone = pushed(folder, tmp_path)
    force, *_ = commands(open_repository(clone))
    subprocess.run(["bash", "-c", force], cwd=clone, check=True, capture_output=True)
    assert git(tmp_path / "hub.git", "rev-parse", BRANCH) == git(clone, "rev-parse", BRANCH)


def test_a_pushed_branch_that_the_apply_made_is_removed_there_by_the_command_that_is_said(folder: Path, tmp_path: Path) -> None:
    clone = pushed(folder, tmp_path)
    git(clone, "checkout", "-q", "main")
    git(clone, "branch", "-D", BRANCH)
    git(clone, "push", "-q", "origin", "--delete", BRANCH)
    apply(clone)
    git(clone, "push", "-q", "origin", BRANCH)
    force, *_ = commands(open_repository(clone))
    subprocess.run(["bash", "-c", force], cwd=clone, check=True, capture_output=True)
    assert BRANCH not in refs(tmp_path / "hub.git")


def test_without_a_forced_push_the_commands_that_are_said_revert_it(folder: Path, tmp_path: Path) -> None:
    clone = pushed(folder, tmp_path)
    before = git(clone, "rev-parse", f"{BRANCH}~2^{{tree}}")
    lines = list(undo_lines(undo(open_repository(clone), BRANCH)))
    again = next(line.partition("have them back: ")[2] for line in lines if "have them back: " in line)
    revert = [line for line in lines if line.startswith("  ")][1:]
    subprocess.run(["bash", "-e", "-c", "\n".join([again, *revert])], cwd=clone, check=True, capture_output=True)
    assert git(tmp_path / "hub.git", "rev-parse", f"{BRANCH}^{{tree}}") == before
    assert git(clone, "status", "--porcelain") == ""


def test_a_merge_elsewhere_is_told(folder: Path) -> None:
    apply(folder)
    git(folder, "merge", "-q", "--no-ff", "--no-edit", BRANCH)
    undone = undo(open_repository(folder), BRANCH)
    assert (undone.merged, undone.remotes) == (("main",), ())
    assert "Also in main" in "\n".join(undo_lines(undone))


def test_the_way_back_is_read_only_where_it_is_clear() -> None:
    back = WayBack("feature/x", "a" * 40, "b" * 40)
    lines = back.trailers("b" * 40)
    assert WayBack.of(f"Record\n\nIssue: X-1\n{lines}\n") == back
    assert WayBack.of(f"Record\n\n{lines}\n\nSigned-off-by: me\n") is None
    assert WayBack.of(f"Record\n\n{lines}\n{lines}\n") is None
    assert WayBack.of(f"Record\n\n{lines}\n".replace("a" * 40, "main")) is None
    assert WayBack.of(f"Record\n\n{WayBack('x', None).trailers('c')}") == WayBack("x", None, "c")


def migrate(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["undo", "--repo", str(folder), *words])


def test_the_command_says_in_json_what_it_did(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", BRANCH)
    tip = apply(folder)
    done = migrate(folder, "--branch", BRANCH, "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (document["schema"], document["taken"], document["tip"]) == ("migrate/undo/1", tip, git(folder, "rev-parse", "main"))
    assert (document["movedBack"], document["left"]) == ([[NEW_PLACE, IGNORED]], [])
    assert fields_of(DOCS / "reference" / "json.md", "migrate/undo/1") == document.keys() - {"schema"}


def test_the_command_ends_with_the_documented_codes(folder: Path) -> None:
    refused = migrate(folder, "--branch", "main")
    assert (refused.exit_code, "error [undo-refused]: no commit of main says that an apply" in refused.stderr) == (6, True)
    assert migrate(folder, "--branch", "missing").exit_code == 2
    assert migrate(folder, "--branch", "a..b").exit_code == 2
    assert migrate(folder).exit_code == 2


def test_an_interrupted_move_is_finished_first_and_said(folder: Path) -> None:
    tip = apply(folder)
    JournalFolder(folder / ".git").write(Journal(BRANCH, "", tip))
    done = migrate(folder, "--branch", BRANCH)
    assert (done.exit_code, "finished" in done.stderr, BRANCH in refs(folder)) == (0, True, False)
