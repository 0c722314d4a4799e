"""Whether a state file sees the same values, and is run in the same environments, as in one flat file (2, 6, 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.flatten.refusals.subject import Subject, block
from migrate.formats.state_source import StateSource
from migrate.model.facts import Failure
from migrate.model.findings import Finding
from migrate.model.inventory import StateEntry
from migrate.model.paths import RepoPath


def same_values_everywhere(subject: Subject) -> Iterator[Finding]:
    """2: `.Values` of a sub differs from the root's in an environment."""
    entries = {path: entry for f in subject.inventory.states for entry in f.entries for path in entry.loads}
    for environment, built in subject.inventory.built.items():
        if isinstance(built, Failure):
            yield from _values_by_text(subject, entries, environment)
            continue
        digests = {state.source: state.values_digest for state in built}
        root = digests.get(subject.inventory.root)
        for source in subject.subs():
            if source.blocks("releases") and source.path in digests and digests[source.path] != root:
                entry = entries.get(source.path)
                message = f"{source.path} sees other values than the root in environment {environment}"
                hint = "pass all of them with `values: [{{ toYaml .Values | nindent 4 }}]`, and no others"
                where = _where(source, entry)
                yield block("state-values-differ", *where, message, hint)


def _values_by_text(subject: Subject, entries: Mapping[RepoPath, StateEntry], environment: str) -> Iterator[Finding]:
    if environment == "default":
        return
    for source in subject.subs():
        entry = entries.get(source.path)
        own = [*source.blocks("environments"), *source.blocks("values")]
        if source.blocks("releases") and entry is not None and (own or not entry.passes_all):
            message = (
                f"environment {environment} does not load, so it can't be shown that {source.path} sees the root's values there"
            )
            yield block("state-values-differ", *_where(source, entry), message, "make the environment load, or pass all values")


def _where(source: StateSource, entry: StateEntry | None) -> tuple[RepoPath, int]:
    own = [*source.blocks("environments"), *source.blocks("values")]
    if own or entry is None:
        return source.path, own[0].line if own else 0
    return entry.parent, entry.line


def activity(subject: Subject) -> Iterator[Finding]:
    """8: a sub that is active in some environments only (2a of the semantics)."""
    names = {e.name for e in subject.inventory.environments if e.declared_in == subject.inventory.root}
    for file in subject.inventory.states:
        entry, source = file.reached_by, subject.states.sources[file.path]
        if entry is None or not source.blocks("releases"):
            continue
        own = {e.name for e in subject.inventory.environments if e.declared_in == file.path}
        if own and (missing := sorted(names - own)):
            message = f"{file.path} is skipped silently in {', '.join(missing)}: its `environments:` lack them"
            for release in subject.inventory.releases:
                if release.state == file.path:
                    yield block(
                        "release-not-in-every-environment", file.path, release.line, message, "add the environments to it"
                    )
        elif not own and not entry.values and names - {"default"}:
            message = f"{file.path} is skipped silently for every environment but default: it has none and is passed no values"
            yield block("inactive-state", entry.parent, entry.line, message, "pass it values, or remove the entry")


def selectors(subject: Subject) -> Iterator[Finding]:
    """6: explicit selectors replace those of the command line."""
    for file in subject.inventory.states:
        for entry in file.entries:
            if entry.selectors:
                message = f"`selectors:` of {entry.text} replace the command line's `-l` today"
                yield block(
                    "explicit-selectors", entry.parent, entry.selectors, message, "remove them; `-l` selects releases as well"
                )
