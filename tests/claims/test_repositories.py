"""The chart repositories of two sides, judged on states told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import repositories
from migrate.claims.side_facts import SideFacts
from tests.claims.told import FILES, STOP, B, entry, gathered, side, state
from tests.system.trees import Content

UP: Mapping[str, Any] = {"name": "up", "url": "https://h.example.org/x/"}
CA: Mapping[str, Content] = {**FILES, "apps/ca.pem": "x"}
ONE_SIDED = "only on the old side; nothing of the new side names it"


def asking(
    *listed: Mapping[str, Any],
    source: str = "helmfile.yaml",
    files: Mapping[str, Content] = FILES,
    **settings: Any,  # noqa: ANN401  (whatever YAML holds)
) -> SideFacts:
    """A side whose one state file lists these repositories, with settings of its first release."""
    told = state(entry(**settings), entry(B), source=source, repositories=list(listed))
    return side(files=files, state_file=source, states=(told,))


def said(old: SideFacts, new: SideFacts) -> list[tuple[str, bool, str]]:
    """Name, whether it holds, and the detail of each repository."""
    found = [*repositories.evidence(gathered(old, new))]
    assert all(piece.subject.startswith("dev: repository ") for piece in found)
    return [(piece.subject.removeprefix("dev: repository "), piece.holds, piece.detail) for piece in found]


def test_a_repository_is_the_same_by_its_whole_specification() -> None:
    assert said(asking(UP), asking(UP)) == [("up", True, "equal")]
    for changes in ({"url": "https://i.example.org"}, {"oci": True}, {"username": "x"}, {"passCredentials": True}):
        assert said(asking(UP), asking({**UP, **changes})) == [("up", False, "another specification")]
        assert said(asking({**UP, **changes}), asking(UP)) == [("up", False, "another specification")]


def test_a_repository_of_one_side_is_told_and_wrong_unless_nothing_asks_it() -> None:
    assert said(asking(), asking(UP)) == [("up", False, "only on the new side")]
    assert said(asking(UP), asking()) == [("up", True, ONE_SIDED)]
    assert said(asking(UP), asking(chart="up/c")) == [("up", False, "only on the old side")]
    manifest = {**FILES, "c/Chart.yaml": "dependencies: [{repository: https://h.example.org/x}]\n"}
    assert said(asking(UP), asking(files=manifest)) == [("up", False, "only on the old side")]


def test_a_repository_without_an_address_is_asked_by_its_name_alone() -> None:
    manifest = {**FILES, "c/Chart.yaml": "description: None\n"}
    for nowhere in ({"name": "up"}, {"name": "up", "url": ""}, {"name": "up", "url": None}):
        assert said(asking(nowhere), asking(files=manifest)) == [("up", True, ONE_SIDED)]
        assert said(asking(nowhere), asking(chart="up/c")) == [("up", False, "only on the old side")]


def test_each_repository_has_its_line_in_the_order_of_the_names() -> None:
    names = [f"r{number}" for number in range(10)]
    old, new = ([{**UP, "name": name} for name in some] for some in (names[3:], names[:7]))
    holds = dict.fromkeys(names[:3], False) | dict.fromkeys(names[3:], True)
    assert [(name, good) for name, good, _ in said(asking(*old), asking(*new))] == list(holds.items())


def test_a_repository_that_states_specify_in_turns_keeps_all_that_it_means() -> None:
    other = {**UP, "url": "https://i.example.org"}
    assert said(asking(UP, other), asking(UP, other)) == [("up", True, "equal")]
    assert said(asking(UP, other, UP, other), asking(UP, other)) == [("up", True, "equal")]
    assert said(asking(UP, other), asking(UP)) == [("up", False, "another specification")]
    assert said(asking(UP, other), asking(other, UP)) == [("up", False, "another specification")]


def test_where_an_environment_loads_on_one_side_only_its_cells_tell() -> None:
    broken = side(states=STOP)
    assert said(asking(UP), broken) == said(broken, asking(UP)) == said(broken, broken) == []
    bare = replace(state(entry(), entry(B)), document={"releases": [], "repositories": None})
    assert said(side(states=(bare,)), side(states=(bare,))) == []


MOVED = {**CA, "helmfile/ca.pem": "x"}
OTHER = {**CA, "helmfile/ca.pem": "y"}


@pytest.mark.parametrize("key", ["caFile", "certFile", "keyFile", "keyring"])
@pytest.mark.parametrize(
    ("old", "new", "files", "same"),
    [
        ("ca.pem", "../apps/ca.pem", CA, True),
        ("ca.pem", "ca.pem", MOVED, True),
        ("ca.pem", "ca.pem", OTHER, False),
        ("ca.pem", "ca.pem", CA, False),
        ("ca.pem", "../apps/ca.pem", {**CA, "apps/ca.pem": "y"}, False),
        ("gone.pem", "gone.pem", CA, False),
        ("gone.pem", "../apps/gone.pem", CA, True),
        ("../../out.pem", "../../out.pem", CA, True),
        ("/etc/ca.pem", "/etc/ca.pem", CA, True),
        ("/etc/ca.pem", "/etc/other.pem", CA, False),
        ("", "", CA, True),
    ],
)
def test_a_file_of_a_repository_means_its_bytes_or_its_place(
    key: str, old: str, new: str, files: Mapping[str, Content], same: bool
) -> None:
    before = asking({**UP, key: old}, source="apps/helmfile.yaml", files=CA)
    after = asking({**UP, key: new}, source="helmfile/helmfile.yaml", files=files)
    assert said(before, after) == [("up", same, "equal" if same else "another specification")]
