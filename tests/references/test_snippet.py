from __future__ import annotations

from migrate.model.paths import RepoPath
from migrate.references.snippet import Snippet


def test_lines_are_those_of_the_file() -> None:
    source = b"a\nbc\n\nd"
    snippet = Snippet.joined(RepoPath("x"), source, [(2, 4), (6, 7)])
    assert [snippet.line(at) for at in (0, 1, 2)] == [2, 2, 4]
    whole = Snippet.whole(RepoPath("x"), source)
    assert [whole.line(at) for at in range(len(source))] == [1, 1, 2, 2, 2, 3, 4]


def test_a_long_file_has_its_lines_in_no_long_time() -> None:
    whole = Snippet.whole(RepoPath("x"), b"\n" * 1_000_000)
    assert [whole.line(at) for at in range(0, 1_000_000, 10)][-1] == 999_991
