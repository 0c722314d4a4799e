"""Texts that can't be moved to another place and indentation with their meaning kept."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.releases import is_inline
from migrate.flatten.lines import Lines, block_spans, entry_spans
from migrate.flatten.refusals.subject import Subject, block
from migrate.formats.gotemplate import ActionKind, actions, balanced
from migrate.formats.state_source import Block, Part, StateSource, sequence
from migrate.formats.yaml_source import Node, aliases
from migrate.model.findings import Finding

MOVED = ("releases", "repositories")
"""the lists whose entries move one by one"""
DECIDING = ("name", "namespace", "chart", "labels", "needs", "values", "secrets", "set", "kubeContext")
"""keys of a release that are changed, or that the plan depends on"""


def layouts(subject: Subject) -> Iterator[Finding]:
    """Lists in `[]`, state files in `{}`, and keys that stand in several parts, of which helmfile takes the last alone."""
    for source in subject.states.sources.values():
        seen: set[str] = set()
        for part in source.parts:
            if part.root.flow:
                yield _cant(source, part, part.root, "the whole helmfile stands between braces")
            for name, value in part.root.pairs:
                if name.value in seen:
                    message = f"`{name.value}:` stands here for the second time; what helmfile makes of both is not flattened"
                    yield block("repeated-key", source.path, source.line(part, name), message, "make them one")
                seen.add(name.value)
                if name.value in MOVED and value.flow and value.items:
                    yield _cant(source, part, name, f"`{name.value}:` stands between brackets")


def anchors(subject: Subject) -> Iterator[Finding]:
    """Aliases: what they stand for may come to stand behind them, or in another part."""
    for source in subject.states.sources.values():
        for part in source.parts:
            for line, name in aliases(part.text, source.path):
                message = f"the alias `*{name}` is not flattened yet"
                yield block("uses-templates", source.path, part.line + line - 1, message, "write out what it stands for first")


def release_texts(subject: Subject) -> Iterator[Finding]:
    """Releases, keys and lines that a template makes; values that end in blank lines."""
    for source in subject.states.sources.values():
        for found in source.blocks("releases"):
            for item, end in zip(sequence(found), _ends(found), strict=True):
                if item.kind != "mapping":
                    message = (
                        "a template makes whole releases" if _raw(found.part, item).startswith("{{") else "this is no release"
                    )
                    line = source.line(found.part, item)
                    yield block("control-flow-around-releases", source.path, line, message, "write the releases out")
                else:
                    yield from _conditional(source, found.part, item)
                    yield from _indented(source, found.part, item, end)
                    yield from _open_ends(source, found.part, item, end)


def _ends(found: Block) -> Iterator[int]:
    """The offset behind the last line of each entry, what a template makes there included."""
    lines = Lines.of(found.part)
    for span in entry_spans(lines, found, block_spans(lines, found.part)[found.key.value]):
        yield sum(len(line) + 1 for line in lines.all[: span.last])


def _raw(part: Part, node: Node) -> str:
    return part.text[node.start : node.end]


def _conditional(source: StateSource, part: Part, item: Node) -> Iterator[Finding]:
    for name, _ in item.pairs:
        if name.value in DECIDING and not balanced(part.text[item.start : name.start]):
            message = f"`{name.value}:` of this release depends on a template"
            hint = "use `condition:`, or a template in its value"
            yield block("control-flow-around-releases", source.path, source.line(part, name), message, hint)


def _indented(source: StateSource, part: Part, item: Node, end: int) -> Iterator[Finding]:
    inline = [value for key, value in item.pairs if key.value == "values" for value in value.items if is_inline(part, value)]
    for action in actions(part.text):
        if not item.start <= action.start < end or any(v.start <= action.start < v.end for v in inline):
            continue
        line = part.text[part.text.rfind("\n", 0, action.start) + 1 : action.start]
        makes_lines = action.kind is ActionKind.OUTPUT and (not line.strip() or "indent" in action.code)
        if makes_lines and "#" not in line:
            place = part.line + part.text.count("\n", 0, action.start)
            message = "a template makes whole lines here, whose indentation would no longer fit"
            yield block("text-cant-move", source.path, place, message, "write them out, or put them into a values template")
    for name in ("labels", "needs"):
        node = item.get(name)
        if node is not None and node.kind == "scalar" and "{{" in _raw(part, node):
            yield _cant(source, part, node, f"`{name}:` is made by a template")


def _open_ends(source: StateSource, part: Part, item: Node, end: int) -> Iterator[Finding]:
    """A block scalar whose value depends on what follows it: nothing at all, or blank lines."""
    for node in item.walk():
        header = _raw(part, node).split("\n")[0].split("#")[0]
        if node.style not in ("|", ">") or "-" in header:
            continue
        if "+" in header and not part.text[node.end : end].strip():
            yield _cant(source, part, node, "the blank lines at the end of this value may be part of it (`|+`)")
        elif node.end == len(part.text) and not part.text.endswith("\n"):
            yield _cant(source, part, node, "the file ends in this value without a line break, which it would get (write `|-`)")


def _cant(source: StateSource, part: Part, node: Node, reason: str) -> Finding:
    message = f"{reason}; that can't be moved entry by entry"
    return block("text-cant-move", source.path, source.line(part, node), message, "write it in block style first")
