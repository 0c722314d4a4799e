"""What helm is given, compared part by part on calls told beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.claims import inputs_equal
from migrate.claims.gathered import CHART_UNKNOWN, Merged, same_unknown_chart, unequal_inputs, unequal_of_cell
from migrate.model.facts import CellId, Failure, HelmCall
from migrate.model.settings import Unproved
from tests.claims.told import CELL, OTHER, B, call, case, gathered, run, side, wrong

PLAIN = call("template")
NO_CHART: dict[str, Any] = {"chart": "", "chart_digest": ""}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (PLAIN, ()),
        (call(chart="./other", chart_folder="other", folder="x", started=7, ended=9), ()),
        (call("upgrade", argv=PLAIN.argv), ("command: template became upgrade",)),
        (call("template", CELL.release, "--wait"), ("arguments: --wait is only on the new side",)),
        (call(chart_digest="sha256:d"), ("chart: other bytes",)),
        (call(chart_digest=""), (CHART_UNKNOWN,)),
        (call(values=("w",)), ("values: helm reads others",)),
        (call(values=("v", "v")), ("values: helm reads others",)),
        (call(values=()), ("values: helm reads others",)),
        (call("template", CELL.release, "--wait", values=("w",), chart_digest="x"),
         ("arguments: --wait is only on the new side", "chart: other bytes", "values: helm reads others")),
    ],
)  # fmt: skip
def test_each_part_of_the_inputs_counts(new: HelmCall, said: tuple[str, ...]) -> None:
    assert unequal_inputs(PLAIN, new, {}, {}) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (("--set", "a=1", "--wait"), ("--set", "a=2", "--wait"), "--set has another value"),
        (("--timeout=5m",), ("--timeout=6m",), "--timeout has another value"),
        (("--wait",), (), "--wait is only on the old side"),
        (("--wait", "--atomic"), ("--atomic", "--wait"), "another order"),
        (("--set", "a=1", "--set", "b=2"), ("--set", "b=2", "--set", "a=1"), "--set has another value"),
        (("--a",), ("--b",), "--a is only on the old side, --b is only on the new side"),
    ],
)
def test_arguments_that_differ_are_named_without_their_values(old: tuple[str, ...], new: tuple[str, ...], said: str) -> None:
    before, after = call("template", CELL.release, *old), call("template", CELL.release, *new)
    assert unequal_inputs(before, after, {}, {}) == (f"arguments: {said}",)


def test_the_release_s_own_name_is_an_argument() -> None:
    assert unequal_inputs(PLAIN, call(argv=("template", "b", "{chart}")), {}, {}) == (
        "arguments: release and chart has another value",
    )


def test_a_chart_that_both_sides_do_not_know_is_not_equal_to_itself() -> None:
    unknown = call(chart_digest="")
    assert unequal_inputs(unknown, unknown, {}, {}) == (CHART_UNKNOWN,)


def test_only_what_removes_a_release_takes_no_chart() -> None:
    for verb in ("uninstall", "delete", "test", "status"):
        assert unequal_inputs(call(verb, **NO_CHART), call(verb, **NO_CHART), {}, {}) == ()
        assert unequal_inputs(call(verb, **NO_CHART), call(verb, chart="c", chart_digest=""), {}, {}) == (CHART_UNKNOWN,)
        assert unequal_inputs(call(verb, chart="c", chart_digest=""), call(verb, **NO_CHART), {}, {}) == (CHART_UNKNOWN,)
    assert unequal_inputs(call("upgrade", **NO_CHART), call("upgrade", **NO_CHART), {}, {}) == (CHART_UNKNOWN,)


def test_values_of_other_bytes_are_equal_only_if_helm_reads_the_same_from_both() -> None:
    old, new = call(values=("v", "w")), call(values=("x",))
    read: Merged = {("v", "w"): "read"}
    same: Merged = {("x",): "read"}
    others: tuple[Merged, ...] = ({("x",): "other"}, {}, {("w", "v"): "read"})
    failed = Failure(1, "no")
    assert unequal_inputs(old, new, read, same) == ()
    for before, after in (*((read, other) for other in others), ({}, same), ({}, {})):
        assert unequal_inputs(old, new, before, after) == ("values: helm reads others",)
    assert unequal_inputs(old, new, {("v", "w"): failed}, {("x",): failed}) == ("values: helm reads others",)


def test_an_unknown_chart_is_the_same_only_by_its_name() -> None:
    unknown, other, local = call(chart_digest=""), call(chart_digest="", chart="x/y"), call()
    assert same_unknown_chart(unknown, unknown)
    assert not same_unknown_chart(unknown, other)
    assert not same_unknown_chart(unknown, local)
    assert not same_unknown_chart(local, unknown)
    assert not same_unknown_chart(call(**NO_CHART), call(**NO_CHART))


def test_an_unknown_chart_is_let_pass_only_where_the_user_vouches_for_the_cell() -> None:
    unknown, both = call(chart_digest=""), gathered(side(), side())
    vouching = case(both.old, both.new, unproved=(Unproved("n/a", "dev", "", "no network here"),))
    vouched = gathered(both.old, both.new, case=vouching)
    assert unequal_of_cell(both, CELL, unknown, unknown) == (CHART_UNKNOWN,)
    assert unequal_of_cell(vouched, CELL, unknown, unknown) == ()
    assert unequal_of_cell(vouched, CELL, unknown, call(chart_digest="", values=("w",))) == ("values: helm reads others",)
    assert unequal_of_cell(vouched, CELL, unknown, call(chart_digest="", chart="x/y")) == (CHART_UNKNOWN,)
    assert unequal_of_cell(vouched, CELL, unknown, call()) == (CHART_UNKNOWN,)


def test_every_cell_that_a_side_renders_is_looked_at() -> None:
    one, both = side(run("template", call())), side()
    assert wrong(inputs_equal.judge(gathered(both, both))) == {}
    assert inputs_equal.judge(gathered(both, both)).checked == 2
    assert wrong(inputs_equal.judge(gathered(one, both))) == {"dev/n/b": "only the new side renders it"}
    assert wrong(inputs_equal.judge(gathered(both, one))) == {"dev/n/b": "only the old side renders it"}
    assert inputs_equal.judge(gathered(one, one)).checked == 1


def test_a_cell_of_unequal_inputs_fails_alone() -> None:
    other = side(run("template", call(), call("template", B, "--wait")))
    assert wrong(inputs_equal.judge(gathered(side(), other))) == {"dev/n/b": "arguments: --wait is only on the new side"}


def test_a_release_that_is_rendered_twice_is_not_rendered_at_all() -> None:
    twice = side(run("template", call(), call(), call(of=B)))
    assert wrong(inputs_equal.judge(gathered(side(), twice))) == {"dev/n/a": "only the old side renders it"}


def test_the_cells_of_an_environment_are_its_own() -> None:
    there = CellId("prod", CELL.release)
    both = gathered(side(), side(), cells=(CELL, there, OTHER))
    assert both.cells_of("dev") == (CELL, OTHER)
    assert both.cells_of("prod") == (there,)
    assert both.environments == ("dev", "prod")
