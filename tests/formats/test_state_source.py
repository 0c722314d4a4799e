"""State files as text: parts, blocks, lines."""

from __future__ import annotations

import pytest

from migrate.errors import UnreadableSource
from migrate.formats.state_source import StateSource, sequence
from migrate.model.paths import RepoPath

PATH = RepoPath("apps/web/helmfile.yaml")


def parse(text: str | bytes) -> StateSource:
    return StateSource.parse(PATH, text.encode() if isinstance(text, str) else text)


def test_parts_are_divided_by_the_exact_line() -> None:
    source = parse("a: 1\n---\nb: 2\n")
    assert [(part.text, part.line) for part in source.parts] == [("a: 1", 1), ("b: 2\n", 3)]
    assert source.keys == ("a", "b")


@pytest.mark.parametrize("divider", ["--- ", "--- # x"])
def test_another_divider_makes_no_part(divider: str) -> None:
    with pytest.raises(UnreadableSource):
        parse(f"a: 1\n{divider}\nb: 2\n")


def test_the_lines_of_every_part_are_those_of_the_file() -> None:
    source = parse("---\n# x\n---\n\nreleases:\n- name: a\n---\nhooks: []\n")
    assert [(b.key.value, b.line) for key in ("releases", "hooks") for b in source.blocks(key)] == [("releases", 5), ("hooks", 8)]
    (block,) = source.blocks("releases")
    assert source.line(block.part, sequence(block)[0]) == 6


def test_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    source = parse(b"\xef\xbb\xbfa: 1\r\n---\r\nb: 2\r\n")
    assert [part.text for part in source.parts] == ["a: 1", "b: 2\n"]


def test_the_line_of_an_error_counts_from_the_top_of_the_file() -> None:
    with pytest.raises(UnreadableSource) as caught:
        parse("a: 1\n---\nb: 1\nc: d: e\n")
    assert (caught.value.path, caught.value.line) == (PATH, 4)
    assert f"{PATH}:4:" in caught.value.message


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a: \0\n", "a: 한".encode("euc-kr")])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableSource):
        parse(data)


@pytest.mark.parametrize("text", ["releases:\n", "releases: []\n", "releases: {{ toYaml .Values.r }}\n"])
def test_a_list_that_is_none_has_no_entries(text: str) -> None:
    assert [sequence(block) for block in parse(text).blocks("releases")] == [()]


def test_a_file_of_comments_and_an_empty_one_have_no_keys() -> None:
    assert [parse(text).keys for text in ("", "# x\n", "---\n", "# x\n---\n# y\n")] == [()] * 4
