from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.references.stale import stale
from tests.references.pieces import MOVES, tree_of
from tests.references.test_respell import FILES

NEW = dict.fromkeys(FILES.values(), "") | {"helmfile/helmfile.yaml": ""}

UNTOUCHED = [
    "~/applications/web, host:~/environments/dev",
    "https://example.org/blob/main/environments/dev/values.yaml",
    "docs/deployment-environments.md",
    "helmfile/environments/dev/values.yaml",
    "../helmfile/environments/dev/values.yaml",
    "$ROOT/helmfile/environments/lent/values.yaml",
    "/srv/checkout/helmfile/environments/dev/values.yaml",
    "environments and applications, environments.",
    "my-environments/dev dev.environments/dev",
    "other/applications/thing",
    "docs/environments/guide.md",
    "applications/kept/notes.md",
    "!helmfile/environments/dev/**",
]


@pytest.mark.parametrize("text", UNTOUCHED)
@pytest.mark.parametrize("path", ["README.md", "docs/a.md"])
def test_what_only_looks_like_a_legacy_path_is_not_told(text: str, path: str) -> None:
    tree = tree_of(**NEW, **{"docs/environments/guide.md": "", "applications/kept/notes.md": "", path: text})
    assert list(stale(tree, MOVES)) == []


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("x environments/dev/values.yaml y", "environments/dev/values.yaml"),
        ("x=environments/dev,", "environments/dev"),
        ("'environments/'", "environments"),
        ("environments/$env/values.yaml", "environments"),
        ("environments/made-later/values.yaml", "environments"),
        ("./environments/prod", "environments/prod"),
        ("$CURRENT_DIR/../applications/web/chart", "applications/web/chart"),
        ('"${ROOT}/environments/dev"', "environments/dev"),
        ("${{ github.workspace }}/environments/dev", "environments/dev"),
        ("{root}/environments/dev", "environments/dev"),
        ("$(pwd)/environments/dev", "environments/dev"),
        ("/environments/dev", "environments/dev"),
        ("key:environments/dev", "environments/dev"),
        ("경로environments/dev를", "environments"),
        ("/srv/checkout/environments/dev/values.yaml", "environments/dev/values.yaml"),
        ("applications/web.", "applications/web"),
        ("!environments/dev/**", "environments/dev"),
        ("environments/lent/values.yaml", "environments/lent/values.yaml"),
    ],
)
@pytest.mark.parametrize("path", ["README.md", "scripts/a.sh", "helmfile/values/note.txt"])
def test_a_word_that_names_a_legacy_path_is_told(text: str, target: str, path: str) -> None:
    if path.startswith("helmfile/"):
        text = text.replace("./environments", "$X/environments")
    tree = tree_of(**{path: f"first\n{text}\n"})
    assert [(one.path, one.line, one.target) for one in stale(tree, MOVES)] == [(path, 2, target)]


def test_a_path_from_the_file_s_own_folder_is_told() -> None:
    tree = tree_of(
        **NEW, **{"docs/a/b.md": "[x](../../environments/dev/values.yaml#L3) ../../helmfile/environments/dev/values.yaml"}
    )
    (only,) = stale(tree, MOVES)
    assert (only.text, only.target) == ("../../environments/dev/values.yaml", "environments/dev/values.yaml")


def test_a_folder_of_the_same_name_beside_the_file_is_no_legacy_path() -> None:
    tree = tree_of(
        **{"sub/environments/dev/a": "", "sub/run.sh": "cat environments/dev/a", "helmfile/environments/dev/values.yaml": ""}
    )
    assert list(stale(tree.changed({RepoPath("helmfile/x.yaml"): (Mode.FILE, b"environments/dev/values.yaml")}), MOVES)) == []


def test_the_new_place_of_a_file_that_no_commit_holds_is_no_legacy_path() -> None:
    tree = tree_of(**{"helmfile/helmfile.yaml": "- environments/lent/values.yaml\n"})
    assert list(stale(tree, MOVES)) == []


def test_each_word_of_a_line_is_told_and_lines_are_counted() -> None:
    tree = tree_of(**{"a.txt": "\n\nenvironments/dev environments/prod\n\napplications/web/chart"})
    assert [(one.line, one.target) for one in stale(tree, MOVES)] == [
        (3, "environments/dev"),
        (3, "environments/prod"),
        (5, "applications/web/chart"),
    ]


def test_the_legacy_pieces_themselves_and_binary_files_are_left_out() -> None:
    text = "environments/dev/values.yaml"
    assert list(stale(tree_of(**{"applications/web/values.yaml": text, "a.bin": f"\0{text}"}), MOVES)) == []


def test_a_line_of_a_megabyte_takes_no_long_time() -> None:
    tree = tree_of(**{"a.json": "x/environments/ " * 70_000, "b.json": "environments/" * 80_000})
    assert len(list(stale(tree, MOVES))) < 100_000
