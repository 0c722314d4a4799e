from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from migrate.errors import UnreadableSource
from migrate.formats.yaml_scalars import ScalarText, YamlFile


def value_of(data: bytes, key: str = "run") -> ScalarText:
    file = YamlFile(data, "x.yaml")
    node = file.documents[0].get(key)
    assert node is not None
    return file.scalar(node)


def place(scalar: ScalarText, position: int) -> int:
    at, offset = scalar.segments[bisect_right(scalar.segments, position, key=lambda segment: segment[0]) - 1]
    return offset + position - at


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("run: a b", "a b"),
        ("run: a ${{ x }} b # c", "a ${{ x }} b"),
        ("run: 'it''s'", "it's"),
        ('run: "a \\"b\\" \\\\ \\u00e9"', 'a "b" \\ é'),
        ("run: a\n  b\n\n  c", "a b\nc"),
        ('run: "a\\\n   b"', "ab"),
        ("run: |\n  a\n   b\n\n  c\n# d\n", "a\n b\n\nc\n"),
        ("run: |2-\n    a\n  b\n", "  a\nb\n"),
        ("run: >\n  a\n  b\n\n  c\n    d\n  e\n", "a b\nc\n  d\ne"),
        ("run: |\r\n  a\r\n  b\r\n", "a\nb\n"),
        ("\ufeffrun: |\n  é\n", "é\n"),
        ("run: |\n  docker inspect -f '{{.Id}}'\n  {{ .x\n", "docker inspect -f '{{.Id}}'\n{{ .x\n"),
        ("run:", ""),
    ],
)
def test_the_text_is_what_its_reader_gets(source: str, wanted: str) -> None:
    scalar = value_of(source.encode())
    assert (scalar.text.decode(), scalar.faithful) == (wanted, True)


@pytest.mark.parametrize("source", ["run: |\n    één twee\n    drie\n", "run: 'x''één twee drie'", "a: é\nrun: één twee\n  drie"])
def test_each_byte_has_its_place_in_the_file(source: str) -> None:
    data = source.encode()
    scalar = value_of(data)
    for word in ("één".encode(), b"twee", b"drie"):
        at = scalar.text.index(word)
        assert data[place(scalar, at) : place(scalar, at) + len(word)] == word


def test_what_is_no_utf8_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableSource, match=r"x\.yaml:2: not UTF-8"):
        value_of(b"a: b\nrun: \xff")


@given(
    st.text(st.sampled_from("ab é'\"\\\n#-:"), max_size=30),
    st.sampled_from(["|", ">", "'", '"']),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_scalar_s_bytes_are_those_of_the_file_wherever_it_says_so(text: str, style: str, ending: str) -> None:
    lines = [line.strip() for line in text.split("\n")]
    if style in ("|", ">"):
        source = f"run: {style}{ending}" + "".join(f"  {line}{ending}" if line else ending for line in lines) + "end: 1"
    elif style == "'":
        source = "run: '" + f"{ending}  ".join(line.replace("'", "''") for line in lines) + "'"
    else:
        source = 'run: "' + f"{ending}  ".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
    scalar = value_of(source.encode())
    read = YAML(typ="safe", pure=True).load(source.replace("\r\n", "\n"))["run"]
    assert scalar.faithful
    assert scalar.text.decode().strip() == read.strip()
