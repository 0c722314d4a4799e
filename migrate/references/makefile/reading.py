"""What the lines of a Makefile name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from zlib import crc32

from migrate.model.references import TOP, CommandLine, Mention, Piece
from migrate.model.tree import Tree
from migrate.references.embedded import Script, Value
from migrate.references.finding import Found, Place
from migrate.references.makefile.lines import Kind, Line
from migrate.references.snippet import Snippet
from migrate.references.tokens import loose, mention

KIND = "makefile"
STATE_FILES = ("helmfile.yaml", "helmfile.yaml.gotmpl")
_REFERENCE = re.compile(rb"\$(?:\((?P<round>[A-Za-z_]\w*)\)|\{(?P<curly>[A-Za-z_]\w*)\})")
_FUNCTION = re.compile(rb"\$(?:\([^()$]*(?:\([^()]*\)[^()$]*)*\)|\{[^{}$]*\}|[@<^?*+|%])")
_WILDCARD = re.compile(rb"\$[({]wildcard[ \t]+(?P<patterns>[^(){}]*)[)}]")
_SHELL = re.compile(rb"\$[({]shell[ \t]+(?P<script>(?:[^()]|\([^()]*\))*)[)}]")
_WORD = re.compile(rb"(?:[^\s\\$]|\\.|\$[({][^(){}]*[)}]|\$.)+")
_EXPANSION = re.compile(rb"\$\$|" + _REFERENCE.pattern + rb"|" + _FUNCTION.pattern)
_HERE = re.compile(
    rb"\$[({](?=[^\n]*\bdir(?:name)?\b)(?![^\n]*\.\.)[^\n]*MAKEFILE_LIST[^\n]*|\$[({](?:CURDIR|PWD|shell pwd)[)}]/?"
)
"""The folder of the Makefile itself"""
_TOPLEVEL = re.compile(rb"\$[({]shell git rev-parse --show-toplevel[)}]")
_PATH_NAME = re.compile(r"(?i)(?:dir|(?:^|[_.-])(?:director(?:y|ie)|path|file|folder|root))s?$")
"""How a variable is named that holds paths"""
_PREFIX = re.compile(rb"[ \t]*[@+-]*[ \t]*")


@dataclass(frozen=True)
class MakeReader:
    """One file: its lines, and what its variables hold."""

    tree: Tree
    snippet: Snippet
    lines: tuple[Line, ...]
    functions: dict[str, str] = field(default_factory=dict)
    """functions of make by the names of the variables that stand for them"""

    @cached_property
    def place(self) -> Place:
        """make is run in the file's folder, or at the top with `-f`."""
        return Place(tuple(dict.fromkeys((self.snippet.file.folder, ""))))

    @cached_property
    def variables(self) -> dict[str, Value]:
        """The variables that are assigned once, to one word."""
        assigned = [line for line in self.lines if line.kind is Kind.ASSIGNMENT]
        counts = Counter(line.name for line in assigned)
        here = TOP + (f"/{self.snippet.file.folder}" if self.snippet.file.folder else "")
        found: dict[str, Value] = {"CURDIR": here}
        for line in assigned:
            text = self.snippet.text[slice(*line.value)]
            if counts[line.name] > 1 or not re.fullmatch(r"[A-Za-z_]\w*", line.name):
                continue
            if _HERE.fullmatch(text):
                found[line.name] = here + ("/" if text[2:].startswith(b"dir") or text.endswith(b"/") else "")
            elif _TOPLEVEL.fullmatch(text):
                found[line.name] = TOP
            elif text and _WORD.fullmatch(text):
                found[line.name] = self.script_text(*line.value)
        return found

    @cached_property
    def targets(self) -> frozenset[bytes]:
        """All targets by their names, phony ones too."""
        rules = [line for line in self.lines if line.kind is Kind.RULE]
        return frozenset(word for line in rules for word in self.snippet.text[slice(*line.targets)].split())

    def recipe(self, line: Line) -> Iterator[Found]:
        """A line of a recipe."""
        start = _PREFIX.match(self.snippet.text, *line.value)
        begin = start.end() if start else line.value[0]
        yield from self._script(begin, line.value[1])
        yield from self._functions(line.value)

    def assignment(self, line: Line) -> Iterator[Found]:
        """The value of a variable: its words with a slash (all words if it is named as a path), and what functions in it name."""
        yield from self._words(line.value, bare=bool(_PATH_NAME.search(line.name.partition(" ")[0])))
        yield from self._functions(line.value)

    def rule(self, line: Line) -> Iterator[Found]:
        """Targets and prerequisites."""
        yield from self._words(line.targets, bare=False)
        special = self.snippet.text[line.targets[0] : line.targets[0] + 1] == b"."  # `.PHONY: environments` names rules
        yield from self._words(line.value, bare=not special)
        yield from self._functions(line.value)

    def include(self, line: Line) -> Iterator[Found]:
        """The files that are included."""
        yield from self._words(line.value, bare=True)

    def comment(self, line: Line) -> Iterator[Found]:
        """Words with a slash."""
        yield from loose(self.snippet.part(*line.value), replace(self.place, group="prose", prose=True), KIND)

    def _words(self, span: tuple[int, int], *, bare: bool) -> Iterator[Mention]:
        """Words as paths; those without a slash only if they are files and no names of rules."""
        for found in _WORD.finditer(self.snippet.text, *span):
            word = found[0]
            first = word[0:1]
            named = b"/" in word or (bare and word not in self.targets and first.isalnum())
            if named and not _FUNCTION.fullmatch(word):
                yield self._path(*found.span())

    def _path(self, start: int, end: int) -> Mention:
        text = self.snippet.text[start:end]
        parts = [part for found in _parts(text) for part in self._piece(start, *found)]
        found = mention(self.snippet, start, end, self.place, KIND, glob=True)
        return replace(found, pieces=tuple(parts))

    def _piece(self, base: int, start: int, end: int, name: str) -> Iterator[Piece]:
        value = self.variables.get(name) if name else None
        raw = self.snippet.text[base + start : base + end].decode("utf-8", "replace")
        if value is None:
            yield Piece(raw, hole=True) if name else Piece(raw, self.snippet.offset(base + start))
        elif isinstance(value, str):
            yield Piece(value)
        elif not re.search(rb"[${]", value.text):
            yield Piece(value.text.decode("utf-8", "replace"), value.offset(0))
        else:
            yield Piece(raw, hole=True)

    def _functions(self, span: tuple[int, int]) -> Iterator[Found]:
        """`$(wildcard …)` and `$(shell …)`."""
        for found in _WILDCARD.finditer(self.snippet.text, *span):
            yield from self._words(found.span("patterns"), bare=True)
        for found in _SHELL.finditer(self.snippet.text, *span):
            yield from self._script(*found.span("script"))

    def _script(self, start: int, end: int) -> Iterator[Found]:
        text = self.script_text(start, end)
        script = Script(self.snippet.file, self.snippet.source, self.variables, kind=KIND, names=self.functions)
        for item in script.add(text).found(self.tree, self.place):
            yield self._at_home(item) if isinstance(item, CommandLine) else item

    def _at_home(self, call: CommandLine) -> CommandLine:
        """A call in a Makefile that has a state file beside it means that one."""
        own = self.snippet.file.folder
        beside = any(f"{own}/{name}" in self.tree for name in STATE_FILES)
        return replace(call, folders=(own,)) if own in call.folders and beside else call

    def script_text(self, start: int, end: int) -> Snippet:
        """A part as the shell gets it: `$$` is one sign, make's variables are the shell's, functions are unknown values."""
        text, segments = bytearray(), []
        at = start
        for found in _EXPANSION.finditer(self.snippet.text, start, end):
            segments.append((len(text), self.snippet.offset(at)))
            text += self.snippet.text[at : found.start()]
            segments.append((len(text), self.snippet.offset(found.start())))
            text += self._as_shell(found)
            at = found.end()
        segments.append((len(text), self.snippet.offset(at)))
        text += self.snippet.text[at:end]
        return Snippet(self.snippet.file, self.snippet.source, bytes(text), tuple(segments))

    def _as_shell(self, found: re.Match[bytes]) -> bytes:
        if found[0] == b"$$":
            return b"$"
        name = found["round"] or found["curly"]
        if not name:
            name = f"make_{crc32(found[0])}".encode()
            self.functions[name.decode()] = found[0].decode("utf-8", "replace")
        return b"${" + name + b"}"


def _parts(text: bytes) -> Iterator[tuple[int, int, str]]:
    """The parts of a word: start, end, and the name of the variable or function; `%` is one as well."""
    at = 0
    for found in re.finditer(rb"%|" + _REFERENCE.pattern + rb"|" + _FUNCTION.pattern, text):
        if found.start() > at:
            yield at, found.start(), ""
        name = found["round"] or found["curly"] or found[0]
        yield found.start(), found.end(), name.decode("utf-8", "replace")
        at = found.end()
    if at < len(text):
        yield at, len(text), ""
