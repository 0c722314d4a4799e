"""What is uninstalled before a release is deployed, and was uninstalled after it: nested state files go one by one, and one
state file deletes everything that is not to be there before it upgrades the first release (helmfile 0.166 and 1.7.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.side_facts import SideFacts
from migrate.model.facts import HelmCall, ReleaseId

COMMANDS = ("sync", "apply")
DELETING = ("uninstall", "delete")


def uninstalled_sooner(old: SideFacts, new: SideFacts, environment: str) -> Iterator[str]:
    """Each release that goes sooner than today, with those that were deployed before, in words."""
    for command in COMMANDS:
        before, after = (_calls(side, environment, command) for side in (old, new))
        for gone in [call for call in before if call.verb in DELETING]:
            first = {call.release for call in before if call.verb == "upgrade" and call.ended < gone.started}
            later = _after(after, gone.release)
            names = ", ".join(sorted(str(release) for release in first & later))
            if names:
                yield f"{environment}: {command} uninstalls {gone.release} before it deploys {names}, no longer after that"


def _calls(side: SideFacts, environment: str, command: str) -> tuple[HelmCall, ...]:
    run = side.environments[environment].runs.get(command)
    return run.calls if run else ()


def _after(calls: tuple[HelmCall, ...], gone: ReleaseId | None) -> set[ReleaseId | None]:
    """What is deployed once a release has been uninstalled."""
    ends = [call.ended for call in calls if call.verb in DELETING and call.release == gone]
    return {call.release for call in calls if call.verb == "upgrade" and ends and call.started > max(ends)}
