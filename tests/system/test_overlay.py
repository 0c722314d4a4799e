"""A tree laid over another one is what it would be if it were written out by itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.model.tree import Mode
from migrate.system.overlay import lay_over
from migrate.system.workspace import Workspace, write_out
from tests.system.trees import Content, tree_of

ABSENT = {"tools/helm": "1" * 40}
FIRST: Mapping[str, Content] = {
    "helmfile/helmfile.yaml": "releases: []\n",
    "helmfile/values/a.yaml": "a: 1\n",
    "helmfile/run.sh": ("exit 0\n", Mode.EXECUTABLE),
    "helmfile/link": Path("values/a.yaml"),
    "out": Path("/etc"),
    "sub": ("", Mode.SUBMODULE),
}
RULES: Content = "*.yaml eol=crlf\n"

CHANGES: Mapping[str, Mapping[str, Content | None]] = {
    "nothing": {},
    "other bytes": {"helmfile/values/a.yaml": "a: 2\n"},
    "dropped": {"helmfile/values/a.yaml": None},
    "added": {"helmfile/new/b.yaml": "b: 1\n"},
    "mode": {"helmfile/values/a.yaml": ("a: 1\n", Mode.EXECUTABLE)},
    "link became a file": {"helmfile/link": "x"},
    "link leads elsewhere": {"helmfile/link": Path("run.sh")},
    "rules": {".gitattributes": RULES},
}


def seen(workspace: Workspace) -> dict[str, object]:
    """Everything that programs can see below the top, and what the workspace says of it."""
    top = workspace.top
    found: dict[str, object] = {}
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            found[name] = path.readlink()
        else:
            found[name] = (path.read_bytes(), os.access(path, os.X_OK)) if path.is_file() else "folder"
    found["absent"], found["left out"] = workspace.absent, workspace.left_out
    found["executable"] = {path.relative_to(top).as_posix() for path in workspace.executable}
    found["unwritten"] = {path.relative_to(top).as_posix(): oid for path, oid in workspace.unwritten.items()}
    return found


@pytest.mark.parametrize("ruled", [False, True], ids=["no rules", "rules"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_overlay_is_what_would_be_written_out(change: str, ruled: bool, tmp_path: Path) -> None:
    files = {**FIRST, **({".gitattributes": RULES} if ruled else {})}
    after = {path: content for path, content in {**files, **CHANGES[change]}.items() if content is not None}
    before, tree, lent = tree_of(files, ABSENT), tree_of(after, ABSENT), {"helmfile/lent.yaml": b"x: 1\n"}
    base = write_out(before, tmp_path / "base", lent, executable=False)
    healthy = seen(base)
    laid = lay_over(base, before, tree, tmp_path / "laid", lent)
    assert seen(laid) == seen(write_out(tree, tmp_path / "whole", lent, executable=False))
    assert seen(base) == healthy


def test_equal_files_are_shared(tmp_path: Path) -> None:
    before = tree_of(FIRST)
    base = write_out(before, tmp_path / "base", {}, executable=False)
    laid = lay_over(base, before, tree_of({**FIRST, "helmfile/helmfile.yaml": "{}\n"}), tmp_path / "laid", {})
    shared, own = "helmfile/values/a.yaml", "helmfile/helmfile.yaml"
    assert (laid.top / shared).samefile(base.top / shared)
    assert not (laid.top / own).samefile(base.top / own)
