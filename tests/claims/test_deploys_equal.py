"""deploys_equal judged on runs told beforehand: releases that one side does not reach, runs that fail, binaries."""

from __future__ import annotations

from dataclasses import replace

from migrate.claims import deploys_equal
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, CellId, EnvironmentFacts, Failure, HelmCall, ListedRelease, ReleaseId, Run
from migrate.model.paths import RepoPath
from tests.claims import small_platform
from tests.claims.conftest import Prove
from tests.claims.small_platform import FLAT, OLD_STATES, new_files, old_files, tree

A, B = ReleaseId("", "", "a"), ReleaseId("", "", "b")
STOP, OTHER = Failure(1, "stop", "x.yaml", 1), Failure(1, "other", "x.yaml", 1)


def call(verb: str, release: ReleaseId, *flags: str) -> HelmCall:
    return HelmCall(verb, release, (verb, release.name, "{chart}", *flags), "", "c", "c", "digest", (), 0, 1)


def run(command: str, *calls: HelmCall, failure: Failure | None = None) -> Run:
    return Run(command, "dev", "", calls, failure)


def side(*runs: Run, alone_sync: Run | None = None, text: str = "", **settings: object) -> SideFacts:
    state = BuiltState(RepoPath("x.yaml"), {"releases": [{"name": "a"}, {"name": "b"}], **settings}, "")
    listed = tuple(ListedRelease(release, True, True, "", "", "") for release in (A, B))
    facts = EnvironmentFacts("dev", (state,), listed, {one.command: one for one in runs})
    facts = replace(facts, alone_sync={A: alone_sync}) if alone_sync else facts
    return SideFacts(small_platform.tree({"x.yaml": text}), "x.yaml", {"dev": facts})


def failing(old: SideFacts, new: SideFacts) -> list[str]:
    case = small_platform.case(old.tree, new.tree, without_record=True)
    result = deploys_equal.judge(Gathered(case, old, new, {}, tuple(CellId("dev", release) for release in (A, B)), {}))
    return [f"{piece.subject}: {piece.detail}" for piece in result.evidence if not piece.holds]


TEMPLATE = run("template", call("template", A), call("template", B))
B_FAILS = run("template", call("template", A), failure=STOP)
SYNC = run("sync", call("upgrade", A), call("upgrade", B))


def test_equal_runs_hold() -> None:
    assert failing(side(TEMPLATE, SYNC), side(TEMPLATE, SYNC)) == []


def test_a_release_that_one_side_never_deploys_is_seen() -> None:
    assert failing(side(TEMPLATE, SYNC), side(TEMPLATE, run("sync", call("upgrade", B)))) == [
        "dev/a sync: helm is not called on the new side",
        "dev/a sync: never deployed on the new side, though it renders",
    ]


def test_a_release_that_no_side_deploys_though_it_renders_is_seen() -> None:
    both = side(TEMPLATE, run("sync", call("upgrade", B)))
    assert failing(both, both) == [
        "dev/a sync: never deployed on the old side, though it renders",
        "dev/a sync: never deployed on the new side, though it renders",
    ]


def test_a_release_that_is_only_rendered_by_sync_is_not_deployed() -> None:
    both = side(TEMPLATE, run("sync", call("template", A), call("upgrade", B)))
    assert failing(both, both) == [
        "dev/a sync: never deployed on the old side, though it renders",
        "dev/a sync: never deployed on the new side, though it renders",
    ]


def test_a_release_behind_a_failure_is_judged_by_its_own_run() -> None:
    stopped = run("sync", failure=STOP)
    alone = run("sync", call("upgrade", A))
    sound = side(B_FAILS, stopped, alone_sync=alone)
    assert failing(sound, sound) == []
    waiting = run("sync", call("upgrade", A, "--wait"))
    assert failing(sound, side(B_FAILS, stopped, alone_sync=waiting)) == [
        "dev/a sync: upgrade: arguments: --wait is only on the new side"
    ]


def test_a_release_behind_a_failure_of_apply_is_fine_only_if_it_can_be_judged() -> None:
    sync = run("sync", call("upgrade", A), failure=STOP)
    apply, stopped = run("apply", call("upgrade", A), failure=STOP), run("apply", failure=STOP)
    assert failing(side(B_FAILS, sync, apply), side(B_FAILS, sync, stopped)) == []
    unjudged = failing(side(B_FAILS, sync, apply), side(B_FAILS, run("sync", failure=STOP), stopped))
    assert "dev/a apply: helm is not called on the new side" in unjudged
    finished = failing(side(B_FAILS, sync, apply), side(B_FAILS, sync, run("apply")))
    assert "dev/a apply: helm is not called on the new side" in finished


def test_a_run_that_fails_on_one_side_or_for_a_cause_that_no_release_has_is_seen() -> None:
    sync = run("sync", call("upgrade", A), failure=STOP)
    good, stop, other = (side(B_FAILS, sync, run("diff", failure=failure)) for failure in (None, STOP, OTHER))
    assert failing(stop, stop) == []
    assert failing(good, stop) == ["dev: diff: only the new side fails: stop"]
    assert failing(stop, good) == ["dev: diff: only the old side fails: stop"]
    assert failing(stop, other) == ["dev: diff: fails on both sides for other causes: stop | other"]
    assert failing(stop, side(B_FAILS, sync)) == ["dev: diff: run on one side only"]
    assert failing(side(B_FAILS, sync), stop) == ["dev: diff: run on one side only"]


