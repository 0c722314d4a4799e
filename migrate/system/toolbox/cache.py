"""The folder that `migrate tools install` fills: `tools/<name>/<version>/` with the binary and a manifest beside it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from migrate.errors import ToolMissing, WrongChecksum
from migrate.system.toolbox import fitness
from migrate.system.toolbox.pins import set_of
from migrate.system.toolbox.tool import Origin, Tool

MANIFEST = "manifest.json"
SCHEMA = 1


def cache_folder() -> Path:
    """Where this user's cache is: MIGRATE_CACHE, or `migrate` below XDG_CACHE_HOME (macOS: below ~/Library/Caches)."""
    given = os.environ.get("MIGRATE_CACHE")
    if given:
        return Path(given).absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "migrate"
    shared = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(shared) if Path(shared).is_absolute() else Path.home() / ".cache") / "migrate"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside a cached binary."""

    name: str
    version: str
    sha256: str
    """of the binary, as it was when it was put there"""
    source: str
    """what it was made from, with its checksum"""
    made_by: str
    """the Go release that built it here, or `download`"""

    def write(self, folder: Path) -> None:
        """Put it into the folder of its binary."""
        text = json.dumps({"schema": SCHEMA, **asdict(self)}, indent=2, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def tool_folder(cache: Path, name: str, version: str) -> Path:
    """Where a tool of this version lies, or would lie."""
    return cache / "tools" / name / version


def cached_versions(cache: Path, name: str) -> tuple[str, ...]:
    """The versions of a tool that the cache holds, oldest first. Their bytes are not looked at."""
    folder = cache / "tools" / name
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    versions = [version for version in names if version and fitness.parse(version) == version]
    return tuple(sorted(versions, key=fitness.numbers))


def cached_tool(cache: Path, name: str, version: str, pinned: str = "") -> Tool:
    """A tool of the cache whose bytes are what the manifest (and the pin, if there is one) says. ToolMissing if not."""
    folder = tool_folder(cache, name, version)
    manifest = read_manifest(folder)
    path = folder / name
    if manifest is None or not path.is_file() or (manifest.name, manifest.version) != (name, version):
        raise ToolMissing(f"the cached {name} {version} is incomplete: {folder}", hint=reinstall(name, version), path=str(folder))
    digest, expected = sha256_of(path), pinned or manifest.sha256
    if digest != expected:
        raise WrongChecksum(
            f"the cached {name} {version} has changed: its sha256 is {digest}, expected {expected}",
            hint=reinstall(name, version),
            path=str(path),
        )
    return Tool(name, path, version, digest, Origin.CACHE)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None if there is none that can be read."""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
        known = data.pop("schema") == SCHEMA
        return Manifest(**data) if known and all(isinstance(value, str) for value in data.values()) else None
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None


def sha256_of(path: Path) -> str:
    """The sha256 of a file, lower-case hex. Reading 340 MB takes about 0.3 s."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reinstall(name: str, version: str) -> str:
    """The hint for a cached tool that can't be trusted."""
    return f"run: migrate tools install --set {set_of(name, version)}"
