from __future__ import annotations

from migrate.flatten.mentions import joined, respelt
from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.operations import Create, Rewrite, apply_all
from migrate.references.moves import Moves
from tests.claims.small_platform import tree

IGNORE = RepoPath(".gitignore")


def test_edits_of_one_file_are_one_operation_that_fits_the_file_as_it_is() -> None:
    first = Rewrite(IGNORE, (Edit(2, b"", b"b\n"),), "one", 5)
    created = Create(RepoPath("new"), "x", Mode.FILE, "made", 1)
    second = Rewrite(IGNORE, (Edit(0, b"a", b"longer"), Edit(2, b"c", b"d")), "two", 11)
    operations = joined((first, created, second))
    assert [type(operation) for operation in operations] == [Rewrite, Create]
    assert operations[0].reason == "one; two"
    after = apply_all(tree({".gitignore": "a\nc\n"}), operations)
    assert after.read(".gitignore") == b"longer\nb\nd\n"


def test_operations_without_a_shared_file_stay_as_they_are() -> None:
    operations = (Rewrite(IGNORE, (Edit(0, b"a", b"b"),), "one", 5), Rewrite(RepoPath("x"), (Edit(0, b"a", b"b"),), "two", 11))
    assert joined(operations) == operations


MOVES = Moves(
    {RepoPath("environments/dev/values.yaml"): RepoPath("helmfile/environments/dev/values.yaml")},
    frozenset({RepoPath("helmfile.yaml")}),
    RepoPath("helmfile.yaml"),
    RepoPath("helmfile/helmfile.yaml"),
    frozenset({RepoPath("environments/dev/values.yaml"), RepoPath("helmfile.yaml")}),
)


def test_a_text_that_no_finder_knows_is_told_all_the_same() -> None:
    script = '#!/bin/bash\nwhile read -r e f; do cat "$f"; done <<< "dev environments/dev/values.yaml"\n'
    rewrites, findings = respelt(tree({"read.sh": script, "environments/dev/values.yaml": "a: 1\n"}), MOVES, ())
    assert rewrites == ()
    assert [(finding.slug, finding.path, finding.line) for finding in findings] == [("reference-not-rewritten", "read.sh", 2)]


def test_a_folder_that_a_sourced_file_names_is_told_where_it_is_used() -> None:
    files = {
        "lib.sh": "ENV_DIR=environments\n",
        "show.sh": '#!/bin/bash\n. ./lib.sh\ncat "$ENV_DIR/dev/values.yaml"\n',
        "environments/dev/values.yaml": "a: 1\n",
    }
    rewrites, findings = respelt(tree(files), MOVES, ())
    assert rewrites == ()
    assert ("reference-not-rewritten", "show.sh", 3) in [(finding.slug, finding.path, finding.line) for finding in findings]


def test_a_call_in_a_file_of_unknown_syntax_and_a_link_from_elsewhere_are_told() -> None:
    files = {
        "Taskfile.yml": "tasks:\n  deploy:\n    cmds:\n      - helmfile -e dev apply\n",
        "package.json": '{"scripts": {"deploy": "helmfile -e dev sync"}}\n',
        "notes.txt": "the helmfile is read first\n",
        "environments/dev/values.yaml": "a: 1\n",
    }
    link = {RepoPath("current.yaml"): (Mode.LINK, b"environments/dev/values.yaml")}
    rewrites, findings = respelt(tree(files).changed(link), MOVES, ())
    assert rewrites == ()
    assert [(finding.path, finding.line) for finding in findings] == [
        ("Taskfile.yml", 4),
        ("package.json", 1),
        ("current.yaml", 0),
    ]


def test_python_that_counts_the_parts_of_a_path_is_left() -> None:
    script = "import glob\nfor f in glob.glob('environments/*/values.yaml'):\n    print(f.split('/')[1])\n"
    rewrites, findings = respelt(tree({"a.py": script, "environments/dev/values.yaml": "a: 1\n"}), MOVES, ())
    assert rewrites == ()
    assert ["line 3 counts the parts" in finding.message for finding in findings] == [True]
