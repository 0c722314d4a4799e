from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.references.ignore_files import IgnoreFiles, line_beside
from tests.references.pieces import MOVES, after, found, outcome

UNTOUCHED = [
    (".gitignore", "environments/\n"),  # at any depth, so at its new place as well
    (".gitignore", "environments\n*.tgz\nvalues.yaml\n"),
    (".gitignore", "# environments/dev\n"),
    (".gitignore", "/docs/environments/dev\n~/applications/web\n"),
    ("kubespray/.gitignore", "/environments/dev\n"),
    (".gitattributes", "[attr]environments/dev x\n*.yaml text\n"),
    ("CODEOWNERS", "environments/ @team\n[Environments/dev] @team\n* @environments/dev\n"),
    ("CODEOWNERS", "docs/x environments/dev@example.org\n"),
]


@pytest.mark.parametrize(("path", "content"), UNTOUCHED)
def test_a_pattern_that_is_tied_to_no_moved_place_is_no_reference(path: str, content: str) -> None:
    assert found(IgnoreFiles(), path, content) == ()


def test_other_lists_are_not_read() -> None:
    assert not IgnoreFiles().reads(RepoPath("applications/web/chart/.helmignore"), b"")


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("/environments/ @a\n", "/helmfile/environments/ @a\n"),
        ("environments/dev @a @b # why\n", "helmfile/environments/dev @a @b # why\n"),
        ("/environments/*/values.yaml @a\r\n", "/helmfile/environments/*/values.yaml @a\r\n"),
        ("/applications/*/chart/** @a", "/helmfile/charts/custom/*/** @a"),
        ("\ufeffenvironments/dev @a\n", "\ufeffhelmfile/environments/dev @a\n"),
    ],
)
@pytest.mark.parametrize("path", ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"])
def test_owners_go_with_their_files(path: str, before: str, wanted: str) -> None:
    assert after(IgnoreFiles(), path, before) == wanted


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".gitignore", "environments/lent/values.yaml"),
        (".gitignore", "!/environments/lent/values.yaml  \r\n"),
        ("environments/.gitignore", "/lent/values.yaml\n"),
        (".dockerignore", "/environments/lent/values.yaml\n"),
        (".gitattributes", '"environments/lent/values.yaml" text eol=crlf\n'),
    ],
)
def test_a_line_stays_as_long_as_the_old_place_does(path: str, content: str) -> None:
    (only,) = found(IgnoreFiles(), path, content)
    assert (only.target, only.becomes) == ("environments/lent/values.yaml", "helmfile/environments/lent/values.yaml")
    assert "as long as the old place" in only.reason
    assert after(IgnoreFiles(), path, content) == content


def test_one_line_that_is_not_clear_holds_no_other_back() -> None:
    content = "/applications/web @a\n/environments/dev @b\n"
    assert after(IgnoreFiles(), "CODEOWNERS", content) == "/applications/web @a\n/helmfile/environments/dev @b\n"
    assert outcome(found(IgnoreFiles(), "CODEOWNERS", content))[0] == (1, "applications/web", "guessed")


def test_a_pattern_with_escapes_is_only_told() -> None:
    (only,) = found(IgnoreFiles(), "CODEOWNERS", "/environments/dev/a\\ b @a\n")
    assert "escapes" in only.reason


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("a\n/environments/dev/\nb\n", "a\n/environments/dev/\n/helmfile/environments/dev/\nb\n"),
        ("!environments/lent/values.yaml", "!environments/lent/values.yaml\n!helmfile/environments/lent/values.yaml"),
        ("environments/*/x\r\nb\r\n", "environments/*/x\r\nhelmfile/environments/*/x\r\nb\r\n"),
        ("applications/*/chart/a.tgz\n", "applications/*/chart/a.tgz\nhelmfile/charts/custom/*/a.tgz\n"),
        ("environments/dev\nhelmfile/environments/dev\n", "environments/dev\nhelmfile/environments/dev\n"),
        ("applications/web\n", "applications/web\n"),
    ],
)
def test_a_line_for_the_new_place_stands_beside_that_of_the_old_one(content: str, wanted: str) -> None:
    data = content.encode()
    edits = [edit for reference in found(IgnoreFiles(), ".gitignore", data) if (edit := line_beside(data, reference))]
    assert splice(data, edits).decode() == wanted


def test_a_new_place_outside_of_the_list_s_folder_gets_no_line() -> None:
    data = b"lent/values.yaml\n"
    (only,) = found(IgnoreFiles(), "environments/.gitignore", data)
    assert line_beside(data, only) is None


@given(st.lists(st.sampled_from(["/environments/dev", "environments/*/values.yaml", "docs/x", "# x", "", "*.tgz", "\u00e9/é"])))
def test_what_is_respelt_means_nothing_that_moves_any_more(lines: list[str]) -> None:
    content = "\n".join(f"{line} @owner" for line in lines)
    new = after(IgnoreFiles(), "CODEOWNERS", content)
    assert found(IgnoreFiles(), "CODEOWNERS", new, MOVES) == ()
    assert new.replace("helmfile/", "") == content
