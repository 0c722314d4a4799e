"""The sample platform as a whole: what a user runs after the migration works as it did before."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from migrate import writer
from migrate.claims import rehearsed
from migrate.model.case import ProofCase
from migrate.model.facts import Run
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.pipeline import Stock, World, make_plan, take_inventory
from migrate.plan import Plan
from migrate.system.git import open_repository
from migrate.system.helmfile import Sides
from migrate.system.toolbox import ToolPair
from tests.fixtures.platform import make


def silent(_what: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Migrated:
    """The platform with its plan, and the tree that the plan makes."""

    sides: Sides
    stock: Stock
    plan: Plan
    new: Tree

    def case(self) -> ProofCase:
        """Both trees, with the record."""
        record = writer.record_of(self.plan)
        states = str(self.plan.root), str(self.plan.new_state)
        old, new = self.stock.tree, self.new
        return ProofCase("base", "branch", old, new, *states, record, (), {}, {}, absent=ABSENT, merged=self.plan.merged)


ABSENT = ((RepoPath("environments/onsite/values.yaml"), RepoPath("helmfile/environments/onsite/values.yaml")),)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, tools: ToolPair) -> Migrated:
    folder = tmp_path_factory.mktemp("sample") / "platform"
    make(folder)
    sides = Sides(tools.helmfile.path, tools.helm.path)
    stock = take_inventory(World(open_repository(folder), sides, silent), "HEAD", Settings())
    plan = make_plan(World(open_repository(folder), None, silent), stock, Settings())
    return Migrated(sides, stock, plan, writer.apply_to(plan, stock.tree))


def test_dependencies_are_built_from_their_new_places_too(migrated: Migrated) -> None:
    released = []
    for tree, state in ((migrated.stock.tree, migrated.plan.root), (migrated.new, migrated.plan.new_state)):
        with migrated.sides.open(tree, state) as side:
            before, built = side.record("dev", "template"), side.record("dev", "template", with_dependencies=True)
        assert built.failure is None
        assert charts(before)["lumen/lumen"] != charts(built)["lumen/lumen"], "its file:// dependency was packed into it"
        released.append(charts(built).keys())
    assert len(released[0]) == 11
    assert released[0] == released[1]


@pytest.mark.parametrize(
    ("command", "calls", "made"),
    [
        ("echo site.example | ./deploy_lumen.sh env && ./deploy_lumen.sh sync", 11, 1),
        ("echo site.example | ./deploy_lumen.sh env && ./deploy_lumen.sh sync lumen", 1, 1),
        ("./deploy_lumen.sh sync", 0, 0),
        ("echo site.example | python3 lumen_console.py", 11, 1),
        ("scripts/list-images.sh", 4, 0),
    ],
)
def test_scripts_and_the_installer_do_what_they_did(migrated: Migrated, command: str, calls: int, made: int) -> None:
    case = migrated.case()
    old, new = (
        migrated.sides.rehearse(tree, state, command) for tree, state in ((case.old, case.old_state), (case.new, case.new_state))
    )
    given = [call for call in old.calls if call.verb in ("upgrade", "template")]
    assert (len(given), len(old.files)) == (calls, made)
    assert all(path.startswith("helmfile/environments/onsite/") for path in new.files)
    wrong = [piece for piece in rehearsed.judge(case, {command: (old, new)}).evidence if not piece.holds]
    assert wrong == []


def charts(run: Run) -> dict[str, str]:
    """Release -> digest of the chart that helm was given."""
    return {str(call.release): call.chart_digest for call in run.calls if call.verb == "template"}
