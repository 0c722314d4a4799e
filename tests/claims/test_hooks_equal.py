"""hooks_equal judged on states told beforehand: scripts that move, and hooks of state files."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.claims import hooks_equal
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, CellId, EnvironmentFacts, ReleaseId
from migrate.model.paths import RepoPath
from tests.claims import small_platform

CELL = CellId("dev", ReleaseId("", "", "a"))
Hook = Mapping[str, object]


def hook(command: str, *args: str, events: tuple[str, ...] = ("presync",)) -> Hook:
    return {"name": "", "events": list(events), "command": command, "args": list(args), "showlogs": False}


def side(files: Mapping[str, str], source: str, of_release: list[Hook], of_state: list[Hook], root: str = "") -> SideFacts:
    document = {"releases": [{"name": "a", "hooks": of_release}], "hooks": of_state}
    facts = EnvironmentFacts("dev", (BuiltState(RepoPath(source), document, ""),), (), {})
    return SideFacts(small_platform.tree(files), root or source, {"dev": facts})


def failing(old: SideFacts, new: SideFacts) -> list[str]:
    case = small_platform.case(old.tree, new.tree)
    result = hooks_equal.judge(Gathered(case, old, new, {}, (CELL,), {}))
    assert result.checked == 2
    return [piece.subject for piece in result.evidence if not piece.holds]


def moved(old: Hook, new: Hook, files: Mapping[str, str]) -> list[str]:
    legacy = {"apps/x/hook.sh": "run\n", "apps/x/helmfile.yaml": ""}
    return failing(
        side(legacy, "apps/x/helmfile.yaml", [old], []), side({**legacy, **files}, "helmfile/helmfile.yaml", [new], [])
    )


def test_a_command_of_the_system_stays() -> None:
    assert moved(hook("echo", "x"), hook("echo", "x"), {}) == []


def test_a_script_may_move_with_its_bytes() -> None:
    assert moved(hook("./hook.sh"), hook("./hooks/x.sh"), {"helmfile/hooks/x.sh": "run\n"}) == []
    assert moved(hook("sh", "hook.sh"), hook("sh", "../apps/x/hook.sh"), {}) == []


def test_a_script_with_other_bytes_is_another_hook() -> None:
    assert moved(hook("./hook.sh"), hook("./hooks/x.sh"), {"helmfile/hooks/x.sh": "walk\n"}) == [str(CELL)]


def test_a_script_that_is_named_alike_and_not_there_is_another_hook() -> None:
    assert moved(hook("./hook.sh"), hook("./hook.sh"), {}) == [str(CELL)]
    assert moved(hook("./hook.sh"), hook("./hook.sh"), {"helmfile/hook.sh": "walk\n"}) == [str(CELL)]
    assert moved(hook("./hook.sh"), hook("./hook.sh"), {"helmfile/hook.sh": "run\n"}) == []


def test_other_events_and_arguments_are_another_hook() -> None:
    assert moved(hook("echo"), hook("echo", events=("postsync",)), {}) == [str(CELL)]
    assert moved(hook("echo"), hook("echo", "x"), {}) == [str(CELL)]


def test_the_roots_own_hooks_may_stay() -> None:
    files = {"helmfile.yaml": ""}
    old = side(files, "helmfile.yaml", [], [hook("echo")])
    assert failing(old, side(files, "helmfile/helmfile.yaml", [], [hook("echo")])) == []
    assert failing(old, side(files, "helmfile/helmfile.yaml", [], [])) == ["dev: state files"]


def test_hooks_of_a_sub_helmfile_fire_at_another_moment_in_one_file() -> None:
    files = {"helmfile.yaml": "", "apps/x/helmfile.yaml": ""}
    old = side(files, "apps/x/helmfile.yaml", [], [hook("echo")], root="helmfile.yaml")
    assert failing(old, side(files, "helmfile/helmfile.yaml", [], [hook("echo")])) == ["dev: state files"]
