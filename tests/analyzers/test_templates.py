"""What templates do beyond filling in values."""

from __future__ import annotations

import pytest

from migrate.analyzers.templates import analyze_templates
from migrate.model.findings import Severity
from migrate.model.paths import RepoPath
from tests.system.trees import tree_of

PATH = RepoPath("a/values.yaml.gotmpl")


def found(text: str, *, allowed: bool = False) -> list[str]:
    facts = analyze_templates(tree_of({PATH: text}), [PATH], exec_allowed=allowed)
    return [f"{f.slug}:{f.line}" for f in facts.findings]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ('a: 1\nb: {{ exec "x" (list) }}', "executes-commands:2"),
        ("a: {{ $x := envExec .e .c }}", "executes-commands:1"),
        ("{{- if\n eq .Release.Chart 1 }}{{ end }}", "template-reads-chart-path:1"),
        ("a: {{ toYaml $.Environment.Values }}", "template-reads-chart-path:1"),
        ('a: {{ requiredEnv "HOME" }}', "reads-outside-commit:1"),
    ],
)
def test_what_depends_on_more_than_values_is_found_with_its_line(text: str, slug: str) -> None:
    assert slug in found(text)


@pytest.mark.parametrize(
    "text",
    ['{{ "exec" }}', "{{/* exec env */}}", "exec env", "{{ .exec }}{{ $env }}", "{{ .Release.ChartVersion }}", "{{ executed }}"],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert found(text) == []


def test_commands_that_the_user_allows_are_a_warning() -> None:
    facts = analyze_templates(tree_of({PATH: '{{ exec "x" (list) }}'}), [PATH], exec_allowed=True)
    assert [f.severity for f in facts.findings] == [Severity.WARNING]


def test_reads_are_listed_with_their_literal_path() -> None:
    text = 'a: {{ readFile "x.txt" }}\nb: {{ if isFile .y }}{{ readDir `z` }}{{ end }}\n'
    reads = analyze_templates(tree_of({PATH: text}), [PATH], exec_allowed=False).reads
    assert [(r.function, r.argument, r.line) for r in reads] == [
        ("readFile", "x.txt", 1),
        ("isFile", None, 2),
        ("readDir", "z", 2),
    ]


def test_what_cannot_be_read_is_left_alone() -> None:
    tree = tree_of({"a": b"\xff", "b": "{{ if"}, {"c": "1" * 40})
    facts = analyze_templates(tree, [RepoPath(path) for path in "abc"], exec_allowed=False)
    assert (facts.reads, facts.findings) == ((), ())
