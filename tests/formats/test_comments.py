"""Comments: all of them, and nothing that is none."""

from __future__ import annotations

import pytest

from migrate.formats.comments import comments

CASES = {
    "a: 1 # trailing\n": ["# trailing"],
    "# full\na: 1\n": ["# full"],
    "#no blank\na: 1\n": ["#no blank"],
    "a: 1 #\n": ["#"],
    "a: x#y\n": [],
    "a: 'x # y' # z\n": ["# z"],
    'a: "x # y\n  # w"\n': [],
    "a: x\n  # after\nb: 1\n": ["# after"],
    "a: |\n  # inside\n# behind\nb: 1\n": ["# behind"],
    "a: | # header\n  # inside\n": ["# header"],
    "a: >- # header\n  x\n\n  # inside\n": ["# header"],
    "a: |2\n    # inside\n  # inside too\nb: 1\n": [],
    "a: |\n  x\n # behind\nb: 1\n": ["# behind"],
    "a: |\n\n\nb: 1 # c\n": ["# c"],
    "- a: |\n    # inside\n  # key level\n  b: 1\n": ["# key level"],
    "a: [x, # one\n  y] # two\n": ["# one", "# two"],
    "a: {{ .b }} # c\n": ["# c"],
    'a: {{ cat " # no" }} # c\n': ["# c"],
    "# {{ .a }} # b\n": ["# {{ .a }} # b"],
    "{{/* # no */}}\na: 1\n": [],
    "{{- if .a }}\n# in the block\n{{- end }}\n": ["# in the block"],
    "a: 1\t# behind a tab\n": ["# behind a tab"],
    "\t# after a tab\na: 1\n": ["# after a tab"],
    "\ufeff# first\na: 1\n": ["# first"],
    "a: 1 # crlf\r\n# full\r\nb: |\r\n  # inside\r\n": ["# crlf", "# full"],
    "a: 1 # no newline": ["# no newline"],
    "a: &x # anchor\n  b: 1\nc: !!str # tag\n  d\n": ["# anchor", "# tag"],
    "---\n# one\n--- # two\na: 1\n": ["# one", "# two"],
    "# 한국어 # 둘\n": ["# 한국어 # 둘"],
    "": [],
}


@pytest.mark.parametrize("text", CASES)
def test_exactly_the_comments_are_found(text: str) -> None:
    assert [comment.text for comment in comments(text)] == CASES[text]


def test_a_comment_knows_its_line_and_whether_it_stands_alone() -> None:
    found = comments("a: 1 # one\n\n   # two\n")
    assert [(c.line, c.full_line) for c in found] == [(1, False), (3, True)]


def test_a_text_that_is_no_yaml_is_read_line_by_line() -> None:
    found = comments("{{ range .a }}\n# one\n{{ . }}: b: c # unsure\n  #two\n{{ end }}\n")
    assert [c.text for c in found] == ["# one", "#two"]
