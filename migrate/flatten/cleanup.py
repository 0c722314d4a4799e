"""Which legacy files the last phase removes, and why the others stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrate.analyzers.needed import needed
from migrate.errors import UnreadableSource
from migrate.flatten.mentions import links_to_moved
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.phases import DEPLOY_SCRIPTS, PROSE, REMOVAL, sub_issue_of_file
from migrate.model.references import Certainty
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.operations import Remove
from migrate.references import find_all
from migrate.references.moves import Moves
from migrate.references.untold import untold

KEPT = "legacy-kept"
ORPHAN = "legacy-orphan"
NAMES_REMOVED = "names-removed-piece"
FILTERS = (".gitignore", ".gitattributes", ".dockerignore", ".helmignore", "CODEOWNERS")
"""Files whose lines only match paths: a line for a file that is gone does nothing."""
_OUTSIDE = frozenset(("written-from-outside", "rendered-output-kept"))


@dataclass
class _Cleanup:
    old: Tree
    new: Tree
    moves: Moves
    settings: Settings
    kept: dict[RepoPath, tuple[str, str]] = field(default_factory=dict)
    """legacy file -> why it stays, and what to do"""
    told: list[Finding] = field(default_factory=list)

    @property
    def pieces(self) -> tuple[RepoPath, ...]:
        return tuple(path for path in sorted({*self.moves.files, *self.moves.merged}) if path in self.old)

    def below(self, target: str) -> Iterator[RepoPath]:
        """The legacy files that a path means, or those in a folder; all below the known head of a pattern."""
        head = target
        while any(character in head for character in "{*?["):
            head = head.rpartition("/")[0]
        yield from (path for path in self.pieces if not head or path == head or path.is_below(head))

    def keep(self, paths: Iterable[RepoPath], why: str, hint: str) -> None:
        for path in paths:
            self.kept.setdefault(path, (why, hint))


def removals(
    old: Tree, new: Tree, moves: Moves, history: Sequence[Finding], settings: Settings
) -> tuple[tuple[Remove, ...], tuple[Finding, ...]]:
    """The legacy files that can go, and a finding for each that stays, for each orphan and each document that still names one.

    `new` is the tree as the earlier phases make it. A piece stays if a file that is no document still points at it, if somebody
    outside writes it (and `--accept` does not name it), and if a state file that stays needs it.
    """
    work = _Cleanup(old, new, moves, settings)
    _written_outside(work, history)
    _referenced(work)
    _linked(work)
    _needed_by_kept_states(work)
    orphans = _orphans(work)
    gone = [path for path in work.pieces if path not in work.kept]
    named = [path for path in orphans if path in settings.orphans]
    findings = [
        *(Finding(KEPT, Severity.WARNING, path, 0, f"it stays: {why}", hint) for path, (why, hint) in sorted(work.kept.items())),
        *(_orphan(path) for path in orphans if path not in named),
        *work.told,
    ]
    places: Mapping[RepoPath, str] = {**dict.fromkeys(moves.merged, f"it is now in {moves.new_state}"), **_now_at(moves)}
    made = [Remove(p, old.entries[p].mode, old.entries[p].oid, places[p], REMOVAL) for p in gone]
    made += [Remove(p, old.entries[p].mode, old.entries[p].oid, "nothing reads it; named by --orphan", REMOVAL) for p in named]
    return tuple(made), tuple(findings)


def _now_at(moves: Moves) -> dict[RepoPath, str]:
    return {old: f"it is now {new}" for old, new in moves.files.items()}


def _written_outside(work: _Cleanup, history: Sequence[Finding]) -> None:
    for finding in history:
        told = finding.path in work.settings.released or work.settings.accepted(finding)
        if finding.slug in _OUTSIDE and not told:
            hint = f"once they write to the new place: --accept {finding.path}"
            work.keep(work.below(finding.path), finding.message, hint)


def _referenced(work: _Cleanup) -> None:
    """What the migration wrote names new places, by proof; only a script that moved along may still look for an old one."""
    written = frozenset(path for path in work.new if path not in work.old)
    moved = {path for path in work.moves.files.values() if sub_issue_of_file(path) == DEPLOY_SCRIPTS}
    for path, found in find_all(work.new, work.moves):
        if path.name in FILTERS or (path in written and path not in moved):
            continue
        if isinstance(found, UnreadableSource):
            named = [root for root in sorted(work.moves.roots) if root.encode() in work.new.read(path)]
            work.keep((p for root in named for p in work.below(root)), f"{path} may name it, and can't be read", _BY_HAND)
            continue
        for reference in found:
            if reference.certainty is not Certainty.DANGLING:
                _point(work, path, reference.origin.line, reference.target)
    for mention in untold(work.new, work.moves):
        if mention.path not in written:
            _point(work, mention.path, mention.line, mention.target)


_BY_HAND = "rewrite that by hand, then run the cleanup again"


def _point(work: _Cleanup, file: RepoPath, line: int, target: str) -> None:
    if file.endswith(PROSE):
        if any(True for _ in work.below(target)):
            message = f"this document still names {target}, which is removed"
            work.told.append(Finding(NAMES_REMOVED, Severity.WARNING, file, line, message, "mend it by hand"))
    else:
        work.keep(work.below(target), f"{file}:{line} points at {target}", _BY_HAND)


def _linked(work: _Cleanup) -> None:
    for path, target in links_to_moved(work.new, work.moves):
        work.keep(work.below(target), f"{path} links to {target}", _BY_HAND)


def _needed_by_kept_states(work: _Cleanup) -> None:
    """A state file that stays can still be run: what it loads stays with it."""
    for state in [path for path in work.kept if path in work.moves.merged]:
        reached = needed(work.old, state)
        work.keep((path for path in work.pieces if path in reached), f"{state} stays, and may need it", _BY_HAND)


def _orphans(work: _Cleanup) -> list[RepoPath]:
    """What the plan leaves in legacy folders: it is in the way of their removal."""
    pieces = set(work.pieces)
    tops = {path.partition("/")[0] for path in pieces if "/" in path}
    return [path for path in work.old if path not in pieces and path.partition("/")[0] in tops and path in work.new]


def _orphan(path: RepoPath) -> Finding:
    message = "it lies in a legacy folder, and no helmfile reads it: it stays"
    return Finding(ORPHAN, Severity.NOTE, path, 0, message, f"to remove it as well: --orphan {path}")
