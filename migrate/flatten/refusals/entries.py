"""Releases that can't stand side by side in one file, and templates that decide which there are (1, 8)."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.flatten.lines import Lines, block_spans, entry_spans
from migrate.flatten.refusals.subject import Subject, block
from migrate.formats.gotemplate import Action, ActionKind, actions, balanced
from migrate.formats.state_source import Block, Part, StateSource, sequence
from migrate.formats.yaml_source import Node
from migrate.model.findings import Finding
from migrate.model.inventory import Release


def duplicate_releases(subject: Subject) -> Iterator[Finding]:
    """1: two active state files yield the same release."""
    seen: dict[tuple[str, str], Release] = {}
    for release in subject.inventory.releases:
        first = seen.setdefault((release.namespace, release.name), release)
        if first is release:
            continue
        place = f"in namespace {release.namespace}" if release.namespace else "without namespace"
        message = f"release {release.name} {place} stands at {first.state}:{first.line} too; one flat file can't hold both"
        path, line = release.state, release.line
        if (first.state, first.line) == (path, line):
            entries = [f.reached_by for f in subject.inventory.states if f.path == path and f.reached_by is not None]
            path, line = entries[-1].parent, entries[-1].line
            message = f"{release.state} is loaded twice, and with it release {release.name}; one flat file can't hold both"
        yield block("duplicate-release", path, line, message, "give one of them another name first")


def control_flow(subject: Subject) -> Iterator[Finding]:
    """8: template actions around entries, keys or whole lists; variables, which may reach from one entry into another."""
    for source in subject.states.sources.values():
        for part in source.parts:
            lines = Lines.of(part)
            inside = _inside_entries(lines, source, part.line)
            for action in actions(part.text):
                number = part.text.count("\n", 0, action.start)
                outside = number not in inside and not lines.all[number].split("{{")[0].strip()
                if outside or action.kind is ActionKind.ASSIGNMENT:
                    yield block("control-flow-around-releases", source.path, part.line + number, *_words(action))
            yield from _unbalanced(lines, source, part.line)


def _words(action: Action) -> tuple[str, str]:
    if action.kind is ActionKind.COMMENT:
        return "a template comment outside of any release has no place in the new file", "make it a `#` comment"
    if action.kind is ActionKind.ASSIGNMENT:
        return "a template variable may be read by other entries, which move elsewhere", "write its value where it is read"
    return "a template action outside of any entry decides what this state file holds", "use `condition:` or `installed:`"


def _entry_texts(lines: Lines, source: StateSource, first_line: int) -> Iterator[tuple[int, int, str]]:
    for part in source.parts:
        if part.line != first_line:
            continue
        found = block_spans(lines, part)
        for name, value in part.root.pairs:
            if value.kind == "sequence" and not value.flow and name.value in found:
                for span in entry_spans(lines, Block(part, name, value), found[name.value]):
                    yield span.first, span.last, "\n".join(lines.all[span.first : span.last])


def _inside_entries(lines: Lines, source: StateSource, first_line: int) -> set[int]:
    return {n for a, b, text in _entry_texts(lines, source, first_line) if balanced(text) for n in range(a, b)}


def _unbalanced(lines: Lines, source: StateSource, first_line: int) -> Iterator[Finding]:
    for first, _, text in _entry_texts(lines, source, first_line):
        if not balanced(text):
            message = "a template block begins or ends inside this entry and not in it alone"
            yield block("control-flow-around-releases", source.path, first_line + first, message)


def inherit(subject: Subject) -> Iterator[Finding]:
    """Release templates and merged mappings: later layouts. A merged alias is told as an alias."""
    for source in subject.with_releases():
        for found in source.blocks("releases"):
            for item in sequence(found):
                for key in ("inherit", "<<"):
                    node = item.key(key)
                    if node is not None and not _is_alias(found.part, node):
                        line = source.line(found.part, node)
                        yield block(
                            "uses-templates", source.path, line, f"`{key}:` is not flattened yet", "write the settings out first"
                        )


def _is_alias(part: Part, key: Node) -> bool:
    return part.text[key.end :].lstrip(": ").startswith("*")
