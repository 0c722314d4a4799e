from __future__ import annotations

from migrate.flatten.mentions import joined
from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.operations import Create, Rewrite, apply_all
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
