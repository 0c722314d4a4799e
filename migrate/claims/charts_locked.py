"""charts_locked: every chart that came from elsewhere is in versions.lock with the bytes that it has, and nothing else is.

Counted by a walk and a reader of its own: what wrote the lock is not asked. Only for a branch whose record says that the
migration wrote a lock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from migrate.claims.gathered import Gathered
from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.case import ProofCase
from migrate.model.chart_lock import ChartPlaces
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.tree import Mode, Tree

NAME = "charts_locked"
ASSERTS = "every chart that came from elsewhere is in versions.lock with the bytes that it has, and nothing else is"
MAX_LOCK = 5_000_000


def is_asked(case: ProofCase) -> bool:
    """Whether the migration wrote a lock."""
    return case.charts is not None and case.record is not None and case.charts.lock in case.record.created


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each chart of the new tree or of its lock; the files of all charts are counted as checked."""
    case = gathered.case
    if case.charts is None:
        return ClaimResult.of(NAME, ASSERTS, ())
    entries, evidence = _entries(case.new, case.charts)
    charts = _charts(case.new, case.charts, entries)
    pieces = [_judged(case.new, path, charts.get(path, {}), entries.get(path)) for path in sorted({*charts, *entries})]
    files = {file for found in charts.values() for file in found.values()}
    return replace(ClaimResult.of(NAME, ASSERTS, (*evidence, *pieces)), checked=len(files) + 1)


def _entries(tree: Tree, places: ChartPlaces) -> tuple[Mapping[str, Mapping[str, Any]], tuple[Evidence, ...]]:
    """The lock's entries by path from the top, and evidence on the lock itself."""
    try:
        value = load_plain(tree.read(places.lock), places.lock, max_bytes=MAX_LOCK).value
        listed = [(f"{places.folder}/{entry['path']}", entry) for entry in value["charts"]]
    except (KeyError, TypeError, UnreadableSource) as error:
        return {}, (Evidence(places.lock, False, f"no lock of charts: {type(error).__name__}"),)
    whole = value.get("version") == 1 and [p for p, _ in listed] == sorted({p for p, _ in listed})
    return dict(listed), (
        Evidence(places.lock, whole, f"{len(listed)} entries" if whole else "not sorted, or of another version"),
    )


def _charts(tree: Tree, places: ChartPlaces, entries: Collection[str]) -> Mapping[str, Mapping[str, RepoPath]]:
    """Each chart that is or has to be locked, with its files by their path below it; an archive is its own and only file."""
    names = sorted(path for path in tree if path.is_below(places.external) or path.is_below(places.custom))
    folders: set[str] = set()
    for path in sorted(names, key=lambda name: name.count("/")):
        above = re.sub(r"/charts/[^/]+$", "", path.folder)
        lone = not any(path.folder.startswith(f"{known}/") for known in folders)
        nested = above != path.folder and above in folders
        if path.name == "Chart.yaml" and (lone or nested) and path.folder not in (places.external, places.custom):
            folders.add(path.folder)
    locked = _locked(tree, places, folders, entries)
    found: dict[str, dict[str, RepoPath]] = {folder: {} for folder in locked}
    for path in names:
        for folder in locked:
            if path.startswith(f"{folder}/"):
                found[folder][path[len(folder) + 1 :]] = path
        if _is_lone_archive(tree, path, folders):
            found[path] = {"": path}
    return found


def _locked(tree: Tree, places: ChartPlaces, folders: set[str], entries: Collection[str]) -> set[str]:
    """Those in the external folder, and those in `charts/` of a custom one that came from elsewhere or that the lock names."""
    tops = {folder for folder in folders if not any(folder.startswith(f"{known}/") for known in folders)}
    locked = {folder for folder in folders if folder.startswith(f"{places.external}/")}
    for folder in sorted(folders - tops - locked):
        around = folder.rpartition("/charts/")[0]
        if around in locked or folder in entries or _came_from_elsewhere(tree, folder, around):
            locked.add(folder)
    return locked


def _is_lone_archive(tree: Tree, path: RepoPath, folders: set[str]) -> bool:
    owner, _, last = path.folder.rpartition("/")
    if not path.endswith(".tgz") or last != "charts" or owner not in folders:
        return False
    beside = (folder for folder in folders if folder.rpartition("/")[0] == path.folder)
    return not any(re.match(rf"{re.escape(_name(tree, folder))}-v?[0-9]", path.name) for folder in beside)


def _came_from_elsewhere(tree: Tree, folder: str, around: str) -> bool:
    """Whether a chart names a project, or the chart around it a repository for it; also where it can't be read."""
    own = _manifest(tree, f"{folder}/Chart.yaml")
    if not own.get("name") or any(own.get(key) for key in ("home", "icon", "sources")):
        return True
    asks = _manifest(tree, f"{around}/requirements.yaml") or _manifest(tree, f"{around}/Chart.yaml")
    entries = asks.get("dependencies")
    named = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return any(
        str(each.get("repository") or "file://").partition("://")[0] != "file"
        for each in named
        if each.get("name") == own["name"]
    )


def _name(tree: Tree, folder: str) -> str:
    return str(_manifest(tree, f"{folder}/Chart.yaml").get("name") or folder.rpartition("/")[2])


def _manifest(tree: Tree, path: str) -> Mapping[str, Any]:
    try:
        value = load_plain(tree.read(path), path, strict=False).value
    except (KeyError, UnreadableSource):
        return {}
    return value if isinstance(value, dict) else {}


def _judged(tree: Tree, path: str, files: Mapping[str, RepoPath], entry: Mapping[str, Any] | None) -> Evidence:
    if not files or entry is None:
        return Evidence(path, False, "in the lock, and not there" if entry else "there, and not in the lock")
    try:
        digest = _digest(tree, files)
    except KeyError:
        return Evidence(path, False, "its content is not in this clone")
    wrong = [name for name, real in (("digest", digest), ("files", len(files))) if entry.get(name) != real]
    missing = [key for key in ("name", "version", "appVersion", "origin") if not isinstance(entry.get(key), str)]
    if wrong or missing:
        return Evidence(path, False, f"the lock has another {' and '.join(wrong)}" if wrong else f"the lock lacks {missing[0]}")
    return Evidence(path, True, f"{len(files)} files as locked")


def _digest(tree: Tree, files: Mapping[str, RepoPath]) -> str:
    if "" in files:
        return "sha256:" + hashlib.sha256(tree.read(files[""])).hexdigest()
    return "sha256:" + hashlib.sha256(b"".join(_lines(tree, files))).hexdigest()


def _lines(tree: Tree, files: Mapping[str, RepoPath]) -> Iterator[bytes]:
    for name in sorted(files, key=lambda name: name.encode("utf-8", "surrogateescape")):
        path = files[name]
        sign = {Mode.EXECUTABLE: " *", Mode.LINK: "  @", Mode.FILE: "  "}[tree.entries[path].mode]
        text = f"{hashlib.sha256(tree.read(path)).hexdigest()}{sign}{name}\n"
        yield text.encode("utf-8", "surrogateescape")
