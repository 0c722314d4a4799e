"""Whether the words of a hook name the same files on both sides, each from the folder that the hook runs in.

helmfile runs a hook in the folder of its state file (0.166 and 1.7.4). A word may be a path, or a text for a shell that has paths
in it; a script that it names may name others, from that folder or from its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from migrate.claims.hook_variables import Base, paths_by_variables
from migrate.errors import PathLeavesRepository
from migrate.model.paths import RepoPath, relative, resolve
from migrate.model.tree import Tree

_TOKEN = re.compile(r"[^\s\"'`;|&()<>=,{}\[\]$]+")
_GLOB = re.compile(r"[*?]")
_SCRIPT = re.compile(r"\.(?:sh|bash|py|pl|rb|awk|mk)$")

_FOLDER = re.compile(
    r"(?:(?:^|\s)-[fkC]|--(?:kustomize|filename|directory)|(?:^|\s)(?:build|find|ls))[\s=]+(?P<path>[^\s;&|()\"'$*?{}/]+)/?(?=[\s;&|)]|$)"
)
"""A command that is given a folder by its bare name, or the one in which it runs. Elsewhere such a word is only a word, and a `.`
is a filter, or reads a script."""
_MAKE = re.compile(r"(?:^|[\s;&|(])make(?=\s|$)(?!.*\s-[fC])")
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")

_MANIFESTS = ("kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml", "helmfile.yaml", "helmfile.yaml.gotmpl")
"""What kustomize (api/konfig of 5.8), helm and helmfile read in a folder. Paths in it count from there, and may lead out."""

_GOES_HOME = re.compile(r"(?<![(`])\bcd\b[^\n]*(?:\$\{?0|BASH_SOURCE)")
"""A script that changes into its own folder first, not in a sub-shell. Without that, what follows a `$(dirname "$0")` begins
with a `/`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a tree in which a hook runs."""

    tree: Tree
    folder: str

    def beside(self, path: RepoPath) -> Place:
        """The folder of a script."""
        return Place(self.tree, path.folder)

    def path(self, token: str) -> str | None:
        """Where a token leads, `""` for the top; None if that is out of the repository."""
        try:
            return resolve(self.folder, token)
        except PathLeavesRepository:
            return None

    def file(self, token: str) -> RepoPath | None:
        """The tracked file that a token names."""
        path = self.path(token)
        return RepoPath(path) if path and path in self.tree else None

    def content(self, token: str) -> object:
        """Mode and bytes of the file that a token names, or of all files in the folder or of a glob; None if it names nothing."""
        file, path = self.file(token), self.path(token)
        if file is not None:
            return self.tree.entries[file]
        if path is None or "/" not in token:
            return None
        if _GLOB.search(path):
            return self._matching(path)
        return {found.relative_to(path): self.tree.entries[found] for found in self.tree.below(path)} or None

    def below(self, name: str) -> object:
        """All files below a folder, the place itself for `.`; None if that is out of the repository."""
        path = self.path(name)
        return None if path is None else {found.relative_to(path): self.tree.entries[found] for found in self.tree.below(path)}

    def _matching(self, pattern: str) -> object:
        head = _GLOB.split(pattern)[0].rpartition("/")[0]
        below = (path for path in self.tree.below(head) if path.count("/") == pattern.count("/"))
        return {path.relative_to(head): self.tree.entries[path] for path in below if fnmatchcase(path, pattern)} or None


def words_of(hook: Mapping[str, Any]) -> list[str]:
    """The command, its arguments, and what `kubectlApply` names."""
    applied = hook.get("kubectlApply") or {}
    return [
        str(hook.get("command", "")),
        *map(str, hook.get("args") or ()),
        *(str(value) for _, value in sorted(applied.items())),
    ]


def line_of(hook: Mapping[str, Any]) -> str:
    """The whole command line, with what `kubectlApply` names as its flags."""
    applied = (f"--{key}={value}" for key, value in sorted((hook.get("kubectlApply") or {}).items()))
    return " ".join((str(hook.get("command", "")), *map(str, hook.get("args") or ()), *applied))


def unlike_folders(old: tuple[Place, str], new: tuple[Place, str]) -> str:
    """What a whole command line reads of the folder it runs in without naming a file, and does not find afterwards."""
    places = old[0], new[0]
    folders = zip(_FOLDER.finditer(old[1]), _FOLDER.finditer(new[1]), strict=False)
    for before, after in folders:
        if places[0].below(before["path"]) != places[1].below(after["path"]):
            return f"the folder {before['path']} is another one from its new place"
        named = _unlike_in_script((places[0], f"{before['path']}/"), (places[1], f"{after['path']}/"))
        if what := next(named, ""):
            return what
    if _MAKE.search(old[1]):
        found = [next(filter(None, map(place.content, _MAKEFILES)), None) for place in places]
        return "" if found[0] == found[1] else "`make` finds another Makefile, or none"
    return ""


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
    for _, path in paths_by_variables(old[1]):
        if _unlike_token(old[0], path, new[0], path):
            yield f"{path} is not the same from its new place"


def _unlike_token(old: Place, before: str, new: Place, after: str) -> str:
    content, found = old.content(before), new.content(after)
    if content is None and before != after:
        return "its words differ"
    if content is None and found is not None:
        return f"{before} is found from its new place only"
    if found is None and content is not None:
        return f"{before} is not found from its new place"
    return "" if found == content else f"{before} is another file, or has another mode"


def _unlike_in_script(
    old: tuple[Place, str], new: tuple[Place, str], seen: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[str]:
    """What a script, or one that it names, names that is there before and not, or not the same, afterwards."""
    before, after = _opened(old[0], old[1]), _opened(new[0], new[1])
    if before is None or after is None or (before, after) in seen:
        return
    text = _script(old[0].tree, before)
    goes_home = bool(_GOES_HOME.search(text)) or before.name in _MANIFESTS
    for word, at_home in dict.fromkeys(_named_in(text, goes_home=goes_home)):
        here, there = (old[0].beside(before), new[0].beside(after)) if at_home else (old[0], new[0])
        if not re.search(r"[./]", word if before.name in _MANIFESTS else word.strip("./")) or here.content(word) is None:
            continue
        if _unlike_token(here, word, there, word):
            yield f"{old[1]} names {word}, which is not the same from its new place"
            continue
        runs_in = (here, there) if goes_home else (old[0], new[0])
        named = _from(runs_in[0], here, word), _from(runs_in[1], there, word)
        yield from _unlike_in_script((runs_in[0], named[0]), (runs_in[1], named[1]), seen | {(before, after)})


def _named_in(text: str, *, goes_home: bool) -> Iterator[tuple[str, bool]]:
    """The words of a script that may be paths, and whether they count from its own folder. A bare name may mean its neighbour."""
    for token in _TOKEN.findall(text.replace("file://", "")):
        yield token.lstrip("/"), goes_home or token.startswith("/")
        if "/" not in token:
            yield token, True
    for base, path in paths_by_variables(text):
        yield path, goes_home or base is Base.HOME


def _from(place: Place, beside: Place, word: str) -> str:
    """A path that leads from one place to what a word names from another."""
    found = _opened(beside, word)
    return relative(found, place.folder) if found is not None else word


def _opened(place: Place, token: str) -> RepoPath | None:
    """The file that a token names, or the first file that a tool reads of the folder that it names. A bare name is but a word."""
    inside = (place.file(f"{token}/{name}") for name in _MANIFESTS if "/" in token)
    return place.file(token) or next(filter(None, inside), None)


def _script(tree: Tree, path: RepoPath) -> str:
    """The text of a script or a manifest, of anything else none."""
    try:
        text = tree.read(path).decode("utf-8", "replace")
    except KeyError:
        return ""
    return text if text.startswith("#!") or _SCRIPT.search(path) or path.name in _MANIFESTS else ""
