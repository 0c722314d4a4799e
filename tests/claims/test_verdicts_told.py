"""every_file_has_a_verdict on trees made for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from migrate.claims.every_file_has_a_verdict import judge, overwritten, record_path
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from migrate.model.tree import Mode
from tests.claims import small_platform, told
from tests.claims.told import side
from tests.system.trees import Content, tree_of

FLAT = "helmfile/helmfile.yaml"
KEPT: Mapping[str, Content] = {"kept.txt": "kept\n", "a.yaml": "a: 1\n"}


def record(
    *copies: tuple[str, str], created: Sequence[str] = (), edited: Sequence[str] = (), removed: Sequence[str] = ()
) -> Record:
    """A record of these copies, and of what was written and removed."""
    paired = tuple((RepoPath(source), RepoPath(target)) for source, target in copies)
    made, changed, gone = (tuple(map(RepoPath, paths)) for paths in (created, edited, removed))
    return replace(small_platform.record(), copies=paired, created=made, edited=changed, removed=gone)


def case(
    new: Mapping[str, Content], old: Mapping[str, Content] = KEPT, said: Record | None = None, state: str = FLAT
) -> ProofCase:
    made = small_platform.case(tree_of(old), tree_of(new), without_record=True)
    return replace(made, old_state="helmfile.yaml", new_state=state, record=said)


def verdicts(asked: ProofCase) -> dict[str, tuple[bool, str]]:
    sides = [side(files={}) for _ in range(2)]
    result = judge(replace(told.gathered(*sides), case=asked))
    return {piece.subject: (piece.holds, piece.detail) for piece in result.evidence}


@pytest.mark.parametrize(
    ("new", "said", "path", "verdict"),
    [
        (KEPT, record(), "kept.txt", (True, "unchanged")),
        ({**KEPT, "kept.txt": "x"}, record(), "kept.txt", (False, "changed, and no record says so")),
        ({**KEPT, "kept.txt": "x"}, record(edited=["kept.txt"]), "kept.txt", (True, "edited")),
        ({**KEPT, "kept.txt": "x"}, record(created=["kept.txt"]), "kept.txt", (True, "edited")),
        (
            {**KEPT, "kept.txt": ("kept\n", Mode.EXECUTABLE)},
            record(edited=["kept.txt"]),
            "kept.txt",
            (False, "edited (mode 100644 became 100755)"),
        ),
        ({"a.yaml": "a: 1\n"}, record(removed=["kept.txt"]), "kept.txt", (True, "removed as recorded")),
        ({"a.yaml": "a: 1\n"}, record(), "kept.txt", (False, "removed, and no record says so")),
        (KEPT, record(removed=["kept.txt"]), "kept.txt", (False, "recorded as removed, and still there")),
        ({**KEPT, "b.yaml": "a: 1\n"}, record(("a.yaml", "b.yaml")), "b.yaml", (True, "copied")),
        ({**KEPT, "b.yaml": "b: 1\n"}, record(created=["b.yaml"]), "b.yaml", (True, "created")),
        ({**KEPT, "b.yaml": "b: 1\n"}, record(), "b.yaml", (False, "new, and no record says so")),
        ({**KEPT, "helmfile/.migrate/record.json": "{}"}, record(), "helmfile/.migrate/record.json", (True, "created")),
        (KEPT, record(created=["b.yaml"]), "b.yaml", (False, "recorded as written, and not there")),
        (KEPT, record(edited=["b.yaml"]), "b.yaml", (False, "recorded as written, and not there")),
        (KEPT, record(("a.yaml", "b.yaml")), "b.yaml", (False, "recorded as a copy of a.yaml, and not there")),
        ({**KEPT, "b.yaml": ""}, record(("gone", "b.yaml")), "b.yaml", (False, "recorded as a copy of gone, and not there")),
    ],
)
def test_each_path_is_what_the_record_says(
    new: Mapping[str, Content], said: Record, path: str, verdict: tuple[bool, str]
) -> None:
    assert verdicts(case(new, said=said))[path] == verdict


@pytest.mark.parametrize(
    ("new", "state", "path", "verdict"),
    [
        ({**KEPT, "b.yaml": "a: 1\n"}, FLAT, "b.yaml", (True, "copied")),
        ({**KEPT, "helmfile/b.yaml": "b: 1\n"}, FLAT, "helmfile/b.yaml", (True, "created")),
        ({**KEPT, "b.yaml": "b: 1\n"}, FLAT, "b.yaml", (False, "new, outside of the new state file's folder")),
        ({**KEPT, "b.yaml": "b: 1\n"}, "flat.yaml", "b.yaml", (False, "new, outside of the new state file's folder")),
        ({"kept.txt": "kept\n", "b.yaml": "a: 1\n"}, FLAT, "a.yaml", (True, "moved")),
        ({"kept.txt": "kept\n"}, FLAT, "a.yaml", (False, "removed, and its bytes are nowhere on the branch")),
        ({**KEPT, "kept.txt": "x"}, FLAT, "kept.txt", (False, "changed, and no record says so")),
    ],
)
def test_without_a_record_bytes_tell(new: Mapping[str, Content], state: str, path: str, verdict: tuple[bool, str]) -> None:
    assert verdicts(case(new, state=state))[path] == verdict


def test_what_is_called_created_and_was_there_with_other_bytes_was_overwritten() -> None:
    old = {**KEPT, FLAT: "old\n", "same.txt": "same\n"}
    new = {**old, FLAT: "new\n", "kept.txt": "x", "b.yaml": ""}
    said = record(created=[FLAT, "kept.txt", "same.txt", "b.yaml"])
    assert overwritten(case(new, old, said)) == ("kept.txt",)
    assert overwritten(case(new, old)) == ()


def test_the_record_lies_beside_the_new_state_file() -> None:
    assert record_path(case(KEPT)) == "helmfile/.migrate/record.json"
    assert record_path(case(KEPT, state="flat.yaml")) == ".migrate/record.json"
