"""A state file as text: its parts, its top-level blocks, the lines of each list entry with the comments that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from migrate.errors import UnreadableSource
from migrate.formats.yaml_source import EMPTY, Node, document
from migrate.model.paths import RepoPath

PART = "\n---\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a state file: helmfile splits on the exact line `---` (state/create.go of 0.166). `line` is its first."""

    text: str
    line: int
    root: Node


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level key of a part: its nodes and the part that it stands in."""

    part: Part
    key: Node
    value: Node

    @property
    def line(self) -> int:
        """Its line in the file."""
        return self.part.line + self.key.line - 1


@dataclass(frozen=True, slots=True)
class StateSource:
    """A parsed state file."""

    path: RepoPath
    text: str
    parts: tuple[Part, ...]

    @classmethod
    def parse(cls, path: RepoPath, data: bytes) -> StateSource:
        """UnreadableSource if it is no UTF-8 or no YAML once the template actions are masked. Equal files are parsed once."""
        return _parsed(path, data)

    def blocks(self, key: str) -> tuple[Block, ...]:
        """Every block of that key, in all parts."""
        return tuple(Block(p, name, value) for p in self.parts for name, value in p.root.pairs if name.value == key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys in order."""
        return tuple(name.value for part in self.parts for name, _ in part.root.pairs)

    def line(self, part: Part, node: Node) -> int:
        """The line of a node in the file."""
        return part.line + node.line - 1


@lru_cache(maxsize=1024)
def _parsed(path: RepoPath, data: bytes) -> StateSource:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{path}: not UTF-8", path=path) from error
    if "\0" in text:
        raise UnreadableSource(f"{path}: a binary file", path=path)
    parts, line = [], 1
    for index, piece in enumerate(text.removeprefix("---\n").split(PART)):
        line += 1 if index == 0 and text.startswith("---\n") else 0
        parts.append(Part(piece, line, _document(piece, path, line)))
        line += piece.count("\n") + 2
    return StateSource(path, text, tuple(parts))


def _document(text: str, path: RepoPath, line: int) -> Node:
    try:
        return document(text, path)
    except UnreadableSource as error:
        at = max(error.line - 1, 0) + line
        message = error.message.replace(f":{error.line}:", f":{at}:", 1)
        raise UnreadableSource(message, path=path, line=at) from error


def sequence(block: Block) -> tuple[Node, ...]:
    """The entries of a block that is a list; nothing for an empty one."""
    return block.value.items if block.value.kind == "sequence" else ()


__all__ = ["EMPTY", "PART", "Block", "Part", "StateSource", "sequence"]
