"""References of one script belong together: all of them are rewritten, or none is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, Mention, Reference


def settled(references: Sequence[Reference], untouched: Iterable[Mention] = ()) -> tuple[Reference, ...]:
    """The references, with those made GUESSED whose group has one that can't be rewritten.

    `untouched` are mentions that mean nothing that moves: a literal that they share with a reference must keep its text.
    """
    kept = {(piece.offset, piece.text.encode()) for mention in untouched for piece in mention.pieces if piece.offset is not None}
    wanted = _by_place(references)
    checked = [_unshared(reference, kept, wanted) for reference in references]
    return tuple(_together(checked))


def _by_place(references: Iterable[Reference]) -> dict[int, set[bytes]]:
    """What each literal is to become, by the references that hold it; its own text where one leaves it."""
    wanted: dict[int, set[bytes]] = defaultdict(set)
    for reference in references:
        edited = {edit.offset: edit.new for edit in reference.edits}
        for at, new in edited.items():
            wanted[at].add(new)
        if isinstance(reference.origin, Mention):
            for piece in reference.origin.pieces:
                if piece.offset is not None and not any(_inside(piece.offset, piece.text, at) for at in edited):
                    wanted[piece.offset].add(piece.text.encode())
    return wanted


def _inside(offset: int, text: str, at: int) -> bool:
    return offset <= at < offset + max(1, len(text.encode()))


def _unshared(reference: Reference, kept: set[tuple[int, bytes]], wanted: dict[int, set[bytes]]) -> Reference:
    for edit in reference.edits:
        if len(wanted[edit.offset]) > 1 or (edit.old and (edit.offset, edit.old) in kept):
            reason = f"`{edit.old.decode('utf-8', 'replace')}` is used for other paths as well"
            return replace(reference, certainty=Certainty.GUESSED, reason=reason, edits=())
    return reference


def _together(references: Sequence[Reference]) -> Iterable[Reference]:
    first: dict[str, Reference] = {}
    for reference in references:
        if reference.certainty is Certainty.GUESSED:
            first.setdefault(reference.origin.group, reference)
    for reference in references:
        cause = first.get(reference.origin.group)
        if cause is None or reference.certainty is not Certainty.EXACT:
            yield reference
        else:
            reason = f"line {cause.origin.line} can't be rewritten surely, and the references of one script belong together"
            yield replace(reference, certainty=Certainty.GUESSED, reason=reason, edits=())


def edits_of(references: Iterable[Reference]) -> dict[RepoPath, tuple[Edit, ...]]:
    """The edits of each file, each once, in order."""
    found: dict[RepoPath, set[Edit]] = defaultdict(set)
    for reference in references:
        if reference.edits:
            found[reference.origin.file].update(reference.edits)
    return {file: tuple(sorted(edits)) for file, edits in sorted(found.items())}
