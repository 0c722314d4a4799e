"""The planter's own reading of YAML and templates."""

from __future__ import annotations

import pytest

from migrate.plant.lines import block_end, leaves, lines, other, paths, replaced

TEXT = """\
# head
a: 1 # one
b:
  c: "x"
  text: |
    d: 2
    # no comment
  list:
    - e: f
    - {g: h}
{{- if .Values.i }}
j: k
{{- end }}
{{- with
  l: m }}
n: o
{{- end }}
p: {{ .Values.q }}
r: s
"""


def test_only_plain_values_outside_of_blocks_and_actions_are_leaves() -> None:
    assert [(leaf.key, leaf.value) for leaf in leaves(TEXT)] == [("a", "1"), ("c", '"x"'), ("e", "f"), ("r", "s")]


def test_a_leaf_keeps_its_indentation_and_its_comment() -> None:
    first, second, third, _ = leaves(TEXT)
    assert first.with_value("2") == "a: 2 # one"
    assert second.with_key("z") == '  z: "x"'
    assert third.with_value("g") == "    - e: g"


def test_the_text_of_a_block_scalar_is_no_line_of_its_own() -> None:
    assert not [line for line in lines(TEXT) if "d: 2" in line.text]


def test_paths_name_the_keys_that_lead_to_a_line() -> None:
    found = {at + 1: led for at, led in paths("a:\n  b: 1\ne:\n- c: 2\n  d: 3\n- c: 4\nf: 5\n").items()}
    assert found == {
        1: ("a",),
        2: ("a", "b"),
        3: ("e",),
        4: ("e", "-", "c"),
        5: ("e", "-", "d"),
        6: ("e", "-", "c"),
        7: ("f",),
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", "2"),
        ("-1", "0"),
        ("true", "false"),
        ("False", "true"),
        ('"x"', '"xplanted"'),
        ("''", "'planted'"),
        ("5Gi", "5Gi-planted"),
    ],
)
def test_another_value_is_of_the_same_kind(value: str, expected: str) -> None:
    assert other(value) == expected


def test_lines_are_replaced_and_taken_out() -> None:
    assert replaced("a\nb\nc\n", 1, "x\ny") == "a\nx\ny\nc\n"
    assert replaced("a\nb\nc\n", 0, None, 2) == "c\n"


def test_a_block_ends_before_the_next_line_that_is_not_deeper() -> None:
    assert block_end("- a: 1\n  b: 2\n\n  c: 3\n\n- d: 4\n", 0, 0) == 4
