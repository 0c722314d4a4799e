"""Chooses the tools that judge: the first find of each that fits."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from migrate.errors import ToolMissing
from migrate.system.toolbox import advice, discovery, fitness
from migrate.system.toolbox.cache import cache_folder, cached_tool, sha256_of
from migrate.system.toolbox.discovery import Candidate
from migrate.system.toolbox.pins import binary_digest
from migrate.system.toolbox.tool import Origin, Tool, ToolOptions, ToolPair

Wish = Callable[[Candidate], str]
"""Why a usable candidate is not the one that is looked for; empty if it is."""


def find(options: ToolOptions) -> Toolbox:
    """The tools of this machine. Nothing is run or read before the box is asked."""
    return Toolbox(options)


@dataclass(frozen=True)
class Toolbox:
    """What can be used for a proof. What was asked once is not asked again."""

    options: ToolOptions
    found: dict[str, tuple[Candidate, ...]] = field(default_factory=dict, repr=False, compare=False)
    chosen: dict[Candidate, Tool] = field(default_factory=dict, repr=False, compare=False)

    def pair(self, modern: bool = False, helm: str | None = None) -> ToolPair:
        """helmfile 0.16x (or 1.x with `modern`) and a helm that fits it; kustomize if there is one.

        `helm` asks for one version, as in `3.22.0`. Without it helm 3 is taken, with `modern` too: both sides of one proof
        need the same helm. helm 4 is taken if it was named with --helm, or asked for. ToolMissing says what was found.
        """
        helmfile = self.first("helmfile", functools.partial(other_generation, modern))
        chosen = self.first("helm", functools.partial(other_helm, helmfile.version, helm), binding=helm is None)
        return ToolPair(helmfile, chosen, self.kustomize())

    def modern(self) -> Tool | None:
        """helmfile 1.x, or None. Safe to ask while another thread asks for a pair: they share no tool."""
        try:
            return self.first("helmfile", functools.partial(other_generation, True))
        except ToolMissing:
            return None

    def helms(self) -> tuple[Tool, ...]:
        """Every helm of the cache, oldest first."""
        return tuple(self.take(candidate) for candidate in discovery.from_cache("helm", self.options) if not candidate.unfit)

    def kustomize(self) -> Tool | None:
        """The first kustomize that can be used, or None."""
        usable = [candidate for candidate in self.candidates("kustomize") if not candidate.unfit]
        return self.take(usable[0]) if usable else None

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """Everything that was found for a tool, the preferred first."""
        if name not in self.found:
            self.found[name] = tuple(discovery.candidates(name, self.options))
        return self.found[name]

    def first(self, name: str, reason_against: Wish, *, binding: bool = False) -> Tool:
        """The first candidate with nothing against it.

        What the user named with an option is never passed over as useless. It is passed over as not the one that is looked
        for (`--helmfile` names a 1.x, a 0.16x is needed), unless the option is `binding`.
        """
        refused = []
        for candidate in self.candidates(name):
            reason = candidate.unfit or reason_against(candidate)
            if not reason:
                return self.take(candidate)
            if candidate.origin is Origin.OPTION and (candidate.unfit or binding):
                raise ToolMissing(f"--{name} {candidate.path}: {reason}", hint=advice.missing(name), path=str(candidate.path))
            refused.append(f"{candidate.path}: {reason}")
        message = f"no {name} that can be used" + "".join(f"\n  {line}" for line in refused)
        raise ToolMissing(message, hint=advice.missing(name))

    def take(self, candidate: Candidate) -> Tool:
        """The candidate with the digest of its bytes; ToolMissing if the cache's copy is not what was put there."""
        if candidate not in self.chosen:
            self.chosen[candidate] = self.checked(candidate)
        return self.chosen[candidate]

    def checked(self, candidate: Candidate) -> Tool:
        """The candidate with its bytes read now."""
        name, version = candidate.name, candidate.version
        if candidate.origin is Origin.CACHE:
            return cached_tool(self.cache, name, version, binary_digest(name, version))
        return Tool(name, candidate.path, version, sha256_of(candidate.path), candidate.origin)

    @property
    def cache(self) -> Path:
        """The cache folder that is looked at."""
        return self.options.cache or cache_folder()


def other_generation(modern: bool, candidate: Candidate) -> str:
    """Why a helmfile is not of the generation that is wanted."""
    if fitness.is_modern(candidate.version) == modern:
        return ""
    return f"is {candidate.version}, " + (
        "1.x is needed here" if modern else "0.16x is needed here: 1.x can't load legacy helmfiles"
    )


def other_helm(helmfile: str, wanted: str | None, candidate: Candidate) -> str:
    """Why a helm is not the one for this helmfile."""
    pair = fitness.unfit_pair(helmfile, candidate.version)
    if pair:
        return pair
    if wanted is not None:
        return "" if candidate.version == wanted else f"is {candidate.version}, {wanted} is asked for"
    by_itself = candidate.origin is Origin.OPTION or fitness.numbers(candidate.version) < (4, 0, 0)
    return "" if by_itself else f"is {candidate.version}: helm 4 is only taken if it is named"
