"""Find, settle and splice in one file of a small repository."""

from __future__ import annotations

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, Reference
from migrate.model.tree import Mode, Tree
from migrate.references import find_in
from migrate.references.groups import edits_of
from migrate.references.moves import Moves

FILES = {
    "environments/dev/values.yaml": "helmfile/environments/dev/values.yaml",
    "environments/prod/values.yaml": "helmfile/environments/prod/values.yaml",
    "environments/lent/values.yaml": "helmfile/environments/lent/values.yaml",  # no commit holds it
    "environments/운영/values.yaml": "helmfile/environments/운영/values.yaml",
    "applications/web/chart/Chart.yaml": "helmfile/charts/custom/web/Chart.yaml",
    "applications/web/chart/templates/a.yaml": "helmfile/charts/custom/web/templates/a.yaml",
    "applications/web/values.yaml": "helmfile/values/web.yaml",
    "applications/api/chart/Chart.yaml": "helmfile/charts/custom/api/Chart.yaml",
    "applications/api/values.yaml": "helmfile/values/api.yaml",
}
MERGED = ("helmfile.yaml", "applications/web/helmfile.yaml", "applications/api/helmfile.yaml")
STAY = (
    "README.md",
    "docs/guide.md",
    "docs/images/a.png",
    "scripts/deploy.py",
    "airgap/offline/pull.sh",
    "monochart/web/web.yaml",
)
MOVES = Moves(
    {RepoPath(old): RepoPath(new) for old, new in FILES.items()},
    frozenset(map(RepoPath, MERGED)),
    RepoPath("helmfile.yaml"),
    RepoPath("helmfile/helmfile.yaml"),
    frozenset(map(RepoPath, {*FILES, *MERGED, *STAY} - {"environments/lent/values.yaml"})),
)


def _no_blob(oid: str) -> bytes:
    raise KeyError(oid)


def tree_with(path: str, content: str | bytes) -> Tree:
    """The small repository with one file of this content."""
    data = content if isinstance(content, bytes) else content.encode()
    put = {RepoPath(name): (Mode.FILE, b"x\n") for name in MOVES.present}
    put[RepoPath(path)] = (Mode.FILE, data)
    return Tree("0" * 40, {}, _no_blob).changed(put)


def found_in(path: str, content: str | bytes) -> tuple[Reference, ...]:
    """The references of that file."""
    return find_in(tree_with(path, content), RepoPath(path), MOVES)


def rewritten(path: str, content: str | bytes) -> str:
    """The file with all sure references respelt."""
    data = content if isinstance(content, bytes) else content.encode()
    edits = edits_of(found_in(path, data)).get(RepoPath(path), ())
    return splice(data, edits).decode()


def told(path: str, content: str | bytes) -> list[tuple[int, str]]:
    """Line and reason of each reference that is left."""
    return [(found.origin.line, found.reason) for found in found_in(path, content) if found.certainty is Certainty.GUESSED]
