"""Stages, the `needs` that keep them, and how a release names another: checked against helmfile itself."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.flatten.order import Stages, against, named, needs, reference, stages, swapped
from migrate.model.facts import ReleaseId
from migrate.model.inventory import Release
from migrate.model.paths import RepoPath
from migrate.model.settings import Order
from migrate.system.toolbox import ToolPair
from tests.fixtures.cases.case import chart

IDENTITIES = st.builds(ReleaseId, st.sampled_from(["", "c", "d"]), st.sampled_from(["", "m", "n"]), st.sampled_from("abc"))
STAGES: st.SearchStrategy[Stages] = st.lists(IDENTITIES, unique=True, min_size=1).flatmap(
    lambda ids: st.lists(st.integers(1, 3), min_size=len(ids)).map(lambda sizes: grouped(ids, sizes))
)


def grouped(ids: list[ReleaseId], sizes: Iterable[int]) -> Stages:
    result, rest = [], ids
    for size in sizes:
        result += [tuple(rest[:size])] if rest else []
        rest = rest[size:]
    return tuple(result)


def release(name: str, state: str) -> Release:
    return Release(RepoPath(state), 1, name, "", "", None, (), {}, "", (), 0, 0, ())


@given(IDENTITIES, IDENTITIES)
def test_a_reference_names_what_it_was_made_for(needed: ReleaseId, dependent: ReleaseId) -> None:
    assert named(reference(needed, dependent), dependent) == needed


@given(STAGES)
def test_the_closure_of_needs_is_exactly_the_order_of_stages(made: Stages) -> None:
    wanted = {r: {named(text, r) for text in texts} for r, texts in needs(made).items()}
    for number, stage in enumerate(made):
        earlier = {release for group in made[:number] for release in group}
        for one in stage:
            assert closure(one, wanted) == earlier


def closure(one: ReleaseId, wanted: Mapping[ReleaseId, set[ReleaseId]]) -> set[ReleaseId]:
    found, queue = set[ReleaseId](), [one]
    while queue:
        new = wanted[queue.pop()] - found
        found |= new
        queue += new
    return found


@given(STAGES)
def test_nothing_is_swapped_where_nothing_moved_and_everything_where_all_is_turned_round(made: Stages) -> None:
    assert swapped(made, made) == ()
    pairs = [(a, b) for i, stage in enumerate(made) for a in stage for later in made[i + 1 :] for b in later]
    assert sorted(swapped(made, made[::-1])) == sorted(pairs)
    flat = [release for stage in made for release in stage]
    assert list(against(made, {flat[-1]: flat})) == []


def test_releases_that_start_together_today_are_in_no_order_that_could_change() -> None:
    first, second = ReleaseId("", "a", "one"), ReleaseId("", "a", "two")
    assert swapped(((first, second),), ((second,), (first,))) == ()


ROWS = [(release(name, state), ReleaseId("", "", name)) for name, state in (("a", "x"), ("b", "y"), ("c", "y"), ("d", "z"))]
RANKS = {ReleaseId("", "", name): rank for name, rank in (("a", 2), ("b", 0), ("c", 2), ("d", 1))}


def names(made: Stages) -> list[str]:
    return ["".join(release.name for release in stage) for stage in made]


def test_releases_of_a_state_file_stay_together_in_legacy_order() -> None:
    assert names(stages(ROWS, RANKS, Order.LEGACY)) == ["a", "bc", "d"]


def test_tiers_come_one_after_another_with_the_legacy_order_inside() -> None:
    assert names(stages(ROWS, RANKS, Order.TIERS)) == ["b", "d", "a", "c"]


def test_needs_of_today_that_the_tiers_turn_round_are_found() -> None:
    a, b, c, _ = (identity for _, identity in ROWS)
    made = stages(ROWS, RANKS, Order.TIERS)
    assert list(against(made, {b: [c], c: [b], a: [ReleaseId("", "", "unknown")]})) == [(b, c)]


PAIRS = [
    (ReleaseId("", "n", "a"), ReleaseId("", "n", "b")),
    (ReleaseId("", "n", "a"), ReleaseId("", "m", "b")),
    (ReleaseId("", "n", "a"), ReleaseId("", "", "b")),
    (ReleaseId("", "", "a"), ReleaseId("", "n", "b")),
    (ReleaseId("", "", "a"), ReleaseId("", "", "b")),
    (ReleaseId("c", "n", "a"), ReleaseId("", "n", "b")),
    (ReleaseId("", "n", "a"), ReleaseId("c", "n", "b")),
    (ReleaseId("", "", "a"), ReleaseId("c", "n", "b")),
    (ReleaseId("c", "", "a"), ReleaseId("d", "", "b")),
    (ReleaseId("c", "n", "x"), ReleaseId("c", "m", "x")),
]


@pytest.mark.parametrize(("needed", "dependent"), PAIRS, ids=str)
def test_helmfile_understands_every_form_of_a_reference(
    needed: ReleaseId, dependent: ReleaseId, tmp_path: Path, tools: ToolPair
) -> None:
    for path, content in chart("part").items():
        (tmp_path / "part" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "part" / path).write_text(str(content))
    entries = [entry(dependent, [reference(needed, dependent)]), entry(needed, [])]
    (tmp_path / "helmfile.yaml").write_text("releases:\n" + "".join(f"- {json.dumps(each)}\n" for each in entries))
    command = [str(tools.helmfile.path), "--helm-binary", str(tools.helm.path), "-q", "show-dag"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    rows = [line.split() for line in shown.stdout.splitlines()[1:]]
    assert [(row[0], row[1].rpartition("/")[2]) for row in rows] == [("1", needed.name), ("2", dependent.name)]


def entry(identity: ReleaseId, needed: list[str]) -> dict[str, object]:
    fields = {"name": identity.name, "namespace": identity.namespace, "kubeContext": identity.context, "chart": "./part"}
    return {key: value for key, value in fields.items() if value} | ({"needs": needed} if needed else {})
