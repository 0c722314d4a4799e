"""commands_equal judged on runs told beforehand: what has no chart, and what can't be compared."""

from __future__ import annotations

import pytest

from migrate.claims import commands_equal
from migrate.claims.command_forms import CommandForm
from migrate.claims.command_shown import shown
from migrate.claims.gathered import Gathered, unequal_inputs
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import HelmCall, ReleaseId, Run
from migrate.model.paths import RepoPath
from tests.claims import small_platform

WEB = ReleaseId("", "web", "web")
SCRIPT = RepoPath("scripts/x.sh")


def gathered(*words: str, script: str = "") -> Gathered:
    tree = small_platform.tree({SCRIPT: script})
    side = SideFacts(tree, "helmfile.yaml", {})
    runs = Run("list", "dev", "", (), None), Run("list", "dev", "", (), None)
    commands = {CommandForm(SCRIPT, 3, words, words): runs} if words else {}
    case = small_platform.case(tree, tree, without_record=True)
    return Gathered(case, side, side, {}, (), {}, commands=commands)


@pytest.mark.parametrize("verb", ["test", "uninstall"])
def test_a_call_that_takes_no_chart_needs_none(verb: str) -> None:
    call = HelmCall(verb, WEB, (verb, "web"), "", "", "", "", (), 0, 1)
    assert unequal_inputs(call, call, {}, {}) == ()


def test_a_call_that_renders_needs_one() -> None:
    call = HelmCall("upgrade", WEB, ("upgrade", "web", "{chart}"), "", "a/b", "", "", (), 0, 1)
    assert unequal_inputs(call, call, {}, {}) == ("chart: its bytes are not known",)


@pytest.mark.parametrize("words", [("-e", "dev", "list"), ("build",), ("show-dag",), ("template", "--output-dir", "out")])
def test_what_helmfile_itself_prints_is_told_to_be_not_compared(words: tuple[str, ...]) -> None:
    (said,) = commands_equal.left_out(gathered(*words))
    assert said.startswith(f"commands_equal: scripts/x.sh:3: what `helmfile {' '.join(words)}` prints or writes is not compared")


def test_what_is_not_run_is_told() -> None:
    (said,) = commands_equal.left_out(gathered(script="helmfile -e dev write-values --output-file-template x\n"))
    assert said.startswith("commands_equal: scripts/x.sh:1: what `helmfile -e dev write-values")


def test_a_command_line_whose_state_file_is_not_known_is_told() -> None:
    script = "helmfile sync\nhelmfile -f $ROOT/helmfile.yaml -e dev sync\nhelmfile -f $ROOT/helmfile.yaml version\n"
    (said,) = commands_equal.left_out(gathered(script=script))
    assert (
        said == "commands_equal: scripts/x.sh:2: what `helmfile -f $ROOT/helmfile.yaml` loads is not known, so it is not compared"
    )


def test_of_a_command_that_deploys_nothing_is_left_out() -> None:
    assert commands_equal.left_out(gathered("-e", "dev", "sync")) == ()


@pytest.mark.parametrize(
    "words",
    [
        ("--state-values-set", "db.pass=hunter2", "list"),
        ("--state-values-set-string=db.pass=hunter2", "list"),
        ("--set", "a=1,db.pass=hunter2", "list"),
        ("list", "--args", "--set db.pass=hunter2"),
        ("list", "--args=--password=hunter2"),
        ("list", "--unheard-of", "hunter2"),
        ("list", "db.pass=hunter2"),
        ("list", "-xhunter2"),
    ],
)
def test_no_value_that_a_command_line_sets_is_shown(words: tuple[str, ...]) -> None:
    judged = gathered(*words)
    subjects = [piece.subject for piece in commands_equal.judge(judged).evidence]
    assert subjects[0].startswith("scripts/x.sh:3: helmfile ")
    assert subjects[1:] == ["all files"]
    assert "hunter2" not in " ".join((*subjects, *commands_equal.left_out(judged)))


def test_what_a_command_line_names_is_shown() -> None:
    words = ("-e", "dev", "--selector=tier=apps", "-n", "web", "-lname=x", "--set", "a.b=1", "list", "--skip-charts")
    assert shown(words) == "helmfile -e dev --selector=tier=apps -n web -lname=x --set a.b=… list --skip-charts"
