"""The target layout as typed data: `layout.yaml`, with what the user overrides under `layout:` in migrate.yaml.

Nothing else spells a folder of the new tree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files

from migrate.errors import BadConfiguration, PathLeavesRepository
from migrate.formats.plain_yaml import load_plain
from migrate.model.chart_lock import ChartPlaces
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings

FIELDS: Mapping[str, str] = {
    "folder": "folder",
    "state": "state_file",
    "externalCharts": "external_charts",
    "customCharts": "custom_charts",
    "patches": "patches",
    "values": "values",
    "environments": "environments",
    "versionsLock": "versions_lock",
    "record": "record",
    "scripts": "scripts",
}
"""key of layout.yaml -> field of `Layout`"""

FILES = ("state", "versionsLock", "record")
OUTSIDE = ("folder", "scripts")
"""what need not lie below `folder`"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each kind of thing goes. Every value is a path from the top of the repository.

    `state_file`, `versions_lock` and `record` are files, the others folders.
    """

    folder: RepoPath
    state_file: RepoPath
    external_charts: RepoPath
    custom_charts: RepoPath
    patches: RepoPath
    values: RepoPath
    environments: RepoPath
    versions_lock: RepoPath
    record: RepoPath
    scripts: RepoPath

    @property
    def charts(self) -> ChartPlaces:
        """Where the charts and their lock are."""
        return ChartPlaces(self.versions_lock, self.folder, self.external_charts, self.custom_charts)

    @property
    def digest(self) -> str:
        """The SHA-256 of all paths: a plan made for another layout is stale."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """Why a layout can't be: the key under `layout:`, and what is wrong with it."""

    key: str
    message: str


def layout_of(settings: Settings) -> Layout:
    """The layout that holds with these settings; BadConfiguration if there is a `layout_problem`."""
    problem = layout_problem(settings)
    if problem:
        raise BadConfiguration(f"layout.{problem.key}: {problem.message}")
    return Layout(**{FIELDS[key]: RepoPath(text) for key, text in _paths(settings).items()})


def layout_problem(settings: Settings) -> LayoutProblem | None:
    """The first thing that is wrong with what the user overrides.

    An unknown key, a path that leaves the repository, one that equals another or lies below a file, the state file elsewhere
    than right in `folder`, anything but `scripts` outside `folder`: one folder holds all, and helmfile is run in it.
    """
    unknown = [key for key in settings.layout if key not in FIELDS]
    if unknown:
        return LayoutProblem(unknown[0], f"unknown key; known: {', '.join(FIELDS)}")
    paths = _paths(settings)
    for check in (_unusable, _misplaced, _clash):
        for key in (*settings.layout, *paths):
            message = check(key, paths)
            if message:
                return LayoutProblem(key, message)
    return None


@lru_cache(maxsize=1)
def _defaults() -> Mapping[str, str]:
    document = load_plain(files("migrate").joinpath("layout.yaml").read_bytes(), "layout.yaml").value
    return {key: str(document[key]) for key in FIELDS}


def _paths(settings: Settings) -> dict[str, str]:
    texts = {**_defaults(), **settings.layout}
    folder = texts["folder"].rstrip("/")
    return {key: text.replace("{folder}", folder).rstrip("/") for key, text in texts.items()}


def _unusable(key: str, paths: Mapping[str, str]) -> str:
    text = paths[key]
    try:
        RepoPath(text)
    except PathLeavesRepository as error:
        return error.message
    if ".git" in text.lower().split("/"):
        return f"{text!r} is git's own folder"
    return f"{text!r} has a placeholder that nothing fills" if "{" in text or "}" in text else ""


def _misplaced(key: str, paths: Mapping[str, str]) -> str:
    folder = paths["folder"]
    if key == "state" and RepoPath(paths[key]).folder != folder:
        return f"{paths[key]} does not lie right in {folder}"
    if key not in OUTSIDE and not RepoPath(paths[key]).is_below(folder):
        return f"{paths[key]} is not below {folder}"
    return ""


def _clash(key: str, paths: Mapping[str, str]) -> str:
    path = RepoPath(paths[key])
    for other, taken in paths.items():
        if other != key and path == taken:
            return f"{path} is taken by layout.{other}"
        if other in FILES and path.is_below(taken):
            return f"{path} lies below layout.{other}, which is a file"
    return ""
