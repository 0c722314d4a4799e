"""What leaves were seen with over several renders of one side."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from migrate.claims.draws import Draws, Leaf
from migrate.model.facts import Failure
from tests.claims.test_rendering import OBJECT, renders, stream

PASSWORD, USER = (0, ("data", "password")), (0, ("data", "user"))


def secret(password: str) -> bytes:
    return OBJECT.format(password).encode()


def draws(*leaves: Leaf) -> Draws:
    return Draws([secret("aaaa")], leaves or (PASSWORD,))


@pytest.mark.parametrize(
    ("document", "path", "seen"),
    [
        ("a: x", ("a",), ["x"]),
        ("a: [x, z]", ("a", 1), ["z"]),
        ("a: [{b: x}]", ("a", 0, "b"), ["x"]),
        ("x", (), ["x"]),
        ("b: x", ("a",), []),
        ("a: [x, y]", ("a", 2), []),
        ("a: [x]", ("a", "b"), []),
        ("a: {b: x}", ("a", 0), []),
        ("a: xyz", ("a", 0), []),
        ("a: xyz", ("a", "y"), []),
        ("a: xyz", ("a", "y", "z"), []),
        ("a: {b: x}", ("a",), []),
        ("a: [x]", ("a",), []),
        ("a: [", ("a",), []),
        ("a: [", (), []),
    ],
)
def test_a_leaf_is_seen_only_where_a_scalar_stands_at_its_path(
    document: str, path: tuple[str | int, ...], seen: list[str]
) -> None:
    assert Draws([document.encode()], [(0, path)]).of((0, path)) == seen


@pytest.mark.parametrize("second", ["data: {}\n", "data: {password: {x: y}}\n", "data: {password: [x]}\n", "data: [\n"])
def test_a_leaf_that_is_not_there_in_another_render_does_not_vary(second: str) -> None:
    seen = draws()
    assert seen.once(renders(second))
    assert seen.of(PASSWORD) == ["aaaa"]
    assert not seen.all_vary()


@pytest.mark.parametrize("other", [Failure(1, "x"), "", stream(OBJECT, OBJECT)])
def test_a_render_that_cannot_be_used_ends_it(other: str | Failure) -> None:
    seen = draws()
    seen.draw(renders(other, OBJECT.format("bbbb")), seen.all_vary)
    assert seen.of(PASSWORD) == ["aaaa"]


@pytest.mark.parametrize(
    ("passwords", "taken"), [(["bbbb", "cccc"], 1), (["aaaa", "bbbb", "cccc"], 2), (["aaaa", "aaaa", "aaaa", "bbbb"], 3)]
)
def test_a_side_is_rendered_until_it_is_enough_and_three_times_at_most(passwords: Sequence[str], taken: int) -> None:
    seen = draws()
    seen.draw(renders(*map(OBJECT.format, passwords)), seen.all_vary)
    assert seen.of(PASSWORD) == ["aaaa", *passwords[:taken]]


def test_all_leaves_vary_only_if_each_does() -> None:
    seen = draws(PASSWORD, USER)
    assert seen.once(renders(OBJECT.format("bbbb")))
    assert not seen.all_vary()
    assert seen.once(renders(OBJECT.format("bbbb").replace("admin", "root")))
    assert seen.all_vary()


def test_two_sides_meet_in_a_leaf_that_had_one_value_in_both() -> None:
    one, other = draws(PASSWORD, USER), Draws([secret("bbbb")], (PASSWORD, USER))
    assert one.meets(other, USER)
    assert not one.meets(other, PASSWORD)
    assert other.once(renders(OBJECT.format("aaaa")))
    assert one.meets(other, PASSWORD)
