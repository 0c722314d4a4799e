"""The chart repositories of both sides: the same by name, with the same files of keys and certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrate.claims.fetched import still_asks
from migrate.claims.gathered import Gathered
from migrate.claims.missing_files import place_of
from migrate.claims.side_facts import SideFacts
from migrate.model.paths import RepoPath
from migrate.model.proof import Evidence

FILES = ("caFile", "certFile", "keyFile", "keyring")
"""Settings of a repository that name a file, from the folder of the state file (helmfile 0.166 and 1.7.4, `state.go`)."""


def evidence(gathered: Gathered) -> Iterator[Evidence]:
    """One piece for each repository that a side names, in each environment that loads on both."""
    for environment in gathered.environments:
        old, new = _specified(gathered.old, environment), _specified(gathered.new, environment)
        if not gathered.old.states(environment) or not gathered.new.states(environment):
            continue
        for name in sorted(old.keys() | new.keys()):
            if name not in new and not still_asks(
                gathered.new, environment, name, [str(spec["url"]) for spec in old[name] if spec.get("url")]
            ):
                yield Evidence(
                    f"{environment}: repository {name}", True, "only on the old side; nothing of the new side names it"
                )
                continue
            if name not in old or name not in new:
                detail = f"only on the {'old' if name in old else 'new'} side"
            else:
                detail = "equal" if old[name] == new[name] else "another specification"
            yield Evidence(f"{environment}: repository {name}", detail == "equal", detail)


def _specified(side: SideFacts, environment: str) -> dict[str, list[Mapping[str, Any]]]:
    """Repository name -> its distinct specifications, in order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for state in side.states(environment):
        for repository in state.document.get("repositories") or ():
            specified = found.setdefault(str(repository.get("name", "")), [])
            spec = _with_files(side, state.source.folder, repository)
            if spec not in specified:
                specified.append(spec)
    return found


def _with_files(side: SideFacts, folder: str, repository: Mapping[str, Any]) -> Mapping[str, Any]:
    """A specification with what it names in place of the paths: the blob, or the place where no commit holds it."""
    named = {key: place_of(folder, str(repository[key])) for key in FILES if repository.get(key)}
    found = {key: side.tree.entries.get(RepoPath(place)) if place in side.tree else place for key, place in named.items()}
    return {**repository, **found}
