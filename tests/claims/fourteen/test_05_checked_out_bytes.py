"""What a checkout gives is compared, not blobs alone: line ends, encodings, filters, modes, links, submodules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.claims import bytes_kept
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import CellVerdict
from migrate.model.record import Record
from migrate.model.tree import Mode
from migrate.system.git import open_repository
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import Pieces, case, cell_of
from tests.conftest import FileContent, MakeRepo
from tests.system.trees import Content, tree_of

SOURCE, TARGET = "applications/a/run.sh", "helmfile/charts/a/run.sh"


def wrong(asked: ProofCase) -> list[str]:
    """What bytes_kept finds wrong; it looks at nothing but the case."""
    side = SideFacts(asked.old, "", {})
    result = bytes_kept.judge(Gathered(asked, side, side, {}, (), {}))
    return [f"{piece.subject}: {piece.detail}" for piece in result.evidence if not piece.holds]


def copied(old: Mapping[str, Content], new: Mapping[str, Content]) -> ProofCase:
    """A case with one copy, without attributes."""
    asked = case({})
    assert asked.record
    recorded: Record = replace(asked.record, copies=((RepoPath(SOURCE), RepoPath(TARGET)),), created=())
    trees = tree_of(old), tree_of({**old, **new})
    attributes: list[dict[str, dict[str, str]]] = [{path: {} for path in tree} for tree in trees]
    return replace(asked, old=trees[0], new=trees[1], record=recorded, old_attributes=attributes[0], new_attributes=attributes[1])


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("applications/** text eol=crlf\n", ["git attributes differ: eol, text"]),
        ("*.sh text eol=crlf\n", []),
        ("applications/** filter=lfs diff=lfs merge=lfs -text\n", ["git attributes differ: diff, filter, merge, text"]),
        ("applications/** ident\n", ["git attributes differ: ident"]),
        ("applications/** export-ignore\n", ["git attributes differ: export-ignore"]),
        ("applications/** eol=crlf\nhelmfile/** eol=crlf\n", []),
        ("helmfile/** binary\n", ["git attributes differ: binary, diff, merge, text"]),
    ],
)
def test_git_itself_says_which_attributes_a_copy_has(attributes: str, said: list[str], make_repo: MakeRepo) -> None:
    files: dict[str, FileContent] = {".gitattributes": attributes, SOURCE: "one\ntwo\n"}
    trees = [open_repository(make_repo(tree)).read_tree("HEAD") for tree in (files, {**files, TARGET: "one\ntwo\n"})]
    reader = open_repository(make_repo({}))
    asked = replace(
        copied({SOURCE: "one\ntwo\n"}, {TARGET: "one\ntwo\n"}),
        old=trees[0],
        new=trees[1],
        old_attributes=reader.attributes(list(trees[0]), trees[0]),
        new_attributes=reader.attributes(list(trees[1]), trees[1]),
    )
    assert wrong(asked) == [f"{SOURCE} -> {TARGET}: {detail}" for detail in said]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (("x", Mode.EXECUTABLE), ("x", Mode.EXECUTABLE), ""),
        (("x", Mode.EXECUTABLE), ("x", Mode.FILE), "mode 100755 became 100644"),
        ("x\n", "x\r\n", "other bytes"),
        (Path("x"), ("x", Mode.FILE), "mode 120000 became 100644"),
    ],
)
def test_modes_and_line_ends_of_a_copy_count(old: Content, new: Content, said: str) -> None:
    found = wrong(copied({SOURCE: old}, {TARGET: new}))
    assert found == ([f"{SOURCE} -> {TARGET}: {said}"] if said else [])


LIB: dict[str, Content] = {"applications/lib.sh": "x\n", "applications/conf/b/c": "x\n"}
ELSEWHERE = "a link that leads to something else from its new place"


@pytest.mark.parametrize(
    ("text", "new", "said"),
    [
        ("../lib.sh", {}, ELSEWHERE),
        ("../lib.sh", {"helmfile/charts/lib.sh": "x\n"}, ""),
        ("../lib.sh", {"helmfile/charts/lib.sh": "y\n"}, ELSEWHERE),
        ("../lib.sh", {"helmfile/charts/lib.sh": ("x\n", Mode.EXECUTABLE)}, ELSEWHERE),
        ("../conf", {"helmfile/charts/conf/b/c": "x\n"}, ""),
        ("../conf", {"helmfile/charts/conf/b/c": "x\n", "helmfile/charts/conf/d": ""}, ELSEWHERE),
        ("../through/c", {"helmfile/charts/through": Path("conf/b")}, ELSEWHERE),
        ("../through/c", {"helmfile/charts/through": Path("../../applications/conf/b")}, ""),
        ("nowhere", {}, ""),
        ("/etc/hosts", {}, ""),
        ("../../../etc/hosts", {}, ELSEWHERE),
        ("run.sh", {}, ""),
    ],
)
def test_a_copied_link_counts_by_what_it_leads_to(text: str, new: dict[str, Content], said: str) -> None:
    old: dict[str, Content] = {**LIB, "applications/through": Path("conf/b"), SOURCE: Path(text)}
    found = wrong(copied(old, {**new, TARGET: Path(text)}))
    assert found == ([f"{SOURCE} -> {TARGET}: {said}"] if said else [])


@pytest.mark.parametrize(("path", "known"), [(SOURCE, False), (TARGET, True)])
def test_a_copied_submodule_must_be_registered_at_its_new_place(path: str, known: bool) -> None:
    module: Content = ("a", Mode.SUBMODULE)
    modules = f'[submodule "a"]\n\tpath = {path}\n\turl = https://example.org/a\n'
    assert (wrong(copied({SOURCE: module}, {TARGET: module, ".gitmodules": modules})) == []) is known


def test_a_written_file_under_a_filter_is_refused() -> None:
    asked = copied({SOURCE: "x"}, {TARGET: "x", "helmfile/values/new.yaml": "a: 1\n"})
    assert asked.record
    created = replace(asked, record=replace(asked.record, created=(RepoPath("helmfile/values/new.yaml"),)))
    filtered = {**asked.new_attributes, "helmfile/values/new.yaml": {"filter": "git-crypt"}}
    assert wrong(created) == []
    assert "has the filter git-crypt" in wrong(replace(created, new_attributes=filtered))[0]
    assert "has the filter git-crypt" in wrong(replace(created, record=None, new_attributes=filtered))[0]


@pytest.mark.parametrize("attribute", ["text eol=crlf", "ident", "working-tree-encoding=UTF-16LE"])
def test_helm_is_given_the_bytes_of_a_checkout(attribute: str, prove_dev: Prove) -> None:
    """The claims are given attributes that agree, so that only the bytes written out tell the sides apart."""
    pieces: Pieces = {"/.gitattributes": f"apps/one/values.yaml {attribute}\n", "chart/values.yaml": "# $Id$\na: 1\n"}
    cell = cell_of(prove_dev(case(pieces)))
    assert not cell.verdict.green
    same = {**pieces, "/.gitattributes": f"values.yaml {attribute}\n"}
    if "UTF-16" not in attribute:
        assert cell_of(prove_dev(case(same))).verdict is CellVerdict.EQUAL
