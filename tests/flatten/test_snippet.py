"""Scalars that are written anew read back as what they are; lines that move keep the bytes of their values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.flatten.snippet import Snippet, scalar, shifted, templated
from migrate.formats.yaml_source import document

STRINGS = [
    "yes",
    "No",
    "1",
    "1e3",
    "0x1f",
    "0b1",
    "0o17",
    "1_000",
    "2024-01-01",
    "12:30",
    "1.5",
    ".5",
    ".inf",
    ".NaN",
    "null",
    "~",
    "",
]
STRINGS += [
    "a: b",
    "a #b",
    "a,b",
    "a]b",
    "a}b",
    "{a",
    "- a",
    "a ",
    " a",
    "a\n",
    "-",
    ".",
    "..",
    "@a",
    "한글 경로/x.yaml",
    "a\u2028b",
    "'",
    '"',
]
STRINGS += ["*a", "&a", "!a", "%a", "|", ">", "true", "=", "<<", "\x7f", "😀"]


@pytest.mark.parametrize("text", STRINGS)
def test_a_scalar_reads_back_as_this_text_in_block_and_flow_style(text: str) -> None:
    for source in (f"a: {scalar(text)}\n", f"a: {scalar(text)} # c\n", f"{{a: {scalar(text)}}}\n"):
        node = document(source).get("a")
        assert node is not None
        assert (node.tag, node.value) == ("tag:yaml.org,2002:str", text)
    items = document(f"a: [{scalar(text)}, b]\n").get("a")
    assert items is not None
    assert [item.value for item in items.items] == [text, "b"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{"), max_size=8))
def test_any_text_reads_back(text: str) -> None:
    node = document(f"a: {scalar(text)}\n").get("a")
    assert node is not None
    assert (node.tag, node.value) == ("tag:yaml.org,2002:str", text)


@pytest.mark.parametrize(
    "text", ["./charts/custom/web", "values/web.yaml.gotmpl", "../applications/a b/x.yaml", "environments/prod/values.yaml"]
)
def test_paths_stay_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("values/{{ .Environment.Name }}.yaml", "values/{{ .Environment.Name }}.yaml"),
        ("{{ .Environment.Name }}/x.yaml", "'{{ .Environment.Name }}/x.yaml'"),
        ("it's #1/{{ .Environment.Name }}", "'it''s #1/{{ .Environment.Name }}'"),
    ],
)
def test_template_actions_stay_as_they_are(text: str, written: str) -> None:
    assert templated(text) == written


@pytest.mark.parametrize("by", [-2, 0, 2, 5])
def test_a_block_scalar_keeps_its_bytes_when_it_moves(by: int) -> None:
    text = "    a: |\n      one  \n        two\n         \n\n      # three\n    b: 1\n"
    moved = "\n".join(shifted(text.removesuffix("\n").split("\n"), by)) + "\n"
    assert document(moved).text("a") == document(text).text("a") == "one  \n  two\n   \n\n# three\n"


def test_changes_at_one_place_keep_their_order() -> None:
    snippet = Snippet("a: b\nc: d")
    snippet.add_line(0, "x")
    snippet.add_line(3, "y")
    snippet.insert(3, "1")
    snippet.insert(3, "2")
    assert snippet.cut(0, 1) == ["a: 12b", "x", "y"]
    assert snippet.cut(1, 2) == ["c: d"]


def test_the_same_change_twice_is_one() -> None:
    text = "a: &x b\nc: *x\n"
    snippet = Snippet(text)
    for _, node in document(text).pairs:
        snippet.replace(node, "new")
    assert snippet.cut(0, 2) == ["a: new", "c: *x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: >- # kept\n  ./x\nb: 1\n", "a: new # kept\nb: 1"),
        ("a: >-\n  ./x\nb: 1\n", "a: new\nb: 1"),
        ("a: |\n  # no comment\n\nb: 1\n", "a: new\n\nb: 1"),
        ("b: 1\na: >2- # kept\n  ./x", "b: 1\na: new # kept"),
        ("a: 'x' # kept\nb: 1\n", "a: new # kept\nb: 1"),
    ],
)
def test_what_stands_around_a_block_scalar_stays(text: str, expected: str) -> None:
    snippet, node = Snippet(text), document(text).get("a")
    assert node is not None
    snippet.replace(node, "new")
    assert "\n".join(snippet.cut(0, 9)).rstrip("\n") == expected
