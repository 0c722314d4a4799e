"""Which room may import which: docs/explanation/architecture.md as a test. Imports are read from the syntax tree."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import migrate

PACKAGE = Path(migrate.__file__).parent

LEVELS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("model",),
    ("plant", "ports", "formats"),  # plant knows no parser, so that it shares none with the claims
    ("layout", "tiers"),
    ("config",),
    ("analyzers", "references", "operations", "record", "history", "images"),
    ("charts",),
    ("flatten", "plan", "claims", "merge", "shell_scripts", "vendoring"),
    ("plan_json", "reach"),
    ("planner", "writer", "measuring"),
    ("prover",),
    ("trial", "carrying"),
    ("pipeline",),
)
"""A room may import itself and the rooms of the levels above it in this list (those that know less). Rooms side by side don't."""

BESIDE: dict[str, frozenset[str]] = {
    "report": frozenset(
        {"errors", "model", "operations", "plan", "plan_json", "claims", "merge"}
    ),  # claims for the evidence of `explain`
    "system": frozenset({"errors", "model", "ports", "formats"}),
}
"""Rooms that stand beside the levels, with what they may import. Only the command line imports them."""

COMMAND_LINE = frozenset({"cli", "__main__"})

AT_HOME: dict[str, frozenset[str]] = {
    "ruamel": frozenset({"formats"}),
    "libcst": frozenset({"formats"}),
    "markdown_it": frozenset({"formats"}),
    "tree_sitter": frozenset({"formats"}),
    "tree_sitter_bash": frozenset({"formats"}),
    "deepdiff": frozenset({"claims"}),
    "git": frozenset({"system"}),
    "gitdb": frozenset({"system"}),
    "click": COMMAND_LINE,
    "rich": COMMAND_LINE | {"report"},
    "yaml": frozenset(),  # comes with libcst, is no dependency of this project, and reads YAML 1.1 otherwise than helmfile
    **dict.fromkeys(("subprocess", "fcntl", "tempfile", "shutil", "socket", "multiprocessing"), frozenset({"system"})),
}
"""Packages that live in one room only."""


def imports(source: str, module: str, *, package: bool) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a module imports, also inside functions and for type checking."""
    here = module.split(".")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = node.level - 1 if package else node.level
            parents = here[: len(here) - up] if node.level else []
            origin = ".".join([*parents, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def room_of(dotted: str) -> str:
    """`migrate.system.git` -> `system`; the package itself, for `from migrate import __version__` -> `errors`, the lowest."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] != "__version__" else "errors"


def allowed(room: str) -> frozenset[str]:
    """The rooms that a room may import, besides itself. KeyError for a room that nobody placed."""
    if room in COMMAND_LINE:
        return frozenset(name for level in LEVELS for name in level) | BESIDE.keys() | COMMAND_LINE
    if room in BESIDE:
        return BESIDE[room]
    height = next((index for index, level in enumerate(LEVELS) if room in level), None)
    if height is None:
        raise KeyError(f"the room {room} stands in no level of tests/test_architecture.py")
    return frozenset(name for level in LEVELS[:height] for name in level)


def trespasses(source: str, module: str, *, package: bool = False) -> list[str]:
    """What a module imports although its room may not."""
    room, found = room_of(module), []
    for line, dotted in imports(source, module, package=package):
        top = dotted.split(".")[0]
        if top == "migrate":
            wrong = room_of(dotted) != room and room_of(dotted) not in allowed(room)
        else:
            foreign = top not in sys.stdlib_module_names
            wrong = (top in AT_HOME and room not in AT_HOME[top]) or (room in ("model", "errors") and foreign)
        if wrong:
            found.append(f"{module}:{line} imports {dotted}")
    return found


def modules() -> Iterator[tuple[Path, str, bool]]:
    """Every module of the package: file, dotted name, whether it is a package."""
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        package = parts[-1] == "__init__"
        yield file, ".".join(parts[:-1] if package else parts), package


def test_every_module_imports_only_what_its_room_may() -> None:
    found = [
        line
        for file, module, package in modules()
        if module != "migrate"
        for line in trespasses(file.read_text(encoding="utf-8"), module, package=package)
    ]
    assert not found, "\n".join(found)


def test_only_the_trial_knows_the_planter() -> None:
    """A claim that used the planter's code would be tested by itself."""
    users = {
        room_of(module)
        for file, module, package in modules()
        for _, dotted in imports(file.read_text(encoding="utf-8"), module, package=package)
        if dotted.startswith("migrate.plant.") or dotted == "migrate.plant"
    }
    assert "plant" in users
    assert users <= {"plant", "trial"}


def test_every_room_stands_in_the_table() -> None:
    rooms = {room_of(module) for _, module, _ in modules()}
    assert len(rooms) > 8
    for room in rooms:
        allowed(room)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("migrate.model.tree", "import pathspec"),
        ("migrate.model.tree", "from migrate.formats import yaml_source"),
        ("migrate.model.tree", "def read():\n    import subprocess"),
        ("migrate.planner", "from migrate.system.git import repository"),
        ("migrate.planner", "from .system import git"),
        ("migrate.planner", "from . import pipeline"),
        ("migrate.planner", "import migrate.writer"),
        ("migrate.analyzers.charts", "from ruamel.yaml import YAML"),
        ("migrate.claims.renders_equal", "import migrate.prover"),
        ("migrate.report.text", "from migrate.formats.yaml_source import load"),
        ("migrate.formats.python", "import deepdiff"),
        ("migrate.system.git", "from migrate.pipeline import prove"),
        ("migrate.pipeline", "import git"),
        ("migrate.references.shell", "import yaml"),
        ("migrate.plant.charts", "from migrate.claims.rendering import split"),
        ("migrate.plant.comments", "from migrate.formats.comments import comments"),
        ("migrate.claims.bytes_kept", "from migrate.trial import looks"),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str) -> None:
    assert len(trespasses(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("migrate.model.tree", "import hashlib\nfrom migrate.errors import BadInput"),
        ("migrate.claims.renders_equal", "from deepdiff import DeepDiff\nfrom migrate.formats import yaml_source"),
        ("migrate.planner", "from migrate.flatten import releases\nfrom .model import plan"),
        ("migrate.cli.tools", "import click\nfrom migrate.system.toolbox import find\nfrom migrate import __version__"),
        ("migrate.system.git.repository", "import subprocess\nimport git\nfrom .objects import write"),
    ],
)
def test_an_import_towards_the_model_is_let_through(module: str, source: str) -> None:
    assert trespasses(source, module) == []


def test_relative_imports_of_a_package_start_at_the_package_itself() -> None:
    assert list(imports("from .tree import Tree", "migrate.model", package=True)) == [(1, "migrate.model.tree.Tree")]
    assert list(imports("from .tree import Tree", "migrate.model.plan", package=False)) == [(1, "migrate.model.tree.Tree")]


def test_a_room_that_nobody_placed_is_refused() -> None:
    with pytest.raises(KeyError, match="helpers"):
        trespasses("from migrate.model import tree", "migrate.helpers.things")
