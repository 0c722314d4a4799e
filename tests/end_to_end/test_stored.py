"""The proof that `apply` leaves in its last commit, and `migrate prove --store` and `--verify`."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.system.network import network_cut
from tests.conftest import MakeRepo
from tests.end_to_end.conftest import Applied
from tests.end_to_end.small import git, migrate, one_environment, small_files

BRANCH = "feature/BE-384"
CLAIMS = 16 if network_cut().words else 15


@pytest.fixture
def repo(applied_once: Applied, tmp_path: Path) -> Path:
    return cloned(applied_once(one_environment()), tmp_path)


def cloned(applied: Path, folder: Path) -> Path:
    git(folder, "clone", "-q", "--branch", BRANCH, applied.as_uri(), "repo")
    return folder / "repo"


def message(repo: Path) -> str:
    return git(repo, "log", "-1", "--format=%B")


def amended(repo: Path, change: Callable[[str], str]) -> None:
    """The last commit with another message."""
    subprocess.run(
        ["git", "commit", "-q", "--amend", "--cleanup=verbatim", "-F", "-"],
        cwd=repo,
        check=True,
        input=change(message(repo)),
        text=True,
    )


def verify(repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return migrate(repo, "prove", "--branch", "HEAD", "--verify", *arguments)


def test_the_last_commit_of_apply_says_what_was_proved_and_it_is_proved_again(applied_once: Applied, tmp_path: Path) -> None:
    repo = cloned(applied_once(small_files()), tmp_path)
    text = message(repo)
    found = re.search(r"^\{$.*^\}$", text, re.MULTILINE | re.DOTALL)
    assert found
    kept = json.loads(found.group())
    assert kept["tree"] == git(repo, "rev-parse", "HEAD^{tree}").strip()
    assert kept["base"] == git(repo, "rev-parse", "origin/main" if "origin/main" in git(repo, "branch", "-r") else "main").strip()
    assert f"Proved: {CLAIMS} claims, 4 cells: 2 equal, 2 equal failure." in text
    trailers = subprocess.run(
        ["git", "interpret-trailers", "--parse"], check=True, capture_output=True, text=True, input=text
    ).stdout
    named = ["Issue", "Sub-issue", *(f"Migrate-{word}" for word in ("Base", "Plan", "Alone", "Branch", "Before", "Tree"))]
    assert [line.split(":")[0] for line in trailers.splitlines()] == named
    done = verify(repo)
    told = f"the stored proof is the one just made: {CLAIMS} claims, 4 cells"
    assert (done.returncode, told in done.stderr) == (0, True), done.stderr
    assert "The proof holds" in done.stdout


def test_a_branch_without_a_stored_proof_is_said_in_words(repo: Path) -> None:
    amended(repo, lambda text: re.sub(r"^\{$.*^\}$", "", text, flags=re.MULTILINE | re.DOTALL))
    done = verify(repo)
    assert (done.returncode, done.stderr.startswith("error [no-stored-proof]: no commit of")) == (2, True), done.stderr


def test_a_stored_proof_of_a_branch_that_went_on_is_of_other_commits(repo: Path) -> None:
    (repo / "helmfile/values/web.yaml.gotmpl").write_text("color: green\n")
    git(repo, "commit", "-q", "-a", "-m", "Green")
    done = verify(repo)
    assert (done.returncode, done.stdout) == (4, ""), "nothing is proved for it"
    assert "error [stored-proof-differs]: the stored proof speaks of other commits: tree of the branch" in done.stderr


def test_a_forged_stored_proof_makes_nothing_green(repo: Path) -> None:
    before = git(repo, "rev-parse", "HEAD^{tree}").strip()
    text = message(repo)
    (repo / "helmfile/values/web.yaml.gotmpl").write_text("color: green\n")
    git(repo, "commit", "-q", "-a", "-m", "Green")
    forged = text.replace(before, git(repo, "rev-parse", "HEAD^{tree}").strip())
    amended(repo, lambda _: forged)
    done = verify(repo)
    assert (done.returncode, "The proof FAILS" in done.stdout) == (4, True), done.stderr
    assert "differs from the stored proof: holds: stored True, now False" in done.stderr
    assert "error [proof-failed]" in done.stderr or "error [stored-proof-differs]" in done.stderr


def test_a_count_that_differs_is_red_though_the_proof_holds(repo: Path) -> None:
    amended(
        repo,
        lambda text: re.sub(
            r'"checked":\d+,"failing":0,"verdict":"holds"', '"checked":99,"failing":0,"verdict":"holds"', text, count=1
        ),
    )
    done = verify(repo)
    assert (done.returncode, "The proof holds" in done.stdout) == (4, True), done.stderr
    assert "differs from the stored proof: claim bytes_kept: stored holds, 99 checked" in done.stderr
    assert "error [stored-proof-differs]: 1 differences" in done.stderr


def test_a_stored_file_names_the_tip_and_other_tools_are_only_said(repo: Path, tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    assert migrate(repo, "prove", "--branch", "HEAD", "--store", str(file)).returncode == 0
    document = json.loads(file.read_text())
    assert document["branch"] == git(repo, "rev-parse", "HEAD").strip()
    document["tools"]["helm"] = "3.9.0\x1b[31m\n::error::sha256:00"
    file.write_text(json.dumps(document))
    done = verify(repo, str(file))
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if "tool helm" in line)
    assert line.startswith("judged with something else, all the same: tool helm: stored 3.9.0?[31m?::error::sha256:00, now ")


@pytest.mark.parametrize("content", ["", "{}", "no JSON", "\xff"])
def test_a_file_that_is_no_stored_proof_is_refused_before_anything_is_proved(repo: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "proof.json"
    file.write_bytes(content.encode("latin-1"))
    done = verify(repo, str(file))
    assert (done.returncode, done.stdout, "error [bad-stored-proof]" in done.stderr) == (2, "", True), done.stderr


def test_a_file_that_can_not_be_read_or_written_is_said_in_words(repo: Path, tmp_path: Path) -> None:
    done = verify(repo, str(tmp_path / "missing"))
    assert (done.returncode, "error [bad-stored-proof]" in done.stderr) == (2, True)
    done = migrate(repo, "prove", "--branch", "HEAD", "--store", str(tmp_path / "no/such/proof.json"))
    assert (done.returncode, "error [bad-input]: --store" in done.stderr) == (2, True)


def test_of_a_lent_file_and_passed_variables_only_names_are_kept(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(small_files())
    del files["environments/prod/values.yaml"]
    repo = make_repo({**files, ".gitignore": "environments/prod/\n", "migrate.yaml": "passEnv: [DB_TOKEN, NOT_SET]\n"})
    monkeypatch.setenv("DB_TOKEN", "s3cr3t-token")
    lent = tmp_path / "prod.yaml"
    lent.write_text("color: s3cr3t-color\n")
    applied = migrate(repo, "apply", "--branch", BRANCH, "--env-file", f"prod={lent}")
    assert applied.returncode == 0, applied.stderr + applied.stdout
    git(repo, "checkout", "-q", BRANCH)
    text = message(repo)
    assert "s3cr3t" not in text
    assert hashlib.sha256(lent.read_bytes()).hexdigest() not in text
    assert ('"DB_TOKEN"' in text, "NOT_SET" in text, '"prod": "pbkdf2-sha256:' in text) == (True, False, True)
    assert verify(repo, "--env-file", f"prod={lent}").returncode == 0
    lent.write_text("color: another\n")
    done = verify(repo, "--env-file", f"prod={lent}")
    assert (done.returncode, "--env-file prod: another file than" in done.stderr) == (4, True), done.stderr


def test_one_state_file_is_never_judged_against_itself(repo: Path) -> None:
    done = migrate(repo, "prove", "--base", "origin/main~0", "--branch", "origin/main~0", "--new-file", "helmfile.yaml")
    assert (done.returncode, "would be judged against itself" in done.stderr) == (2, True), done.stderr
