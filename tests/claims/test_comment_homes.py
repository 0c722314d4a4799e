"""Each comment of the old side needs a home of its own on the new one, in the order in which they stand."""

from __future__ import annotations

import pytest

from migrate.claims.comment_homes import Places
from migrate.formats.comment_places import NodePath, PlacedComment

NODES: frozenset[NodePath] = frozenset({("a",), ("a", "x"), ("a", "y"), ("b",), ("b", "x")})
GONE = ("a", "z")


def comments(*found: tuple[str, NodePath, NodePath]) -> list[PlacedComment]:
    return [PlacedComment(text, number, before, after) for number, (text, before, after) in enumerate(found)]


def lost(old: list[PlacedComment], new: list[PlacedComment], *parts: str, nodes: frozenset[NodePath] | None = NODES) -> list[str]:
    return [comment.text for comment in Places(new, nodes).without_home(old, parts)]


AX, AY, BX = ("a", "x"), ("a", "y"), ("b", "x")


@pytest.mark.parametrize(
    ("old", "new", "without"),
    [
        ([("1", AX, AY), ("2", AX, AY)], [("1", AX, AY), ("2", AX, AY)], []),
        ([("1", AX, AY), ("2", AX, AY)], [("2", AX, AY), ("1", AX, AY)], ["2"]),
        ([("1", AX, AY), ("2", AX, AY), ("3", AX, AY)], [("1", AX, AY), ("3", AX, AY), ("2", AX, AY)], ["3"]),
        ([("1", AX, AX), ("2", AX, AY)], [("2", AX, AY), ("1", AX, AX)], []),
        ([("1", AX, AY), ("2", BX, BX)], [("2", BX, BX), ("1", AX, AY)], []),
        ([("1", AX, AY), ("1", AX, AY)], [("1", AX, AY)], ["1"]),
        ([("1", AX, AY), ("1", BX, BX)], [("1", AX, BX)], ["1"]),
        ([("1", AX, AX)], [("1", AY, AY)], ["1"]),
        ([("1", GONE, GONE)], [("1", AY, AY)], []),
        ([("1", GONE, GONE)], [("1", BX, BX)], ["1"]),
    ],
)
def test_the_order_counts_between_the_same_two_nodes(
    old: list[tuple[str, NodePath, NodePath]], new: list[tuple[str, NodePath, NodePath]], without: list[str]
) -> None:
    assert lost(comments(*old), comments(*new)) == without


def test_where_nobody_knows_the_new_nodes_a_comment_stays_beside_its_own() -> None:
    assert lost(comments(("1", GONE, GONE)), comments(("1", AY, AY)), nodes=None) == ["1"]


@pytest.mark.parametrize(
    ("place", "is_asked"),
    [
        ((AX, AX), True),
        ((BX, AX), True),
        ((AX, BX), True),
        ((BX, BX), False),
        ((("a",), ("a",)), False),
        ((("c", "x"), ()), False),
    ],
)
def test_of_named_parts_the_comments_inside_are_looked_for(place: tuple[NodePath, NodePath], *, is_asked: bool) -> None:
    assert lost(comments(("1", *place)), [], "a") == (["1"] if is_asked else [])
