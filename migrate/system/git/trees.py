"""Trees of commits: reading one at once, comparing two, writing new ones of which blobs may be absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrate.errors import GitFailed
from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode
from migrate.system.git.plumbing import Plumbing, decode, encode
from migrate.system.run_folder import RunFolder

Entries = Mapping[RepoPath, Entry]
ABSENT = "000000"
EXECUTABLE_BITS = 0o111


def read_entries(plumbing: Plumbing, commit: str) -> dict[RepoPath, Entry]:
    """All files of a commit, by one call."""
    entries = {}
    for record in plumbing.ask("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        meta, _, path = record.partition(b"\t")
        mode, _, oid = meta.decode().split(" ")
        entries[RepoPath(decode(path))] = Entry(settled_mode(mode), oid)
    return entries


def settled_mode(mode: str) -> Mode:
    """The mode as git's index would hold it: old commits have 100664 and the like."""
    if not mode.startswith("100"):
        return Mode(mode)
    return Mode.EXECUTABLE if int(mode, 8) & EXECUTABLE_BITS else Mode.FILE


@dataclass(frozen=True, slots=True)
class Change:
    """One file that two commits hold differently; None where one of them lacks it."""

    path: RepoPath
    old: Entry | None
    new: Entry | None


def changes_between(plumbing: Plumbing, old: str, new: str) -> tuple[Change, ...]:
    """The files that differ between two commits, sorted by path."""
    fields = plumbing.ask("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new).split(b"\0")[:-1]
    changes = []
    for meta, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old_oid, new_oid, _ = meta.decode().removeprefix(":").split(" ")
        changes.append(Change(RepoPath(decode(path)), _entry(old_mode, old_oid), _entry(new_mode, new_oid)))
    return tuple(changes)


def _entry(mode: str, oid: str) -> Entry | None:
    return None if mode == ABSENT else Entry(settled_mode(mode), oid)


def write_trees(plumbing: Plumbing, trees: Sequence[Entries]) -> list[str]:
    """Store each of the trees; their ids. Works on an index of its own, fed with what changes from one tree to the next."""
    ids = []
    with RunFolder() as folder:
        index = folder.path / "index"
        before: Entries = {}
        for entries in trees:
            plumbing.ask("update-index", "-z", "--index-info", stdin=_index_lines(before, entries), index=index)
            ids.append(plumbing.line("write-tree", "--missing-ok", index=index))
            _require_whole(plumbing, ids[-1], entries)
            before = entries
    return ids


def _require_whole(plumbing: Plumbing, tree: str, entries: Entries) -> None:
    """git passes over a path that it takes for dangerous (`.git` in any guise), and reports success."""
    written = read_entries(plumbing, tree)
    if lost := sorted(path for path, entry in entries.items() if written.get(path) != entry):
        raise GitFailed(f"git did not take {len(lost)} files into a tree, {lost[0]} for one")


def _index_lines(before: Entries, after: Entries) -> bytes:
    """Removals first: a file must be gone before a folder takes its name."""
    gone = [f"0 {'0' * len(before[path].oid)}\t" + path for path in before if path not in after]
    put = [f"{entry.mode} {entry.oid}\t" + path for path, entry in after.items() if before.get(path) != entry]
    return b"".join(encode(line) + b"\0" for line in gone + put)
