"""Files that an argument of helm names by a path from the folder in which helmfile runs.

The same words from another folder mean another file, so such an argument compares by what it names.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from migrate.system.helmfile.argv import FILE_FLAGS, WORD_FLAGS, Argument


class NamedFiles:
    """The files of one workspace that arguments name. `places` tells where each is, by its digest."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self.places: dict[str, Path] = {}

    def compared(self, folder: Path, argument: Argument) -> str:
        """An argument as it compares: a digest for a file or folder that is there, the place from the top for one that is not.

        Words that are no paths, absolute paths and paths out of the workspace stay as they are.
        """
        place = Path(os.path.normpath(folder / argument.text))
        named = argument.part in FILE_FLAGS or (argument.part in WORD_FLAGS and place.exists())
        if not named or not argument.text or Path(argument.text).is_absolute() or self._top not in place.parents:
            return argument.text
        if not place.exists():
            return f"{{missing {place.relative_to(self._top).as_posix()}}}"
        digest = _digest(place)
        self.places[digest] = place
        return f"{{path sha256:{digest}}}"


def _digest(place: Path) -> str:
    """Of a file, its bytes and whether it can be executed; of a folder, those of all files below it."""
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    total = hashlib.sha256()
    for path in files:
        mode = b"x" if os.access(path, os.X_OK) else b"-"
        name = b"" if path == place else os.fsencode(path.relative_to(place))
        total.update(name + b"\0" + mode + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
