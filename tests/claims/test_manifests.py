"""Documents as values: what is told apart, what is not, and what can't be compared."""

from __future__ import annotations

import pytest

from migrate.formats.manifests import NotComparable, identity, kind, parse, split

APART = [
    ("a: 1", "a: '1'"),
    ("a: 1", "a: 1.0"),
    ("a: 0777", "a: 777"),
    ("a: 0o777", "a: 0777"),
    ("a: on", "a: 'on'"),
    ("a: on", "a: true"),
    *((f"a: {word}", f"a: '{word}'") for word in ("y", "n", "Yes", "no", "ON", "off", "true", "False", "Null", "~")),
    ("a: =", "a: '='"),
    ("a: 12:30:45", "a: '12:30:45'"),
    ("a: 2024-01-01", "a: '2024-01-01'"),
    ("a: null", "a: ''"),
    ("a: null", "b: null"),
    ("a:", "{}"),
    ("a: |\n  x\n", "a: |-\n  x\n"),
    ("a: |\n  x\n", "a: |+\n  x\n\n"),
    ("a: !!str 12", "a: 12"),
    ("a: !!binary aGk=", "a: aGk="),
    ("1: x", "'1': x"),
    ("a: [1, 2]", "a: [2, 1]"),
    ("a: [1]", "a: [1, 1]"),
    ("a: []", "a: {}"),
    ('a: "\\0=int 1"', "a: 1"),
    ("__a: 1", "__a: 2"),
]

ALIKE = [
    ("a: x", "a: 'x'"),
    ("a: x", 'a: "x"'),
    ("a: |-\n  x\n", "a: x"),
    ("a: 1\nb: 2", "b: 2\na: 1"),
    ("a: 1 # one", "# two\na: 1"),
    ("a: &x [1]\nb: *x", "a: [1]\nb: [1]"),
    ("a: {b: 1}", "a:\n  b: 1"),
]

TAGGED = ("a: !x [1]", "a: !x {b: 1}")
DEEP = "a: &x {b: [*x]}"


@pytest.mark.parametrize(("one", "other"), APART)
def test_tells_apart(one: str, other: str) -> None:
    assert parse(one.encode()) != parse(other.encode())


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_takes_as_equal(one: str, other: str) -> None:
    assert parse(one.encode()) == parse(other.encode())


@pytest.mark.parametrize(
    "text",
    ["a: 1\na: 2", "a: &x [*x]", "a: 1\n...\n---\nb: 1", "a: [", "a: {{ b }}", "? [a]\n: 1", '"\xff', *TAGGED, DEEP, "# x"],
    ids=repr,
)
def test_refuses_what_has_no_one_meaning(text: str) -> None:
    with pytest.raises(NotComparable) as caught:
        parse(text.encode("latin-1"))
    assert text not in str(caught.value)


def test_splits_at_each_separator_and_nowhere_else() -> None:
    stream = b"---\n# Source: a\na: 1\n---\nb: |\n  ---\n  x---\n---  \n# only a comment\n\n--- {c: 1}\n---\r\nd: 1\n---"
    assert [parse(piece) for piece in split(stream)] == [
        {"a": "\0=int 1"},
        {"b": "---\nx---\n"},
        {"c": "\0=int 1"},
        {"d": "\0=int 1"},
    ]


def test_what_stands_before_the_first_separator_is_a_document() -> None:
    assert split(b"a: 1\n---\nb: 2\n") == (b"a: 1\n", b"---\nb: 2\n")


def test_an_empty_stream_has_no_documents() -> None:
    assert split(b"") == ()
    assert split(b"---\n# nothing\n---\n") == ()


def test_names_an_object() -> None:
    text = b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: front\n"
    assert identity(parse(text)) == "Deployment front/web (apps/v1)"
    assert identity(parse(b"- a")) == "no object"
    assert identity(parse(b"apiVersion: v1\nkind: X\nmetadata: {name: 12}\n")) == "X 12 (v1)"


def test_names_an_object_that_kubernetes_would_refuse() -> None:
    assert identity(parse(b"kind: [X]\nmetadata: x\n")) == "?  (?)"
    assert identity(parse(b"kind: X\nmetadata: {name: [x]}\n")) == "X  (?)"


def test_knows_the_kind_of_a_leaf() -> None:
    value = parse(b"a: x\nb: 1\nc: on\nd: 9f86\ne: '1'\n")
    assert isinstance(value, dict)
    assert [kind(str(leaf)) for leaf in value.values()] == ["str", "int", "str", "str", "str"]
