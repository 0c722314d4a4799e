"""What a proof is asked: two trees, and what is known about how one became the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from migrate.model.chart_lock import ChartPlaces
from migrate.model.facts import CellId
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from migrate.model.settings import Unproved
from migrate.model.tree import Tree

DEFAULT_ENVIRONMENT = "default"
"""helmfile's environment when no `-e` is given; every state has it, declared or not."""

Attributes = Mapping[str, Mapping[str, str]]
"""path -> git attribute -> value, as effective in a tree"""


@dataclass(frozen=True, slots=True)
class ProofCase:
    """Two commits to be judged against each other.

    `environments` are the declared ones that the caller knows of; those that `build` names on either side and `default` join
    them. `lent_old` and `lent_new` hold files of `--env-file`, which are in no commit. The attributes are those that each
    tree's own `.gitattributes` give to all of its paths; `bytes_kept` fails for one that it needs and they leave out.
    `hooks` says that the user agreed to run what the repository brings. `merged` are the legacy state files, `absent` the old
    and new places of registered values files that no commit holds. `unproved` are the cells that the user vouches for.
    `charts` is where the layout has the charts and their lock.
    `fetch` says that charts which the old tree names and does not hold are got from where it names them;
    `incomplete` are the folders of its charts whose dependencies are got too.
    """

    base: str
    branch: str
    old: Tree
    new: Tree
    old_state: str
    new_state: str
    record: Record | None
    environments: tuple[str, ...]
    old_attributes: Attributes
    new_attributes: Attributes
    lent_old: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    lent_new: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    hooks: bool = False
    merged: tuple[RepoPath, ...] = ()
    absent: tuple[tuple[RepoPath, RepoPath], ...] = ()
    unproved: tuple[Unproved, ...] = ()
    charts: ChartPlaces | None = None
    fetch: bool = False
    incomplete: tuple[str, ...] = ()
    offline: bool = True
    """whether the new side is to be judged with the network cut off"""

    @property
    def legacy_runs(self) -> bool:
        """Whether the branch still deploys by the base's own state file: the phases before the new one."""
        same = self.old.entries.get(RepoPath(self.old_state)) == self.new.entries.get(RepoPath(self.new_state))
        return same and self.old_state == self.new_state

    def vouched(self, cell: CellId) -> bool:
        """Whether the user vouches for a cell that can't be proved, whatever its cause."""
        return any(entry.names(cell) for entry in self.unproved)
