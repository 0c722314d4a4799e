"""`skipDeps: true` for a release whose chart is vendored whole: else helmfile has the dependencies fetched in every run."""

from __future__ import annotations

from migrate.analyzers.chart_kind import without_credentials
from migrate.analyzers.vendored import fetched_in_vain
from migrate.flatten.ground import Ground
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Release

SKIP_DEPS = "skipDeps"
ADDED = f"{SKIP_DEPS}: true"


def added(ground: Ground, release: Release) -> Finding | None:
    """What is told of a release that gets it; None for one that does not need it, or where a network is there to stay."""
    if not ground.settings.offline or release.chart_folder is None:
        return None
    found = fetched_in_vain(ground.tree, release.chart_folder)
    if not found:
        return None
    what = ", ".join(f"{d.name} from {without_credentials(d.repository)}" for d in found)
    message = f"release {release.name} gets `{ADDED}`: charts/ holds what would be fetched again ({what})"
    hint = "say `offline: false` in migrate.yaml if it is to be fetched"
    return Finding("skip-deps-added", Severity.CHANGE, release.state, release.line, message, hint)
