"""The entries of `releases:` in the new state file, found in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.model.facts import CellId, ReleaseId
from migrate.model.planted import Fault
from migrate.plant.drawing import edited
from migrate.plant.ground import Document, Ground
from migrate.plant.lines import Line, lines

_KEY = re.compile(r"^ *(?:- +)?(?P<key>[A-Za-z]\w*):(?: +(?P<value>[^#]*?))?(?: +#.*)? *$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A release's entry: its lines, and its own keys with the place in `lines` of each. `column` is that of the keys."""

    lines: tuple[Line, ...]
    column: int
    keys: Mapping[str, int]

    def line(self, key: str) -> Line:
        """The line of a key."""
        return self.lines[self.keys[key]]

    def value(self, key: str) -> str:
        """What stands behind a key on its line, without quotes."""
        found = _KEY.match(self.line(key).text) if key in self.keys else None
        return (found["value"] or "").strip("\"'") if found else ""

    def below(self, key: str) -> Sequence[Line]:
        """The lines below a key: all that is deeper, and items of a list at its own column."""
        start = self.keys[key] + 1
        end = min((at for at in self.keys.values() if at >= start), default=len(self.lines))
        return self.lines[start:end]

    @property
    def reference(self) -> str:
        """How `needs` of a release with a namespace names it."""
        return f"{self.value('namespace')}/{self.value('name')}"


@dataclass(frozen=True, slots=True)
class Known:
    """An entry together with what `build` says of it. `environments` are those that load with it, `document` is of the first."""

    entry: Entry
    release: ReleaseId
    environments: tuple[str, ...]
    document: Document
    defaults: Document

    def setting(self, key: str, default: object) -> object:
        """The effective setting."""
        return self.document.get(key, self.defaults.get(key, default))


def entries(text: str) -> Iterator[Entry]:
    """The entries in order. What is not written as a list of mappings in block style has none."""
    inside, column, found = False, -1, list[Line]()
    for line in lines(text):
        if line.indent == 0 and not line.text.startswith(("- ", "{{")):
            yield from _entry(found, column)
            inside, column, found = line.text.startswith("releases:"), -1, []
        elif inside and line.text.lstrip().startswith("- ") and column in (-1, line.indent):
            yield from _entry(found, column)
            column, found = line.indent, [line]
        elif inside and found:
            found.append(line)
    yield from _entry(found, column)


def _entry(found: list[Line], column: int) -> Iterator[Entry]:
    if not found:
        return
    first = found[0].text
    inner = column + len(first[column:]) - len(first[column + 1 :].lstrip(" "))
    keys = {}
    for number, line in enumerate(found):
        key = _KEY.match(line.text)
        if key and (number == 0 or line.indent == inner):
            keys[key["key"]] = number
    if "name" in keys:
        yield Entry(tuple(found), inner, keys)


def known(ground: Ground) -> Iterator[Known]:
    """The entries of which `build` says something in an environment that loads."""
    text = ground.text(ground.state) or ""
    for entry in entries(text):
        release = ReleaseId("", entry.value("namespace"), entry.value("name"))
        built = {name: list(ground.definitions(CellId(name, release))) for name in ground.loading}
        environments = tuple(name for name, found in built.items() if len(found) == 1)
        if environments:
            state, document = built[environments[0]][0]
            yield Known(entry, release, environments, document, state.document.get("helmDefaults") or {})


def in_entry(ground: Ground, kind: str, of: Known, edit: tuple[int, str, str], expected: frozenset[str]) -> Fault:
    """A fault in an entry; `edit` is the number of the line, the words, and the new text of the state file."""
    at, wording, content = edit
    wording = f"{wording} of {of.release}"
    return edited(ground, kind, ground.state, content, line=at, wording=wording, expected=expected, environments=of.environments)
