"""Which command lines are equal, and which failures of both sides are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrate.claims import commands_equal
from migrate.claims.command_forms import CommandForm, without_namespace
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, CellId, EnvironmentFacts, Failure, HelmCall, ReleaseId, Run
from migrate.model.paths import RepoPath
from tests.claims import small_platform

DEV = ReleaseId("", "n", "web")
FORM = CommandForm(RepoPath("deploy.sh"), 3, ("-e", "dev", "sync"), ("-e", "dev", "sync"))
WITH_NAMESPACE = replace(FORM, old=("-n", "n", "-l", "name=web", "sync"), new=("-l", "name=web", "sync"))
CALL = HelmCall("upgrade", DEV, ("upgrade", "--set", "a=1"), "", "./web", "web", "digest", (), 0, 1)
NO_KEY, NO_MATCH = Failure(1, 'no entry for key "a"', "a.yaml", 3), Failure(1, "no release matches")
USAGE = Failure(1, "unknown flag: --nope")


def side(failure: Failure | None, *more: Mapping[str, object], **document: object) -> SideFacts:
    """A side with one release that fails so when it is rendered, and these in the same state file."""
    state = BuiltState(RepoPath("helmfile.yaml"), {"releases": [{"name": "web", "namespace": "n"}, *more], **document}, "")
    template = Run("template", "dev", "", (), failure)
    facts = EnvironmentFacts("dev", (state,), (), {"template": template}, alone={DEV: template})
    return SideFacts(small_platform.tree({}), "helmfile.yaml", {"dev": facts})


def judged(form: CommandForm, old: Run, new: Run, sides: tuple[Failure | None, Failure | None] = (None, None)) -> str:
    """Why the command line is not equal; empty if it is."""
    cells = (CellId("dev", DEV),)
    measured = Gathered(small_platform.case(), side(sides[0]), side(sides[1]), {}, cells, {}, commands={form: (old, new)})
    result = commands_equal.judge(measured)
    return next((piece.detail for piece in result.evidence if not piece.holds), "")


def failed(failure: Failure, *calls: HelmCall) -> Run:
    return Run("sync", "dev", "", calls, failure)


def test_two_failures_of_one_cause_are_equal_and_told() -> None:
    assert judged(FORM, failed(NO_MATCH), failed(NO_MATCH)) == ""
    runs = failed(NO_MATCH), failed(NO_MATCH)
    measured = Gathered(small_platform.case(), side(None), side(None), {}, (), {}, commands={FORM: runs})
    assert commands_equal.judge(measured).evidence[0].detail == "fails on both sides: no release matches"


def test_two_failures_for_other_causes_are_not() -> None:
    other = 'fails on both sides for other causes: no entry for key "a" | no release matches'
    assert judged(FORM, failed(NO_KEY), failed(NO_MATCH)) == other
    assert "other causes" in judged(FORM, failed(NO_KEY), failed(replace(NO_KEY, hidden="x")))
    assert "other causes" in judged(FORM, failed(NO_KEY), failed(replace(NO_KEY, missing="x.yaml")))


def test_a_failure_that_its_environment_has_on_each_side_is_judged_by_the_cell() -> None:
    here, there = replace(NO_KEY, message="old"), replace(NO_KEY, message="new")
    several = replace(there, message="new (and 2 more)")
    assert judged(FORM, failed(here), failed(several), (here, there)) == ""
    assert "other causes" in judged(FORM, failed(here), failed(several), (here, None))
    assert "other causes" in judged(FORM, failed(here), failed(several), (None, there))
    assert "other causes" in judged(FORM, failed(here), failed(NO_MATCH), (here, there))
    assert judged(FORM, failed(here), failed(there), (replace(here, message="old (and 1 more)"), there)) == ""


def test_words_behind_a_failure_must_be_the_same() -> None:
    assert "its words" in judged(replace(FORM, new=("-e", "dev", "destroy")), failed(NO_KEY), failed(NO_KEY))


def test_a_namespace_may_go_behind_a_failure_only_if_it_says_nothing() -> None:
    assert judged(WITH_NAMESPACE, failed(NO_KEY), failed(NO_KEY)) == ""
    other = replace(WITH_NAMESPACE, old=("-n", "other", "-l", "name=web", "sync"))
    assert "its `-n`" in judged(other, failed(NO_KEY), failed(NO_KEY))
    nobody = replace(WITH_NAMESPACE, old=("-n", "n", "-l", "name=x", "sync"), new=("-l", "name=x", "sync"))
    assert "its `-n`" in judged(nobody, failed(NO_KEY), failed(NO_KEY))


def test_a_namespace_that_is_given_afterwards_only_is_never_nothing() -> None:
    for name in ("web", "x"):
        given = replace(FORM, old=("-l", f"name={name}", "sync"), new=("-n", "n", "-l", f"name={name}", "sync"))
        assert "its `-n`" in judged(given, failed(NO_KEY), failed(NO_KEY))


def test_an_option_that_is_cut_off_selects_nothing_in_particular() -> None:
    cut = replace(FORM, old=("-n", "n", "sync", "-l"), new=("sync", "-l"))
    assert judged(cut, failed(USAGE), failed(USAGE)) == ""


API = {"name": "api", "namespace": "n"}
KIND = {"name": "page", "namespace": "m", "labels": {"kind": "page"}}
OTHER = {"name": "other", "namespace": "m", "labels": {"namespace": "n", "name": "web"}}


@pytest.mark.parametrize(
    ("options", "told", "says_nothing"),
    [
        ("-n n", side(None, API), True),
        ("-n n", side(None, OTHER), False),
        ("-n m", side(None, OTHER), False),
        ("-n n -n m", side(None), False),
        ("-n n -l name=web", side(None, OTHER), True),
        ("-n n -l name=web -l name=other", side(None, OTHER), False),
        ("-n m -l name=other", side(None, OTHER), True),
        ("-n n -l name=other", side(None, OTHER), False),
        ("-n n", side(None, namespace="m"), False),
        ("-n m", side(None, namespace="m"), True),
        ("-n=", side(None, {"name": "x"}), False),
        ("-n n -l name=web -l name=api", side(None, API, OTHER), True),
        ("-n m -l kind=page", side(None, KIND), True),
        ("-n n -l kind=page", side(None, KIND), False),
    ],
)
def test_a_namespace_says_nothing_if_all_that_is_selected_has_it_anyway(
    options: str, told: SideFacts, says_nothing: bool
) -> None:
    words = tuple(f"{options} sync".split())
    form = CommandForm(RepoPath("deploy.sh"), 3, words, without_namespace(words))
    runs = failed(NO_KEY), failed(NO_KEY)
    measured = Gathered(small_platform.case(), told, told, {}, (CellId("dev", DEV),), {}, commands={form: runs})
    wrong = [piece.detail for piece in commands_equal.judge(measured).evidence if not piece.holds]
    assert wrong == ([] if says_nothing else ["fails on both sides, so nothing shows that it may do without its `-n`"])
    elsewhere = replace(runs[0], environment="prod")
    measured = replace(measured, commands={form: (elsewhere, elsewhere)})
    assert any(not piece.holds for piece in commands_equal.judge(measured).evidence)


def test_a_command_line_is_left_out_only_if_both_forms_are_refused_alike_for_what_was_filled_in() -> None:
    guessed, refused = replace(FORM, complete=False), failed(USAGE)

    def told(form: CommandForm, old: Run, new: Run) -> bool:
        measured = Gathered(small_platform.case(), side(None), side(None), {}, (), {}, commands={form: (old, new)})
        return bool(commands_equal.left_out(measured))

    assert told(guessed, refused, refused)
    assert not told(FORM, refused, refused)
    assert not told(replace(guessed, new=("sync",)), refused, refused)
    assert not told(replace(guessed, changed="x"), refused, refused)
    assert not told(replace(guessed, elsewhere="x"), refused, refused)
    for old, new in (
        (refused, ran(CALL)),
        (ran(CALL), refused),
        (refused, failed(NO_KEY)),
        (failed(NO_KEY), refused),
        (ran(CALL), ran(CALL)),
    ):
        assert not told(guessed, old, new)


def test_what_is_reached_before_a_failure_must_be_equal() -> None:
    other = replace(CALL, argv=("upgrade", "--set", "a=2"))
    assert judged(FORM, failed(NO_KEY, CALL), failed(NO_KEY, CALL)) == ""
    assert "before that, n/web: arguments: --set" in judged(FORM, failed(NO_KEY, CALL), failed(NO_KEY, other))
    assert judged(FORM, failed(NO_KEY, CALL), failed(NO_KEY)) == ""
    assert judged(FORM, failed(NO_KEY), failed(NO_KEY, CALL)) == ""
    asked = replace(CALL, verb="list", argv=("list",))
    assert judged(FORM, failed(NO_KEY, CALL, asked), failed(NO_KEY, CALL, replace(asked, argv=("list", "-a")))) == ""


def test_a_command_line_that_is_refused_for_what_was_filled_in_is_left_out_and_told() -> None:
    guessed = replace(FORM, complete=False)
    runs = failed(USAGE), failed(USAGE)
    measured = Gathered(small_platform.case(), side(None), side(None), {}, (), {}, commands={guessed: runs})
    assert [piece.subject for piece in commands_equal.judge(measured).evidence] == ["all files"]
    assert "deploy.sh:3" in "".join(commands_equal.left_out(measured))
    assert judged(FORM, *runs) == ""
    assert "other causes" in judged(guessed, failed(USAGE), failed(NO_KEY))
    assert "its words" in judged(replace(guessed, new=("-e", "dev", "--nope", "sync")), *runs)


def test_what_is_left_out_must_be_left_out_of_both_forms() -> None:
    ran = Run("sync", "dev", "", (CALL,), None)
    assert judged(FORM, ran, ran) == ""
    assert judged(replace(FORM, changed="--values was not known before"), ran, ran) == "--values was not known before"


def ran(*calls: HelmCall) -> Run:
    return Run("sync", "dev", "", calls, None)


def test_both_sides_must_end_alike() -> None:
    assert judged(FORM, ran(CALL), failed(NO_KEY)) == 'fails afterwards: no entry for key "a"'
    assert judged(FORM, failed(NO_KEY), ran(CALL)) == 'fails today and no longer afterwards: no entry for key "a"'


def test_helm_must_be_called_alike() -> None:
    other = replace(CALL, release=ReleaseId("", "n", "api"))
    asked = replace(CALL, verb="list", argv=("list",))
    assert judged(FORM, ran(CALL, other), ran(other, CALL, asked)) == ""
    again = replace(CALL, argv=("upgrade", "--set", "a=2"))
    assert judged(FORM, ran(CALL, again), ran(again, CALL)) == ""
    assert judged(FORM, ran(CALL), ran(CALL, other)).endswith("afterwards for upgrade n/api, upgrade n/web")
    assert judged(FORM, ran(CALL), ran()) == "helm is called for upgrade n/web, afterwards for nothing"
    assert judged(FORM, ran(CALL), ran(replace(CALL, verb="diff"))).endswith("afterwards for diff n/web")
    assert judged(FORM, ran(CALL), ran(replace(CALL, chart_digest="x"))) == "n/web: chart: other bytes"


def test_another_state_file_is_another_command() -> None:
    assert "is given x.yaml" in judged(replace(FORM, elsewhere="x.yaml"), ran(CALL), ran(CALL))
