"""The new state file: the root's environments, then the releases tier by tier, every comment with what it belongs to."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrate.analyzers.environments import path_nodes
from migrate.analyzers.releases import original
from migrate.analyzers.states import States
from migrate.flatten.entry import EntryChanges, rewrite
from migrate.flatten.lines import Lines, Span, block_spans, entry_spans
from migrate.flatten.refusals.settings import STATE_SETTINGS, TWINS
from migrate.flatten.snippet import Snippet, scalar, shifted, templated
from migrate.formats.comments import comments
from migrate.formats.state_source import Block, Part, sequence
from migrate.model.inventory import Inventory, Release
from migrate.model.paths import RepoPath

FIRST_PART = ("environments", "values")
UNNEEDED = "# Repositories that no release and no chart needs any more."
ENTRY_INDENT = 2


@dataclass(slots=True)
class _PartText:
    """A part under work: its snippet, its lines, and which lines have found a place in the new document."""

    part: Part
    lines: Lines
    snippet: Snippet
    spans: dict[str, Span]
    covered: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, part: Part) -> _PartText:
        lines = Lines.of(part)
        return cls(part, lines, Snippet(part.text), block_spans(lines, part))

    def take(self, first: int, last: int) -> list[str]:
        """The lines `[first, last)` with their changes; they count as placed."""
        self.covered.update(range(first, last))
        return self.snippet.cut(first, last)

    def left(self, first: int, last: int) -> list[str]:
        """The comments of lines `[first, last)` that have found no place."""
        found = [c for c in comments(self.part.text) if first <= c.line - 1 < last and c.line - 1 not in self.covered]
        self.covered.update(c.line - 1 for c in found)
        return [c.text for c in found]


@dataclass(slots=True)
class Composer:
    """Makes the text of the new state file out of the legacy ones."""

    inventory: Inventory
    states: States
    texts: dict[RepoPath, list[_PartText]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = {path: [_PartText.of(part) for part in source.parts] for path, source in self.states.sources.items()}

    def blocks(self, path: RepoPath, key: str) -> Iterator[tuple[_PartText, Block]]:
        """The blocks of a key with the text they stand in."""
        for text in self.texts.get(path, []):
            yield from ((text, Block(text.part, name, value)) for name, value in text.part.root.pairs if name.value == key)

    def environments(self, new_texts: Mapping[str, str]) -> list[str]:
        """The root's `environments:` (and `values:`) with their comments and new paths."""
        result: list[str] = []
        for key in FIRST_PART:
            for text, block in self.blocks(self.inventory.root, key):
                _respell(text, block, new_texts)
                span = text.spans[key]
                result += _trimmed(text.take(span.start, span.end))
        return result

    def repositories(self, unneeded: Container[str] = ()) -> list[str]:
        """The union of all `repositories:` by name, in the order in which they are first seen; `unneeded` ones as comments."""
        result: list[str] = []
        notes: list[str] = []
        seen: set[str] = set()
        for file in self.inventory.states:
            for text, block in self.blocks(file.path, "repositories"):
                span = text.spans["repositories"]
                places = zip(sequence(block), entry_spans(text.lines, block, span), strict=True)
                new = [(item.text("name"), place) for item, place in places if item.text("name") not in seen]
                head = text.left(span.start, span.first + 1) if new else []
                for name, place in new:
                    if name in unneeded and name not in seen:
                        notes += shifted(head, 0) + _commented(text, place)
                    elif name not in seen:
                        result += shifted(head, ENTRY_INDENT) + _entry_lines(text, place)
                    head = [] if name not in seen else head
                    seen.add(name)
        told = [UNNEEDED, *notes] if notes else []
        return [*told, *(["repositories:", *result] if result else [])]

    def settings(self) -> list[str]:
        """Settings of whole state files that are the same in all that have releases."""
        result: list[str] = []
        keys = (*STATE_SETTINGS, "missingFileHandler")
        first = next((f.path for f in self.inventory.states if self.states.sources[f.path].blocks("releases")), None)
        for key in keys if first else ():
            for text, _ in self.blocks(first, key) if first else ():
                span = text.spans[key]
                result += _trimmed(text.take(span.start, span.end))
        return result

    def entries(self, changes: Mapping[tuple[str, int], EntryChanges]) -> dict[tuple[str, int], list[str]]:
        """The rewritten lines of each release, by its state file and line; lead and tail comments included."""
        result: dict[tuple[str, int], list[str]] = {}
        for file in self.inventory.states:
            for text, block in self.blocks(file.path, "releases"):
                places = entry_spans(text.lines, block, text.spans["releases"])
                for item, place in zip(sequence(block), places, strict=True):
                    key = (file.path, text.part.line + item.line - 1)
                    if key in changes:
                        rewrite(text.snippet, text.part, item, changes[key])
                        result[key] = _entry_lines(text, place)
        return result

    def orphans(self) -> dict[RepoPath, list[str]]:
        """The comments that no piece took along, by the state file whose first release they go to; the root's own come under it.

        Those of an entry of `helmfiles:` go to the state file that it loads. Call it last.
        """
        result: dict[RepoPath, list[str]] = {path: [] for path in self.texts}
        for file in self.inventory.states:
            for text, block in self.blocks(file.path, "helmfiles"):
                for entry, place in zip(file.entries, entry_spans(text.lines, block, text.spans["helmfiles"]), strict=False):
                    if entry.loads and entry.loads[0] in result:
                        result[entry.loads[0]] += text.left(place.start, place.end)
        for path, texts in self.texts.items():
            for text in texts:
                result[path] += text.left(0, len(text.lines.all))
        return result

    def default_context(self, path: RepoPath) -> str:
        """The kube context that a state file's own helmDefaults give its releases."""
        nodes = [block.value.get("kubeContext") for _, block in self.blocks(path, "helmDefaults")]
        return next((node.value for node in nodes if node is not None), "")

    def defaults(self, path: RepoPath) -> dict[str, list[str]]:
        """A state file's own helmDefaults as lines for each of its releases."""
        result: dict[str, list[str]] = {}
        for text, block in self.blocks(path, "helmDefaults"):
            for key, value in block.value.pairs:
                if key.value in TWINS:
                    raw = _without_comments(text, key.start, value.end)
                    result[key.value] = [raw[0], *shifted(raw[1:], -key.column)]
        return result


