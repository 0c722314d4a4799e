"""The scripts as operations of a plan. A file of the repository is never written over."""

from __future__ import annotations

from migrate.layout import Layout
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations.create import Create
from migrate.shell_scripts.assembly import SCRIPTS, script_text

REASONS = {
    "sync-charts.sh": "pulls, adds and upgrades local charts; checks them against versions.lock",
    "validate.sh": "checks environments without a cluster",
    "package-offline.sh": "packs a commit for a machine without a network",
}
HINT = "rename yours and apply again if you want it; the other scripts work without it"


def create_scripts(tree: Tree, layout: Layout) -> tuple[tuple[Create, ...], tuple[Finding, ...]]:
    """The scripts that the tree does not have, and a `script-exists` for each name that something else has."""
    made, found = [], []
    for name, sub_issue in SCRIPTS.items():
        target = RepoPath(f"{layout.scripts}/{name}")
        if target in tree:
            message = "the repository has a script of this name: it stays, and the one of migrate is left out"
            found.append(Finding("script-exists", Severity.WARNING, target, 0, message, HINT))
        else:
            made.append(Create(target, script_text(name, layout), Mode.EXECUTABLE, REASONS[name], sub_issue))
    return tuple(made), tuple(found)
