"""`-l chart=…`: a release that another word selects from now on. It is deployed alike, so it is declared and no fault."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition


def declared(gathered: Gathered) -> Iterator[str]:
    """Each release whose chart has another last word in its path, in words."""
    found: dict[tuple[str, str, str], None] = {}
    for cell in gathered.cells:
        old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if len(old) == len(new) == 1:
            before, after = _label(old[0]), _label(new[0])
            if before and before != after:
                found[str(cell.release), before, after] = None
    for release, before, after in sorted(found):
        yield f"`-l chart={before}` selects {release} no more; `-l chart={after}` does"


def _label(definition: Definition) -> str:
    """What stands behind the last `/` (state/state.go, 0.166); nothing for `./`."""
    return str(definition.release.get("chart") or "").rpartition("/")[2].strip(".")
