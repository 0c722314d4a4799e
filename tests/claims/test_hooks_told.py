"""hooks_equal judged on states told beforehand: how many hooks there are, of which state file, and what is said of them."""

from __future__ import annotations

from migrate.claims import hooks_equal
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, EnvironmentFacts, Failure
from migrate.model.paths import RepoPath
from tests.claims import small_platform
from tests.claims.test_hooks_equal import CELL, Hook, hook, side


def told(old: SideFacts, new: SideFacts) -> dict[str, tuple[bool, str]]:
    case = small_platform.case(old.tree, new.tree)
    result = hooks_equal.judge(Gathered(case, old, new, {}, (CELL,), {}))
    return {piece.subject: (piece.holds, piece.detail) for piece in result.evidence}


def rooted(*of_release: Hook, of_state: tuple[Hook, ...] = ()) -> SideFacts:
    return side({"helmfile.yaml": ""}, "helmfile.yaml", [*of_release], [*of_state])


STATES, DIFFER = "dev: state files", "their own hooks differ, or fire another time"


def test_how_many_hooks_there_are_counts() -> None:
    one, two = hook("echo"), hook("true", events=("postsync", "cleanup"))
    assert told(rooted(), rooted()) == {str(CELL): (True, "0 hooks"), STATES: (True, "equal")}
    assert told(rooted(one, two), rooted(one, two))[str(CELL)] == (True, "2 hooks")
    assert told(rooted(one, two), rooted(one))[str(CELL)] == (False, "presync, postsync/cleanup became presync")
    assert told(rooted(), rooted(one))[str(CELL)] == (False, "no hooks became presync")
    assert told(rooted(one), rooted())[str(CELL)] == (False, "presync became no hooks")
    assert told(rooted(one), rooted(two))[str(CELL)] == (False, "presync became postsync/cleanup")
    assert told(rooted(hook("echo", events=())), rooted(two))[str(CELL)] == (False, "? became postsync/cleanup")
    for old, new in (((one, two), (one,)), ((one,), (one, two)), ((), (one,)), ((one,), ())):
        assert told(rooted(of_state=old), rooted(of_state=new))[STATES] == (False, DIFFER)
    assert told(rooted(of_state=(one,)), rooted(of_state=(one,)))[STATES] == (True, "equal")


def test_a_release_that_is_not_defined_once_on_each_side_is_judged_elsewhere() -> None:
    twice, none = rooted(hook("echo")), rooted()
    for sides, entries in ((twice, [{"name": "a"}] * 2), (none, [])):
        states = sides.environments["dev"].states
        assert isinstance(states, tuple)
        states[0].document["releases"][:] = entries
    for old, new in ((twice, twice), (twice, none), (none, twice), (rooted(), twice), (none, rooted())):
        assert str(CELL) not in told(old, new)


def test_an_environment_that_loads_on_one_side_only_is_judged_by_its_cells() -> None:
    stop = Failure(1, "stop", "helmfile.yaml", 1)
    broken = SideFacts(rooted().tree, "helmfile.yaml", {"dev": EnvironmentFacts("dev", stop, (), {})})
    assert told(rooted(), broken) == told(broken, rooted()) == told(broken, broken) == {}


def nested(*of_root: Hook, of_other: tuple[Hook, ...] = ()) -> SideFacts:
    """A root with hooks of its own that has another state file loaded first."""
    states = tuple(
        BuiltState(RepoPath(source), {"releases": [], "hooks": list(hooks)}, "")
        for source, hooks in (("apps/helmfile.yaml", of_other), ("helmfile.yaml", of_root))
    )
    tree = small_platform.tree({"helmfile.yaml": "", "apps/helmfile.yaml": ""})
    return SideFacts(tree, "helmfile.yaml", {"dev": EnvironmentFacts("dev", states, (), {})})


def test_only_the_hooks_of_the_state_that_is_asked_fire_at_the_same_moment_afterwards() -> None:
    one = hook("echo")
    assert told(nested(one), nested(one))[STATES] == (True, "equal")
    assert told(nested(one), rooted(of_state=(one,)))[STATES] == (True, "equal")
    assert told(nested(one, of_other=(one,)), nested(one, of_other=(one,)))[STATES] == (False, DIFFER)
    assert told(nested(of_other=(one,)), nested(of_other=(one,)))[STATES] == (False, DIFFER)
    assert told(nested(one, of_other=(one,)), nested(one))[STATES] == (False, DIFFER)


def test_a_release_that_says_nothing_of_hooks_has_none() -> None:
    def plain() -> SideFacts:
        silent = rooted()
        states = silent.environments["dev"].states
        assert isinstance(states, tuple)
        del states[0].document["releases"][0]["hooks"]
        return silent

    one = rooted(hook("echo"))
    for old, new, holds in ((plain(), plain(), True), (plain(), rooted(), True), (plain(), one, False), (one, plain(), False)):
        assert told(old, new)[str(CELL)][0] is holds


def test_a_manifest_that_is_applied_may_move_with_its_bytes() -> None:
    files = {"helmfile.yaml": "", "m.yaml": "a: 1\n", "v/m.yaml": "a: 1\n", "v/n.yaml": "a: 2\n"}

    def applying(path: str) -> SideFacts:
        return side(files, "helmfile.yaml", [{"events": ["presync"], "kubectlApply": {"filename": path}}], [])

    assert told(applying("m.yaml"), applying("v/m.yaml"))[str(CELL)] == (True, "1 hooks")
    assert told(applying("m.yaml"), applying("v/n.yaml"))[str(CELL)] == (False, "m.yaml is another file, or has another mode")