def _without_comments(text: _PartText, start: int, end: int) -> list[str]:
    """The lines of a piece of a part without its comments: those are placed once, the piece may be needed several times."""
    lines = text.part.text[:end].split("\n")
    first = text.part.text.count("\n", 0, start)
    for comment in comments(text.part.text):
        if first < comment.line <= len(lines):
            lines[comment.line - 1] = lines[comment.line - 1].rstrip().removesuffix(comment.text).rstrip()
    lines[first] = lines[first][start - text.part.text.rfind("\n", 0, start) - 1 :]
    return [line for line in lines[first:] if line.strip()]


def _respell(text: _PartText, block: Block, new_texts: Mapping[str, str]) -> None:
    """New texts for the files of the root's `values:`, or for those that its environments list; inline values stay."""
    for node in path_nodes(block):
        written = original(text.part, node)
        if written in new_texts:
            new = new_texts[written]
            text.snippet.replace(node, templated(new) if "{{" in new else scalar(new))


def _entry_lines(text: _PartText, place: Span) -> list[str]:
    column = text.lines.column(place.first)
    lead = _trimmed(text.take(place.start, place.first))
    rest = _trimmed(text.take(place.first, place.end))
    return shifted(lead, ENTRY_INDENT - column) + shifted(rest, ENTRY_INDENT - column)


def _commented(text: _PartText, place: Span) -> list[str]:
    """An entry as comments; those that it has stand in lines of their own, as the text that they were."""
    notes = {comment.line - 1: comment.text for comment in comments(text.part.text)}
    column, result = text.lines.column(place.first), list[str]()
    for number, line in zip(range(place.start, place.end), text.take(place.start, place.end), strict=False):
        note = notes.get(number, "")
        code = line.rstrip().removesuffix(note).rstrip()
        result += [note] if note else []
        result += [f"# {code[column:]}"] if code else []
    return result


def _trimmed(lines: Sequence[str]) -> list[str]:
    """The lines without blank ones at both ends."""
    kept = list(lines)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


@dataclass(frozen=True, slots=True)
class Section:
    """A tier's releases."""

    title: str
    entries: tuple[tuple[Release, list[str]], ...]


def assemble(head: Sequence[str], first: Sequence[str], second: Sequence[Sequence[str]], sections: Sequence[Section]) -> str:
    """The whole text: two parts, divided by the exact line `---` where there is a first one."""
    blocks = ["\n".join(block) for block in second if block]
    blocks.append("\n".join(["releases:", *_sections(sections)]))
    top = "\n".join([*head, "", *first]) if first else "\n".join(head)
    text = top + ("\n---\n" if first else "\n\n") + "\n\n".join(blocks)
    return text.rstrip("\n") + "\n"


def _sections(sections: Sequence[Section]) -> Iterator[str]:
    for number, section in enumerate(sections):
        if section.title:
            yield from ([""] if number else [])
            yield f"  # {section.title} " + "-" * (74 - len(section.title))
        for index, (_, lines) in enumerate(section.entries):
            if index or section.title or number:
                yield ""
            yield from lines
