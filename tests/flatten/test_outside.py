from __future__ import annotations

from migrate.flatten.outside import MANY, rendered_output, writers
from migrate.model.paths import RepoPath
from migrate.ports import PastCommit
from migrate.references.moves import Moves
from tests.claims.small_platform import tree

MOVED, OTHER = "environments/dev/values.yaml", "README.md"
MOVES = Moves(
    {RepoPath(MOVED): RepoPath("helmfile/environments/dev/values.yaml")},
    frozenset({RepoPath("helmfile.yaml")}),
    RepoPath("helmfile.yaml"),
    RepoPath("helmfile/helmfile.yaml"),
    frozenset({RepoPath(MOVED), RepoPath(OTHER)}),
)


def told(*commits: PastCommit) -> list[tuple[str, str]]:
    return [(finding.path, finding.message) for finding in writers(commits, MOVES)]


def test_people_who_change_several_files_or_few_times_are_not_told() -> None:
    together = PastCommit("Kim", "2025-01-01", (MOVED, OTHER))
    few = PastCommit("Lee", "2025-01-01", (MOVED,))
    elsewhere = PastCommit("Bot", "2025-01-01", (OTHER,))
    assert told(*[together] * 50, *[few] * (MANY - 1), *[elsewhere] * 50) == []


def test_an_author_of_many_commits_to_one_moved_file_alone_is_told_with_the_evidence() -> None:
    bot = [PastCommit("Bot", "2025-08-22", (MOVED,)), *[PastCommit("Bot", "2024-01-01", (MOVED,))] * (MANY - 1)]
    ((path, message),) = told(*bot, PastCommit("Kim", "2025-01-01", (MOVED, OTHER)))
    assert path == MOVED
    assert message.startswith(f"Bot writes this file and nothing else ({MANY} of {MANY + 1} commits, the last on 2025-08-22)")


def test_rendered_output_is_told_by_folder_and_templates_are_none() -> None:
    printed = "---\n# Source: web/templates/a.yaml\nkind: ConfigMap\n"
    files = {
        "out/dev/web.yaml": printed,
        "out/web.txt": printed,
        "chart/templates/a.yaml": printed,
        MOVED: printed,
        "a.yaml": "a: 1\n",
    }
    (finding,) = rendered_output(tree(files), MOVES)
    assert (finding.path, finding.message[:11]) == ("out", "a file hold")
