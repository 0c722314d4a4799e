"""Whether the words of a hook name the same files on both sides, each from the folder that the hook runs in.

helmfile runs a hook in the folder of its state file (0.166 and 1.7.4). A word may be a path, or a text for a shell that has paths
in it; a script that it names may name others, from that folder or from its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migrate.errors import PathLeavesRepository
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

_TOKEN = re.compile(r"[^\s\"'`;|&()<>=,{}\[\]$]+")
_SCRIPT = re.compile(r"\.(?:sh|bash|py|pl|rb|awk|mk)$")

_GOES_HOME = re.compile(r"\bcd\b[^\n]*(?:\$\{?0|BASH_SOURCE)")
"""A script that changes into its own folder first. Without that, what follows a `$(dirname "$0")` begins with a `/`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a tree in which a hook runs."""

    tree: Tree
    folder: str

    def beside(self, path: RepoPath) -> Place:
        """The folder of a script."""
        return Place(self.tree, path.folder)

    def path(self, token: str) -> str | None:
        """Where a token leads; None if that is out of the repository or the place itself."""
        try:
            return resolve(self.folder, token) or None
        except PathLeavesRepository:
            return None

    def file(self, token: str) -> RepoPath | None:
        """The tracked file that a token names."""
        path = self.path(token)
        return RepoPath(path) if path is not None and path in self.tree else None

    def content(self, token: str) -> object:
        """Mode and bytes of the file that a token names, or of all files in the folder; None if it names nothing."""
        file, path = self.file(token), self.path(token)
        if file is not None:
            return self.tree.entries[file]
        if path is None or "/" not in token:
            return None
        return {found.relative_to(path): self.tree.entries[found] for found in self.tree.below(path)} or None


def words_of(hook: Mapping[str, Any]) -> list[str]:
    """The command, its arguments, and what `kubectlApply` names."""
    applied = hook.get("kubectlApply") or {}
    return [
        str(hook.get("command", "")),
        *map(str, hook.get("args") or ()),
        *(str(value) for _, value in sorted(applied.items())),
    ]


def unlike(old: tuple[Place, str], new: tuple[Place, str]) -> Iterator[str]:
    """What in two words does not name the same on both sides; nothing if they are as good as the same word."""
    before, after = _TOKEN.findall(old[1]), _TOKEN.findall(new[1])
    if _TOKEN.sub("", old[1]) != _TOKEN.sub("", new[1]) or len(before) != len(after):
        yield "its words differ"
        return
    for a, b in zip(before, after, strict=True):
        what = _unlike_token(old[0], a, new[0], b)
        if what:
            yield what
        else:
            yield from _unlike_in_script((old[0], a), (new[0], b))


def _unlike_token(old: Place, before: str, new: Place, after: str) -> str:
    content = old.content(before)
    if content is None:
        return "" if before == after else "its words differ"
    found = new.content(after)
    if found is None:
        return f"{before} is not found from its new place"
    return "" if found == content else f"{before} is another file, or has another mode"


def _unlike_in_script(old: tuple[Place, str], new: tuple[Place, str]) -> Iterator[str]:
    """What a script names that is there before and not, or not the same, afterwards."""
    before, after = old[0].file(old[1]), new[0].file(new[1])
    if before is None or after is None:
        return
    text = _script(old[0].tree, before)
    goes_home = bool(_GOES_HOME.search(text))
    for token in dict.fromkeys(_TOKEN.findall(text)):
        here, there = old[0], new[0]
        if goes_home or token.startswith("/"):
            here, there = here.beside(before), there.beside(after)
        word = token.lstrip("/")
        if re.search(r"[./]", word.strip("./")) and here.content(word) is not None and _unlike_token(here, word, there, word):
            yield f"{old[1]} names {word}, which is not the same from its new place"


def _script(tree: Tree, path: RepoPath) -> str:
    """The text of a script, of anything else none."""
    try:
        text = tree.read(path).decode("utf-8", "replace")
    except KeyError:
        return ""
    return text if text.startswith("#!") or _SCRIPT.search(path) else ""
