"""What helmfile leaves behind in a chart that it changed (chartify), and that nothing reads any more.

chartify renders the chart, patches the result, puts it below files/ and makes every template one `.Files.Get` of its counterpart
there (chartify.go, RewriteChartToPreventDoubleRendering, in v0.20.1 of helmfile 0.166 and v0.28.2 of 1.7.4). The patches
stay behind in the folder: transformers/ in both, written in two ways; jsonpatches/ in the former alone.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

LEFT_BEHIND = ("jsonpatches", "transformers")
"""Folders that chartify makes for kustomize (patch.go, Runner.Patch)."""


def without_leftovers(chart: Path, names: Collection[str]) -> frozenset[str] | None:
    """The names of those files of a chart that count; None if it isn't shown that no template reads the others.

    Shown is it only where every template is the one line that chartify writes: then helm reads nothing but these templates'
    counterparts below files/, whatever the values say.
    """
    templates = [name for name in names if name.startswith("templates/")]
    if not templates or any(name.startswith("charts/") for name in names):
        return None
    if not all((chart / name).is_file() and (chart / name).read_bytes() == _line(name) for name in templates):
        return None
    return frozenset(name for name in names if name.partition("/")[0] not in LEFT_BEHIND)


def _line(name: str) -> bytes:
    return b'{{ .Files.Get "files/' + name.encode() + b'" }}'
