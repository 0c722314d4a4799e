"""The scripts as texts: put together from their parts, and what a plan makes of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import migrate
from migrate.layout import layout_of
from migrate.model.settings import Settings
from migrate.model.tree import Mode
from migrate.operations import Create
from migrate.shell_scripts import SCRIPTS, script_text
from tests.fixtures.cases.case import repository
from tests.flatten.planning import planned

SOURCES = Path(migrate.__file__).parent / "shell_scripts"
TASTE = "SC2250,SC2310,SC2312"
"""Braces around every variable; functions in conditions and in substitutions, which is why they return their errors by hand."""


def shellcheck() -> str:
    found = shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or shutil.which("shellcheck")
    assert found, "shellcheck is in requirements-dev.lock"
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_has_nothing_against_it(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(script_text(name, layout_of(Settings())))
    command = [shellcheck(), "--enable=all", f"--exclude={TASTE}", str(tmp_path / name)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.stdout == ""


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_is_text_without_directives_and_names_folders_at_one_place(name: str, tmp_path: Path) -> None:
    layout = layout_of(Settings(layout={"folder": "deploy it's/stack", "scripts": "tools/own"}))
    text = script_text(name, layout)
    assert text == script_text(name, layout)
    assert "#: " not in text
    assert "\r" not in text
    assert text.endswith("\n")
    assert text.startswith("#!/usr/bin/env bash\n# Written by migrate")
    assert text.count("deploy it") == text.count("deploy it'\\''s/stack")
    assert "HELMFILE='deploy it'\\''s/stack'\n" in text
    assert "TO_TOP='../..'\n" in text
    head = text.index("# Where things are")
    assert [at.start() for at in re.finditer("deploy it", text) if not head < at.start() < text.index("TOP=$(cd")] == []
    (tmp_path / name).write_text(text)
    assert subprocess.run(["bash", "-n", tmp_path / name], check=False).returncode == 0


def test_every_part_is_used() -> None:
    named = {word for name in SCRIPTS for word in re.findall(r"^#: part (\S+)$", (SOURCES / name).read_text(), re.MULTILINE)}
    assert {path.stem for path in (SOURCES / "parts").glob("*.sh")} == named


def test_a_plan_makes_them_executable_under_their_sub_issues() -> None:
    made = [op for op in planned(repository("web")).plan.operations if isinstance(op, Create) and op.mode is Mode.EXECUTABLE]
    assert [(str(op.target), op.sub_issue) for op in made] == [
        ("scripts/sync-charts.sh", 2),
        ("scripts/validate.sh", 7),
        ("scripts/package-offline.sh", 9),
    ]


def test_a_script_of_the_repositorys_own_stays_and_is_told() -> None:
    found = planned({**repository("web"), "scripts/validate.sh": "#!/bin/sh\n"})
    assert [finding.path for finding in found.found("script-exists")] == ["scripts/validate.sh"]
    assert not found.found("target-clash")
    targets = {str(op.target) for op in found.plan.operations}
    assert targets & {"scripts/sync-charts.sh", "scripts/validate.sh"} == {"scripts/sync-charts.sh"}
