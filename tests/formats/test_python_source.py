from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.formats.python_source import Escape, Expression, Items, Module, Name, Run, Slot, Text, parts_of, read_module

SOURCE = '''\ufeff"""Doc."""
import os  # why
X = "environ" 'ments'
class A:
    y = r"a\\b"
    def f(self, p=f"{X}/한{{"):  # how
        """Inner."""
        self.q, z = ("a", [("b"), *p])
        for e in ("c", "d"):
            z += ["e"]
        return os.path.join(X, "g\\tg", f"{e!r}")
'''.encode()


def inside(module: Module) -> Iterator[Expression]:
    todo = [one for scope in module.scope.all() for one in scope.expressions]
    while todo:
        one = todo.pop()
        yield one
        todo += parts_of(one)


def test_each_part_of_a_text_stands_where_it_says() -> None:
    texts = [one for one in inside(read_module(SOURCE, "a.py")) if isinstance(one, Text)]
    runs = [part for text in texts for part in text.parts if isinstance(part, Run)]
    assert {"environ", "ments", "a\\b", "/한", "g", "a", "e"} <= {run.text for run in runs}
    assert all(SOURCE[run.start :].startswith(run.text.encode()) for run in runs)
    assert {part.text for text in texts for part in text.parts if isinstance(part, Escape)} == {"{", "\t"}
    slots = [part for text in texts for part in text.parts if isinstance(part, Slot)]
    assert {(SOURCE[slot.start : slot.end], slot.plain) for slot in slots} == {(b"{X}", True), (b"{e!r}", False)}


def test_names_know_what_they_are_bound_to() -> None:
    scope = read_module(SOURCE, "a.py").scope
    (of_class,) = scope.inner
    (function,) = of_class.inner
    assert (scope.docstring is not None, function.docstring is not None) == (True, True)
    assert list(of_class.bindings) == ["y", "self.q"]
    assert [type(value) for value in function.bindings["e"]] == [Text, Text]
    assert [type(value) for value in function.grown["z"]] == [Items]
    assert [parameter.name for parameter in function.parameters] == ["self", "p"]
    assert len(function.returns) == 1
    assert isinstance(function.parent, type(scope))


def test_the_end_of_an_element_is_behind_its_parentheses() -> None:
    (items,) = [one for one in inside(read_module(b'x = [("b"), c]', "a.py")) if isinstance(one, Items)]
    assert items.ends == (10, 13)
    assert isinstance(items.items[1], Name)


def test_comments_are_found_wherever_they_stand() -> None:
    source = b"# a\nx = [  # b\n    1,\n    # c\n]\ndef f(  # d\n    a=1,  # e\n):\n    # f\n    pass\n# g\n"
    assert sorted(comment.text for comment in read_module(source, "a.py").comments) == [f"# {letter}" for letter in "abcdefg"]


@pytest.mark.parametrize(("source", "line"), [(b"x = 1\nprint 'x'\n", 2), ("x = 1\n\n# 환경".encode("euc-kr"), 3)])
def test_what_is_no_python_3_is_refused_with_its_line(source: bytes, line: int) -> None:
    with pytest.raises(UnreadableSource, match=rf"a\.py:{line}"):
        read_module(source, "a.py")


@given(st.text(alphabet="ab/\\'\"{}%\n한\t", max_size=12))
def test_a_text_is_worth_what_python_says(value: str) -> None:
    (text,) = [one for one in inside(read_module(f"x = {value!r}\n".encode(), "a.py")) if isinstance(one, Text)]
    assert "".join(part.text for part in text.parts if not isinstance(part, Slot)) == value
