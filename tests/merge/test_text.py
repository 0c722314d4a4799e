from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.merge.alignment import MOST_EDITS, matches, readings
from migrate.merge.text import CUT, END, merge_text, split, unsplit

Lines = list[bytes]


def clean(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The merged text; None for a conflict or if lines can't tell."""
    merge = merge_text(base, ours, theirs)
    return None if merge.clashes or merge.ambiguous else merge.text()


def by_git(folder: Path, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """What `git merge-file` makes of it; None for a conflict."""
    paths = [folder / name for name in ("ours", "base", "theirs")]
    for path, text in zip(paths, (ours, base, theirs), strict=True):
        path.write_bytes(text)
    done = subprocess.run(["git", "merge-file", "-p", "--diff3", *map(str, paths)], capture_output=True, check=False)
    return None if done.returncode else done.stdout


@st.composite
def edited(draw: st.DrawFn, lines: Lines, word: bytes) -> Lines:
    """Lines with some replaced, removed, and new ones put in between; the new ones are there once."""
    found: Lines = []
    for number, line in enumerate(lines):
        deed = draw(st.sampled_from(["keep", "keep", "keep", "drop", "change", "insert"]))
        found += [b"%s inserted %d" % (word, number)] * (deed == "insert")
        found += [] if deed == "drop" else [b"%s changed %d" % (word, number)] if deed == "change" else [line]
    return found + [word + b" appended"] * draw(st.booleans())


@st.composite
def three_unlike(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """A text without equal lines and two that were made of it, each ending as it likes."""
    base = [b"line %d" % number for number in range(draw(st.integers(0, 12)))]
    sides = base, draw(edited(base, b"ours")), draw(edited(base, b"theirs"))
    texts = [b"\n".join(side) + b"\n" * (bool(side) and draw(st.integers(0, 5)) > 0) for side in sides]
    return texts[0], texts[1], texts[2]


few_words = st.lists(st.sampled_from([b"a", b"b", b"c", b"", b"}"]), max_size=10).map(
    lambda lines: b"".join(x + b"\n" for x in lines)
)
any_text = st.one_of(st.binary(max_size=60), few_words)


@given(any_text)
def test_a_text_is_its_lines(text: bytes) -> None:
    assert unsplit(split(text)) == text


@given(any_text, any_text)
def test_every_reading_of_a_change_leads_from_one_text_to_the_other(base: bytes, other: bytes) -> None:
    before, after = split(base), split(other)
    for script in readings(before, after):
        made: Lines = []
        at = 0
        for hunk in script:
            assert hunk.start > at or not made
            made += before[at : hunk.start] + after[hunk.low : hunk.high]
            at = hunk.end
        assert made + before[at:] == after


@given(st.lists(st.integers(0, 3), max_size=9), st.lists(st.integers(0, 3), max_size=9))
def test_a_longest_common_subsequence_is_found(base: list[int], other: list[int]) -> None:
    longest = [[0] * (len(other) + 1) for _ in range(len(base) + 1)]
    for at, left in enumerate(base):
        for to, right in enumerate(other):
            longest[at + 1][to + 1] = longest[at][to] + 1 if left == right else max(longest[at][to + 1], longest[at + 1][to])
    found = matches(base, other)
    assert len(found) == longest[-1][-1]
    assert all(base[at] == other[to] for at, to in found)
    assert found == sorted(found)


def test_texts_that_differ_in_very_much_are_matched_by_what_is_there_once() -> None:
    base = [f"line {number}" for number in range(4 * MOST_EDITS)]
    shuffled = [base[number + 1 if number % 2 == 0 else number - 1] for number in range(len(base))]
    found = matches(base, shuffled)
    assert len(found) >= len(base) // 2
    assert all(base[at] == shuffled[to] for at, to in found)


@given(any_text, any_text)
def test_what_one_side_left_alone_is_that_of_the_other(base: bytes, other: bytes) -> None:
    assert clean(base, base, other) == other
    assert clean(base, other, base) == other
    assert clean(base, other, other) == other


@given(any_text, any_text, any_text)
def test_sides_can_be_swapped(base: bytes, ours: bytes, theirs: bytes) -> None:
    one, two = merge_text(base, ours, theirs), merge_text(base, theirs, ours)
    assert [(c.base, c.ours, c.theirs) for c in one.clashes] == [(c.base, c.theirs, c.ours) for c in two.clashes]
    assert one.clashes or one.text() == two.text()


@given(any_text, any_text, any_text)
def test_carrying_the_same_once_more_changes_nothing(base: bytes, ours: bytes, theirs: bytes) -> None:
    merged = clean(base, ours, theirs)
    assert merged is None or clean(theirs, merged, theirs) == merged


@given(three_unlike())
def test_every_change_is_in_the_result_once(texts: tuple[bytes, bytes, bytes]) -> None:
    merged = clean(*texts)
    if merged is None:
        return
    base, ours, theirs, result = (split(text) for text in (*texts, merged))
    for line in {*base, *ours, *theirs} - {END, CUT}:
        wanted = (
            ours.count(line) + theirs.count(line) - base.count(line)
            if ours.count(line) != theirs.count(line)
            else ours.count(line)
        )
        assert result.count(line) == wanted, line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("merge")


@settings(max_examples=80)
@given(texts=three_unlike())
def test_where_git_merges_cleanly_the_bytes_are_the_same(texts: tuple[bytes, bytes, bytes], folder: Path) -> None:
    git = by_git(folder, *texts)
    if git is not None:
        assert clean(*texts) == git


@given(st.integers(2, 8), st.data())
def test_changes_with_an_untouched_line_between_them_always_merge(count: int, data: st.DataObject) -> None:
    base = [b"line %d" % number for number in range(2 * count)]
    word = [data.draw(st.sampled_from([b"ours", b"theirs"])) for _ in range(count)]
    sides = {
        name: [b"%s %d" % (name, at) if at % 2 and word[at // 2] == name else line for at, line in enumerate(base)]
        for name in (b"ours", b"theirs")
    }
    wanted = [b"%s %d" % (word[at // 2], at) if at % 2 else line for at, line in enumerate(base)]
    assert clean(*(b"\n".join(side) for side in (base, sides[b"ours"], sides[b"theirs"]))) == b"\n".join(wanted)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("a\nb\n", "A\nb\n", "a\nB\n", "A\nB\n"),
        ("a\nb\n", "a\nnew\nb\n", "a\nB\n", "a\nnew\nB\n"),
        ("a\nb\n", "b\n", "a\nb\nc\n", "b\nc\n"),
        ("a\nb\nc\n", "a\nnew\nc\n", "a\nnew\nc\nd\n", "a\nnew\nc\nd\n"),
        ("a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\r\nb\r\nC\r\n", "A\r\nb\r\nC\r\n"),
        ("a\nb\nc", "A\nb\nc", "a\nb\nc\nd", "A\nb\nc\nd"),
        ("a\nb\n", "a\nb", "a\nb\nc\n", "a\nb\nc"),
        ("\ufeffa\nb\nc\n", "\ufeffA\nb\nc\n", "\ufeffa\nb\nC\n", "\ufeffA\nb\nC\n"),
    ],
    ids=[
        "touching",
        "insertion beside a change",
        "deletion beside an addition",
        "same change and more",
        "CRLF",
        "no last line break",
        "last line break removed",
        "BOM",
    ],
)
def test_lines_merge(base: str, ours: str, theirs: str, merged: str) -> None:
    assert clean(base.encode(), ours.encode(), theirs.encode()) == merged.encode()


def test_bytes_that_are_no_utf_8_stay() -> None:
    assert clean(b"\xff\nb\nc\n", b"\xff\nb\n\xfe\n", b"\xfd\nb\nc\n") == b"\xfd\nb\n\xfe\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("a\nb\n", "a\nours\nb\n", "a\ntheirs\nb\n"),
        ("a\nb\n", "A\nours\nb\n", "a\ntheirs\nB\n"),
        ("a\nb\nc\n", "a\nc\n", "a\nB\nc\n"),
        ("a\nb\nc\n", "", "a\nB\nc\n"),
        ("a\n", "a\nours\n", "a\n\ntheirs\n"),
    ],
    ids=["both insert", "both insert between two changes", "delete and change", "all deleted", "both append"],
)
def test_lines_that_both_sides_want_otherwise_clash(base: str, ours: str, theirs: str) -> None:
    assert merge_text(base.encode(), ours.encode(), theirs.encode()).clashes


def test_a_line_that_each_side_moved_elsewhere_is_not_doubled() -> None:
    lines = [b"one", b"two", b"moved", b"three", b"four"]
    ours = [b"moved", b"one", b"two", b"three", b"four"]
    theirs = [b"one", b"two", b"three", b"four", b"moved"]
    merge = merge_text(*(b"\n".join(each) + b"\n" for each in (lines, ours, theirs)))
    assert merge.clashes or merge.doubled


def test_lines_that_can_be_read_two_ways_are_not_guessed() -> None:
    """Either of two equal blocks was appended, and the other side changed one of them."""
    block: Sequence[str] = ("name", "  value 1")
    base = "\n".join(["a", *block, "", "b", *block]) + "\n"
    ours = "\n".join(["a", *block, "", "b", *block, "", "c", *block]) + "\n"
    theirs = "\n".join(["a", *block, "", "b", "name", "  value 2"]) + "\n"
    merge = merge_text(base.encode(), ours.encode(), theirs.encode())
    assert merge.ambiguous
    assert not merge.clashes
