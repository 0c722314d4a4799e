"""What moved files name: a copy keeps its bytes, so a text in it that would have to change is only told.

Until the cleanup the original stays beside it, and `bytes_kept` holds one against the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.errors import UnreadableSource
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath, relative
from migrate.model.references import Certainty, CommandLine, Reference
from migrate.model.tree import Mode, Tree
from migrate.references import find_in
from migrate.references.moves import Moves

NOT_REWRITTEN = "reference-not-rewritten"
_UNKNOWN = frozenset("{}*?[]")


def inside(tree: Tree, moves: Moves) -> Iterator[Finding]:
    """A warning for each line of a moved file that leads elsewhere from its new place, or means a piece from the top.

    State files are none of these, for they are written anew. What can't be read is passed over: its bytes are kept.
    """
    for path, new in moves.files.items():
        if path not in tree or tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):
            continue
        try:
            found = find_in(tree, path, moves) if _may_name(path, tree.read(path), moves) else ()
        except (KeyError, UnreadableSource):
            continue
        told = {(one.origin.line, one.target): one for one in found if _changes(one, path, new, moves)}
        yield from (_finding(one, path, new) for one in told.values())


def _may_name(path: RepoPath, data: bytes, moves: Moves) -> bool:
    """A quick look: most files of charts name nothing outside of their chart, and a folder that moves as a whole keeps them."""
    parts_ways = bool(path.folder) and not isinstance(moves.of_path(path.folder), str)
    return parts_ways or b"../" in data or b"helmfile" in data or any(f"{root}/".encode() in data for root in moves.roots)


def _changes(reference: Reference, path: RepoPath, new: RepoPath, moves: Moves) -> bool:
    """Whether a text means a piece, and would mean another place when it is read at the new one."""
    if reference.certainty is Certainty.DANGLING or (reference.certainty is Certainty.EXACT and not reference.edits):
        return False
    if isinstance(reference.origin, CommandLine) or reference.edits:
        return True
    target, becomes = reference.target, reference.becomes
    if not moves.concerns(target) and (reference.origin.kind == "text" or not set(target) & _UNKNOWN):
        return False
    first = reference.origin.pieces[0]
    from_top = not first.hole and first.text.removeprefix("./").startswith(target.partition("/")[0])
    return not becomes or from_top or relative(becomes, new.folder) != relative(target, path.folder)


def _finding(reference: Reference, path: RepoPath, new: RepoPath) -> Finding:
    message = f"`{reference.target}` is left as it is: this file moves, and its bytes are kept"
    hint = f"its new place is {reference.becomes}; " if reference.becomes else ""
    return Finding(
        NOT_REWRITTEN, Severity.WARNING, path, reference.origin.line, message, f"{hint}edit {new} once the legacy files are gone"
    )
