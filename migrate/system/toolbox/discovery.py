"""Looks for tools in four places and says of each find whether it can be used. Nothing of the repository is run unasked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from migrate.system.toolbox import asking, fitness
from migrate.system.toolbox.cache import cache_folder, cached_versions, tool_folder
from migrate.system.toolbox.tool import Origin, ToolOptions

REPOSITORY_DEPTH = 3
"""how many folders below the repository root a tool is looked for: tools/linux/helm has 3 parts"""

NOT_AGREED = "brought by the repository, not run without --use-repository-tools"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One executable that was found."""

    name: str
    path: Path
    origin: Origin
    version: str
    """empty if it says none or was not asked"""
    unfit: str
    """why it can't be used at all; empty if it can"""


def candidates(name: str, options: ToolOptions) -> Iterator[Candidate]:
    """The finds for one tool, the preferred first: option, the repository's tools/, PATH, cache (pinned default set first)."""
    yield from from_option(name, options)
    yield from from_repository(name, options)
    yield from from_search_path(name, options)
    yield from from_cache(name, options)


def from_option(name: str, options: ToolOptions) -> Iterator[Candidate]:
    """What the user named: always run, also if it lies in the repository."""
    given = {"helmfile": options.helmfile, "helm": options.helm}.get(name)
    if given is None:
        return
    path = Path(shutil.which(given) or given).absolute()
    if not is_executable(path):
        yield Candidate(name, path, Origin.OPTION, "", "no such file" if not path.exists() else "not an executable file")
    else:
        yield asked(name, path, Origin.OPTION)


def from_repository(name: str, options: ToolOptions) -> Iterator[Candidate]:
    """Executables of that name below the repository's tools/ folder, by path."""
    if options.repository is None:
        return
    root = options.repository.resolve()
    patterns = ["tools/" + "*/" * depth + name for depth in range(REPOSITORY_DEPTH - 1)]
    for path in sorted(found for pattern in patterns for found in root.glob(pattern)):
        if is_executable(path):
            yield of_repository(name, path, options)


def from_search_path(name: str, options: ToolOptions) -> Iterator[Candidate]:
    """The one that a shell would run. Relative entries of PATH are left out: they would depend on the working directory."""
    entries = os.environ.get("PATH", "") if options.search_path is None else options.search_path
    absolute = os.pathsep.join(entry for entry in entries.split(os.pathsep) if Path(entry).is_absolute())
    found = shutil.which(name, path=absolute) if absolute else None
    if found is None:
        return
    path = Path(found)
    if options.repository is not None and path.resolve().is_relative_to(options.repository.resolve()):
        yield of_repository(name, path, options)
    else:
        yield asked(name, path, Origin.PATH)


def from_cache(name: str, options: ToolOptions) -> Iterator[Candidate]:
    """What `migrate tools install` put there, oldest version first; the version is the folder's, nothing is run."""
    cache = options.cache or cache_folder()
    for version in cached_versions(cache, name):
        yield Candidate(name, tool_folder(cache, name, version) / name, Origin.CACHE, version, fitness.unfit(name, version))


def of_repository(name: str, path: Path, options: ToolOptions) -> Candidate:
    """A find that the repository brings: asked for its version only if the user agrees."""
    if options.use_repository_tools:
        return asked(name, path, Origin.REPOSITORY)
    return Candidate(name, path, Origin.REPOSITORY, "", NOT_AGREED)


def asked(name: str, path: Path, origin: Origin) -> Candidate:
    """A find with the version that it prints."""
    version = asking.version_of(name, path)
    return Candidate(name, path, origin, version, fitness.unfit(name, version))


def is_executable(path: Path) -> bool:
    """Whether this user can run the file."""
    return path.is_file() and os.access(path, os.X_OK)
