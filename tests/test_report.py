"""Texts for people: nothing is cut, nothing is told that reads like something else."""

from __future__ import annotations

import io

import pytest
from click import Group
from click.testing import CliRunner
from rich.console import Console

from migrate.cli.app import main
from migrate.model.facts import CellId, ReleaseId
from migrate.model.findings import Finding, Severity
from migrate.model.proof import Cell, CellVerdict, Proof
from migrate.report.findings_text import findings_text
from migrate.report.plan_text import plan_text
from migrate.report.proof_text import print_proof
from tests.flatten.planning import planned

CHART = "apiVersion: v2\nname: web\nversion: 0.1.0\n"
STATE = (
    "environments:\n  dev: {values: [environments/dev.yaml]}\n  prod: {values: [environments/prod.yaml]}\n"
    "---\nreleases:\n- name: web\n  chart: ./web\n  values: [values/a.yaml, values/b.yaml]\n"
)


def test_a_file_that_moves_alone_is_named_and_files_that_move_together_are_counted() -> None:
    files = dict.fromkeys(("environments/dev.yaml", "environments/prod.yaml", "values/a.yaml", "values/b.yaml"), "a: b\n")
    result = planned({"helmfile.yaml": STATE, "web/Chart.yaml": CHART, **files})
    text = plan_text(result.plan, result.tree)
    assert "  environments/dev.yaml -> helmfile/environments/dev/dev.yaml  (values of environment dev)\n" in text
    assert "  values/ -> helmfile/values/web/  (2 files, values of release web)\n" in text
    assert "  1 helmfile -> helmfile/helmfile.yaml: helmfile.yaml\n" in text


@pytest.mark.parametrize(("number", "shown", "more"), [(10, 10, False), (11, 5, True)])
def test_a_crowd_of_findings_is_told_by_the_first_few(number: int, shown: int, more: bool) -> None:
    crowd = [Finding("unknown-tier", Severity.WARNING, "helmfile.yaml", line, "which tier?") for line in range(1, number + 1)]
    lines = list(findings_text([*crowd, Finding("file-carried", Severity.WARNING, "a", 0, "is carried")]))
    assert lines[0] == f"Warnings: {number + 1}"
    assert sum("which tier?" in line for line in lines) == shown
    assert ("  and 6 more [unknown-tier]; -v shows them" in lines) == more
    assert "  a: is carried [file-carried]" in lines
    assert sum("which tier?" in line for line in findings_text(crowd, verbose=True)) == number


@pytest.mark.parametrize(("number", "named"), [(3, "release0, release1, release2"), (4, "all 4 releases")])
def test_releases_that_are_all_of_an_environment_are_counted(number: int, named: str) -> None:
    ids = [CellId("prod", ReleaseId("", "", f"release{at}")) for at in range(number)]
    cells = tuple(Cell(cell, CellVerdict.EQUAL_FAILURE, "no file", 0) for cell in ids)
    file = io.StringIO()
    print_proof(
        Proof("a", "b", {}, (*cells, Cell(CellId("dev", ids[0].release), CellVerdict.EQUAL, "", 0)), ()), Console(file=file)
    )
    assert f"fails alike prod: {named}: no file\n" in file.getvalue()


def shown_of(proof: Proof, *, verbose: bool = False) -> str:
    file = io.StringIO()
    print_proof(proof, Console(file=file), verbose=verbose)
    return file.getvalue()


def test_files_that_a_record_is_believed_about_are_named_for_the_reviewer() -> None:
    text = shown_of(Proof("a", "b", {}, (), (), edited=("ci.yaml", "deploy.sh"), removed=("old.yaml",), created=("ci/x.sh",)))
    assert "edited by the migration, look at them yourself (2): ci.yaml, deploy.sh\n" in text
    assert "removed by the migration, look at them yourself (1): old.yaml\n" in text
    assert "created by the migration, look at them yourself (1): ci/x.sh\n" in text
    assert "look at them" not in shown_of(Proof("a", "b", {}, (), ()))


def test_of_many_edited_files_the_first_are_named() -> None:
    proof = Proof("a", "b", {}, (), (), edited=tuple(f"file{number}" for number in range(12)))
    assert "(12): file0, file1, file2, file3, file4, file5, file6, file7, file8, file9 and 2 more; -v" in shown_of(proof)
    assert "file10, file11\n" in shown_of(proof, verbose=True)


def test_a_proof_inside_one_commit_says_so() -> None:
    assert "judged in one commit" in shown_of(Proof("a", "a", {}, (), ()))
    assert "judged in one commit" not in shown_of(Proof("a", "b", {}, (), ()))


@pytest.mark.parametrize("arguments", [[], ["tools"]])
def test_no_line_of_the_list_of_commands_is_cut(arguments: list[str]) -> None:
    assert isinstance(main, Group)
    shown = CliRunner().invoke(main, [*arguments, "--help"])
    assert shown.exit_code == 0
    assert "..." not in shown.output.partition("Commands:")[2]
