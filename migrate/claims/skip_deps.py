"""`skipDeps: true` that is new on a release: a declared change where charts/ holds every dependency, a fault elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from migrate.analyzers.vendored import fetched_in_vain
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition

KEY = "skipDeps"


def is_declared(gathered: Gathered, old: Definition, new: Definition) -> bool:
    """Whether a release got `skipDeps: true`, and its chart would be fetched for although it is vendored whole.

    Both sides are compared as charts/ is vendored, so what is deployed is what was compared.
    """
    if old.effective(KEY) or new.release.get(KEY) is not True:
        return False
    folder = posixpath.normpath(posixpath.join(new.state.source.folder, str(new.release.get("chart", ""))))
    return bool(fetched_in_vain(gathered.case.new, "" if folder == "." else folder))


def declared(gathered: Gathered) -> Iterator[str]:
    """Each release that got it, with its environments, in words."""
    found: dict[str, list[str]] = {}
    for cell in gathered.cells:
        old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if len(old) == len(new) == 1 and is_declared(gathered, old[0], new[0]):
            found.setdefault(str(cell.release), []).append(cell.environment)
    for release, environments in sorted(found.items()):
        yield f"{release} is deployed with what charts/ holds, by `skipDeps: true` ({', '.join(environments)})"
