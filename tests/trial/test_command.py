"""`migrate prove --plant`: exit codes, the seed, the reports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from migrate.cli.planting import require_caught
from migrate.errors import BadInput, FaultMissed, ProofFailed
from migrate.model.planted import SelfTest
from tests.claims import small_platform
from tests.claims.conftest import sides
from tests.end_to_end.small import git, migrate, small_files, state
from tests.test_prover import Run, faulty, run

__all__ = ["run", "sides"]


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repo = tmp_path_factory.mktemp("planted")
    for name, content in small_files().items():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(content)
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        git(repo, *arguments)
    assert migrate(repo, "apply", "--branch", "flat").returncode == 0
    return repo


def test_a_branch_of_apply_passes_its_self_test_and_stays_as_it_is(branch: Path) -> None:
    before = state(branch), git(branch, "rev-parse", "flat")
    done = migrate(branch, "prove", "--branch", "flat", "--plant", "16", "--seed", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The proof holds" in done.stdout
    assert "16 faults planted, each alone: 16 caught, 0 missed" in done.stdout
    assert re.search(r"^hook +no place$", done.stdout, re.MULTILINE)
    assert (state(branch), git(branch, "rev-parse", "flat")) == before


def test_without_a_seed_one_is_drawn_and_told(branch: Path) -> None:
    data = json.loads(migrate(branch, "prove", "--branch", "flat", "--plant", "1", "--json").stdout)["planted"]
    assert data["schema"] == "migrate/plant/1"
    assert isinstance(data["seed"], int)
    assert [fault["caught"] for fault in data["faults"]] == [True]


def test_nothing_is_planted_where_the_proof_does_not_hold(run: Run) -> None:
    code, output, _ = run(faulty(), "prove", "--branch", "b", "--plant", "3")
    assert code == ProofFailed.exit_code
    assert "no fault was planted" in output
    assert "planted fault" not in output


def test_a_seed_without_faults_is_refused(run: Run) -> None:
    code, output, _ = run(small_platform.case(), "prove", "--branch", "b", "--seed", "3")
    assert code == BadInput.exit_code
    assert "--seed goes with --plant" in output


def test_a_missed_fault_is_an_error_of_its_own() -> None:
    with pytest.raises(FaultMissed, match="no place") as caught:
        require_caught(SelfTest(1, 2, ("hook",), ()))
    assert caught.value.exit_code == ProofFailed.exit_code
