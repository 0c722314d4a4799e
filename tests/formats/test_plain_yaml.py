from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import MAX_BYTES, load_plain

BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b", ".join([b"*%c" % (letter - 1)] * 9)) for letter in b"bcdefghi"
)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (b"a: 1\nb: [\n", 3, "no YAML"),
        (b"a: 1\n\tb: 2\n", 2, "no YAML"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        (b"a: 1\nc: 1\na: 2\n", 3, "there twice"),
        (b"a: 1\n---\nb: 2\n", 0, "more than one"),
        (b"a: !mine 1\n", 1, "tag"),
        (b"? [a]\n: b\n", 1, "no scalar"),
        (b"a:\n  <<: text\n", 2, "'<<'"),
        (b"a: &a\n  b: *a\n", 1, "holds itself"),
        (b'a:\n- "\\ud800"\n', 2, "half a character"),
        (b'a: "\\UFFFFFFFF"\n', 0, "no YAML"),
        (b"a: \x00\n", 0, "no YAML"),
        (b"[" * 3000, 0, "too deeply"),
        (BOMB, 1, "too large"),
        (b"#" * (MAX_BYTES + 1), 0, "larger than"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: bytes, line: int, problem: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableSource, match=problem) as caught:
        load_plain(text, "some/file.yaml")
    assert (caught.value.path, caught.value.line) == ("some/file.yaml", line)
    assert caught.value.message.startswith("some/file.yaml" + (f":{line}" if line else ""))
    assert time.monotonic() - started < 20


def test_keys_and_items_know_their_lines() -> None:
    document = load_plain("\ufeffa: 1\r\nb:\r\n- x\r\n- {c: 2}\r\n".encode(), "f")
    assert document.value == {"a": 1, "b": ["x", {"c": 2}]}
    assert [document.line("a"), document.line("b", 0), document.line("b", 1, "c")] == [1, 3, 4]
    assert [document.line("b", 1, "missing"), document.line("b", 7), document.line("missing"), document.line()] == [4, 2, 1, 1]


def test_scalars_have_the_kinds_of_yaml_1_2_and_dates_stay_text() -> None:
    text = b"[1, -2, 0x1F, 0o17, 1e3, .inf, true, null, ~, yes, 2026-01-02, 'x', =, '1', 1.10]"
    expected = [1, -2, 31, 15, 1000.0, float("inf"), True, None, None, "yes", "2026-01-02", "x", "=", "1", 1.1]
    assert load_plain(text, "f").value == expected


def test_keys_are_text() -> None:
    assert load_plain(b"1: a\ntrue: b\nnull: c\n", "f").value == {"1": "a", "true": "b", "null": "c"}


def test_merged_keys_give_way_to_own_ones_and_earlier_merges_win() -> None:
    text = b"x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n"
    document = load_plain(text, "f")
    assert document.value["z"] == {"a": 1, "b": 1, "c": 3}
    assert document.line("z", "c") == 4


def test_an_empty_document_is_none() -> None:
    assert [load_plain(text, "f").value for text in (b"", b"# only a comment\n", b"---\n")] == [None, None, None]


def test_a_lenient_reader_takes_the_first_document_the_last_key_and_any_tag() -> None:
    assert load_plain(b"a: 1\na:\t2\t# x\nb: !mine c\n---\nd: 1\n", "f", strict=False).value == {"a": 2, "b": "c"}


def test_tabs_inside_text_stay_where_the_text_is_yaml() -> None:
    assert load_plain(b"a: 'x\ty'\nb: |-\n  x\ty\n", "f", strict=False).value == {"a": "x\ty", "b": "x\ty"}


def test_the_caller_may_set_another_limit() -> None:
    with pytest.raises(UnreadableSource, match="larger than 3 bytes"):
        load_plain(b"a: 1", "f", max_bytes=3)
    assert load_plain(b"a: 1", "f", max_bytes=4).value == {"a": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abé한 ", max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert load_plain(json.dumps(value, ensure_ascii=False).encode(), "f").value == value


@given(st.binary(max_size=300), st.booleans())
def test_bytes_give_a_document_or_a_refusal(data: bytes, strict: bool) -> None:
    refused = ""
    try:
        load_plain(data, "f", strict=strict)
    except UnreadableSource as error:
        refused = error.path
    assert refused in ("", "f")
