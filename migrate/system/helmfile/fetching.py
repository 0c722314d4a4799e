"""Charts that are not in the tree, got as a deployment gets them: by the real helm, from the repositories that helmfile added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Lock

from migrate.system.helmfile.argv import Argument
from migrate.system.helmfile.runner import Runner

WITH_VALUE = ("--version",)
ALONE = ("--devel",)


@dataclass(frozen=True, slots=True)
class FetchedChart:
    """A chart twice: packed, as helm renders a chart of a repository, and unpacked by helm."""

    archive: Path
    folder: Path


class Fetching:
    """The charts of one side. Each is got once; safe to use from several threads."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._found: dict[tuple[str, ...], FetchedChart | None] = {}
        self._locks: defaultdict[tuple[str, ...], Lock] = defaultdict(Lock)

    def chart(self, chart: str, arguments: Sequence[Argument]) -> FetchedChart | None:
        """The chart that helm would get for `repository/name` or an address, with the version of these arguments, or None."""
        flags = [word for a, b in pairwise((*arguments, Argument("", ""))) for word in _flag(a, b)]
        return self._once((chart, *flags))

    def files(self, chart: str, version: str, *, devel: bool) -> Mapping[str, bytes] | None:
        """The files of a chart as helm unpacks it, by their path from its folder; None if it can't be had."""
        found = self._once((chart, *(["--version", version] if version else []), *(["--devel"] if devel else [])))
        if found is None:
            return None
        paths = [path for path in found.folder.rglob("*") if path.is_file()]
        return {path.relative_to(found.folder).as_posix(): path.read_bytes() for path in paths}

    def _once(self, words: tuple[str, ...]) -> FetchedChart | None:
        with self._locks[words]:
            if words not in self._found:
                self._found[words] = self._fetched(words)
            return self._found[words]

    def _fetched(self, words: tuple[str, ...]) -> FetchedChart | None:
        place = self._runner.folder / f"chart-{len(self._found)}-{abs(hash(words))}"
        packed, unpacked = place / "packed", place / "unpacked"
        packed.mkdir(parents=True)
        pulls = (["--destination", str(packed)], ["--untar", "--untardir", str(unpacked)])
        for options in pulls:
            if not self._runner.helm(["pull", *words, *options], place).ok:
                return None
        archives, folders = list(packed.glob("*.tgz")), [folder for folder in unpacked.iterdir() if folder.is_dir()]
        return FetchedChart(archives[0], folders[0]) if len(archives) == len(folders) == 1 else None


def _flag(argument: Argument, following: Argument) -> list[str]:
    """The words of a flag that decides which chart helm gets."""
    if argument.part != "flag" or argument.text not in (*WITH_VALUE, *ALONE):
        return []
    return [argument.text] if argument.text in ALONE else [argument.text, following.text]
