"""Lost comments: in the new state file, and in copied values files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

from migrate.model.paths import RepoPath
from migrate.model.planted import Fault
from migrate.plant.drawing import edited, in_files, shuffled, turns
from migrate.plant.ground import Ground
from migrate.plant.lines import Line, readable, replaced

_TRAILING = re.compile(r"^(?P<rest>[^#\"'{]*[^#\"'{\s])\s+(?P<comment>#.*)$")
_YAML = re.compile(r".*\.(?:ya?ml|gotmpl)$")
IN_STATE = frozenset(("comments_kept",))
IN_COPY = frozenset(("comments_kept", "bytes_kept"))
"""A copy keeps its comments with its bytes."""


def comment(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A comment of the legacy helmfiles lost or altered in the new state file, or one of a copied values file."""
    state = in_files(ground, [ground.state], rng, lambda path, text: shuffled(_in_state(ground, path, text), rng))
    charts = {path.folder for path in ground.case.new if path.name == "Chart.yaml"}.union(ground.charts)
    copies = [path for path in ground.copies if _YAML.match(path) and charts.isdisjoint(_folders_above(path))]
    return turns([state, in_files(ground, copies, rng, lambda path, text: shuffled(_in_copy(ground, path, text), rng))])


def _folders_above(path: RepoPath) -> set[str]:
    parts = path.split("/")
    return {"/".join(parts[:count]) for count in range(1, len(parts))}


def _in_state(ground: Ground, path: RepoPath, text: str) -> Iterator[Fault]:
    """Only comments that are in the legacy files at least as often: the migration writes some of its own."""
    legacy: Counter[str] = Counter()
    for source in ground.old_sources:
        if source in ground.case.old:
            legacy.update(found for _, _, found in _comments(ground.case.old.text(source)))
    here = Counter(found for _, _, found in _comments(text))
    for line, rest, found in _comments(text):
        if 0 < here[found] <= legacy[found]:
            yield from _faults(ground, path, text, (line, rest, found), IN_STATE)


def _in_copy(ground: Ground, path: RepoPath, text: str) -> Iterator[Fault]:
    for line, rest, found in _comments(text):
        if not rest:
            yield from _faults(ground, path, text, (line, rest, found), IN_COPY)


def _faults(
    ground: Ground, path: RepoPath, text: str, comment: tuple[Line, str, str], expected: frozenset[str]
) -> Iterator[Fault]:
    line, rest, found = comment
    blank = line.text[: line.indent]
    altered = f"{rest} {found} planted" if rest else f"{blank}{found} planted"
    for wording, new in (("comment lost", rest or None), ("comment altered", altered)):
        content = replaced(text, line.at, new)
        yield edited(ground, "comment", path, content, line=line.at, wording=wording, expected=expected)


def _comments(text: str) -> list[tuple[Line, str, str]]:
    """Line, what stands before the comment, the comment from its `#` on."""
    found = []
    for line in readable(text):
        trailing = _TRAILING.match(line.text)
        if line.text.lstrip().startswith("#"):
            found.append((line, "", line.text.strip()))
        elif trailing:
            found.append((line, trailing["rest"], trailing["comment"].rstrip()))
    return found
