"""The comparer misses nothing: made-up objects, and each way in which a library for diffs was seen to look away."""

from __future__ import annotations

import json
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.claims.rendering import compare_renders

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
TWIN = "---\n" + HEAD

APART = {
    "private key": ("data: {__a: x}", "data: {__a: y}"),
    "private key is new": ("data: {}", "data: {__a: y}"),
    "repeated item": ("spec: [a, b]", "spec: [a, b, b]"),
    "repeated item of another": ("spec: [a, a, b]", "spec: [a, b, b]"),
    "order of a command": ("spec: {command: [sh, -c, x]}", "spec: {command: [-c, sh, x]}"),
    "order of containers": ("spec: [{name: a}, {name: b}]", "spec: [{name: b}, {name: a}]"),
    "null and absent": ("data: {a: null}", "data: {}"),
    "null and empty": ("data: null", "data: {}"),
    "null and tilde and nothing": ("data: {a: null}", "data: {a: ''}"),
    "type of a key": ("data: {1: x}", "data: {'1': x}"),
    "boolean key": ("data: {on: x}", "data: {'on': x}"),
    "type of a value": ("data: {a: 1}", "data: {a: '1'}"),
    "float": ("data: {a: 1.0}", "data: {a: 1}"),
    "octal": ("data: {a: 0777}", "data: {a: 777}"),
    "mode as text": ("data: {a: 0o644}", "data: {a: '0o644'}"),
    "trailing newline": ("data:\n  a: |\n    x\n", "data:\n  a: |-\n    x\n"),
    "kept newlines": ("data:\n  a: |\n    x\n", "data:\n  a: |+\n    x\n\n"),
    "comment inside a text": ("data:\n  a: |\n    # one\n    x\n", "data:\n  a: |\n    # two\n    x\n"),
    "document inside a text": ("data:\n  a: |\n    x\n    ---\n    y\n", "data:\n  a: |\n    x\n    ---\n    z\n"),
    "a key twice": ("data: {a: 1}", "data: {a: 2, a: 1}"),
    "the same object twice": ("data: {}", f"data: {{}}\n{TWIN}data: {{}}"),
    "two of one name": (f"data: {{a: 1}}\n{TWIN}data: {{a: 2}}", f"data: {{a: 1}}\n{TWIN}data: {{a: 1}}"),
    "two of one name turned round": (f"data: {{a: 1}}\n{TWIN}data: {{a: 2}}", f"data: {{a: 2}}\n{TWIN}data: {{a: 1}}"),
    "an unknown kind": ("data: 1\n---\nkind: Never\nx: {y: [{z: 1}]}", "data: 1\n---\nkind: Never\nx: {y: [{z: 2}]}"),
    "no object at all": ("data: 1\n---\n- a\n", "data: 1\n---\n- b\n"),
    "a text as document": ("data: 1\n---\na\n", "data: 1\n---\nb\n"),
    "a list in place of a mapping": ("data: []", "data: {}"),
    "binary": ("data: {a: !!binary aGk=}", "data: {a: aGk=}"),
    "white space in a text": ("data: {a: 'x  y'}", "data: {a: 'x y'}"),
    "case": ("data: {a: x}", "data: {a: X}"),
    "a letter composed otherwise": ("data: {a: '\u00e9'}", "data: {a: 'e\u0301'}"),
    "what is no YAML": ("data: [", "data: [["),
}


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART.keys())
@pytest.mark.parametrize("certified", [False, True])
def test_what_differs_is_seen_in_both_directions(one: str, other: str, certified: bool) -> None:
    texts = [(HEAD + text).encode() for text in (one, other)]
    for old, new in (texts, texts[::-1]):
        result = compare_renders(lambda old=old: old, lambda new=new: new, certified=certified)  # type: ignore[misc] # bound now
        assert not result.equal
        assert result.differences


def values() -> st.SearchStrategy[Json]:
    scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "1", "on", "null", "__a", "a\n", "~"])
    keys = st.sampled_from(["a", "__a", "1", "on", "a.b", "a[0]", "'", "root"])
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
    )


@settings(max_examples=300, deadline=None)
@given(values(), values())
def test_objects_are_equal_only_if_they_are_the_same(one: Json, other: Json) -> None:
    texts = [json.dumps({"kind": "X", "spec": value}, sort_keys=True) for value in (one, other)]
    reordered = json.dumps({"spec": other, "kind": "X"})
    assert compare_renders(texts[0].encode, reordered.encode).equal is (texts[0] == texts[1])
