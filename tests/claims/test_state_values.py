"""values_equal and variables_equal, judged on states told beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import values_equal, variables_equal
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import Failure
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimVerdict
from tests.claims.told import FILES, STATE, STOP, A, B, call, case, entry, gathered, run, side, state, wrong


def judged(old: SideFacts, new: SideFacts, **changes: Any) -> dict[str, str]:  # noqa: ANN401  (fields of ProofCase)
    return wrong(values_equal.judge(gathered(old, new, case=case(old, new, **changes))))


def test_the_digest_of_the_state_that_holds_the_release_is_compared() -> None:
    assert judged(side(), side()) == {}
    assert values_equal.judge(gathered(side(), side())).checked == 2
    apart = state(entry()), state(entry(B), source="b.yaml", digest="others")
    assert judged(side(), side(states=apart)) == {"dev/n/b": "helmfile.yaml and b.yaml have other values"}
    assert judged(side(states=apart), side(states=apart)) == {}


def test_a_release_that_is_not_defined_once_on_each_side_fails() -> None:
    twice, none = side(states=(state(entry(), entry(), entry(B)),)), side(states=(state(entry(B)),))
    said = "defined {} times on the old side, {} times on the new side"
    for old, new, counts in (
        (side(), twice, (1, 2)),
        (twice, side(), (2, 1)),
        (twice, twice, (2, 2)),
        (side(), none, (1, 0)),
        (none, side(), (0, 1)),
    ):
        assert judged(old, new) == {"dev/n/a": said.format(*counts)}
    assert values_equal.judge(gathered(none, none)).checked == 1


def test_nothing_is_judged_where_nothing_loads() -> None:
    broken = side(states=STOP)
    assert values_equal.judge(gathered(broken, broken)).verdict is ClaimVerdict.NOT_CHECKED


def naming(*files: str, source: str = STATE) -> SideFacts:
    """A side whose environment names files of values."""
    document: dict[str, Any] = {"environments": {"dev": {"values": list(files)}}}
    return side(states=(state(entry(), entry(B), source=source, **document),))


def test_files_that_no_commit_holds_must_be_looked_for_where_they_will_be() -> None:
    subject, said = "dev: missing files", "names {} as files of values that are not there, {} on the new side"
    assert judged(naming("a.yaml"), naming("a.yaml")) == {}
    assert judged(naming("a.yaml"), naming("b.yaml")) == {subject: said.format("a.yaml", "b.yaml")}
    assert judged(naming("a.yaml"), naming()) == {subject: said.format("a.yaml", "nothing")}
    assert judged(naming(), naming("a.yaml")) == {subject: said.format("nothing", "a.yaml")}
    assert judged(naming("values.yaml"), naming("values.yaml")) == {}
    moved = ((RepoPath("a.yaml"), RepoPath("z.yaml")),)
    assert judged(naming("a.yaml", "b.yaml"), naming("z.yaml", "b.yaml"), absent=moved) == {}
    assert judged(naming("a.yaml"), naming("a.yaml"), absent=moved) == {subject: said.format("a.yaml", "a.yaml")}
    assert judged(naming("a.yaml"), naming("a.yaml"), lent_old={"a.yaml": b""}) == {subject: said.format("nothing", "a.yaml")}
    assert judged(naming("a.yaml"), naming("b.yaml"), lent_old={"a.yaml": b""}, lent_new={"b.yaml": b""}) == {}
    assert values_equal.judge(gathered(naming("a.yaml"), naming("a.yaml"))).checked == 3
    assert values_equal.judge(gathered(naming(), naming())).checked == 2


@pytest.mark.parametrize(
    ("old", "new", "alike"), [("Warn", "Warn", True), ("Error", None, True), ("Warn", None, False), (None, "Info", False)]
)
def test_what_an_environment_does_about_missing_files_is_compared(old: str | None, new: str | None, alike: bool) -> None:
    def handled(handler: str | None) -> SideFacts:
        document: dict[str, Any] = {"environments": {"dev": {"values": ["values.yaml"], "missingFileHandler": handler}}}
        return side(states=(state(entry(), entry(B), source=STATE, **document),))

    assert judged(handled(old), handled(new)) == ({} if alike else {"dev: missing files": "`missingFileHandler` differs"})


def test_files_are_not_looked_for_in_an_environment_that_does_not_load_on_one_side() -> None:
    broken = side(states=STOP)
    for old, new in ((naming("a.yaml"), broken), (broken, naming("a.yaml"))):
        assert "dev: missing files" not in judged(old, new)


def looked(*looks: Gathered) -> dict[str, str]:
    plain = gathered(side(), side())
    return wrong(variables_equal.judge(replace(plain, with_variables=looks)))


def test_each_look_is_judged_by_each_claim_on_inputs() -> None:
    good = gathered(side(), side())
    assert looked(good, good) == {}
    one = variables_equal.judge(replace(good, with_variables=(good,))).checked
    assert variables_equal.judge(replace(good, with_variables=(good, good))).checked == 2 * one
    waiting = side(run("template", call("template", A, "--wait"), call(of=B)), run("sync", call("upgrade"), call("upgrade", B)))
    assert looked(good, gathered(side(), waiting)) == {"dev/n/a": "arguments: --wait is only on the new side"}
    hooked = state(entry(hooks=[{"events": ["presync"], "command": "echo"}]), entry(B))
    for other in (
        side(run("sync", call("upgrade", A, "--wait"), call("upgrade", B))),
        side(states=(state(entry(), entry(B), digest="others"),)),
        side(states=(hooked,)),
        side(states=(state(entry()), state(entry(B)))),
    ):
        assert looked(gathered(side(), other))


STUCK, OTHER = run("template", failure=STOP), run("template", failure=Failure(1, "other", STATE, 1))


def test_what_fails_with_the_variables_set_must_fail_alike() -> None:
    assert looked(gathered(side(STUCK), side(STUCK))) == {}
    assert looked(gathered(side(STUCK), side(OTHER)))["dev/n/a"] == "fails on both sides for other causes: stop | other"
    nowhere = run("template", failure=Failure(1, "stop"))
    assert looked(gathered(side(nowhere), side(nowhere))) == {}


@pytest.mark.parametrize("old", [True, False])
def test_what_fails_on_one_side_with_the_variables_set_is_seen(old: bool) -> None:
    good, bad = side(run("template"), files=FILES), side(STUCK)
    both = gathered(bad, good) if old else gathered(good, bad)
    assert looked(both)["dev/n/a"] == f"only the {'old' if old else 'new'} side fails"
