"""Finds the root cause in what `helm template` printed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from migrate.system.helmfile.causes import Cause
from migrate.system.helmfile.reasons import digest, read_reason

_PLACE = re.compile(r"(?P<name>[\w.-]+/[\w./ -]*\.\w+):(?P<line>\d+)(?::\d+)?")
_AT = re.compile(r'.*executing "[^"]*" at <(?P<node>.*?)>: (?P<reason>.*)', re.DOTALL)
_SAID = re.compile(r"execution error at \([^)]*\): .*", re.DOTALL)
_BROKEN = re.compile(r"YAML parse error on (?P<file>[^:\n]+): (?P<rest>.*)", re.DOTALL)

_UNREAD = re.compile(r"failed to parse (?P<file>/[^:\n]+): (?P<rest>.*)", re.DOTALL)


def find_helm_cause(stderr: str, chart_folder: str, values: Sequence[str] = ()) -> Cause:
    """The root cause of a failed `helm template`.

    `chart_folder` is the chart's place in the repository, for the path. `values` are the values files by the names that helm
    got; a broken one is named by its number and has no path: which file of the repository it was made of, helm can't know.
    """
    start = stderr.rfind("Error: ")
    text = stderr[start + len("Error: ") :] if start >= 0 else stderr
    text = text.replace("Use --debug flag to render out invalid YAML", "").strip()
    places = list(_PLACE.finditer(text))
    path, line = (_in_repository(places[-1]["name"], chart_folder), int(places[-1]["line"])) if places else ("", 0)
    unread = _UNREAD.match(text)
    if unread:
        number = values.index(unread["file"]) if unread["file"] in values else "?"
        reason = read_reason(unread["rest"])
        return Cause(f"values file {number}: {reason.shown}", hidden=reason.hidden)
    said, at, broken = _SAID.match(text), _AT.match(text), _BROKEN.match(text)
    if said:
        return Cause("the chart refuses: its message is not shown", path, line, hidden=digest(text))
    if broken:
        reason = read_reason(broken["rest"])
        return Cause(f"it renders no YAML: {reason.shown}", _in_repository(broken["file"], chart_folder), 0, hidden=digest(text))
    reason = read_reason(at["reason"] if at else text)
    message = f"at <{at['node']}>: {reason.shown}" if at else reason.shown
    if reason.outside:
        return Cause(message, hidden=reason.hidden)
    return Cause(message, path or (chart_folder and posixpath.join(chart_folder, "Chart.yaml")), line, hidden=reason.hidden)


def _in_repository(name: str, chart_folder: str) -> str:
    """helm names a template by the chart's name and the path in it."""
    return posixpath.join(chart_folder, name.partition("/")[2]) if chart_folder else ""
