"""In which order a proof asks: what takes longest begins first, and nothing stays open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, cast

import pytest

from migrate.errors import BadInput
from migrate.measuring.gather import _opened
from migrate.measuring.renders import _makes_keys
from migrate.ports import Side
from tests.references.scripts import tree as tree_of


class Opened:
    """A side that notes that it was closed."""

    def __init__(self) -> None:
        self.closed = False

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *exc: object) -> None:
        self.closed = True


def opening(side: object) -> Callable[[], Side]:
    return cast(Callable[[], Side], lambda: side)


def refused() -> Any:  # noqa: ANN401  # it never returns
    raise BadInput("the commit has no such file")


def test_sides_are_opened_in_their_order_and_closed_with_the_stack() -> None:
    sides = [Opened(), Opened(), Opened()]
    with ExitStack() as stack:
        assert [id(side) for side in _opened(stack, [opening(side) for side in sides])] == [id(side) for side in sides]
        assert not any(side.closed for side in sides)
    assert all(side.closed for side in sides)


def test_a_side_that_could_be_opened_is_closed_where_another_could_not() -> None:
    before, after = Opened(), Opened()
    stack: AbstractContextManager[Any] = ExitStack()
    with pytest.raises(BadInput, match="no such file"), stack as entered:
        _opened(entered, [opening(before), refused, opening(after)])
    assert before.closed
    assert after.closed


def test_a_chart_that_makes_keys_is_told_from_others() -> None:
    made = '{{ $ca := genCA "x" 365 }}\n'
    files = {"key/Chart.yaml": "", "key/templates/secret.yaml": made, "web/templates/web.yaml": "a: b\n", "web/README.md": made}
    tree = tree_of(files)
    assert [_makes_keys(tree, chart) for chart in ("key", "web", "", "gone")] == [True, False, False, False]