def test_another_helm_binary_is_seen() -> None:
    named = side(TEMPLATE, SYNC, text="helmBinary: helm-3.9 # old\n")
    assert failing(named, side(TEMPLATE, SYNC)) == [
        "dev/a definition: `helmBinary` differs",
        "dev/b definition: `helmBinary` differs",
    ]
    assert failing(named, named) == []


def test_a_default_that_shows_in_no_argument_is_seen() -> None:
    defaults = side(TEMPLATE, SYNC, helmDefaults={"skipDeps": True})
    pushed_down = side(TEMPLATE, SYNC, releases=[{"name": name, "skipDeps": True} for name in "ab"])
    assert failing(defaults, side(TEMPLATE, SYNC, helmDefaults={"wait": False})) == [
        "dev/a definition: `skipDeps` differs",
        "dev/b definition: `skipDeps` differs",
    ]
    assert failing(defaults, pushed_down) == []


def test_every_command_that_deploys_or_removes_is_compared() -> None:
    for command, verb in (("sync", "upgrade"), ("apply", "upgrade"), ("diff", "diff"), ("destroy", "uninstall")):
        old, new = (run(command, call(verb, A, *flags), call(verb, B)) for flags in ((), ("--wait",)))
        runs = (TEMPLATE,) if command == "sync" else (TEMPLATE, SYNC)
        said = f"dev/a {command}: {verb}: arguments: --wait is only on the new side"
        assert failing(side(*runs, old), side(*runs, new)) == [said]
        twice = run(command, call(verb, A), call(verb, A), call(verb, B))
        said = f"dev/a {command}: helm is called 1 times on the old side, 2 times on the new side"
        assert failing(side(*runs, old), side(*runs, twice)) == [said]


def test_a_run_that_stops_excuses_its_own_side_only() -> None:
    sync = run("sync", call("upgrade", A), failure=STOP)
    reached, stopped = run("apply", call("upgrade", A), failure=STOP), run("apply", failure=STOP)
    assert failing(side(B_FAILS, sync, stopped), side(B_FAILS, sync, reached)) == []
    assert "dev/a apply: helm is not called on the old side" in failing(
        side(B_FAILS, sync, run("apply")), side(B_FAILS, sync, reached)
    )
    nowhere = side(B_FAILS, sync)
    assert "dev/a apply: helm is not called on the new side" in failing(side(B_FAILS, sync, reached), nowhere)


def test_a_release_that_fails_by_itself_excuses_that_a_run_does_not_reach_it() -> None:
    """`b` fails when it is rendered by itself, which its cell judges; only one `apply` gets so far as to diff it."""
    sync = run("sync", call("upgrade", A), failure=STOP)
    reached, stopped = run("apply", call("diff", B), failure=STOP), run("apply", failure=STOP)
    assert failing(side(B_FAILS, sync, reached), side(B_FAILS, sync, stopped)) == []


def test_an_environment_that_loads_on_no_side_fails_alike() -> None:
    def broken(failure: Failure) -> SideFacts:
        told = side(run("sync", failure=failure))
        return replace(told, environments={"dev": replace(told.environments["dev"], states=failure, listed=failure)})

    assert failing(broken(STOP), broken(OTHER)) == []
    sooner = replace(broken(STOP), environments={"dev": replace(broken(STOP).environments["dev"], states=OTHER, listed=OTHER)})
    assert failing(sooner, broken(STOP)) == []
    stopped = side(run("sync", failure=OTHER))
    assert "dev: sync: fails on both sides for other causes: stop | other" in failing(broken(STOP), stopped)
    assert "dev: sync: fails on both sides for other causes: other | stop" in failing(stopped, broken(STOP))


def test_an_environment_that_list_shows_and_build_does_not_is_not_proved() -> None:
    """Only `build` tells labels, hooks and needs; helmfile 0.166 breaks it off for one release whose patches get no values."""

    def untold(listed: Failure | None = None) -> SideFacts:
        told = side(TEMPLATE, SYNC)
        facts = replace(told.environments["dev"], states=STOP)
        return replace(told, environments={"dev": replace(facts, listed=listed) if listed else facts})

    said = ["dev: definitions: `build` fails and `list` does not, so nothing tells labels, hooks and what waits for what"]
    assert failing(untold(), untold()) == failing(untold(STOP), untold()) == failing(untold(), untold(STOP)) == said
    assert failing(untold(STOP), untold(STOP)) == []


def test_a_failure_of_several_causes_is_known_by_its_first() -> None:
    sync = run("sync", call("upgrade", A), failure=STOP)
    more = run("diff", failure=replace(STOP, message="stop (and 2 more)"))
    assert failing(side(B_FAILS, sync, run("diff", failure=STOP)), side(B_FAILS, sync, more)) == []


def test_the_kube_context_of_an_environment_is_kept(prove_dev: Prove) -> None:
    dev = "environments:\n  dev:\n    kubeContext: there\n"
    states = {path: text if path == "helmfile.yaml" else f"{dev}---\n{text}" for path, text in OLD_STATES.items()}
    root = states["helmfile.yaml"].replace("environments:\n  dev:\n", dev)
    old = {**states, "helmfile.yaml": root}
    flat = FLAT.replace("environments:\n  dev:\n", dev)
    both = tree({**old_files(), **old}), tree({**new_files(), **old, "helmfile/helmfile.yaml": flat})
    assert prove_dev(small_platform.case(*both)).holds
