"""YAML with places: every node's offsets cut its own source, whatever stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.formats.yaml_source import EMPTY, Node, aliases, document, documents, plain


def at(text: str, node: Node | None) -> str:
    assert node is not None
    return text[node.start : node.end]


def test_the_offsets_of_a_scalar_cut_its_source() -> None:
    text = "a: 'x # y'  # c\nb: \"한글\"\nc: |\n  d\ne: [1, {f: g}]\n"
    root = document(text)
    assert [at(text, root.get(key)) for key in "abe"] == ["'x # y'", '"한글"', "[1, {f: g}]"]
    assert at(text, root.get("c")).startswith("|\n  d\n")
    assert [(node.line, node.column) for node in (root.get("b"), root.get("e")) if node] == [(2, 3), (5, 3)]


@pytest.mark.parametrize(
    "text", ["labels:\nchart: x\n", "labels: # note\n# more\nchart: x\n", "labels :\n\n\nchart: x\n", "labels:"]
)
def test_a_value_that_is_left_out_stands_behind_its_colon(text: str) -> None:
    node = document(text).get("labels")
    assert node is not None
    assert (node.kind, node.value, node.line) == ("scalar", "", 1)
    assert node.start == node.end == text.index(":") + 1


def test_lines_are_those_of_the_text_though_actions_span_several() -> None:
    text = "{{ if\n .a }}\na: {{ b\n  .c }}\nd: e\n{{ end }}\n"
    root = document(text)
    assert [(name.value, name.line) for name, _ in root.pairs] == [("a", 3), ("d", 5)]


def test_the_line_of_an_error_is_that_of_the_text_though_an_action_spans_several() -> None:
    with pytest.raises(UnreadableSource) as caught:
        document("a: {{ b\n  .c }}\nd: e: f\n", "x.yaml")
    assert (caught.value.path, caught.value.line) == ("x.yaml", 3)


@pytest.mark.parametrize("text", ["a: 1\t# c\nb: 2\n", "a:\t1\nb: 2\t\n", "a: 1\n\t# c\nb: 2\n"])
def test_tabs_that_libyaml_takes_are_taken(text: str) -> None:
    root = document(text)
    assert [(name.value, value.value) for name, value in root.pairs] == [("a", "1"), ("b", "2")]
    assert at(text, root.get("b")) == "2"


def test_a_tab_in_a_value_stays_in_it() -> None:
    assert document('a: "x\ty"\nb: 1\t# c\n').text("a") == "x\ty"


def test_a_byte_order_mark_moves_nothing() -> None:
    root = document("\ufeffa: 1\nb: 2\n")
    assert [(name.value, name.line, name.column) for name, _ in root.pairs] == [("a", 1, 0), ("b", 2, 0)]


def test_empty_texts_and_empty_documents_are_empty_mappings() -> None:
    assert [document(text) for text in ("", "# only a comment\n", "---\n", "\n\n")] == [EMPTY] * 4
    assert [root.text("a") for root in documents("a: 1\n---\n# nothing\n--- \na: 2\n---")] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n--- # x\nb: 2\n", 3), ("- a\n", 1), ("a: b: c\n", 1), ("a: [\n", 2), ("a: *nobody\n", 1), ("text", 1)],
)
def test_what_is_no_single_mapping_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableSource) as caught:
        document(text, "x.yaml")
    assert (caught.value.path, caught.value.line) == ("x.yaml", line)


def test_aliases_that_grow_without_end_are_refused() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    with pytest.raises(UnreadableSource):
        documents(bomb)
    with pytest.raises(UnreadableSource):
        documents("a: &a [*a]\n")


def test_aliases_are_named_with_their_lines() -> None:
    assert aliases("a: &x {b: 1}\nc: *x\n# *y\nd: '*z'\ne: {{ *x }}\n") == ((2, "x"),)


def test_plain_is_the_same_for_another_layout_and_another_order_of_keys() -> None:
    assert plain(document("a: 1\nb: [x, y]\n")) == plain(document("{b: ['x', \"y\"], a: 1}  # c\n"))
    assert plain(document("a: 1\n")) != plain(document("a: '1'\n"))
    assert plain(document("a: [x, y]\n")) != plain(document("a: [y, x]\n"))
    assert plain(document("a: []\n")) != plain(document("a: {}\n"))


SCALARS = st.text("ab1 :#'\"{}[]&*!|>%@`,-?\\한\t", max_size=12)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), SCALARS, min_size=1))
def test_the_offsets_of_any_quoted_scalar_cut_its_source(values: dict[str, str]) -> None:
    if any("{{" in value for value in values.values()):
        return
    text = "".join(f"{key}: '{value.replace(chr(39), chr(39) * 2)}' # c\n" for key, value in values.items())
    root = document(text)
    for key, value in values.items():
        node = root.get(key)
        assert node is not None
        assert (node.value, at(text, node)) == (value, f"'{value.replace(chr(39), chr(39) * 2)}'")
