"""What placing looks at, and which sub-issue a placed file belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.layout import Layout
from migrate.model.inventory import Inventory, Release
from migrate.model.paths import RepoPath
from migrate.model.pulled import Pulled
from migrate.model.settings import Settings, for_release
from migrate.model.tree import Tree

STRUCTURE, EXTERNAL, STATE, ENVIRONMENTS, CUSTOM = 1, 3, 4, 5, 6
"""numbers of the sub-issues"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What placing looks at."""

    tree: Tree
    inventory: Inventory
    layout: Layout
    settings: Settings
    pulled: Pulled = Pulled()  # noqa: RUF009  # it can't be changed

    def file_name(self, release: Release) -> str:
        """The name of a release's values file or folder; with its namespace where another release has the same name."""
        chosen = for_release(self.settings.names, release.namespace, release.name)
        if chosen:
            return chosen
        if "{{" in release.name + release.namespace:
            return self.group(release.state)
        same = [other for other in self.inventory.releases if other.name == release.name]
        return f"{release.namespace}/{release.name}" if len(same) > 1 and release.namespace else release.name

    def group(self, state: RepoPath) -> str:
        """The folder below the values folder for what several releases of a state file share."""
        return state.folder.rpartition("/")[2] or "common"
