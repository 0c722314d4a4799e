"""The reach of a deployment is measured once for the same trees, tools and environments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrate.analyzers.needed import needed
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from migrate.reach import Measured, measure_reach
from migrate.system.git import open_repository
from migrate.system.helmfile import Sides
from migrate.system.memory import FileMemory
from migrate.system.toolbox import ToolPair
from tests.conftest import MakeRepo
from tests.end_to_end.small import small_files


def silent(_what: str, _done: int, _total: int) -> None:
    pass


def test_what_was_measured_is_remembered_and_nothing_else_answers(make_repo: MakeRepo, tools: ToolPair, tmp_path: Path) -> None:
    tree = needed(open_repository(make_repo(small_files())).read_tree("HEAD"), "helmfile.yaml")
    other = tree.changed({RepoPath("environments/prod/values.yaml"): (Mode.FILE, b"colour: blue\n")})
    sides, memory = Sides(tools.helmfile.path, tools.helm.path), FileMemory(tmp_path)
    measured = Measured((tree, "helmfile.yaml"), (other, "helmfile.yaml"), ("prod",))
    found = measure_reach(sides, measured, silent, memory)
    assert [(r.environment, r.command, r.before, r.after, bool(r.cause_before)) for r in found] == [
        ("prod", "sync", ("api/api", "web/web"), (), False),
        ("prod", "apply", ("api/api", "web/web"), (), False),
    ]
    assert "color" in found[0].cause_after
    assert measure_reach(sides, measured, silent, memory) == found
    assert len(list(tmp_path.iterdir())) == 1
    assert replace(measured, new=measured.old).key(sides.versions()) != measured.key(sides.versions())
    assert measured.key({"helm": "another"}) != measured.key(sides.versions())


def test_a_memory_that_is_damaged_is_as_if_it_were_empty(tmp_path: Path) -> None:
    memory = FileMemory(tmp_path)
    memory.keep("a", ["x"])
    assert memory.recall("a") == ["x"]
    (kept,) = tmp_path.iterdir()
    kept.write_text("{")
    assert memory.recall("a") is None
    assert FileMemory(Path("/dev/null/x")).recall("a") is None


def test_what_another_edition_of_the_program_kept_is_not_recalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileMemory(tmp_path).keep("a", ["x"])
    monkeypatch.setattr("migrate.system.memory._edition", lambda: "another")
    assert FileMemory(tmp_path).recall("a") is None
