"""Is a chart an upstream one kept in the repository (external), or the repository's own (custom)?

Every piece of evidence has a weight. A chart is external if what speaks for an upstream outweighs what speaks for a chart of
one's own by `ENOUGH`; else it is custom, for a custom chart is only moved, while an external one may be downloaded again one
day. A wrapper of an upstream chart is custom whatever its dependencies say: replaced by the upstream chart, its values would be
one level too deep. The choice is certain where the evidence is not thin and does not conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from migrate.analyzers.chart_manifest import Manifest, Named
from migrate.formats.plain_yaml import load_plain
from migrate.model.charts import ChartHint, ChartKind, NestedChart
from migrate.tiers import tier_table, wrapped_name

ENOUGH = 2
CERTAIN = 3
SCAFFOLD_DESCRIPTION = "A Helm chart for Kubernetes"
SCAFFOLD_VERSION = "0.1.0"
"""both are what `helm create` writes (helm 3.15.3)"""
ARTIFACT_HUB = "artifacthub.io/"
UPSTREAM_FOLDERS = frozenset({"external", "third-party", "upstream", "vendor"})
OWN_FOLDERS = frozenset({"custom"})
CHART_REPOSITORY = re.compile(r"chart|helm", re.IGNORECASE)
LOCATION = re.compile(r"^(?:[a-z]+::)?[a-z][a-z0-9+.-]*://([^/?#]+)([^?#]*)", re.IGNORECASE)
CREDENTIALS = re.compile(r"(//|^)[^/]*@|\?.*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A reason in words, and what it weighs: above 0 for an upstream chart, below 0 for one's own.

    `published` is for what only the publisher of a chart writes into it.
    """

    weight: int
    text: str
    published: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What the judgement looks at. `nested` are the charts vendored in it, `own_manifests` whether it has templates of its own
    besides partials and notes, `helmfile_inside` the path of a helmfile in its folder (`""` if there is none).
    """

    manifest: Manifest
    nested: Sequence[NestedChart]
    own_manifests: bool
    helmfile_inside: str
    hints: Sequence[ChartHint]


@dataclass(frozen=True, slots=True)
class KindChoice:
    """The kind with its evidence."""

    kind: ChartKind
    evidence: tuple[str, ...]
    certain: bool


def kind_of(subject: Subject) -> KindChoice:
    """The kind that the evidence gives."""
    evidence = tuple(_upstream(subject)) + tuple(_own(subject))
    wrapper = _wrapper(subject, evidence)
    if wrapper:
        return KindChoice(ChartKind.CUSTOM, (wrapper,), certain=True)
    texts = tuple(piece.text for piece in evidence) or (f"nothing names an upstream ({subject.manifest.path})",)
    upstream = sum(piece.weight for piece in evidence if piece.weight > 0)
    own = -sum(piece.weight for piece in evidence if piece.weight < 0)
    if upstream - own >= ENOUGH:
        return KindChoice(ChartKind.EXTERNAL, texts, certain=not own and upstream >= CERTAIN)
    return KindChoice(ChartKind.CUSTOM, texts, certain=not upstream)


def _well_known(manifest: Manifest) -> bool:
    return manifest.name in tier_table().well_known


def _upstream(subject: Subject) -> Iterator[Evidence]:
    manifest = subject.manifest
    if _well_known(manifest):
        yield Evidence(1, f"{manifest.name} is the name of a well-known chart ({manifest.path}:{manifest.line('name')})")
    yield from _heaviest([_from_url(manifest, url) for url in manifest.urls])
    yield from _heaviest([_from_hint(manifest, hint) for hint in subject.hints])
    for note in manifest.annotations:
        if note.text.startswith(ARTIFACT_HUB):
            yield Evidence(
                1, f"annotation {note.text} is written for a published chart ({manifest.path}:{note.line})", published=True
            )
            break
    for part in sorted(UPSTREAM_FOLDERS & _parts(manifest)):
        yield Evidence(1, f"it lies in a folder called {part} ({manifest.path})")


def _own(subject: Subject) -> Iterator[Evidence]:
    manifest = subject.manifest
    if manifest.description == SCAFFOLD_DESCRIPTION:
        yield Evidence(-1, f"the description is what `helm create` writes ({manifest.path}:{manifest.line('description')})")
    if manifest.version == SCAFFOLD_VERSION:
        yield Evidence(
            -1, f"version {SCAFFOLD_VERSION} is what `helm create` writes ({manifest.path}:{manifest.line('version')})"
        )
    if subject.helmfile_inside:
        yield Evidence(-1, f"a helmfile lies in the chart's folder ({subject.helmfile_inside})")
    for part in OWN_FOLDERS & _parts(manifest):
        yield Evidence(-1, f"it lies in a folder called {part} ({manifest.path})")


def _parts(manifest: Manifest) -> frozenset[str]:
    return frozenset(manifest.path.split("/")[:-2])


def _heaviest(found: list[Evidence | None]) -> Iterator[Evidence]:
    """The weight of one kind of evidence counts once, however many places say it."""
    pieces = sorted((piece for piece in found if piece), key=lambda piece: -piece.weight)
    yield from pieces[:1]
    yield from (replace(piece, weight=0) for piece in pieces[1:])


def _from_url(manifest: Manifest, url: Named) -> Evidence | None:
    location = bare_location(url.text)
    if not location or not is_upstream(location):
        return None
    weight = 2 if CHART_REPOSITORY.search(location) else 1
    return Evidence(weight, f"{url.key} names {location} ({manifest.path}:{url.line})", published=True)


def _from_hint(manifest: Manifest, hint: ChartHint) -> Evidence | None:
    location = bare_location(hint.text)
    directory = manifest.path.rpartition("/")[0].rpartition("/")[2]
    ours = hint.text.rstrip("/").rpartition("/")[2] in (manifest.name, directory) and "/" in hint.text
    where = f"({hint.path}:{hint.line})"
    if ours:
        return Evidence(2, f"a comment names its origin {location or without_credentials(hint.text)} {where}")
    if location and is_upstream(location) and (_well_known(manifest) or manifest.name in location):
        return Evidence(2 if CHART_REPOSITORY.search(location) else 1, f"a comment names the repository {location} {where}")
    return None


def _wrapper(subject: Subject, evidence: Sequence[Evidence]) -> str:
    """Why it is a wrapper; empty if it is none."""
    manifest = subject.manifest
    inside = {chart.name for chart in subject.nested} | {dependency.name for dependency in manifest.dependencies}
    where = f"({manifest.path}:{manifest.line('name')})"
    inner = wrapped_name(manifest.name)
    if inner and (inner in inside or inner in tier_table().well_known):
        return f"{manifest.name} wraps {inner}: it stays a wrapper {where}"
    published = any(piece.published for piece in evidence) or manifest.library
    if len(manifest.dependencies) == 1 and not subject.own_manifests and not published:
        return f"it has no templates beside its one dependency {manifest.dependencies[0].name}: it stays a wrapper {where}"
    return ""


def bare_location(url: str) -> str:
    """Host and path of a URL, without scheme, credentials and query; empty for what is no URL."""
    found = LOCATION.match(without_credentials(url.strip()))
    return (found[1] + found[2].rstrip("/")) if found else ""


def without_credentials(text: str) -> str:
    """The text of a chart or URL without user, password and query."""
    return CREDENTIALS.sub(lambda found: found[1] or "", text)


def is_upstream(location: str) -> bool:
    """Whether host and path belong to a publisher of `upstreams.yaml`."""
    forges, publishers, hosts = _publishers()
    host, _, path = location.lower().partition("/")
    if host in forges:
        return path.partition("/")[0] in publishers
    if host.endswith(".github.io"):
        return host.removesuffix(".github.io") in publishers
    return any(_lies_in(f"{host}/{path}", known) for known in hosts)


def _lies_in(location: str, known: str) -> bool:
    known_host, _, known_path = known.partition("/")
    host, _, path = location.partition("/")
    return (host == known_host or host.endswith("." + known_host)) and f"{path}/".startswith(
        f"{known_path}/" if known_path else ""
    )


@lru_cache(maxsize=1)
def _publishers() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    content = files("migrate.analyzers").joinpath("upstreams.yaml").read_bytes()
    document = load_plain(content, "upstreams.yaml").value
    return frozenset(document["forges"]), frozenset(document["publishers"]), frozenset(document["hosts"])
