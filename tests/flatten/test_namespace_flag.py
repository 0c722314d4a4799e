from __future__ import annotations

import shlex

import pytest

from migrate.flatten.namespace_flag import BREAKS, without_namespace
from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, CommandLine, Reference, Word
from tests.claims.small_platform import tree

FILE = RepoPath("deploy.sh")
RELEASES = [
    {"name": "web", "namespace": "front", "app": "web"},
    {"name": "api", "namespace": "back", "app": "api"},
    {"name": "job", "namespace": "back", "app": "job"},
]


def judged(text: str, releases: list[dict[str, str]] = RELEASES) -> tuple[str, Reference]:
    """A command line in which `$x` is not known, after the flag is looked at."""
    words, at = [], 0
    for word in shlex.split(text):
        start = text.index(word, at)
        at = start + len(word)
        words.append(Word(None if "$" in word else word, start, at))
    command = CommandLine(FILE, 1, tuple(words), len("helmfile"), " -f {state}", ("",), "shell")
    reference = Reference(command, "helmfile.yaml", "helmfile/helmfile.yaml", Certainty.EXACT)
    found = without_namespace(reference, tree({FILE: text}), releases)
    return splice(text.encode(), found.edits).decode(), found


@pytest.mark.parametrize("text", ["helmfile -e dev sync", "helmfile -l name=web template", "helmfile -e dev --no-color sync"])
def test_a_command_without_the_flag_stays(text: str) -> None:
    after, found = judged(text)
    assert (after, found.certainty) == (text, Certainty.EXACT)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("helmfile -l app=web -n front template", "helmfile -l app=web template"),
        ("helmfile -n=front -l app=web template", "helmfile -l app=web template"),
        ("helmfile --namespace front -l app=web template", "helmfile -l app=web template"),
        ("helmfile -l app=api -l app=job sync --namespace=back", "helmfile -l app=api -l app=job sync"),
        ("helmfile -l app!=web -n back sync", "helmfile -l app!=web sync"),
    ],
)
def test_the_flag_goes_where_it_says_nothing(text: str, wanted: str) -> None:
    after, found = judged(text)
    assert (after, found.certainty) == (wanted, Certainty.EXACT)


@pytest.mark.parametrize(
    "text",
    [
        "helmfile -n front sync",
        "helmfile -l app=web -n other template",
        "helmfile -l app=$x -n front template",
        "helmfile -l app=web -n $x template",
        "helmfile -l app=none -n front template",
        "helmfile -l app=web,name!=web -n front template",
    ],
)
def test_the_flag_is_in_the_way_where_it_says_something_or_that_is_not_known(text: str) -> None:
    after, found = judged(text)
    assert (after, found.certainty, found.reason) == (text, Certainty.GUESSED, BREAKS)
