"""Beside which nodes comments stand, and which of two stand beside the same."""

from __future__ import annotations

import pytest

from migrate.formats.comment_places import NodePath, PlacedComment, has_nodes, placed_comments
from migrate.model.paths import RepoPath

WHERE = RepoPath("values.yaml")
TEXT = """\
# of the file
releases:
  # the first
  - name: web # its name
    values:
      - a.yaml # small
      # large
      - b.yaml
# the end
"""
NO_YAML = "{{ if .Values.a }}\n# one\na: [\n  # two\nb: 1\n{{ end }}\n"


def placed(text: str) -> list[tuple[str, object, object]]:
    return [(comment.text, comment.before, comment.after) for comment in placed_comments(text, WHERE)]


def test_a_comment_stands_between_the_nodes_that_begin_before_and_after_it() -> None:
    web = "releases", "name=web"
    assert placed(TEXT) == [
        ("# of the file", (), ("releases",)),
        ("# the first", ("releases",), web),
        ("# its name", web, web),
        ("# small", (*web, "values", 0), (*web, "values", 0)),
        ("# large", (*web, "values", 0), (*web, "values", 1)),
        ("# the end", (*web, "values", 1), ()),
    ]


def test_both_parts_of_a_state_file_count() -> None:
    assert placed("a: 1\n---\n# of b\nb: 2\n") == [("# of b", ("a",), ("b",))]


def test_behind_a_line_where_nothing_begins_the_last_node_counts() -> None:
    assert placed("a: {\n  b: 1,\n  } # closed\nc: 1\n") == [("# closed", ("a", "b"), ("a", "b"))]


def test_in_a_text_that_is_no_yaml_lines_take_the_places_of_nodes() -> None:
    assert not has_nodes(NO_YAML, WHERE)
    assert has_nodes(TEXT, WHERE)
    assert placed(NO_YAML) == [("# one", ("{{ if .Values.a }}",), ("a: [",)), ("# two", ("a: [",), ("b: 1",))]
    assert placed(NO_YAML.replace("a: [\n", "a: [\n\n")) == placed(NO_YAML)


@pytest.mark.parametrize(
    ("other", "beside"),
    [
        (("# x", ("a",), ("b",)), True),
        (("# x", ("a",), ("c",)), True),
        (("# x", ("c",), ("b",)), True),
        (("# x", ("c",), ("d",)), False),
        (("# y", ("a",), ("b",)), False),
    ],
)
def test_one_same_neighbour_is_enough(other: tuple[str, tuple[str], tuple[str]], *, beside: bool) -> None:
    text, before, after = other
    assert PlacedComment("# x", 1, ("a",), ("b",)).is_beside(PlacedComment(text, 9, before, after)) is beside


def test_no_neighbour_is_no_same_one() -> None:
    assert not PlacedComment("# x", 1, (), ("b",)).is_beside(PlacedComment("# x", 1, (), ("c",)))
    assert not PlacedComment("# x", 1, ("a",), ()).is_beside(PlacedComment("# x", 1, ("c",), ()))


NODES: frozenset[NodePath] = frozenset({("a",), ("a", "x"), ("a", "x", "y"), ("b",)})
GONE, AX, AXY, B = ("a", "z"), ("a", "x"), ("a", "x", "y"), ("b",)


@pytest.mark.parametrize(
    ("own", "other", "in_place"),
    [
        ((GONE, GONE), (AX, AX), True),
        ((GONE, GONE), (AX, B), True),
        ((GONE, GONE), (B, AX), True),
        ((GONE, GONE), (AXY, AXY), True),
        ((GONE, GONE), (("a",), B), False),
        ((GONE, GONE), (B, B), False),
        ((GONE, AX), (AX, AX), False),
        ((AX, GONE), (AX, AX), False),
        ((AX, AX), (AXY, AXY), False),
        (((), ()), (B, B), False),
        ((("c",), ("c",)), (B, B), True),
        ((("c",), ("c",)), ((), ()), False),
        ((GONE, GONE), ((), ()), False),
    ],
)
def test_a_comment_behind_a_key_that_is_gone_may_stand_beside_another_key_of_its_parent(
    own: tuple[NodePath, NodePath], other: tuple[NodePath, NodePath], *, in_place: bool
) -> None:
    comment = PlacedComment("# x", 1, *own)
    assert comment.is_in_place_of(NODES, PlacedComment("# x", 9, *other)) is in_place
    assert not comment.is_in_place_of(NODES, PlacedComment("# y", 9, *other))
