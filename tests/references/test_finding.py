from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.references import commands_in, find_in
from tests.references.pieces import MOVES, tree_of


@pytest.mark.parametrize(
    ("path", "content", "count"),
    [
        ("scripts/a.sh", "ls docs\n", 0),
        ("scripts/a.sh", "helmfile apply\n", 1),
        ("scripts/a.sh", "cd environments\n", 1),
        ("a.conf", "applications are no paths\n", 0),
        ("a.conf", "x/environments y\n", 0),
        ("a.conf", "./environments\n", 1),
        ("a.conf", "environments/dev\n", 1),
        ("environments/a.conf", "dev/values.yaml\n", 1),  # named by less than its first folder
    ],
)
def test_a_quick_look_passes_over_no_reference(path: str, content: str, count: int) -> None:
    assert len(find_in(tree_of(**{path: content}), RepoPath(path), MOVES)) == count


def test_calls_are_found_in_files_that_hold_the_word_only() -> None:
    tree = tree_of(**{"a.sh": "helmfile apply\n", "b.sh": "make apply\n"})
    assert [len(commands_in(tree, RepoPath(path))) for path in ("a.sh", "b.sh", "c.sh")] == [1, 0, 0]
