"""The sample platform as a whole: what a user runs after the migration works as it did before."""

from __future__ import annotations

from pathlib import Path

from migrate import writer
from migrate.model.facts import Run
from migrate.model.settings import Settings
from migrate.pipeline import World, make_plan, take_inventory
from migrate.system.git import open_repository
from migrate.system.helmfile import Sides
from migrate.system.toolbox import ToolPair
from tests.fixtures.platform import make


def silent(_what: str, _done: int, _total: int) -> None:
    pass


def test_dependencies_are_built_from_their_new_places_too(tmp_path: Path, tools: ToolPair) -> None:
    make(tmp_path / "platform")
    sides = Sides(tools.helmfile.path, tools.helm.path)
    stock = take_inventory(World(open_repository(tmp_path / "platform"), sides, silent), "HEAD", Settings())
    plan = make_plan(World(open_repository(tmp_path / "platform"), None, silent), stock, Settings())
    new = writer.apply_to(plan, stock.tree)
    released = []
    for tree, state in ((stock.tree, plan.root), (new, plan.new_state)):
        with sides.open(tree, state) as side:
            before, built = side.record("dev", "template"), side.record("dev", "template", with_dependencies=True)
        assert built.failure is None
        assert charts(before)["lumen/lumen"] != charts(built)["lumen/lumen"], "its file:// dependency was packed into it"
        released.append(charts(built).keys())
    assert len(released[0]) == 11
    assert released[0] == released[1]


def charts(run: Run) -> dict[str, str]:
    """Release -> digest of the chart that helm was given."""
    return {str(call.release): call.chart_digest for call in run.calls if call.verb == "template"}
