from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.errors import BadInput
from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree
from migrate.system.git import open_repository
from migrate.system.workspace import write_out
from tests.conftest import MakeRepo
from tests.system.trees import tree_of

ABSENT = "1" * 40


def out(tree: Tree, tmp_path: Path) -> Path:
    return write_out(tree, tmp_path / "tree", {}).top


def test_modes_links_and_submodules_are_those_of_a_checkout(tmp_path: Path) -> None:
    tree = tree_of(
        {"a/run.sh": ("#!/bin/sh\n", Mode.EXECUTABLE), "a/plain": "x", "a/link": Path("plain"), "sub": ("", Mode.SUBMODULE)}
    )
    top = out(tree, tmp_path)
    assert os.access(top / "a/run.sh", os.X_OK)
    assert not os.access(top / "a/plain", os.X_OK)
    assert (top / "a/link").readlink() == Path("plain")
    assert list((top / "sub").iterdir()) == []


def test_without_executable_no_file_can_be_run_but_the_modes_are_known(tmp_path: Path) -> None:
    workspace = write_out(tree_of({"run.sh": ("", Mode.EXECUTABLE)}), tmp_path / "tree", {}, executable=False)
    assert not os.access(workspace.top / "run.sh", os.X_OK)
    assert workspace.executable == {workspace.top / "run.sh"}


def test_paths_with_blanks_and_korean_letters(tmp_path: Path) -> None:
    top = out(tree_of({"앱/값 파일.yaml": "가: 1\n", ".gitattributes": "*.yaml eol=crlf\n"}), tmp_path)
    assert (top / "앱/값 파일.yaml").read_bytes() == "가: 1\r\n".encode()


def test_a_blob_that_nobody_has_is_left_out_and_named(tmp_path: Path) -> None:
    workspace = write_out(tree_of({"here": "x"}, absent={"gone/tool": ABSENT}), tmp_path / "tree", {})
    assert workspace.absent == {"gone/tool"}
    assert not (workspace.top / "gone/tool").exists()


def test_a_link_whose_blob_nobody_has_is_absent(tmp_path: Path) -> None:
    tree = tree_of({"here": "x"}, absent={"link": ABSENT})
    entries = {**tree.entries, RepoPath("link"): Entry(Mode.LINK, ABSENT)}
    assert write_out(replace(tree, entries=entries), tmp_path / "tree", {}).absent == {"link"}


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "inner/../../../outside", "relay"])
def test_a_link_that_leaves_the_tree_is_left_out_and_named(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside").write_text("secret")
    tree = tree_of({"inner/file": "x", "inner/relay": Path("../../outside"), "inner/link": Path(target)})
    workspace = write_out(tree, tmp_path / "tree", {})
    assert "inner/relay" in workspace.left_out
    assert not (workspace.top / "inner/link").exists()
    assert all("secret" not in path.read_text() for path in workspace.top.rglob("*") if path.is_file())


def test_a_link_through_a_linked_folder_is_judged_by_where_it_ends(tmp_path: Path) -> None:
    tree = tree_of({"a/b/c/file": "x", "short": Path("a/b/c"), "up": Path("short/../../../../outside")})
    assert write_out(tree, tmp_path / "tree", {}).left_out == {"up"}


ATTRIBUTES = """\
* text=auto
*.bat eol=crlf
*.txt text eol=crlf
*.id ident
*.u16 working-tree-encoding=UTF-16LE
*.bin -text
big/** filter=lfs diff=lfs merge=lfs -text
"""
FILES: dict[str, str | bytes | Path] = {
    ".gitattributes": ATTRIBUTES,
    "a.bat": "one\ntwo\n",
    "deep/b.txt": "one\ntwo\n",
    "c.id": "$Id$\n",
    "d.u16": "text\n".encode("utf-16-le"),
    "e.bin": b"\0one\ntwo\r\n",
    "f.yaml": "a: 1\n",
    "deep/.gitattributes": "b.txt -text -eol\n",
    "big/chart.tgz": "version https://git-lfs.github.com/spec/v1\n",
}


def test_bytes_are_those_of_a_checkout_without_the_users_configuration(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = make_repo(FILES)
    reference = tmp_path / "reference"
    subprocess.run(["git", "clone", "-q", str(repository), str(reference)], check=True)
    hostile = tmp_path / "gitconfig"
    hostile.write_text('[core]\n\tautocrlf = true\n\teol = crlf\n[filter "lfs"]\n\tsmudge = echo smudged\n\trequired = true\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(hostile))
    top = out(open_repository(repository).read_tree("HEAD"), tmp_path)
    assert {name: (top / name).read_bytes() for name in FILES} == {name: (reference / name).read_bytes() for name in FILES}
    assert (top / "a.bat").read_bytes() == b"one\r\ntwo\r\n"
    assert (top / "deep/b.txt").read_bytes() == b"one\ntwo\n"


def test_a_lent_file_is_written(tmp_path: Path) -> None:
    workspace = write_out(tree_of({"a": "x"}), tmp_path / "tree", {"environments/lab/values.yaml": b"k: 1\n"})
    assert (workspace.top / "environments/lab/values.yaml").read_bytes() == b"k: 1\n"


def test_a_lent_file_never_takes_the_place_of_a_tracked_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the commit has this file"):
        write_out(tree_of({"a": "x"}), tmp_path / "tree", {"a": b"y"})


def test_a_lent_file_can_not_leave_through_a_link(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write_out(tree_of({"a": "x"}), tmp_path / "tree", {"../b": b"y"})
