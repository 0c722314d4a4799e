"""What people do about a conflict: they read both sides off the message, and write on the branch what should be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.conftest import write_file
from tests.end_to_end.history import BRANCH, MARK, History, commit
from tests.end_to_end.small import git

HEADER = re.compile(r"^(?P<path>[^\s:|]+):\S.* \[both-changed\]$")
KIND = re.compile(r"^(?!error )\S.* \[([a-z-]+)\](?:: .*)?$", re.MULTILINE)
SIDE = re.compile(
    r"^  (?P<name>before, in the old base|on the branch|in the new base)(?: \((?:(?P<start>\d+)(?:-(?P<end>\d+))?)\))?:"
)
FIRST, BRANCHS = "before, in the old base", "on the branch"


@dataclass
class Block:
    """Lines that both sides changed: the last line of the branch's, and the lines of each side."""

    path: str
    end: int = 0
    sides: dict[str, list[str]] = field(default_factory=dict)


def solve(history: History, told: str) -> list[str]:
    """A commit on the branch that has the marks of both sides; the files. None of them if the message does not say where."""
    blocks = read(told)
    if not blocks:
        return []
    git(history.repo, "checkout", "-q", BRANCH)
    for block in sorted(blocks, key=lambda each: -each.end):
        place = history.repo / block.path
        write_file(place, solved(place.read_text(), block))
    commit(history, "Solve")
    history.edited = True
    return sorted({block.path for block in blocks})


def read(told: str) -> list[Block]:
    """The blocks of a message; none if one of its conflicts is of another kind, or a place or a line is not told."""
    if {found[1] for found in KIND.finditer(told)} != {"both-changed"}:
        return []
    blocks: list[Block] = []
    path, name = "", ""
    for line in told.splitlines():
        if header := HEADER.match(line):
            path = header["path"]
        elif side := SIDE.match(line):
            name = side["name"]
            if name == FIRST:
                blocks.append(Block(path))
            if name == BRANCHS:
                blocks[-1].end = int(side["end"] or side["start"] or 0)
            blocks[-1].sides[name] = []
        elif line.startswith("  | "):
            blocks[-1].sides[name].append(line.removeprefix("  | "))
    hidden = any("<hidden" in line for block in blocks for side in block.sides.values() for line in side)
    return [] if hidden or not all(block.end for block in blocks) else blocks


def solved(text: str, block: Block) -> str:
    """The text with the lines that theirs added below those of ours, and without the marked ones that theirs removed."""
    lines = text.splitlines()
    before, mine, other = block.sides.values()
    gone = set(MARK.findall("\n".join(before))) - set(MARK.findall("\n".join(other)))
    more = [line for line in other if set(MARK.findall(line)) - set(MARK.findall(text))]
    start = block.end - len(mine)
    kept = [line for line in lines[start : block.end] if not gone & set(MARK.findall(line))]
    return "\n".join([*lines[:start], *kept, *more, *lines[block.end :]]) + "\n"
