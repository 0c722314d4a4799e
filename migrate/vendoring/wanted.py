"""Releases whose chart is not in the repository -> which chart of which origin they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.analyzers.states import REMOTE
from migrate.analyzers.survey import Survey
from migrate.formats.state_source import StateSource, sequence
from migrate.formats.yaml_source import EMPTY, Node
from migrate.model.facts import Failure
from migrate.model.inventory import Release
from migrate.model.pulled import OCI, ChartRef, NotPulled, ReleaseKey
from migrate.model.tree import Tree

PLAIN_REPOSITORY = frozenset({"name", "url", "oci"})
"""The keys of an entry of `repositories:` that a chart can be pulled with; all others are logins or other ways of trust."""

UNUSUAL = ("verify", "insecureSkipTLSVerify", "plainHttp", "forceGoGetter", "chartPath", "directory", "keyring")
"""Settings of a release, or of helmDefaults, for which helm fetches a chart in another way."""


def is_remote(release: Release) -> bool:
    """Whether a release names a chart that is neither a folder here nor a path to one."""
    chart = release.chart
    return release.chart_folder is None and bool(chart) and not chart.startswith((".", "/"))


def wanted_charts(tree: Tree, surveyed: Survey) -> Mapping[ReleaseKey, ChartRef | NotPulled]:
    """What each release asks for whose chart is not in the repository; NotPulled where that can't be told or isn't supported.

    A helmfile.lock is respected: helmfile's own answer counts, which has the locked version.
    """
    remote = [release for release in surveyed.inventory.releases if is_remote(release)]
    return {(release.state, release.line): _Asked(tree, surveyed, release).ref() for release in remote}


@dataclass(frozen=True, slots=True)
class _Asked:
    tree: Tree
    surveyed: Survey
    release: Release

    def ref(self) -> ChartRef | NotPulled:
        chart = self._same("chart", self.release.chart)
        version = self._same("version", self.release.version)
        if isinstance(chart, NotPulled):
            return chart
        if isinstance(version, NotPulled):
            return version
        unusual = next((key for key in UNUSUAL if self._set(key)), "")
        if unusual:
            return NotPulled(f"`{unusual}` changes how helm fetches it")
        return self._placed(chart, version)

    def _same(self, key: str, text: str) -> str | NotPulled:
        """The setting as helmfile tells it, if it is one in all environments; the text where nothing has to be told."""
        built = self.surveyed.inventory.built
        told = {str(document.get(key) or "") for document in self.release.effective.values()}
        if not told and not self._locked() and "{{" not in text:
            return text
        if not told or ("{{" in text and any(isinstance(states, Failure) for states in built.values())):
            return NotPulled(f"helmfile does not tell its {key}")
        if len(told) > 1:
            return NotPulled(f"its {key} is not the same in all environments ({', '.join(sorted(told))})")
        return told.pop()

    def _locked(self) -> bool:
        folder = self.release.state.folder
        return any(path.folder == folder and path.endswith(".lock") for path in self.tree)

    def _placed(self, chart: str, version: str) -> ChartRef | NotPulled:
        if "@" in chart or "?" in chart:
            return NotPulled("its address has a login or a query in it")
        if chart.startswith(OCI):
            origin, _, name = chart.rpartition("/")
            return self._with_version(ChartRef(origin, name, version)) if origin != "oci:/" else NotPulled("it names no chart")
        if REMOTE.match(chart):
            return NotPulled("charts are pulled from repositories and OCI registries only")
        repository, _, name = chart.partition("/")
        entry = self._repository(repository)
        if entry is None:
            return NotPulled(f"no state file has a repository {repository}")
        more = [key.value for key, _ in entry.pairs if key.value not in PLAIN_REPOSITORY]
        if more:
            return NotPulled(f"its repository has `{more[0]}:`, and charts are pulled without logins and certificates")
        return self._of_repository(entry, name, version)

    def _of_repository(self, entry: Node, name: str, version: str) -> ChartRef | NotPulled:
        url = entry.text("url").rstrip("/")
        if "{{" in url or "@" in url.partition("://")[2].partition("/")[0]:
            return NotPulled("the address of its repository is made by a template or has a login in it")
        if entry.text("oci") != "true":
            return (
                ChartRef(url, name, version, self._set("devel")) if "/" not in name else NotPulled("its name has a folder in it")
            )
        folder, _, last = name.rpartition("/")
        origin = "/".join(part for part in (OCI + url.removeprefix(OCI), folder) if part)
        return self._with_version(ChartRef(origin, last, version))

    def _with_version(self, ref: ChartRef) -> ChartRef | NotPulled:
        """helmfile 0.16x takes no chart of a registry without a version (state/state.go), so the old side would never render."""
        return ref if ref.version else NotPulled("a chart of a registry needs a version, helmfile 0.16x says")

    def _repository(self, name: str) -> Node | None:
        """The entry of that name: the own state file's, else another's, for `helm repo add` reaches those that come later."""
        sources = self.surveyed.states.sources
        ordered = [sources[self.release.state], *(source for path, source in sources.items() if path != self.release.state)]
        return next(
            (entry for source in ordered for entry in _entries(source, "repositories") if entry.text("name") == name), None
        )

    def _set(self, key: str) -> bool:
        source = self.surveyed.states.sources[self.release.state]
        defaults = [block.value for block in source.blocks("helmDefaults")]
        own = self._item(source)
        return any(node.text(key) not in ("", "false") for node in ([own] if own.get(key) is not None else defaults))

    def _item(self, source: StateSource) -> Node:
        for block in source.blocks("releases"):
            for item in sequence(block):
                if source.line(block.part, item) == self.release.line:
                    return item
        return EMPTY


def _entries(source: StateSource, key: str) -> Iterator[Node]:
    for block in source.blocks(key):
        yield from sequence(block)
