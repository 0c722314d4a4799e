"""Tools on a stick: the cached tools as a folder with a digest file, and back into a cache without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import BadInput, ToolMissing, WrongChecksum
from migrate.system.toolbox.cache import MANIFEST, Manifest, cached_tool, read_manifest, sha256_of, tool_folder
from migrate.system.toolbox.tool import Tool

SUMS = "SHA256SUMS"
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<path>[^/\s]+/[^/\s]+/[^/\s]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tool of a set: `source` is what it must be made from, `pinned` its sha256, empty for one that is built."""

    name: str
    version: str
    source: str
    pinned: str


def export(cache: Path, folder: Path, wanted: Sequence[Wanted]) -> tuple[Tool, ...]:
    """Copy intact tools of the cache to `folder/NAME/VERSION/`, and write SHA256SUMS, as sha256sum does.

    BadInput if the folder has something in it already; ToolMissing or WrongChecksum for a tool that is missing or has changed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty", hint="name a new folder", path=str(folder))
    tools = tuple(cached_tool(cache, tool.name, tool.version, tool.pinned) for tool in wanted)
    lines = []
    for tool in tools:
        target = folder / tool.name / tool.version
        target.mkdir(parents=True)
        for name in (tool.name, MANIFEST):
            shutil.copy(tool_folder(cache, tool.name, tool.version) / name, target / name)
            lines.append(f"{sha256_of(target / name)}  {tool.name}/{tool.version}/{name}\n")
    (folder / SUMS).write_text("".join(sorted(lines, key=lambda line: line[66:])), encoding="ascii")
    return tools


def carried(folder: Path, wanted: Wanted, target: Path) -> Manifest:
    """Copy one tool out of such a folder into `target`, and check the copy.

    The digest is the pinned one; for a tool that was built, that of SHA256SUMS. ToolMissing if the folder lacks it,
    WrongChecksum if anything differs.
    """
    name, place = wanted.name, f"{wanted.name}/{wanted.version}"
    origin, sums = folder / place, _sums(folder)
    manifest = read_manifest(origin)
    if manifest is None or not (origin / name).is_file():
        hint = "make the folder with: migrate tools export --to DIR"
        raise ToolMissing(f"{folder} holds no {name} {wanted.version}", hint=hint, path=str(folder))
    shutil.copyfile(origin / name, target / name)
    (target / name).chmod(0o755)
    expected = wanted.pinned or sums.get(f"{place}/{name}", "not in the folder's list")
    _same(f"sha256 of {place}/{name}", sha256_of(target / name), expected)
    listed = sums.get(f"{place}/{MANIFEST}", "not in the folder's list")
    _same(f"sha256 of {place}/{MANIFEST}", sha256_of(origin / MANIFEST), listed)
    _same(f"source of {place}", manifest.source, wanted.source)
    return Manifest(name, wanted.version, expected, manifest.source, manifest.made_by)


def _same(what: str, found: str, expected: str) -> None:
    if found != expected:
        raise WrongChecksum(f"the {what} is {found}, expected {expected}", hint="nothing was installed; export the tools again")


def _sums(folder: Path) -> Mapping[str, str]:
    """Path -> digest of SHA256SUMS; ToolMissing if there is none, WrongChecksum for a line that is none."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        hint = "make the folder with: migrate tools export --to DIR"
        raise ToolMissing(f"{folder} holds no {SUMS} that can be read", hint=hint, path=str(folder)) from error
    matches = [_LINE.fullmatch(line) for line in lines]
    if not all(matches):
        raise WrongChecksum(f"{folder / SUMS} has a line that is no digest of a tool", hint="export the tools again")
    return {match["path"]: match["digest"] for match in matches if match}
