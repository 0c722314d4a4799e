"""Template actions: where they begin and end, what they are, and a mask that keeps every offset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.formats.gotemplate import ActionKind, actions, balanced, literals, mask
from migrate.formats.yaml_source import document, plain

BODIES = {
    "{{ .Values.a }}": (".Values.a", ActionKind.OUTPUT),
    "{{- .Values.a -}}": (".Values.a", ActionKind.OUTPUT),
    "{{-3}}": ("-3", ActionKind.OUTPUT),
    '{{ "}}" }}': ('"}}"', ActionKind.OUTPUT),
    r'{{ "\"}}" }}': (r'"\"}}"', ActionKind.OUTPUT),
    "{{ `}}\n{{` }}": ("`}}\n{{`", ActionKind.OUTPUT),
    "{{ '}' }}": ("'}'", ActionKind.OUTPUT),
    '{{/* }} a " ` */}}': ('/* }} a " ` */', ActionKind.COMMENT),
    "{{- /* a\nb */ -}}": ("/* a\nb */", ActionKind.COMMENT),
    "{{ if eq .a\n  .b }}": ("if eq .a\n  .b", ActionKind.CONTROL),
    "{{ $x := 1 }}": ("$x := 1", ActionKind.ASSIGNMENT),
    "{{ $k, $v := .m }}": ("$k, $v := .m", ActionKind.ASSIGNMENT),
    "{{ $x = 2 }}": ("$x = 2", ActionKind.ASSIGNMENT),
    "{{ eq $x 1 }}": ("eq $x 1", ActionKind.OUTPUT),
    "{{ endpoint }}": ("endpoint", ActionKind.OUTPUT),
}


@pytest.mark.parametrize("text", BODIES)
def test_an_action_ends_where_go_ends_it(text: str) -> None:
    found = actions(f"a: {text} # rest }}}}")
    assert [(a.body, a.kind) for a in found] == [BODIES[text]]
    assert (found[0].start, found[0].end) == (3, 3 + len(text))


@pytest.mark.parametrize("text", ["a\nb: {{ .x", 'a\nb: {{ "x }}', "a\nb: {{ `x }}", "a\nb: {{/* x }}", 'a\nb: {{ "x\n" }}'])
def test_an_action_that_is_never_closed_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        actions(text, "values.yaml")
    assert (caught.value.path, caught.value.line) == ("values.yaml", 2)


@given(st.lists(st.sampled_from([*BODIES, "a", ": ", "\n", "  ", "# c", "한글", '"', "- "]), max_size=12).map("".join))
def test_a_mask_has_the_same_length_and_changes_actions_only(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    inside = {i for a in actions(text) for i in range(a.start, a.end)}
    assert all(masked[i] == text[i] for i in range(len(text)) if i not in inside)
    assert {masked[i] for i in inside} <= {" ", "x"}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a: {{ .b }}\n", "a: xxxxxxxx\n"),
        ("  {{ if .b }}\na: 1\n", "             \na: 1\n"),
        ("{{ .a }}{{ .b }}\n", "                \n"),
        ("{{ if .a }}{{ with\n.b }}\na: 1\n", " " * len("{{ if .a }}{{ with\n.b }}") + "\na: 1\n"),
        ('{{ "}}" }} {{ .b }}\n', " " * 19 + "\n"),
        ('{{ .a }}: {{ "}}" }}\n', "xxxxxxxx: xxxxxxxxxx\n"),
        ("{{ if .a }}\r\n", "           \r\n"),
    ],
)
def test_a_line_that_holds_nothing_but_actions_becomes_blank(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_code_is_the_body_without_strings() -> None:
    assert actions('{{ readFile "exec" | f `env` }}')[0].code == 'readFile "" | f ""'
    assert actions("{{/* exec */}}")[0].code == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{ readFile "a.txt" }}', ("a.txt",)),
        ("{{ readFile `a.txt` | quote }}", ("a.txt",)),
        ('{{ readFile "a" }}{{ readFile (printf "b") }}', ("a",)),
        ('{{ cat (readFile "a") (readFile .b) }}', ("a", None)),
        ("{{ .readFile }}{{ $readFile }}", ()),
        ('{{/* readFile "a" */}}', ()),
        ('{{ "a.txt" | readFile }}', (None,)),
    ],
)
def test_literals_are_the_first_arguments_of_a_function(text: str, expected: tuple[str | None, ...]) -> None:
    assert literals(actions(text)[0], "readFile") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ if .a }}x{{ else if .b }}y{{ else }}z{{ end }}", True),
        ("{{ range .a }}{{ with .b }}{{ end }}{{ end }}", True),
        ("{{ if .a }}x", False),
        ("x{{ end }}", False),
        ("{{ else }}", False),
        ("{{ end }}{{ if .a }}", False),
        ("{{ .end }}{{ iffy }}", True),
    ],
)
def test_balanced_means_that_blocks_open_and_close_inside(text: str, expected: bool) -> None:
    assert balanced(text) is expected


@pytest.mark.parametrize(
    "text",
    ["k:\n- a: |\n    {{ .X }}\n    x\n  b: 1\n", "a: >- # why\n  {{ .X }}\n\n  x\n", "a: |\n  {{ if .X }}\n  x\n  {{ end }}\n"],
)
def test_a_block_scalar_that_begins_with_an_action_can_be_read(text: str) -> None:
    assert len(mask(text)) == len(text)
    assert "x" in str(plain(document(mask(text))))
