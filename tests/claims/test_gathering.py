"""What a proof asks of its sides, told by sides that remember what they were asked: nothing may be left out or mixed up."""

from __future__ import annotations

from dataclasses import replace

from migrate.claims.side_facts import SideFacts
from migrate.model.facts import HelmInputs
from migrate.ports import COMMANDS
from tests.claims.told import CELL, FILES, OTHER, STATE, A, B, call, entry, facts, line, run, side, state
from tests.claims.told_sides import NEW_FILES, NEW_STATE, POD, ToldSide, measured, sides_of


def environments(asked: ToldSide) -> list[object]:
    return [each[0] for each in asked.of("facts")]


def test_both_sides_are_asked_for_every_environment_that_is_known_or_declared() -> None:
    declaring = facts(states=(state(entry(), entry(B), environments={"dev": {}, "late": {}}),))
    nested = facts(states=(state(entry(), source="apps/helmfile.yaml", environments={"inner": {}}), state(entry(B))))
    old, new = sides_of({"dev": declaring, "late": facts()}, {"dev": nested})
    found = measured(old, new)
    assert environments(old) == environments(new) == ["default", "dev", "late"]
    assert found.environments == ("default", "dev", "late")
    assert {cell.release for cell in found.cells_of("default")} == {A, B}
    turned = sides_of({"dev": nested}, {"dev": replace(declaring, states=(state(source=NEW_STATE, environments={"late": {}}),))})
    measured(*turned)
    assert environments(turned[0]) == ["default", "dev", "late"]


def test_one_environment_alone_is_asked_for_if_it_is_named() -> None:
    declaring = facts(states=(state(entry(), entry(B), environments={"late": {}}),))
    old, new = sides_of({"dev": declaring})
    found = measured(old, new, only="dev")
    assert environments(old) == environments(new) == ["dev"]
    assert found.cells == (CELL, OTHER)


def test_every_release_that_either_side_knows_has_a_cell() -> None:
    one = facts(run("template", call()), states=(state(entry()),), listed=(line(),))
    for old, new in (({"dev": one}, None), (None, {"dev": one})):
        assert measured(*sides_of(old, new), only="dev").cells == (CELL, OTHER)


def test_helmfile_1_is_asked_of_the_new_tree_for_what_its_claim_looks_at() -> None:
    old, new = sides_of()
    modern = ToldSide(SideFacts(new.tree, NEW_STATE, {"dev": facts()}), "modern")
    found = measured(old, new, modern=modern, only="dev")
    assert found.modern is not None
    assert modern.of("facts") == [("dev", (), ("template", "sync"))]
    assert old.of("facts") == new.of("facts") == [("dev", (), COMMANDS)]
    assert measured(*sides_of(), only="dev").modern is None


def test_while_the_branch_deploys_by_the_legacy_state_helmfile_1_is_not_asked() -> None:
    both = ToldSide(SideFacts(side().tree, STATE, {"dev": facts()}), "old")
    modern = ToldSide(SideFacts(both.tree, STATE, {"dev": facts()}), "modern")
    found = measured(both, both, modern=modern, only="dev", offline=True, network="")
    assert (found.modern, found.offline, found.online) == (None, None, "the new state file comes in a later phase")
    assert not modern.asked


def test_every_cell_that_both_sides_render_is_rendered_by_each_side() -> None:
    old, new = sides_of()
    found = measured(old, new, only="dev")
    wanted = [((*call(of=release).argv,), False, "") for release in (A, B)]
    assert old.of("render") == new.of("render") == wanted
    assert {cell: result.documents for cell, result in found.renders.items()} == {CELL: 1, OTHER: 1}
    assert all(result.equal for result in found.renders.values())
    new.rendered = lambda inputs, _: POD.format("x" if inputs.argv[1] == "b" else "a").encode()
    found = measured(old, new, only="dev")
    assert {cell: result.equal for cell, result in found.renders.items()} == {CELL: True, OTHER: False}


def test_cells_of_other_inputs_share_no_render() -> None:
    """Two environments of one release, of which one has other values on the new side alone."""
    told = {name: facts(run("template", call()), states=(state(entry()),), listed=(line(),)) for name in ("dev", "prod")}
    other = {**told, "prod": replace(told["prod"], runs={"template": run("template", call(values=("w",)))})}
    old, new = sides_of(told, other)
    new.rendered = lambda inputs, _: POD.format(inputs.values[0].digest).encode()
    old.rendered = lambda *_: POD.format("v").encode()
    found = measured(old, new, environments=("dev", "prod"))
    assert {cell.environment: result.equal for cell, result in found.renders.items()} == {"dev": True, "prod": False}
    assert len(new.of("render")) == 2
    old, new = sides_of(told, told)
    measured(old, new, environments=("dev", "prod"))
    assert (len(old.of("render")), len(new.of("render"))) == (1, 1)


def test_a_cell_that_one_side_does_not_render_has_no_comparison() -> None:
    without = {"dev": facts(run("template", call(of=B)))}
    for old, new in ((None, without), (without, None)):
        assert measured(*sides_of(old, new), only="dev").renders.keys() == {OTHER}


def test_a_value_that_varies_seldom_is_looked_for_only_beside_equal_inputs() -> None:
    def seldom(inputs: HelmInputs, _: bool) -> bytes:
        return POD.format(left.pop() if inputs.argv[1] == "b" and len(left) > 1 else "x").encode()

    for name, flags in (("equal", ()), ("other", ("--wait",))):
        left = ["x", "y"]
        old, new = sides_of(None, {"dev": facts(run("template", call(), call("template", B, *flags)))})
        new.rendered = seldom
        old.rendered = lambda *_: POD.format("x").encode()
        assert measured(old, new, only="dev").renders[OTHER].equal is (name == "equal")


CHART = "name: c\ndependencies:\n  - name: d\n    repository: file://../d\n"


def test_a_chart_that_is_built_from_folders_is_rendered_both_ways() -> None:
    built = {**FILES, "c/Chart.yaml": CHART}
    old, new = sides_of(files=built, more={**NEW_FILES, "c/Chart.yaml": CHART})
    found = measured(old, new, only="dev")
    assert found.renders[CELL].built
    assert (call().argv, True, "") in old.of("render")
    assert (call().argv, True, "") in new.of("render")
    new.rendered = lambda _, built: POD.format("built" if built else "a").encode()
    old.rendered = lambda *_: POD.format("a").encode()
    assert not measured(old, new, only="dev").renders[CELL].equal
    for before, after in ((built, NEW_FILES), (FILES, {**NEW_FILES, "c/Chart.yaml": CHART})):
        assert not measured(*sides_of(files=before, more=after), only="dev").renders[CELL].built
