"""Which calls of helm, and which files of a tree, name something that lies elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from migrate.analyzers.chart_kind import without_credentials
from migrate.analyzers.chart_manifest import read_manifest
from migrate.analyzers.vendored import is_elsewhere
from migrate.claims.side_facts import SideFacts
from migrate.errors import UnreadableSource
from migrate.model.charts import Dependency
from migrate.model.facts import HelmCall
from migrate.model.reaching import COPY
from migrate.model.tree import Tree

READ = (".yaml", ".yml", ".gotmpl", ".json", ".tpl", ".tmpl")
"""Files in which a host is looked for."""
_SCHEME = re.compile(r"^[\w+]+://")


def preparing(call: HelmCall) -> Iterator[str]:
    """What a call fetches before anything is rendered, in words: the index of a repository, a login, a chart."""
    words = [word for word in call.argv if not word.startswith("-")]
    if call.verb == "repo add" and len(words) > 3:  # noqa: PLR2004  (repo add NAME URL)
        yield f"repository {words[2]} at {without_credentials(words[3])}"
    elif call.verb == "registry login":
        yield "login to a registry"
    elif call.verb in ("pull", "fetch") and len(words) > 1:
        yield f"chart {without_credentials(words[1])}"


def foreign_charts(calls: Iterable[HelmCall]) -> Iterator[str]:
    """The charts that are named by a repository, a registry or an address, each once."""
    named = (call.chart for call in calls if call.chart and not call.chart_digest and call.verb in ("template", "upgrade"))
    yield from dict.fromkeys(named)


def built_charts(side: SideFacts) -> tuple[str, ...]:
    """The charts for which helmfile has the dependencies built, as `built_chart` names them, but for those that have none.

    helm does nothing for a chart without dependencies (downloader/manager.go of helm 3.15).
    """
    calls = (call for facts in side.environments.values() for run in facts.runs.values() for call in run.calls)
    charts = {chart for call in calls if (chart := built_chart(call)) is not None}
    return tuple(sorted(chart for chart in charts if chart.startswith(COPY) or _depends(side.tree, chart)))


def built_chart(call: HelmCall) -> str | None:
    """The chart of a `helm dependency build` or `up`: its folder in the tree, or COPY and the digest of a copy made elsewhere."""
    words = [word for word in call.argv[2:] if not word.startswith("-")]
    if not call.verb.startswith("dependency") or not words:
        return None
    if words[0].startswith("/"):
        return f"{COPY}{call.chart_digest}"
    folder = posixpath.normpath(posixpath.join(call.folder, words[0]))
    return "" if folder == "." else folder


def _depends(tree: Tree, folder: str) -> bool:
    try:
        return bool(read_manifest(tree, folder).dependencies)
    except (KeyError, UnreadableSource):
        return True


def dependencies_from(tree: Tree, folder: str, address: str) -> tuple[Dependency, ...]:
    """The dependencies of a chart that lie at an address; all that lie elsewhere if none names it."""
    try:
        elsewhere = [d for d in read_manifest(tree, folder).dependencies if is_elsewhere(d)]
    except (KeyError, UnreadableSource):
        return ()
    host = _SCHEME.sub("", address)
    return tuple(d for d in elsewhere if host in d.repository) or tuple(elsewhere)


def hosts_named_in(tree: Tree, folder: str, address: str, names: Sequence[str] = ()) -> str:
    """The first file and line below a folder that names a host, empty if none does. `names` are the only files to look at."""
    host = _SCHEME.sub("", address)
    for path in sorted(tree.below(folder) if folder else tree) if host else ():
        if path.name in names if names else path.name.endswith(READ):
            try:
                lines = tree.read(path).split(b"\n")
            except KeyError:
                continue
            found = next((n for n, line in enumerate(lines, start=1) if host.encode() in line), 0)
            if found:
                return f"{path}:{found}"
    return ""
