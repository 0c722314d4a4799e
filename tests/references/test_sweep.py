from __future__ import annotations

import pytest

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.references.snippet import Snippet
from migrate.references.sweep import Sweep
from migrate.references.tokens import tokens
from tests.references.pieces import after, found, outcome, tree_of

UNTOUCHED = [
    "see ~/applications/web and ~/environments/dev",
    "image: registry.example.org/applications/web:1",
    "https://example.org/blob/main/environments/dev/values.yaml",
    "docs/deployment-environments.md",
    "helmfile/environments/dev/values.yaml",
    "the environments and applications of helmfile.yaml",
    "/environments/dev",
    "dev.environments/x",
    "apiVersion: apps/v1, networking.k8s.io/v1, a/b",
    "*/values.yaml ./*.yaml **/*.yaml ?/x",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_only_looks_like_a_moved_piece_is_not_told(text: str) -> None:
    assert found(Sweep(), "notes.conf", text) == ()


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ('a = "environments/dev/values.yaml"', "environments/dev/values.yaml"),
        ("file:environments/dev.", "environments/dev"),
        ("values=./environments/dev/,x", "environments/dev"),
        ("(../environments/dev)", "environments/dev"),
        ("environments/{{ env }}/values.yaml", "environments/{{{ env }}}/values.yaml"),
        ("environments/$env/values.yaml", "environments/{$env}/values.yaml"),
        ("environments/*/values.yaml", "environments/*/values.yaml"),
        ("environments/[환경]/values.yaml", "environments/[환경]/values.yaml"),
        ("environments/prod를", "environments/prod"),
        ("**environments/dev/values.yaml**", "environments/dev/values.yaml"),
        ("a/b c\nenvironments/dev", "environments/dev"),
    ],
)
def test_a_word_that_means_a_moved_piece_is_told_and_left(text: str, target: str) -> None:
    (only,) = found(Sweep(), "tools/notes.conf", text)
    assert (only.target, str(only.certainty)) == (target, "guessed")
    assert only.reason == "a .conf file is only looked through: its syntax is not known here"
    assert after(Sweep(), "tools/notes.conf", text) == text


LEGACY = ["apiVersion: apps/v1", "#!/usr/bin/env bash", "sed s/a/b/ x/y", ".git/"]


@pytest.mark.parametrize("text", LEGACY)
def test_a_word_that_leads_nowhere_from_a_legacy_folder_is_none(text: str) -> None:
    assert found(Sweep(), "applications/web/notes.conf", text) == ()


def test_a_path_from_the_top_is_seen_in_a_legacy_folder() -> None:
    (only,) = found(Sweep(), "applications/web/notes.conf", "see environments/dev/values.yaml")
    assert only.target == "environments/dev/values.yaml"


def test_a_path_that_leads_nowhere_is_told_where_it_is_written_from_the_top() -> None:
    told = found(Sweep(), "applications/web/notes.conf", "applications/web/none.yaml ./none.yaml")
    assert outcome(told) == [(1, "applications/web/none.yaml", "dangling")] * 2


def test_a_folder_of_the_same_name_beside_the_file_is_meant_first() -> None:
    tree = tree_of(**{"sub/environments/dev": "", "sub/x.conf": "environments/dev"})
    (only,) = Sweep().find(tree, Snippet.whole(RepoPath("sub/x.conf"), b"environments/dev"))
    assert only.folders == ("sub", "")


def test_lines_are_counted_from_one() -> None:
    assert outcome(found(Sweep(), "x.ini", "a\nenvironments/dev\n\nenvironments/prod"))[1] == (4, "environments/prod", "guessed")


def test_binary_files_are_none_of_its() -> None:
    assert not Sweep().reads(RepoPath("a"), b"a\0environments/dev")
    assert found(Sweep(), "a", b"x" * 300 + b"\0 environments/dev/values.yaml") == ()


def test_text_that_is_too_large_is_an_error_and_no_silence() -> None:
    with pytest.raises(UnreadableSource, match=r"big\.txt: too large"):
        found(Sweep(), "big.txt", b"x\n" * 4_600_000)


def test_bytes_that_are_no_utf8_do_no_harm() -> None:
    (only,) = found(Sweep(), "a.txt", "한글 environments/dev 값".encode("euc-kr"))
    assert only.target == "environments/dev"


def test_words_are_found_in_a_time_that_grows_with_the_text_only() -> None:
    assert len(list(tokens(b"a/b" + b"[" * 50_000 + b"{" * 50_000 + b"$(" * 50_000 + b"<" * 50_000))) == 1
