from __future__ import annotations

import pytest

from tests.references.finding_in import rewritten, told

FILE = "scripts/look.sh"

UNTOUCHED = [
    "find . -name values.yaml",
    "find . -maxdepth 1 -name '*.md'",
    "find . -maxdepth 1 ! -name '*.yaml' -name 'R*'",
    "find docs -maxdepth 3 -name '*.yaml'",
    "cd scripts && find . -maxdepth 3 -name '*.yaml'",
    'find "$1" -maxdepth 3 -name values.yaml',
    "find . ! -name helmfile.yaml -name '*.json'",
    "find . -type d -name environments",
    "find . -maxdepth 1 -type d",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_comes_upon_no_piece_or_finds_it_at_its_new_place_is_left_and_not_told(text: str) -> None:
    assert rewritten(FILE, text) == text
    assert told(FILE, text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("find . -maxdepth 3 -name values.yaml", "how deep `find` looks"),
        ("find -maxdepth 3 -name values.yaml", "how deep `find` looks"),
        ("find -L . -maxdepth 3 -name 'v*.yaml'", "how deep `find` looks"),
        ("find ./ -maxdepth 3 -path './environments/*/values.yaml'", "how deep `find` looks"),
        ("cd scripts && find .. -maxdepth 1 -type d -name environments", "how deep `find` looks"),
        ("find . -name 'helmfile*.yaml' -exec cat {} +", "there will be one"),
        ("for f in $(find . -name helmfile.yaml); do cat $f; done", "there will be one"),
    ],
)
def test_what_will_be_found_otherwise_is_told(text: str, reason: str) -> None:
    assert rewritten(FILE, text) == text
    assert any(reason in why for _, why in told(FILE, text)), told(FILE, text)


def test_a_command_that_find_runs_is_read() -> None:
    text = "find {}environments -name values.yaml -exec helmfile{} sync \\;\n"
    assert rewritten(FILE, text.format("", "")) == text.format("helmfile/", " -f helmfile/helmfile.yaml")
