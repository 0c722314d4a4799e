"""What is asked of one side, and which cells a proof has: from facts told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import side_facts
from migrate.claims.matrix import cells_of, values_apart
from migrate.claims.side_facts import Definition, Presence, SideFacts, release_id
from migrate.model.facts import BuiltState, CellId, ReleaseId, ValuesFile
from tests.claims.told import CELL, OTHER, STATE, STOP, A, B, call, entry, facts, line, run, side, state

C = ReleaseId("", "n", "c")
BROKEN = side(states=STOP, listed=STOP)


@pytest.mark.parametrize(
    ("lines", "presence"),
    [
        ((), Presence.UNLISTED),
        ((line(B),), Presence.UNLISTED),
        ((line(),), Presence.PRESENT),
        ((line(enabled=False),), Presence.DISABLED),
        ((line(enabled=False), line()), Presence.PRESENT),
        ((line(installed=False),), Presence.UNINSTALLED),
        ((line(installed=False), line()), Presence.PRESENT),
        ((line(enabled=False, installed=False),), Presence.DISABLED),
    ],
)
def test_presence_is_what_list_says(lines: tuple[object, ...], presence: Presence) -> None:
    assert side(listed=lines).presence(CELL) is presence


def test_presence_is_unknown_where_list_fails() -> None:
    assert side(listed=STOP).presence(CELL) is Presence.UNKNOWN
    assert BROKEN.presence(CELL) is Presence.BROKEN
    assert side(states=STOP).presence(CELL) is Presence.PRESENT


def test_a_release_s_calls_are_those_of_the_whole_run_or_else_of_its_own() -> None:
    whole, own = call("template", A, "--whole"), call("template", A, "--own")
    alone = {A: run("template", own)}
    assert side(run("template", whole), alone=alone).calls(CELL, "template") == (whole,)
    assert side(run("template", call(of=B)), alone=alone).calls(CELL, "template") == (own,)
    assert side(run("sync"), alone=alone).calls(CELL, "template") == (own,)
    assert side(run("sync"), alone=alone).calls(CELL, "sync") == ()
    assert side(run("sync"), alone_sync={A: run("sync", call("upgrade"))}).calls(CELL, "sync") == (call("upgrade"),)
    assert side(run("sync"), alone=alone).calls(OTHER, "template") == ()
    assert side(run("diff", call("diff"))).calls(CELL, "diff") == (call("diff"),)


@pytest.mark.parametrize("verb", ["template", "upgrade", "install", "diff", "uninstall", "delete", "test", "rollback"])
def test_what_does_or_shows_something_for_a_release_is_its_call(verb: str) -> None:
    assert side(run("sync", call(verb))).calls(CELL, "sync") == (call(verb),)


def test_the_render_that_is_patched_is_that_of_the_whole_run_or_else_of_its_own() -> None:
    whole, own, nobody = call("chartify", A, "--whole"), call("chartify", A, "--own"), replace(call("chartify"), release=None)
    alone = {A: run("template", own)}
    assert side(run("template", nobody, whole, call("chartify", B)), alone=alone).before_patching(CELL) == (whole,)
    assert side(run("template", call("chartify", B)), alone=alone).before_patching(CELL) == (own,)
    assert side(run("sync")).before_patching(CELL) == side().before_patching(CELL) == ()


def test_what_only_asks_helm_is_no_call_for_the_release() -> None:
    assert side(run("sync", call("repo add"), call("upgrade"))).calls(CELL, "sync") == (call("upgrade"),)
    assert side(run("sync", call("list"))).calls(CELL, "sync") == ()


def test_the_call_that_renders_is_one_or_none() -> None:
    assert side().template(CELL) == call()
    for calls in ((), (call(), call()), (call("upgrade"),)):
        assert side(run("template", *calls)).template(CELL) is None


def test_why_a_release_is_not_rendered() -> None:
    other = replace(STOP, message="other")
    assert side().failure(CELL) is None
    assert BROKEN.failure(CELL) == STOP
    assert side(run("template", call(of=B), failure=STOP)).failure(CELL) == STOP
    assert side(run("template", call(), failure=STOP)).failure(CELL) is None
    assert side(run("template"), alone={A: run("template", failure=other)}).failure(CELL) == other
    assert side(run("template", failure=STOP), alone={A: run("template")}).failure(CELL) == STOP
    assert side(run("template"), listed=STOP).failure(CELL) == STOP
    assert side(run("template", failure=other), listed=STOP, alone={A: run("template")}).failure(CELL) == STOP
    assert side(run("template", call()), states=STOP).failure(CELL) is None
    assert side(run("template", failure=other), states=STOP).failure(CELL) == other
    assert side(run("sync")).failure(CELL) is None
    assert side(states=other, listed=STOP).failure(CELL) == other


def test_any_run_may_do_something_for_a_release() -> None:
    assert side(run("diff", call("diff"))).called_at_all(CELL)
    assert side(run("diff"), alone={A: run("template", call())}).called_at_all(CELL)
    assert side(run("diff"), alone_sync={A: run("sync", call("upgrade"))}).called_at_all(CELL)
    assert side(run("diff", call("list"), call("diff"))).called_at_all(CELL)
    assert not side(run("diff", call("diff"))).called_at_all(OTHER)
    assert not side(run("diff", call("list"))).called_at_all(CELL)


def test_every_release_that_anything_names_is_known() -> None:
    quiet: dict[str, Any] = {"states": (), "listed": ()}
    assert side(run("template"), **quiet).releases("dev") == frozenset()
    assert side(run("template"), **{**quiet, "states": (state(entry()),)}).releases("dev") == {A}
    assert side(run("template"), **{**quiet, "listed": (line(B),)}).releases("dev") == {B}
    assert side(run("template", call(of=C), call(of=None)), **quiet).releases("dev") == {C}
    assert side(run("template"), alone={A: run("template", call())}, **quiet).releases("dev") == {A}
    assert side(run("template"), alone_sync={B: run("sync", call("upgrade", B))}, **quiet).releases("dev") == {B}
    assert BROKEN.releases("dev") == {A, B}


def test_the_states_that_load_and_the_one_that_is_asked_are_sources() -> None:
    assert side(states=(state(), state(source="apps/x.yaml"))).sources() == {STATE, "apps/x.yaml"}
    assert side(states=(state(source="apps/x.yaml"),)).sources() == {STATE, "apps/x.yaml"}
    assert BROKEN.sources() == {STATE}


def test_a_state_s_own_namespace_and_context_beat_the_release_s() -> None:
    assert release_id(state(), entry()) == A
    assert release_id(state(namespace="m"), entry()) == ReleaseId("", "m", "a")
    assert release_id(state(), {"name": "a"}) == ReleaseId("", "", "a")
    assert release_id(state(helmDefaults={"kubeContext": "k"}), entry()) == ReleaseId("k", "n", "a")


def test_definitions_are_all_entries_of_that_release() -> None:
    states = (state(entry(), entry(B)), state(entry(version="2")))
    assert [each.release.get("version") for each in side(states=states).definitions(CELL)] == [None, "2"]
    assert BROKEN.definitions(CELL) == ()


def test_a_setting_is_the_release_s_own_or_else_of_the_defaults() -> None:
    told = Definition(state(helmDefaults={"wait": True, "timeout": 3}), entry(wait=False))
    assert (told.effective("wait"), told.effective("timeout"), told.effective("atomic")) == (False, 3, None)
    assert {"wait", "timeout", "name"} <= told.settings()
    assert Definition(state(), entry(wait=False)).settings() == entry(wait=False).keys()


def test_the_matrix_has_every_release_of_both_sides_in_every_environment() -> None:
    one, other = side(states=(state(entry()),), listed=()), side(states=(state(entry(B)),), listed=())
    quiet = facts(run("x"), states=(), listed=())
    told = [
        replace(each, environments={"dev": replace(quiet, states=each.states("dev")), "prod": quiet}) for each in (one, other)
    ]
    assert cells_of(told) == tuple(CellId(name, release) for name in ("dev", "prod") for release in (A, B))


def test_values_of_other_bytes_are_to_be_read_for_each_call_that_takes_any() -> None:
    verbs = {"template": "template", "sync": "upgrade", "apply": "upgrade", "diff": "diff", "destroy": "delete"}

    def telling(value: str) -> SideFacts:
        return side(*(run(command, call(verb, values=(f"{value}{command}",))) for command, verb in verbs.items()))

    def files(value: str) -> list[tuple[ValuesFile, ...]]:
        return [call(values=(f"{value}{command}",)).values for command in ("template", "sync", "apply", "diff")]

    assert values_apart((CELL,), telling("v"), telling("w")) == (files("v"), files("w"))
    assert values_apart((CELL,), side(), side()) == ([], [])


def test_entries_are_read_once_for_all_releases_of_an_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def noted(of: BuiltState, release: Mapping[str, Any]) -> ReleaseId:
        asked.append(release)
        return release_id(of, release)

    monkeypatch.setattr(side_facts, "release_id", noted)
    known = side(states=(state(entry(), entry(B)),))
    assert [len(known.definitions(cell)) for cell in (CELL, OTHER, CELL, OTHER)] == [1, 1, 1, 1]
    assert len(asked) == 2


def test_other_facts_of_a_side_have_other_definitions_and_calls() -> None:
    known = side(run("sync", call("upgrade")))
    assert (len(known.definitions(CELL)), len(known.calls(CELL, "sync"))) == (1, 1)
    changed = replace(known, environments={CELL.environment: facts(run("sync"), states=(state(entry(B)),))})
    assert (changed.definitions(CELL), changed.calls(CELL, "sync")) == ((), ())
