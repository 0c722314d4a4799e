"""Faults of files as git keeps them: an attribute, a mode, a file that has nothing to do with the migration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from random import Random

from migrate.model.paths import RepoPath
from migrate.model.planted import Fault
from migrate.model.tree import Mode
from migrate.plant.drawing import FILES, dropped, shuffled, turns
from migrate.plant.ground import Ground

_PLAIN = re.compile(r"[A-Za-z0-9._/-]+$")
_RULES = RepoPath(".gitattributes")
_ATTRIBUTES = (
    ("text eol=crlf", "eol", "crlf"),
    ("-text", "text", "unset"),
    ("ident", "ident", "set"),
    ("export-ignore", "export-ignore", "set"),
    ("filter=planted", "filter", "planted"),
)
"""What is written, and the attribute and value that it gives."""
_FLIPPED = {Mode.FILE: Mode.EXECUTABLE, Mode.EXECUTABLE: Mode.FILE}


def attribute(ground: Ground, rng: Random) -> Iterator[Fault]:
    """One line more in .gitattributes, which reaches a copied file, or one less of those that name the new folder."""
    lost = _lines_lost(ground) if _RULES in ground.case.new else []
    return turns([iter(shuffled(lost, rng)), _lines_more(ground, rng)])


def _lines_more(ground: Ground, rng: Random) -> Iterator[Fault]:
    text = ground.text(_RULES) if _RULES in ground.case.new else ""
    nearer = {path.folder for path in ground.case.new if path.name == _RULES and path.folder}
    for path in shuffled(ground.copies, rng) if text is not None else ():
        if not _PLAIN.match(path) or any(path.is_below(folder) for folder in nearer):
            continue
        has = ground.case.new_attributes.get(path, {})
        words, _, _ = rng.choice([rule for rule in _ATTRIBUTES if has.get(rule[1]) != rule[2]])
        begin = text if not text or text.endswith("\n") else f"{text}\n"
        yield _rules(f"{begin}/{path} {words}\n", path, f"git attribute `{words}` for {path}")


def _lines_lost(ground: Ground) -> Iterator[Fault]:
    text = ground.text(_RULES) or ""
    found = text.splitlines(keepends=True)
    folder = ground.state.folder
    for number, line in enumerate(found):
        if folder and line.lstrip("/").startswith(f"{folder}/"):
            content = "".join(found[:number] + found[number + 1 :])
            yield _rules(content, _RULES, f"line {number + 1} of .gitattributes dropped")


def _rules(content: str, path: RepoPath, wording: str) -> Fault:
    put = {_RULES: (Mode.FILE, content.encode())}
    return Fault("attribute", path, 0, wording, frozenset(("bytes_kept",)), put)


def mode(ground: Ground, rng: Random) -> Iterator[Fault]:
    """The executable bit of a copied or unrelated file, set or taken away."""
    return turns([_flipped(ground, ground.copies, rng), _flipped(ground, _unrelated(ground), rng)])


def _flipped(ground: Ground, files: Iterable[RepoPath], rng: Random) -> Iterator[Fault]:
    for path in _in_turns(files, rng):
        entry = ground.case.new.entries[path]
        if entry.mode in _FLIPPED:
            new = _FLIPPED[entry.mode]
            yield Fault("mode", path, 0, f"mode {entry.mode} became {new}", FILES, {path: (new, entry.oid)})


def unrelated(ground: Ground, rng: Random) -> Iterator[Fault]:
    """A file that the migration leaves alone, changed or taken away."""
    for path in _in_turns(_unrelated(ground), rng):
        if rng.random() < 1 / 2:
            yield dropped("unrelated", path, wording="unrelated file dropped", expected=FILES)
        else:
            content = f"planted {rng.getrandbits(64):016x}\n".encode()
            put = {path: (ground.case.new.entries[path].mode, content)}
            yield Fault("unrelated", path, 0, "unrelated file has other bytes", FILES, put)


def _unrelated(ground: Ground) -> list[RepoPath]:
    case = ground.case
    written = {*case.record.created, *case.record.edited} if case.record else set()
    own = {*ground.copies, *written}
    stays = (path for path, entry in case.new.entries.items() if case.old.entries.get(path) == entry and path not in own)
    return sorted(path for path in stays if case.new.entries[path].mode in _FLIPPED)


def _in_turns(files: Iterable[RepoPath], rng: Random) -> Iterator[RepoPath]:
    """The files, one of each top-level folder at a time."""
    groups = groupby(sorted(files), key=lambda path: path.partition("/")[0])
    return turns([iter(shuffled(group, rng)) for _, group in groups])
