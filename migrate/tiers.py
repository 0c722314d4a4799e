"""The tiers in the order of deployment, and which one a release belongs to.

The table is `tiers.yaml`: well-known charts by tier. It also tells the chart analyzer which names are well known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from migrate.formats.plain_yaml import load_plain
from migrate.model.facts import ReleaseId
from migrate.model.findings import Finding, Severity
from migrate.model.settings import Settings, for_release

WRAPPER = re.compile(r"^(?:custom|local|my|wrapped)-|-(?:custom|local|wrapper)$")
"""what a wrapper's name adds to that of the chart inside (`custom-gpu-operator`)"""


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier: its name is the value of the tier label, its title heads a section."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class TierTable:
    """The tiers in order, the tier of each well-known chart, and patterns of names that tell a tier."""

    tiers: tuple[Tier, ...]
    well_known: Mapping[str, Tier]
    patterns: tuple[tuple[str, Tier], ...]

    def lookup(self, name: str) -> tuple[Tier, str] | None:
        """The tier of a chart's name, and in words what says so; None for an unknown name."""
        if name in self.well_known:
            return self.well_known[name], "is a well-known chart of this tier"
        matches = ((tier, f"is spelt like {pattern}") for pattern, tier in self.patterns if fnmatchcase(name, pattern))
        return next(matches, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in order."""
        return tuple(tier.name for tier in self.tiers)

    def rank(self, name: str) -> int:
        """The position of a tier; ValueError if there is none of that name."""
        return self.names.index(name)

    def named(self, name: str) -> Tier:
        """The tier of that name; ValueError if there is none."""
        return self.tiers[self.rank(name)]


@dataclass(frozen=True, slots=True)
class TierChoice:
    """The tier of a release and why. `certain` is False where no table and no setting knows it."""

    tier: Tier
    reason: str
    certain: bool


@lru_cache(maxsize=1)
def tier_table() -> TierTable:
    """The table of `tiers.yaml`."""
    document = load_plain(files("migrate").joinpath("tiers.yaml").read_bytes(), "tiers.yaml").value
    tiers = {name: Tier(name, entry["title"]) for name, entry in document.items()}
    known = {chart: tiers[name] for name, entry in document.items() for chart in entry["charts"]}
    patterns = tuple((pattern, tiers[name]) for name, entry in document.items() for pattern in entry.get("patterns", ()))
    return TierTable(tuple(tiers.values()), MappingProxyType(known), patterns)


def tier_of(release: ReleaseId, chart_names: Sequence[str], settings: Settings) -> TierChoice:
    """The tier of a release.

    `chart_names` are the chart's names, the best one first (that of Chart.yaml, then its folder's). What `tiers:` of
    migrate.yaml says goes first, then the table by chart, by what a wrapper's name wraps, by release name. Else it is the last
    tier, uncertain.
    """
    table = tier_table()
    chosen = for_release(settings.tiers, release.namespace, release.name)
    if chosen:
        return TierChoice(table.named(chosen), "migrate.yaml says so", certain=True)
    for name, words in _spellings(release, chart_names):
        match = table.lookup(name)
        if match:
            return TierChoice(match[0], f"{words} {match[1]}", certain=True)
    reason = f"neither the chart {' or '.join(dict.fromkeys(chart_names)) or '(none)'} nor the release's name is well known"
    return TierChoice(table.tiers[-1], reason, certain=False)


def tier_finding(release: ReleaseId, choice: TierChoice, path: str, line: int) -> Finding | None:
    """`unknown-tier` for an uncertain choice, at the line of the release; else None."""
    if choice.certain:
        return None
    message = f"release {release.name} goes to the tier {choice.tier.name}: {choice.reason}"
    hint = f"say `tiers: {{{release.name}: {'|'.join(tier_table().names)}}}` in migrate.yaml"
    return Finding("unknown-tier", Severity.WARNING, path, line, message, hint)


def wrapped_name(name: str) -> str | None:
    """The name inside a wrapper's name (`custom-gpu-operator` -> `gpu-operator`); None if it is not spelt like a wrapper."""
    inner = WRAPPER.sub("", name, count=1)
    return inner if inner and inner != name else None


def _spellings(release: ReleaseId, chart_names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each name to look up, with words for the reason."""
    for chart in chart_names:
        plain = chart.rstrip("/").rpartition("/")[2]
        yield plain, f"chart {plain}"
        inner = wrapped_name(plain)
        if inner:
            yield inner, f"{inner}, wrapped by {plain},"
    yield release.name, f"{release.name}, the release's name,"
