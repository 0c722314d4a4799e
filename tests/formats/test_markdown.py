from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.formats.markdown import blocks


def code(source: str) -> list[tuple[str, str]]:
    data = source.encode()
    return [(one.language, b"".join(data[a:b] for a, b in one.spans).decode()) for one in blocks(data, "a.md") if one.code]


def text(source: str) -> list[str]:
    data = source.encode()
    return [b"".join(data[a:b] for a, b in one.spans).decode() for one in blocks(data, "a.md") if not one.code]


CODE = [
    ("```bash\na\nb\n```\n", [("bash", "a\nb\n")]),
    ("~~~~ YAML title=x\n~~~\n~~~~\n", [("yaml", "~~~\n")]),
    ("```\r\na\r\n```\r\n", [("", "a\r\n")]),
    ("```\na", [("", "a")]),
    ("```{.python}\na\n```", [("python", "a\n")]),
    ("- x\n\n  ```sh\n  a\n    b\n  ```\n", [("sh", "a\n  b\n")]),
    ("1. x\n   > ```\n   > a\n   > ```\n", [("", "a\n")]),
    ("x\n\n    a\n\n    b\n", [("", "a\n\nb\n")]),
    ("x\n\n\ta\n", [("", "a\n")]),
    ("<!--\n```\n-->\n", []),
]


@pytest.mark.parametrize(("source", "wanted"), CODE)
def test_code_comes_with_its_language_and_without_its_indentation(source: str, wanted: list[tuple[str, str]]) -> None:
    assert [(language, body.replace("    \n", "\n")) for language, body in code(source)] == wanted


def test_a_paragraph_is_one_block_and_front_matter_none() -> None:
    source = "\ufeff---\nx: `a\n---\n# T\n\na `b\nc` d\n\n[r]: x.md\n\n| a |\n|---|\n| b |\n<div>\n"
    found = text(source)
    assert "a `b\nc` d\n" in found
    assert "# T\n" in found
    assert "[r]: x.md\n" in found
    assert "x: `a" not in "".join(found)


def test_what_is_no_utf_8_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableSource, match=r"a\.md:2"):
        list(blocks("a\n환경".encode("euc-kr"), "a.md"))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="`~ \n\r\t>-*1.|[]:#<!abc한", max_size=40))
def test_each_line_is_in_one_block_at_most_and_no_words_are_lost(source: str) -> None:
    data = source.encode()
    spans = sorted(span for block in blocks(data, "a.md") for span in block.spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    if not source.startswith("---"):
        covered = b"".join(data[start:end] for start, end in spans).decode()
        fences = sum(
            line.count("a") + line.count("b") for line in source.replace("\r", "\n").split("\n") if "``" in line or "~~" in line
        )
        assert covered.count("a") + covered.count("b") >= source.count("a") + source.count("b") - fences
