"""One release's entry, rewritten for the new state file: its text moves with its comments, only what must change is spliced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrate.analyzers.releases import is_inline, original
from migrate.flatten.snippet import Snippet, scalar, templated
from migrate.formats.state_source import Part
from migrate.formats.yaml_source import Node


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """What changes in an entry.

    `chart` is the new text of `chart:` (None: as it is). `paths` maps each path text to its new text. `inline_file` is the
    values file that stands for a `{{ toYaml .Values }}`. `labels` are set, over those that are there. `settings` are lines
    `key: value` that are added unless the entry has the key. `needs` are added to those that are there.
    `origin` is a comment that takes the place of `version:`, for a chart that was pulled.
    """

    chart: str | None
    paths: Mapping[str, str]
    inline_file: str | None
    labels: Mapping[str, str]
    settings: Mapping[str, Sequence[str]]
    needs: tuple[str, ...]
    origin: str = ""


PATH_LISTS = ("values", "secrets", "strategicMergePatches", "jsonPatches", "transformers")


def rewrite(snippet: Snippet, part: Part, item: Node, changes: EntryChanges) -> None:
    """Make the changes of one entry in the part's snippet."""
    chart = item.get("chart")
    if chart is not None and changes.chart is not None:
        snippet.replace(chart, scalar(changes.chart))
    if changes.origin:
        _origin(snippet, item, changes)
    for key in PATH_LISTS:
        node = item.get(key)
        for entry in node.items if node is not None else ():
            _path(snippet, part, entry, changes)
    for node in _plain_paths(item):
        if node.value in changes.paths:
            snippet.replace(node, scalar(changes.paths[node.value]))
    _labels(snippet, item, changes.labels)
    _settings(snippet, item, changes.settings)
    _needs(snippet, item, changes.needs)


def _plain_paths(item: Node) -> Iterator[Node]:
    """What may name a file outside of lists of files: `file:` of `set:`, the key ring, arguments of a post-renderer."""
    keyring = item.get("keyring")
    yield from (file for setting in _items(item, "set") if (file := setting.get("file")) is not None)
    yield from ([keyring] if keyring is not None else ())
    yield from _items(item, "postRendererArgs")


def _origin(snippet: Snippet, item: Node, changes: EntryChanges) -> None:
    """The comment in the line of `version:`; in one of its own where there is none, or where a comment stands behind it."""
    chart, key, version = item.get("chart"), item.key("version"), item.get("version")
    if item.flow:
        snippet.add_line(item.end - 1, " " * item.column + f"# {changes.origin}")
        if key is not None and version is not None:
            snippet.replace(version, '""')
    elif key is not None and version is not None:
        rest = snippet.text[version.end :].partition("\n")[0]
        blanks = len(rest) - len(rest.lstrip())
        more = f"\n{' ' * key.column}" if rest.strip() else ""
        snippet.replace(replace(key, end=version.end + blanks), f"# {changes.origin}{more}")
    elif chart is not None:
        snippet.add_line(chart.end - 1, " " * item.pairs[0][0].column + f"# {changes.origin}")


def _items(item: Node, key: str) -> tuple[Node, ...]:
    node = item.get(key)
    return node.items if node is not None else ()


def _path(snippet: Snippet, part: Part, entry: Node, changes: EntryChanges) -> None:
    if is_inline(part, entry):
        if entry.kind == "scalar" and changes.inline_file:
            snippet.replace(entry, scalar(changes.inline_file))
        return
    text = original(part, entry)
    if text in changes.paths:
        new = changes.paths[text]
        snippet.replace(entry, templated(new) if "{{" in text else scalar(new))


def _labels(snippet: Snippet, item: Node, labels: Mapping[str, str]) -> None:
    node = item.get("labels")
    missing = {}
    for key, value in labels.items():
        present = node.get(key) if node is not None else None
        if present is None:
            missing[key] = value
        elif present.value != value:
            snippet.replace(present, _written(value))
    _extend(snippet, item, "labels", [f"{key}: {_written(value)}" for key, value in missing.items()])


def _written(value: str) -> str:
    """A label's value; one with template actions is the source text already, quotes included."""
    return value if "{{" in value else scalar(value)


def _needs(snippet: Snippet, item: Node, needs: tuple[str, ...]) -> None:
    node = item.get("needs")
    present = [entry.value for entry in node.items] if node is not None else []
    _extend(snippet, item, "needs", [scalar(need) for need in needs if need not in present])


BRACKETS = {"labels": "{}", "needs": "[]"}


def _extend(snippet: Snippet, item: Node, key: str, texts: Sequence[str]) -> None:
    """Put pairs or items at the end of a mapping or a list of an entry, in the style that it has; make it if it is missing."""
    name, node = item.key(key), item.get(key)
    flow = BRACKETS[key][0] + ", ".join(texts) + BRACKETS[key][1]
    if not texts:
        return
    if node is None or name is None:
        _add(snippet, item, key, texts, flow)
    elif node.kind == "scalar":
        _fill(snippet, node, flow)
    elif node.flow:
        _insert(snippet, node, ", ".join(texts))
    else:
        first = node.pairs[0][0].column if node.pairs else node.column
        for text in texts:
            snippet.add_line(_last(snippet, name, node), " " * first + ("- " if key == "needs" else "") + text)


def _fill(snippet: Snippet, node: Node, flow: str) -> None:
    """A value that is left out, or is `null` or `~`."""
    if node.start == node.end:
        snippet.insert(node.start, f" {flow}")
    else:
        snippet.replace(node, flow)


def _insert(snippet: Snippet, node: Node, text: str) -> None:
    """Put another element at the end of a flow collection, whose last one may have a comma behind it."""
    ends = [value.end for _, value in node.pairs] + [child.end for child in node.items]
    tail = re.sub(r"\s#.*", "", snippet.text[ends[-1] : node.end - 1]) if ends else ""
    before, after = (" ", ",") if "," in tail else (", " if ends else "", "")
    snippet.insert(node.end - 1, before + text + after)


def _last(snippet: Snippet, name: Node, node: Node) -> int:
    """Where the line lies behind which an element is added: that of the last one, unless it may depend on a template."""
    last = node.pairs[-1][1] if node.pairs else node.items[-1]
    if last.style in ("|", ">") or "{{" in snippet.text[name.end : node.pairs[-1][0].start if node.pairs else last.start]:
        return name.end - 1
    return last.end - 1


def _anchor(snippet: Snippet, item: Node) -> int:
    """Where the line lies behind which new keys are put: that of the last label, else the name."""
    key, labels = item.key("labels"), item.get("labels")
    if key is not None and labels is not None and (labels.flow or labels.pairs):
        after = labels.end - 1 if labels.flow else _last(snippet, key, labels)
        if after >= labels.start:
            return after
    name = item.get("name") or item
    return name.end - 1


def _add(snippet: Snippet, item: Node, key: str, lines: Sequence[str], flow: str) -> None:
    if item.flow:
        _insert(snippet, item, f"{key}: {flow}")
        return
    column, after = item.pairs[0][0].column, _anchor(snippet, item)
    snippet.add_line(after, " " * column + f"{key}:")
    for line in lines:
        snippet.add_line(after, " " * (column + 2) + ("- " if key == "needs" else "") + line)


def _settings(snippet: Snippet, item: Node, settings: Mapping[str, Sequence[str]]) -> None:
    for key, lines in settings.items():
        if item.key(key) is not None:
            continue
        if item.flow:
            _insert(snippet, item, lines[0])
            continue
        for line in lines:
            snippet.add_line(_anchor(snippet, item), " " * item.pairs[0][0].column + line)
