"""Scalars that helmfile 0.16x and 1.x read differently."""

from __future__ import annotations

import pytest

from migrate.analyzers.portability import analyze_portability
from migrate.model.paths import RepoPath
from tests.system.trees import tree_of

PATH = RepoPath("values.yaml")


def lines(text: str | bytes, path: RepoPath = PATH) -> list[tuple[str, int]]:
    return [(f.slug, f.line) for f in analyze_portability(tree_of({path: text}), [path, RepoPath("gone.yaml")])]


@pytest.mark.parametrize("value", ["yes", "No", "ON", "off", "y", "N", "2024-01-01", "2024-1-1T00:00:00Z", "2024-01-01 00:00:00"])
def test_a_scalar_with_two_meanings_is_found_with_its_line(value: str) -> None:
    assert lines(f"# c\na:\n  b: {value}\n") == [("version-1-reads-differently", 3)]
    assert lines(f"a: [x, {value}]\n") == [("version-1-reads-differently", 1)]


@pytest.mark.parametrize(
    "value", ["'yes'", '"2024-01-01"', "true", "yesterday", "0o17", "012", "1.0", "1_000", "12:30:45", "v2024-01-01"]
)
def test_a_scalar_with_one_meaning_is_not(value: str) -> None:
    assert lines(f"a: {value}\n") == []


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "x: {1: a}\n", "x:\n  on: a\n", "x: {true: a}\n", "x:\n  null: a\n"])
def test_double_keys_and_keys_that_are_no_strings_are_found(text: str) -> None:
    assert {slug for slug, _ in lines(text)} == {"version-1-reads-differently"}


def test_a_template_is_left_alone_and_what_is_no_yaml_is_named() -> None:
    assert lines("a: yes\n", RepoPath("values.yaml.gotmpl")) == []
    assert lines("a: b: c\n") == [("unreadable-yaml", 1)]
    assert lines(b"\x89PNG\0") == [("binary-yaml", 0)]
