"""Where each piece goes: of a file, of a folder, and of a path with unknown parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.model.paths import RepoPath
from migrate.references.pattern import FIRST, expression, is_mark, marks


@dataclass(frozen=True)
class Unclear:
    """Why it can't be said where a piece goes."""

    reason: str


@dataclass(frozen=True)
class Moves:
    """Legacy file -> new place, for every piece that a migration moves.

    `merged` are the state files, which all become `new_state`; `root` is the one that stands for them all. `present` are all
    files of the legacy tree; files that no commit holds may move as well (`files` names their old and new place).
    """

    files: Mapping[RepoPath, RepoPath]
    merged: frozenset[RepoPath]
    root: RepoPath
    new_state: RepoPath
    present: frozenset[RepoPath]

    @cached_property
    def _places(self) -> dict[str, list[RepoPath]]:
        """Each legacy folder with the files below it, moved, merged or left."""
        found: dict[str, list[RepoPath]] = {}
        for path in sorted({*self.present, *self.files}):
            folder = path.folder
            while folder:
                found.setdefault(folder, []).append(path)
                folder = folder.rpartition("/")[0]
        return found

    @cached_property
    def _moving(self) -> frozenset[str]:
        """The files that move, and all folders above them."""
        found: set[str] = {*self.files, *self.merged}
        for path in tuple(found):
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def concerns(self, path: str) -> bool:
        """Whether a path is a piece that moves, or a folder with such a piece in it."""
        return path in self._moving

    @cached_property
    def roots(self) -> frozenset[str]:
        """The first parts of all paths that move."""
        return frozenset(path.partition("/")[0] for path in self._moving)

    def may_be_named(self, file: str, data: bytes, *, slash: bool = False) -> bool:
        """Whether a file may name a piece that moves: a quick look at its bytes. With `slash`, for texts in which a path has one.

        A file in a folder with such pieces may name them by less than their first folder.
        """
        if file.partition("/")[0] in self.roots:
            return True
        if slash:
            return b"helmfile" in data or any(name + b"/" in data or b"/" + name in data for name in self._names)
        return b"helmfile" in data.lower() or any(name in data for name in self._names)

    @cached_property
    def _names(self) -> tuple[bytes, ...]:
        return tuple(sorted(root.encode() for root in self.roots))

    def of_path(self, path: str) -> str | Unclear:
        """Where a file or a whole folder goes. KeyError for one that `concerns` denies."""
        if path in self.files:
            return self.files[RepoPath(path)]
        if path == self.root:
            return self.new_state
        if path in self.merged:
            return Unclear(f"{path} is merged into {self.new_state}")
        if path not in self._moving:
            raise KeyError(path)
        return self._folder(path)

    def _folder(self, folder: str) -> str | Unclear:
        targets: dict[str, str] = {}
        for path in self._places[folder]:
            rest = path[len(folder) :]
            new = self.files.get(path)
            if new is None:
                return Unclear(f"{path} does not move with the rest of {folder}")
            if not new.endswith(rest):
                return Unclear(f"the pieces of {folder} go to several places, {path} to {new}")
            targets.setdefault(new.removesuffix(rest), path)
        if len(targets) == 1:
            return next(iter(targets))
        return Unclear(f"the pieces of {folder} go to several places: {', '.join(sorted(targets)[:3])}")

    def translate(self, pattern: str, wide: frozenset[str] = frozenset()) -> str | Unclear | None:
        """Where a path with unknown parts goes, with the same unknown parts; None if it is nothing that moves."""
        key = pattern, wide
        if key not in self._translated:
            self._translated[key] = self._translate(*key)
        return self._translated[key]

    @cached_property
    def _translated(self) -> dict[tuple[str, frozenset[str]], str | Unclear | None]:
        return {}

    def _translate(self, pattern: str, wide: frozenset[str]) -> str | Unclear | None:
        """The longest head that moves decides; a file has nothing below it."""
        head, tail = pattern.rstrip("/"), ""
        while head:
            found = self._whole(head, wide)
            if found is not None and not (tail and head in self.files):
                return found + tail if isinstance(found, str) else found
            if head in self.present or head in self.files:
                return None
            head, slash, last = head.rpartition("/")
            tail = f"{slash}{last}{tail}"
        return None

    def _whole(self, pattern: str, wide: frozenset[str]) -> str | Unclear | None:
        if not marks(pattern):
            return self.of_path(pattern) if self.concerns(pattern) else None
        head = pattern.partition(marks(pattern)[0])[0].rpartition("/")[0]
        together = self.of_path(head) if head and self.concerns(head) else None
        if isinstance(together, str):
            return together + pattern[len(head) :]  # all of the folder moves alike, whatever is meant in it
        found = self._alike(pattern, wide)
        if isinstance(found, str) and (staying := self._staying(pattern, wide)):
            return Unclear(f"it can also mean {staying}, which does not move")
        return found

    def _alike(self, pattern: str, wide: frozenset[str]) -> str | Unclear | None:
        """Where all that a pattern means goes, if that can be said with the same unknown parts."""
        outcomes: list[str] = []
        for bound, new in self._matches(pattern, wide):
            if isinstance(new, Unclear):
                return new
            generalised = _generalise(new, bound)
            if generalised is None:
                return Unclear(f"{new} can't be named with the same unknown parts")
            outcomes.append(generalised)
        distinct = sorted(set(outcomes))
        if len(distinct) > 1:
            return Unclear(f"what it can mean goes to several places: {', '.join(map(_plain, distinct[:3]))}")
        return distinct[0] if distinct else None

    def _matches(self, pattern: str, wide: frozenset[str]) -> Iterator[tuple[dict[str, str], str | Unclear]]:
        looks = expression(pattern, wide)
        fixed = pattern.partition("/")[0]
        if not marks(fixed) and fixed not in self.roots:
            return
        for path in sorted(self._moving):
            found = looks.fullmatch(path)
            if found:
                bound = {chr(FIRST + int(name[1:])): value for name, value in found.groupdict().items()}
                yield bound, self.of_path(path)

    def _staying(self, pattern: str, wide: frozenset[str]) -> str:
        """A file or a folder that the pattern also means and that does not move; empty if there is none."""
        looks = expression(pattern, wide)
        return next((path for path in self._left if looks.fullmatch(path)), "")

    @cached_property
    def _left(self) -> tuple[str, ...]:
        """The files and folders below the folders of what moves that stay where they are."""
        below = {*self._places, *self.present} - self._moving
        return tuple(sorted(path for path in below if path.partition("/")[0] in self.roots))


def _generalise(new: str, bound: Mapping[str, str]) -> str | None:
    """The new path with the marks in the places of their values, in the order of the marks; None if one has no place."""
    at, out = 0, ""
    for mark, value in bound.items():
        if not value:
            return None
        found = _as_segment(new, value, at)
        if found < 0:
            return None
        out += new[at:found] + mark
        at = found + len(value)
    return out + new[at:]


def _as_segment(text: str, value: str, start: int) -> int:
    """Where the value stands as a whole part of the path, else anywhere."""
    for found in (f"/{text}/".find(f"/{value}/", start), text.find(value, start)):
        if found >= start:
            return found
    return -1


def _plain(pattern: str) -> str:
    return "".join("*" if is_mark(character) else character for character in pattern)
