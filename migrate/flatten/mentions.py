"""What has to be rewritten outside of the helmfiles, for it points at a piece that moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.flatten.inside import inside
from migrate.flatten.namespace_flag import BREAKS, Labels, without_namespace
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath, resolve
from migrate.model.phases import sub_issue_of_file
from migrate.model.references import Certainty, Reference
from migrate.model.tree import Mode, Tree
from migrate.operations import Operation, Rewrite, apply_all
from migrate.ports import Memory
from migrate.references.groups import edits_of, settled
from migrate.references.moves import Moves
from migrate.references.remembered import Remembered
from migrate.references.untold import REASON


def respelt(
    tree: Tree, moves: Moves, releases: Sequence[Labels], memory: Memory | None = None
) -> tuple[tuple[Rewrite, ...], tuple[Finding, ...]]:
    """The edits of scripts, workflows and documents, and a finding for each reference that is left as it is.

    `releases` are the labels of all releases, with `name` and `namespace`; none if no release will need another. `memory` spares
    files in which nothing was found in an earlier look at the same tree.
    """
    remembered = Remembered(tree, moves, memory)
    rewrites: list[Rewrite] = []
    findings: list[Finding] = []
    for path, found in remembered.find_all():
        if isinstance(found, UnreadableSource):
            findings.append(Finding("references-unread", Severity.WARNING, path, found.line or 0, found.message, LOOK))
            continue
        kept = settled([without_namespace(reference, tree, releases) for reference in found]) if releases else found
        findings += _left(kept)
        edits = edits_of(kept).get(path, ())
        if edits:
            count = sum(bool(reference.edits) for reference in kept)
            reason = f"{count} {'reference' if count == 1 else 'references'} to pieces that move"
            rewrites.append(Rewrite(path, edits, reason, sub_issue_of_file(path)))
    new = apply_all(tree, rewrites)
    findings += [
        Finding(NOT_REWRITTEN, Severity.WARNING, s.path, s.line, f"`{s.text}` names {s.target}, and {REASON}", LOOK)
        for s in remembered.untold(new, repr(releases))
    ]
    return tuple(rewrites), (*findings, *inside(tree, moves), *_links(tree, moves))


def links_to_moved(tree: Tree, moves: Moves) -> Iterator[tuple[RepoPath, str]]:
    """Symbolic links from elsewhere to what moves, each with its target."""
    for path, entry in tree.entries.items():
        if entry.mode is Mode.LINK and not moves.concerns(path):
            try:
                target = resolve(path.folder, tree.text(path))
            except (KeyError, UnicodeDecodeError, PathLeavesRepository):
                continue
            if moves.concerns(target):
                yield path, target


def _links(tree: Tree, moves: Moves) -> Iterator[Finding]:
    for path, target in links_to_moved(tree, moves):
        message = f"this link leads to {target}, and dangles once that is removed"
        yield Finding(NOT_REWRITTEN, Severity.WARNING, path, 0, message, "make it anew after `apply`")


NOT_REWRITTEN = "reference-not-rewritten"
LEAVE_OUT = "take `-n` out of the command, or select releases of that namespace only"
LOOK = "look for paths of moved pieces in it by hand"


def _left(references: Sequence[Reference]) -> Iterator[Finding]:
    for reference in references:
        origin = reference.origin
        if reference.reason == BREAKS and not origin.prose:
            message = f"`{reference.target}` can't be given to this command any more: {BREAKS}"
            yield Finding("namespace-flag-breaks", Severity.BLOCKING, origin.file, origin.line, message, LEAVE_OUT)
        elif reference.certainty is Certainty.GUESSED:
            message = f"`{reference.target}` is left as it is: {reference.reason}"
            yield Finding(NOT_REWRITTEN, Severity.WARNING, origin.file, origin.line, message, _hint(reference))
        elif reference.certainty is Certainty.DANGLING:
            message = f"`{reference.target}` is named here, and {reference.reason} today either"
            yield Finding("reference-dangling", Severity.NOTE, origin.file, origin.line, message)


def _hint(reference: Reference) -> str:
    return f"its new place is {reference.becomes}" if reference.becomes else "rewrite it by hand after `apply`"


def joined(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The operations with all edits of one file in one: each names offsets of the file as it is today."""
    first: dict[RepoPath, Rewrite] = {}
    for operation in operations:
        if isinstance(operation, Rewrite):
            known = first.get(operation.target)
            if known is None:
                first[operation.target] = operation
            else:
                edits = tuple(sorted({*known.edits, *operation.edits}))
                first[operation.target] = Rewrite(known.target, edits, f"{known.reason}; {operation.reason}", known.sub_issue)
    seen: set[RepoPath] = set()
    result: list[Operation] = []
    for operation in operations:
        if not isinstance(operation, Rewrite):
            result.append(operation)
        elif operation.target not in seen:
            seen.add(operation.target)
            result.append(first[operation.target])
    return tuple(result)
