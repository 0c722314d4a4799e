"""An environment that loads on neither side: what both state files name for it is all there is to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.claims.missing import unequal_declarations
from migrate.model.paths import RepoPath
from tests.claims.told import case, side
from tests.system.trees import Content

Files = Mapping[str, Content]
BOTH: Files = {"e/a.yaml": "x: 1\n", "e/b.yaml": "x: 2\n"}
OTHER: Files = {"e/a.yaml": "x: 3\n", "e/b.yaml": "x: 2\n"}
DIFFERS = "a file of `values` of its environment differs"


def told(old: Sequence[str], new: Sequence[str], files: tuple[Files, Files] = (BOTH, BOTH), absent: str = "") -> str:
    sides = []
    for entries, tree in zip((old, new), files, strict=True):
        listed = "".join(f"    - {entry}\n" for entry in entries)
        text = f"environments:\n  dev:\n    values:\n{listed}---\nreleases: []\n"
        sides.append(side(files={**tree, "helmfile.yaml": text}))
    moved = ((RepoPath("e/gone.yaml"), RepoPath(absent)),) if absent else ()
    return unequal_declarations(replace(case(sides[0], sides[1]), absent=moved), (sides[0], sides[1]), "dev")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["e/a.yaml", "gone.yaml"], ["e/a.yaml", "gone.yaml"], ""),
        (["e/a.yaml", "e/b.yaml"], ["e/b.yaml", "e/a.yaml"], DIFFERS),
        (["e/a.yaml", "e/b.yaml"], ["e/a.yaml", "e/a.yaml"], DIFFERS),
        (["e/a.yaml"], ["gone.yaml"], DIFFERS),
        (["gone.yaml"], ["e/a.yaml"], DIFFERS),
        (["gone.yaml", "lost.yaml"], ["gone.yaml", "missed.yaml"], DIFFERS),
        (["gone.yaml"], ["f/gone.yaml"], ""),
        (["e/*.yaml"], ["e/[ab].yaml"], ""),
        (["e/*.yaml"], ["e/a*.yaml"], DIFFERS),
        (["'e/{{ .Environment.Name }}.yaml'"], ["e/dev.yaml"], ""),
    ],
)
def test_an_environment_names_the_same_files_in_the_same_order(old: list[str], new: list[str], said: str) -> None:
    assert told(old, new) == said


def test_a_file_is_what_it_holds_wherever_it_lies() -> None:
    moved = {"n/v.yaml": "x: 1\n"}
    assert told(["e/a.yaml"], ["n/v.yaml"], (BOTH, moved)) == ""
    assert told(["e/a.yaml"], ["e/a.yaml"], (BOTH, OTHER)) == DIFFERS
    assert told(["e/a.yaml"], ["l.yaml"], (BOTH, {**BOTH, "l.yaml": Path("e/a.yaml")})) == ""
    assert told(["e/a.yaml"], ["l.yaml"], (BOTH, {**BOTH, "l.yaml": Path("e/b.yaml")})) == DIFFERS


def test_an_environment_is_declared_as_often_as_it_was() -> None:
    """helmfile takes what a later part of a state file says as well."""
    one, more = (f"environments:\n  dev:\n    values: [{entry}]\n" for entry in ("gone.yaml", "e/a.yaml"))
    other = more.replace("e/a", "e/b")

    def said(old: str, new: str) -> str:
        sides = [side(files={**BOTH, "helmfile.yaml": text}) for text in (old, new)]
        return unequal_declarations(case(sides[0], sides[1]), (sides[0], sides[1]), "dev")

    assert said(one + "---\n" + more, one + "---\n" + more) == ""
    assert said(one, one + "---\n" + more) == "its environment is declared 1 times, on the new side 2 times"
    assert said(one + "---\n" + more, one + "---\n" + other) == DIFFERS
    assert said(one + "---\n" + more, one + "---\n" + more + "    kubeContext: x\n") == "`kubeContext` of its environment differs"
    assert said(one, "releases: []\n") == said("releases: []\n", one) == ""


def test_a_file_that_no_commit_holds_is_looked_for_where_it_will_be() -> None:
    assert told(["e/gone.yaml"], ["n/dev/values.yaml"], absent="n/dev/values.yaml") == ""
    assert told(["e/gone.yaml"], ["n/dev/gone.yaml"], absent="n/dev/values.yaml") == DIFFERS
