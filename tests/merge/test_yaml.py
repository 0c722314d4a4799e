"""Files of YAML: what lines can't tell is told by what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from migrate.merge.conflict import Kind
from migrate.merge.content import Trouble, merge_content
from migrate.merge.data import Undecided, merge_value, read


def merged(base: str | None, ours: str, theirs: str, path: str = "values.yaml") -> str | Kind:
    """The merged text, or the kind of conflict."""
    found = merge_content(path, None if base is None else base.encode(), ours.encode(), theirs.encode())
    return found.kind if isinstance(found, Trouble) else found.decode()


CASES: dict[str, tuple[str, str, str, str]] = {
    "two keys of one flow mapping": (
        "v: {a: 1, b: 2}\n",
        "v: {a: 3, b: 2}\n",
        "v: {a: 1, b: 4, c: 5}\n",
        "v: {a: 3, b: 4, c: 5}\n",
    ),
    "a comment beside a value that changes": ("v: 1\nw: 2\n", "v: 1  # why\nw: 2\n", "v: 2\nw: 2\n", "v: 2  # why\nw: 2\n"),
    "a list indented anew, an item changed and one appended": (
        "l:\n- a\n- b: 1\n  c: 2\n",
        "l:\n  - a\n  - b: 1\n    c: 2\n",
        "l:\n- a\n- b: 9\n  c: 2\n- x\n",
        "l:\n  - a\n  - b: 9\n    c: 2\n  - x\n",
    ),
    "items with names appended by both": (
        "l:\n- name: a\n",
        "l:\n- name: a\n- name: b\n  x: 1 # c\n",
        "l:\n- name: a\n\n# new\n- name: c\n  y: 1\n",
        "l:\n- name: a\n- name: b\n  x: 1 # c\n\n# new\n- name: c\n  y: 1\n",
    ),
    "items with names appended by both, templates in values": (
        "releases:\n  - name: a\n    installed: {{ .Values.a }}\n",
        "releases:\n  - name: a\n    installed: {{ .Values.a }}\n  - name: b\n    installed: {{ .Values.b }}\n",
        "releases:\n  - name: a\n    installed: {{ .Values.a }}\n  - name: c\n    installed: {{ .Values.c }}\n",
        "releases:\n  - name: a\n    installed: {{ .Values.a }}\n  - name: b\n    installed: {{ .Values.b }}\n"
        "  - name: c\n    installed: {{ .Values.c }}\n",
    ),
    "keys added by both, without a last line break": (
        "a:\n  b: 1",
        "a:\n  b: 1\n  c: 2",
        "a:\n  b: 1\n  # why\n  d: 2",
        "a:\n  b: 1\n  c: 2\n  # why\n  d: 2",
    ),
    "keys added by both, CRLF": ("a: 1\r\n", "a: 1\r\nb: 2\r\n", "a: 1\r\nc: 3\r\n", "a: 1\r\nb: 2\r\nc: 3\r\n"),
    "the same key added at different places": (
        "a: 1\nm: 2\nx: 3\n",
        "a: 1\nk: 1\nm: 2\nx: 3\n",
        "a: 1\nm: 2\nk: 1\nx: 3\n",
        "a: 1\nk: 1\nm: 2\nx: 3\n",
    ),
    "a key deleted with its comment, indented anew": (
        "a:\n  b: 1\n  # why\n  c: 1\n",
        "a:\n    b: 2\n    # why\n    c: 1\n",
        "a:\n  b: 1\n",
        "a:\n    b: 2\n",
    ),
    "a key deleted by theirs, the comment above it by ours": (
        "a:\n  b: 1\n  # why\n  c: 1\n",
        "a:\n    b: 2\n    c: 1\n",
        "a:\n  b: 1\n",
        "a:\n    b: 2\n",
    ),
    "appended to what looks alike, changed before": (
        "r:\n- name: a\n  v: 1\n\n- name: b\n  v: 1\n",
        "r:\n- name: a\n  v: 1\n\n- name: b\n  v: 1\n\n- name: c\n  v: 1\n",
        "r:\n- name: a\n  v: 1\n\n- name: b\n  v: 2\n",
        "r:\n- name: a\n  v: 1\n\n- name: b\n  v: 2\n\n- name: c\n  v: 1\n",
    ),
    "other lines of one block scalar": (
        "s: |\n  a\n  b\n  c\nt: 1\n",
        "s: |\n  A\n  b\n  c\nt: 1\n",
        "s: |\n  a\n  b\n  C\nt: 1\n",
        "s: |\n  A\n  b\n  C\nt: 1\n",
    ),
    "several documents": (
        "a: 1\n---\nb: 1\n",
        "a: 2\n---\nb: 1\n",
        "a: 1\n---\nb: 1\n---\nc: 1\n",
        "a: 2\n---\nb: 1\n---\nc: 1\n",
    ),
    "Korean text before a change in one line": (
        "v: {가: 나, b: 1}\n",
        "v: {가: 다, b: 1}\n",
        "v: {가: 나, b: 2}\n",
        "v: {가: 다, b: 2}\n",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_both_changes_are_in_the_text(case: str) -> None:
    base, ours, theirs, wanted = CASES[case]
    assert merged(base, ours, theirs) == wanted


CONFLICTS: dict[str, tuple[str, str, str, Kind]] = {
    "one value": ("a: 1\n", "a: 2\n", "a: 3\n", Kind.BOTH_CHANGED),
    "a comment renamed, its key deleted": (
        "a: 1\n# old\nk: v\nz: 1\n",
        "a: 1\n# new\nk: v\nz: 1\n",
        "a: 1\nz: 1\n",
        Kind.BOTH_CHANGED,
    ),
    "a comment beside a key that is deleted": ("a: 1\nk: v\n", "a: 1\nk: v # why\n", "a: 1\n", Kind.BOTH_CHANGED),
    "items without names appended by both": ("l:\n- a\n", "l:\n- a\n- b\n", "l:\n- a\n- c\n", Kind.BOTH_CHANGED),
    "a key added by both at different places": (
        "a: 1\nm: 2\nx: 3\nz: 4\n",
        "a: 1\nk: 1\nm: 2\nx: 3\nz: 4\n",
        "a: 1\nm: 2\nx: 3\nk: 5\nz: 4\n",
        Kind.MERGED_TEXT_DIFFERS,
    ),
    "a key added to a mapping that gets another name": (
        "a:\n  x: 1\n  y: 2\n  z: 3\nq: 1\n",
        "b:\n  x: 1\n  y: 2\n  z: 3\nq: 1\n",
        "a:\n  x: 1\n  y: 2\n  z: 3\n  n: 4\nq: 1\n",
        Kind.MERGED_TEXT_DIFFERS,
    ),
    "an alias on a line that both change": (
        "d: &d {a: 1}\ne: {f: *d, g: 1, h: 1}\n",
        "d: &d {a: 1}\ne: {f: *d, g: 2, h: 1}\n",
        "d: &d {a: 1}\ne: {f: *d, g: 1, h: 2}\n",
        Kind.BOTH_CHANGED,
    ),
    "an item that each side moved elsewhere": (
        "l:\n- name: a\n- name: b\n- name: m\n- name: c\n- name: d\n",
        "l:\n- name: m\n- name: a\n- name: b\n- name: c\n- name: d\n",
        "l:\n- name: a\n- name: b\n- name: c\n- name: d\n- name: m\n",
        Kind.AMBIGUOUS_PLACE,
    ),
    "both change a line with an action in an if": (
        "{{ if .x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n",
        "{{ if .x }}\na: 3\n{{ else }}\na: 2\n{{ end }}\n",
        "{{ if .x }}\na: 4\n{{ else }}\na: 2\n{{ end }}\n",
        Kind.BOTH_CHANGED,
    ),
    "two keys on one line, beside a line that an action makes": (
        "v: {a: 1, b: 1}\n{{ toYaml .x }}\n",
        "v: {a: 2, b: 1}\n{{ toYaml .x }}\n",
        "v: {a: 1, b: 2}\n{{ toYaml .x }}\n",
        Kind.BOTH_CHANGED,
    ),
    "the same key added in text with templates": (
        "a: {{ .a }}\nm: 2\nx: 3\nz: 4\n",
        "a: {{ .a }}\nk: 1\nm: 2\nx: 3\nz: 4\n",
        "a: {{ .a }}\nm: 2\nx: 3\nk: 5\nz: 4\n",
        Kind.MERGED_TEXT_DIFFERS,
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_is_not_certain_is_a_conflict(case: str) -> None:
    base, ours, theirs, kind = CONFLICTS[case]
    assert merged(base, ours, theirs) == kind
    assert merged(base, theirs, ours) == kind


def test_branches_of_an_if_that_hold_one_key_are_merged_by_lines() -> None:
    base = "{{ if .x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\nb: 1\n"
    assert merged(base, base.replace("a: 1", "a: 5"), base.replace("a: 2", "a: 6")) == base.replace("a: 1", "a: 5").replace(
        "a: 2", "a: 6"
    )


def test_two_mappings_that_were_added_become_one_if_they_agree() -> None:
    assert merged(None, "a: 1\nb: 2\n", "a: 1\nc: 3\n") == "a: 1\nb: 2\nc: 3\n"
    assert merged(None, "a: 1\n", "a: 2\n") == Kind.BOTH_ADDED
    assert merged(None, "a\n", "b\n", "notes.txt") == Kind.BOTH_ADDED


def test_items_that_each_side_moved_elsewhere_are_undecided() -> None:
    sides = [read(f"[{', '.join(order)}]") for order in ("abmcd", "mabcd", "abcdm")]
    with pytest.raises(Undecided):
        merge_value(sides[0], sides[1], sides[2])


def test_a_file_that_is_no_yaml_is_merged_by_lines_alone() -> None:
    assert merged("a: 1\nb: 2\n", "k: 1\na: 1\nb: 2\n", "a: 1\nb: 2\nk: 2\n", "notes.txt") == "k: 1\na: 1\nb: 2\nk: 2\n"


def test_a_conflict_names_the_keys_and_no_value() -> None:
    found = merge_content(
        "values.yaml",
        b"db:\n  a: 1\n  m: 2\n  x: 3\n  z: 4\n",
        b"db:\n  a: 1\n  word: hunter\n  m: 2\n  x: 3\n  z: 4\n",
        b"db:\n  a: 1\n  m: 2\n  x: 3\n  word: winter\n  z: 4\n",
    )
    assert isinstance(found, Trouble)
    assert found.detail == "both sides changed db.word"
    assert "hunter" not in repr(found.detail)


Data = dict[str, object]
scalars = st.sampled_from([1, 2, 3, "x", True])
flat = st.dictionaries(st.sampled_from("abcdef"), scalars, max_size=4)
nested = st.dictionaries(st.sampled_from("pqrstu"), st.one_of(scalars, flat), max_size=5)


def written(data: Data, indent: str, *, flow: bool) -> str:
    """The data as YAML, in one of several layouts."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and value and not flow:
            lines += [f"{key}:", *(f"{indent}{k}: {_word(v)}" for k, v in value.items())]
        elif isinstance(value, dict):
            lines.append(f"{key}: {{{', '.join(f'{k}: {_word(v)}' for k, v in value.items())}}}")
        else:
            lines.append(f"{key}: {_word(value)}")
    return "".join(line + "\n" for line in lines)


