"""A mention -> a reference: what it means, where that goes, and the bytes that have to change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from migrate.model.edits import Edit
from migrate.model.paths import relative
from migrate.model.references import TOP, Certainty, Mention, Reference
from migrate.references.moves import Moves, Unclear
from migrate.references.pattern import Part, Written, is_mark, marks, place, shown, written

_TAIL = re.compile(r"(?:/\.?)*\Z")
"""`cp -r folder/. here` copies what is in the folder, and not the folder."""


def reference(mention: Mention, moves: Moves) -> Reference | None:
    """What a mention becomes; None if it means nothing that moves."""
    text = written(mention.pieces, glob=mention.glob)
    found = _meaning(text, mention, moves)
    if found is None:
        return _unknown_start(text, mention, moves)
    home, target, becomes = found
    if isinstance(becomes, Unclear):
        known = marks(target) or moves.concerns(target)
        certainty = Certainty.GUESSED if known else Certainty.DANGLING
        reason = becomes.reason if known else "there is no such file"
        return Reference(mention, shown(target, text.names), "", certainty, reason)
    edits = _edits(text, home, becomes)
    said = shown(target, text.names), shown(becomes, text.names)
    if isinstance(edits, Unclear):
        return Reference(mention, *said, Certainty.GUESSED, mention.doubt or edits.reason)
    doubt = mention.doubt or _renamed(mention, *said)
    if doubt:
        return Reference(mention, *said, Certainty.GUESSED, doubt)
    return Reference(mention, *said, Certainty.EXACT, edits=edits)


def _renamed(mention: Mention, target: str, becomes: str) -> str:
    """Why the new path can't stand for the old one where its last part is used as a name."""
    old, new = target.rpartition("/")[2], becomes.rpartition("/")[2]
    return f"it would be copied under another name, {new} and not {old}" if mention.keeps_name and old != new else ""


def _meaning(text: Written, mention: Mention, moves: Moves) -> tuple[str, str, str | Unclear] | None:
    """From the first folder where it means something: where that folder is afterwards, the legacy path and the new one.

    What leads to nothing there gives way to a folder where it leads to something. It counts only if its folder moves as a whole,
    or where it is written from the top, or with dots: most words with a slash are no paths, and all of them would lead to nothing
    in a legacy folder.
    """
    nothing = None
    for folder in mention.folders:
        target = place(text.text, folder)
        if not target:
            continue
        home = folder if text.text.startswith(TOP) else _afterwards(folder, moves)
        if not marks(target) and target in moves.present and not moves.concerns(target):
            return (home, target, target) if home != folder else None
        becomes = moves.translate(target, text.wide)
        if becomes is not None and not marks(target) and not moves.concerns(target):
            counts = isinstance(becomes, str) or not folder or text.text.startswith(("./", "../", TOP))
            nothing = nothing or ((home, target, becomes) if counts else None)
        elif becomes is not None:
            return home, target, becomes
        elif home != folder and ".." in text.text.split("/"):
            return home, target, target
    return nothing


def _afterwards(folder: str, moves: Moves) -> str:
    """Where a folder is after the move: whoever goes there to read a path goes to its new place then."""
    new = moves.of_path(folder) if folder and moves.concerns(folder) else folder
    return folder if isinstance(new, Unclear) else new


def _unknown_start(text: Written, mention: Mention, moves: Moves) -> Reference | None:
    """A path that begins with an unknown part, and goes on as a piece that moves is named."""
    rest = text.text.lstrip("./")
    if not rest or not is_mark(rest[0]):
        return None
    while rest and (is_mark(rest[0]) or rest[0] == "/"):
        rest = rest[1:]
    first = rest.partition("/")[0]
    if first not in moves.roots or moves.translate(rest, text.wide) is None or ("/" not in rest and mention.prose):
        return None
    name = shown(text.text, text.names)
    return Reference(mention, name, "", Certainty.GUESSED, f"where `{text.names[0]}` leads is not known")


def _edits(text: Written, home: str, becomes: str) -> tuple[Edit, ...] | Unclear:
    """The changes of literals that make the text lead to the new place."""
    new = _spelt(text, home, becomes)
    old_runs, new_runs = _runs(text.parts), _split(new)
    if marks(text.text) != marks(new):
        return Unclear("the unknown parts would stand in another order")
    edits: list[Edit] = []
    for run, wanted in zip(old_runs, new_runs, strict=True):
        found = _edit(run, wanted)
        if found is None:
            return Unclear("it is put together from several texts, which would have to be cut elsewhere")
        edits += found
    return tuple(edits)


def _spelt(text: Written, home: str, becomes: str) -> str:
    """The new path as it is to be written: from the same known folder, with the same beginning and end."""
    whole = text.text
    tail = "" if becomes.endswith("/") else _TAIL.search(whole)[0]  # type: ignore[index]  # it matches nothing at least
    if whole.startswith(TOP):
        known = "".join(part.text for part in takewhile(lambda part: part.offset is None and not is_mark(part.text), text.parts))
        return f"{known.rstrip('/')}/{relative(becomes, place(known, '') or '')}{tail}"
    dotted = "./" if whole.startswith("./") else ""
    return dotted + relative(becomes, home) + tail


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    runs: list[list[Part]] = [[]]
    for part in parts:
        if is_mark(part.text[0]):
            runs.append([])
        else:
            runs[-1].append(part)
    return runs


def _split(text: str) -> list[str]:
    runs = [""]
    for character in text:
        if is_mark(character):
            runs.append("")
        else:
            runs[-1] += character
    return runs


def _edit(run: Sequence[Part], wanted: str) -> list[Edit] | None:
    """The one literal of a run that has to change, and how; an empty list if none has to. None if several would have to."""
    left = list(run)
    while left and wanted.startswith(left[0].text) and (len(left) > 1 or left[0].text == wanted):
        wanted = wanted[len(left.pop(0).text) :]
    while len(left) > 1 and wanted.endswith(left[-1].text):
        wanted = wanted[: -len(left.pop().text)]
    if not left:
        return [] if not wanted else None
    if len(left) > 1:
        return _around(left, wanted)
    if left[0].offset is None:
        return None
    return [Edit(left[0].offset, left[0].text.encode(), wanted.encode())]


def _around(parts: Sequence[Part], wanted: str) -> list[Edit] | None:
    """The changes on both sides of a name that stays: the value of a variable, in the middle of a path.

    What other values of the variable ask for is compared by `settled`: the texts around it must become the same for all.
    """
    for at, part in enumerate(parts):
        start = _as_name(wanted, part.text) if "/" not in part.text and part.text.strip(".") else -1
        if start < 0:
            continue
        before = _edit(parts[:at], wanted[:start])
        behind = _edit(parts[at + 1 :], wanted[start + len(part.text) :])
        if before is not None and behind is not None:
            return before + behind
    return None


def _as_name(text: str, name: str) -> int:
    """Where a name stands in a path: as a whole part, else the last time anywhere; -1 if nowhere."""
    whole = f"/{text}/".find(f"/{name}/")
    return whole if whole >= 0 else text.rfind(name)
