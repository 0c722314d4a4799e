"""commands_equal judged on runs told beforehand: what has no chart, and what can't be compared."""

from __future__ import annotations

import pytest

from migrate.claims import commands_equal
from migrate.claims.command_forms import CommandForm
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


@pytest.mark.parametrize("words", [("-e", "dev", "list"), ("build",), ("template", "--output-dir", "out")])
def test_what_helmfile_itself_prints_is_told_to_be_not_compared(words: tuple[str, ...]) -> None:
    (said,) = commands_equal.left_out(gathered(*words))
    assert said.startswith(f"commands_equal: scripts/x.sh:3: what `helmfile {' '.join(words)}` prints or writes is not compared")


def test_what_is_not_run_is_told() -> None:
    (said,) = commands_equal.left_out(gathered(script="helmfile -e dev write-values --output-file-template x\n"))
    assert said.startswith("commands_equal: scripts/x.sh:1: what `helmfile -e dev write-values")


def test_of_a_command_that_deploys_nothing_is_left_out() -> None:
    assert commands_equal.left_out(gathered("-e", "dev", "sync")) == ()
