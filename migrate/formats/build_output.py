"""What `helmfile build` and `helmfile list --output json` print -> facts."""

from __future__ import annotations

import functools
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.facts import BuiltState, ListedRelease, ReleaseId
from migrate.model.paths import RepoPath

_SOURCE = "#  Source: "
_VALUES = "renderedvalues:"


def parse_build(text: str, top: str, helm_binary: str = "", environment: str = "") -> tuple[BuiltState, ...]:
    """The states of a build, in helmfile's order: sub-helmfiles first.

    `top` is the absolute folder that the sources are named from. `renderedvalues` is cut off as text: helmfile 0.166 and
    1.x print it as the last key, at column 0, with sorted keys. `helmBinary` is left out where it is `helm_binary`, the one
    that the caller put in; `environment` is the one that was asked for. UnreadableSource if the text has another shape.
    """
    return tuple(replace(_state(lines, top, helm_binary), environment=environment) for lines in _documents(text))


def _documents(text: str) -> Iterator[list[str]]:
    """The lines of each document. A document begins with `---` and the source; strings in values are indented."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if line == "---" and n + 1 < len(lines) and lines[n + 1].startswith(_SOURCE)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start + 1 : end]


def _state(lines: list[str], top: str, helm_binary: str) -> BuiltState:
    source = lines[0].removeprefix(_SOURCE)
    try:
        path = RepoPath(str(PurePosixPath(source).relative_to(top)))
        cut = _start_of_values(lines)
    except ValueError as error:
        raise UnreadableSource(f"helmfile build printed a document of an unknown shape for {source}") from error
    document = _document("\n".join(lines[:cut]), path)
    values = "\n".join(lines[cut:]).rstrip("\n")
    if not isinstance(document, dict):
        raise UnreadableSource(f"helmfile build printed no mapping for {path}", path=path)
    if document.get("helmBinary") == helm_binary:
        document = {key: value for key, value in document.items() if key != "helmBinary"}
    return BuiltState(path, document, hashlib.sha256(values.encode()).hexdigest())


@functools.lru_cache(maxsize=1024)
def _document(text: str, path: RepoPath) -> Any:  # noqa: ANN401  # whatever YAML holds
    """The parsed text. Most states print the same in each environment, and parsing takes longer than all else here."""
    return load_plain(text.encode(), path, strict=False).value


def _start_of_values(lines: list[str]) -> int:
    """Where `renderedvalues` stands: followed by an indented mapping, or by `{}`."""
    for number, line in enumerate(lines):
        if line.startswith(_VALUES):
            return number
    raise ValueError(_VALUES)


def parse_list(text: str, states: Sequence[BuiltState]) -> tuple[ListedRelease, ...]:
    """The releases of `list --output json`. Kube contexts, which it does not print, come from the build's `states`.

    UnreadableSource if it is no such list.
    """
    contexts = kube_contexts(states)
    try:
        rows: list[dict[str, Any]] = [] if text.strip() == "null" else list(json.loads(text))
        return tuple(_listed(row, contexts) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableSource(f"helmfile list printed no list of releases: {type(error).__name__}") from error


def _listed(row: dict[str, Any], contexts: dict[tuple[str, str], list[str]]) -> ListedRelease:
    waiting = contexts.get((row["namespace"], row["name"])) or [""]
    context = waiting.pop(0) if len(waiting) > 1 else waiting[0]
    release = ReleaseId(context, row["namespace"], row["name"])
    return ListedRelease(release, row["enabled"], row["installed"], row["labels"], row["chart"], row["version"])


def kube_contexts(states: Sequence[BuiltState]) -> dict[tuple[str, str], list[str]]:
    """(namespace, name) -> the kube contexts of the releases with that name, in build order; `""` where none is set."""
    contexts = defaultdict(list)
    for state in states:
        for release in state.releases:
            key = (str(release.get("namespace") or ""), str(release["name"]))
            contexts[key].append(state.kube_context(release))
    return dict(contexts)