def _word(value: object) -> str:
    return str(value).lower()


@given(nested, nested, nested, st.sampled_from(["  ", "    "]), st.booleans())
def test_a_merged_text_says_what_the_merged_data_says(base: Data, ours: Data, theirs: Data, indent: str, flow: bool) -> None:
    sides = written(base, "  ", flow=flow), written(ours, indent, flow=flow), written(theirs, "  ", flow=flow)
    found = merged(*sides)
    values = [read(side) for side in sides]
    if isinstance(found, Kind):
        return
    for key in {*base, *ours, *theirs}:
        one, two, three = (side.get(key, "gone") for side in (base, ours, theirs))
        result = YAML(typ="safe", pure=True).load(found) or {}
        if not all(isinstance(each, dict) for each in (one, two, three)):
            wanted = two if three in (one, two) else three if one == two else None
            assert wanted is None or result.get(key, "gone") == wanted
    try:
        assert not all(base) or read(found) is not None
        assert (
            values[0] is None or not values[0].items or not found or read(found) == merge_value(values[0], values[1], values[2])
        )
    except Undecided:
        pytest.fail("merged although the data can't be")


@given(nested, nested)
def test_different_keys_changed_by_each_side_always_merge(mine: Data, other: Data) -> None:
    """Keys of their own on one line each, or on one line together."""
    base = {f"k{number}": 0 for number in range(6)}
    ours = {**base, **{f"k{number}": f"ours{number}" for number in (0, 2, 4) if mine}}
    theirs = {**base, **{f"k{number}": f"theirs{number}" for number in (1, 3, 5) if other}}
    both = {key: ours[key] if ours[key] != 0 else theirs[key] for key in base}
    for flow in (True, False):
        texts = (written({"top": each}, "  ", flow=flow) for each in (base, ours, theirs))
        assert merged(*texts) == written({"top": both}, "  ", flow=flow)
