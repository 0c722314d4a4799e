"""The values of this package: a tool, a pair of tools, and where to look for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

TOOL_NAMES = ("helmfile", "helm", "kustomize")


class Origin(StrEnum):
    """Where a tool was found. The order of the members is the order of preference."""

    OPTION = "option"
    """given with --helmfile or --helm"""
    REPOSITORY = "repository"
    """below tools/ of the repository; run only with --use-repository-tools"""
    PATH = "PATH"
    CACHE = "cache"
    """got by `migrate tools install`"""


@dataclass(frozen=True, slots=True)
class ToolOptions:
    """Where to look. Empty fields mean: the environment's PATH and the cache of this user."""

    helmfile: Path | None = None
    helm: Path | None = None
    repository: Path | None = None
    """the work tree whose tools/ folder is listed, and whose files on PATH count as the repository's own"""
    use_repository_tools: bool = False
    """the user agrees to run what the repository brings"""
    search_path: str | None = None
    """instead of the environment's PATH; an empty text means: don't look there"""
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """One executable that may be run."""

    name: str
    path: Path
    version: str
    """as in `3.15.3`, without a leading v"""
    sha256: str
    """of the file's bytes, lower-case hex; read when the tool was chosen"""
    origin: Origin


@dataclass(frozen=True, slots=True)
class ToolPair:
    """What one side of a proof is judged with."""

    helmfile: Tool
    helm: Tool
    kustomize: Tool | None = None
