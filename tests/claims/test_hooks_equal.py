"""hooks_equal judged on states told beforehand: scripts that move, and hooks of state files."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

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


DIRNAME = 'D=$(cd "$(dirname "$0")" && pwd)\n'
READS_ITS_NEIGHBOUR = (
    DIRNAME + 'cat "$D/x.yaml"\n',
    DIRNAME + "cat ${D}/x.yaml\n",
    DIRNAME + 'cat "$D"/x.yaml\n',
    DIRNAME + "export E=$D\ncat $E/x.yaml\n",
    DIRNAME + "E=$D/../y\ncat $E/x.yaml\n",
    "cat ${0%/*}/x.yaml\n",
    "cat $(dirname $0)/x.yaml\n",
    "cat $D/x.yaml\n",
    "D=.\ncat $D/x.yaml\n",
    "D=$(pwd)\ncat $D/x.yaml\n",
    "D=../y\ncat $D/x.yaml\n",
)
"""From `apps/y`, where the hook runs and the script lies."""


@pytest.mark.parametrize("text", READS_ITS_NEIGHBOUR)
@pytest.mark.parametrize("there", [True, False])
def test_what_a_script_reads_by_a_variable_must_be_there_too(text: str, there: bool) -> None:
    script, legacy = "#!/bin/bash\n" + text, {"apps/y/x.yaml": "a: 1\n", "apps/y/helmfile.yaml": ""}
    old = {**legacy, "apps/y/hook.sh": script}
    places = dict.fromkeys(("helmfile/x.yaml", "y/x.yaml"), "a: 1\n")
    new = {**old, "helmfile/hook.sh": script, **(places if there else {})}
    sides = (
        side(old, "apps/y/helmfile.yaml", [hook("./hook.sh")], []),
        side(new, "helmfile/helmfile.yaml", [hook("./hook.sh")], []),
    )
    assert failing(*sides) == ([] if there else [str(CELL)])


def test_what_a_hooks_own_text_reads_by_a_variable_must_be_there_too() -> None:
    texts = hook("sh", "-c", "D=conf; cat $D/x.yaml")
    old = {"apps/y/conf/x.yaml": "a: 1\n", "apps/y/helmfile.yaml": ""}
    for files, fails in (({"helmfile/conf/x.yaml": "a: 1\n"}, []), ({}, [str(CELL)])):
        before, after = (
            side(old, "apps/y/helmfile.yaml", [texts], []),
            side({**old, **files}, "helmfile/helmfile.yaml", [texts], []),
        )
        assert failing(before, after) == fails


def test_a_script_that_stays_may_read_its_neighbour_by_a_variable() -> None:
    old = {"apps/y/x.yaml": "a: 1\n", "apps/y/hook.sh": "#!/bin/bash\n" + DIRNAME + "cat $D/x.yaml $OUT/none.yaml\n"}
    sides = (
        side(old, "apps/y/helmfile.yaml", [hook("./hook.sh")], []),
        side(old, "helmfile/helmfile.yaml", [hook("../apps/y/hook.sh")], []),
    )
    assert failing(*sides) == []


def test_make_must_find_the_same_makefile() -> None:
    make, old = hook("make", "deploy"), {"apps/y/Makefile": "deploy:\n", "apps/y/helmfile.yaml": ""}
    for files, fails in (
        ({"helmfile/Makefile": "deploy:\n"}, []),
        ({"helmfile/Makefile": "x:\n"}, [str(CELL)]),
        ({}, [str(CELL)]),
    ):
        new = side({**old, **files}, "helmfile/helmfile.yaml", [make], [])
        assert failing(side(old, "apps/y/helmfile.yaml", [make], []), new) == fails


def test_a_folder_that_a_command_is_given_by_its_bare_name_must_be_the_same() -> None:
    applies = hook("kubectl", "apply", "-f", "conf")
    old = {"apps/y/conf/a.yaml": "a: 1\n", "apps/y/helmfile.yaml": ""}
    for files, fails in (({"helmfile/conf/a.yaml": "a: 1\n"}, []), ({"helmfile/conf/a.yaml": "a: 2\n"}, [str(CELL)])):
        new = side({**old, **files}, "helmfile/helmfile.yaml", [applies], [])
        assert failing(side(old, "apps/y/helmfile.yaml", [applies], []), new) == fails


def test_what_a_script_reads_by_a_pattern_must_be_there_too() -> None:
    reads, call = "#!/bin/sh\ncat conf/*.yaml\n", hook("./hook.sh")
    others = {"apps/y/conf/b.txt": "b\n", "apps/y/conf/deep/c.yaml": "c: 1\n", "apps/y/d.yaml": "d: 1\n"}
    old = {"apps/y/hook.sh": reads, "apps/y/conf/a.yaml": "a: 1\n", "apps/y/helmfile.yaml": "", **others}
    before = side(old, "apps/y/helmfile.yaml", [call], [])
    for text, fails in (("a: 1\n", []), ("a: 2\n", [str(CELL)])):
        new = {**old, "helmfile/hook.sh": reads, "helmfile/conf/a.yaml": text}
        assert failing(before, side(new, "helmfile/helmfile.yaml", [call], [])) == fails


def test_a_script_that_goes_home_in_a_sub_shell_reads_from_where_it_runs() -> None:
    reads = "#!/bin/bash\n" + DIRNAME + "cat conf/x.yaml\n"
    old = {"apps/y/hook.sh": reads, "apps/y/conf/x.yaml": "a: 1\n", "apps/y/helmfile.yaml": ""}
    before = side(old, "apps/y/helmfile.yaml", [hook("./hook.sh")], [])
    for files, fails in (({}, [str(CELL)]), ({"helmfile/conf/x.yaml": "a: 1\n"}, [])):
        new = side({**old, **files}, "helmfile/helmfile.yaml", [hook("../apps/y/hook.sh")], [])
        assert failing(before, new) == fails


def test_what_stands_between_the_words_of_a_shell_text_counts() -> None:
    assert moved(hook("sh", "-c", "a && b"), hook("sh", "-c", "a || b"), {}) == [str(CELL)]
    assert moved(hook("sh", "-c", "a b"), hook("sh", "-c", "a  b"), {}) == [str(CELL)]


@pytest.mark.parametrize("args", [("-k", "./k/prod"), ("-k", "k/prod"), ("-c", "kubectl apply -k k/prod")])
@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_what_a_kustomization_names_outside_of_its_folder_must_be_the_same(args: tuple[str, str], name: str) -> None:
    def of(top: str, patch: str) -> dict[str, str]:
        files = {f"prod/{name}": "resources: [../base]\n", f"base/{name}": "resources: [x.yaml, ../p.yaml]\n", "base/x.yaml": "x"}
        return {f"{top}/k/{path}": text for path, text in (*files.items(), ("p.yaml", patch))}

    def judged(new: Mapping[str, str]) -> list[str]:
        old = side(of("apps/x", "1"), "apps/x/helmfile.yaml", [hook("kubectl", *args)], [])
        return failing(old, side({**of("apps/x", "1"), **new}, "helmfile/helmfile.yaml", [hook("kubectl", *args)], []))

    alike = of("helmfile", "1")
    assert judged(alike) == []
    assert judged(of("helmfile", "2")) == [str(CELL)]
    assert judged({path: text for path, text in alike.items() if "/base/" not in path}) == [str(CELL)]
    assert judged({**alike, "helmfile/k/base/x.yaml": "y"}) == [str(CELL)]


def test_a_kustomization_may_be_in_the_folder_that_is_named_barely() -> None:
    files = {"k/kustomization.yaml": "resources: [../x.yaml]\n", "x.yaml": "1"}
    old = side(
        {f"apps/{path}": text for path, text in files.items()}, "apps/helmfile.yaml", [hook("kubectl", "apply", "-k", "k")], []
    )
    for text, wrong in (("1", []), ("2", [str(CELL)])):
        made = {f"helmfile/{path}": content for path, content in {**files, "x.yaml": text}.items()}
        assert failing(old, side(made, "helmfile/helmfile.yaml", [hook("kubectl", "apply", "-k", "k")], [])) == wrong


@pytest.mark.parametrize(
    ("name", "text", "args"),
    [
        ("Chart.yaml", "dependencies:\n- name: lib\n  repository: file://../lib\n", ("upgrade", "x", "./c")),
        ("helmfile.yaml", "releases:\n- name: x\n  chart: ../lib\n", ("-f", "c/helmfile.yaml", "sync")),
        ("helmfile.yaml.gotmpl", "releases:\n- name: x\n  chart: ../lib\n", ("-f", "c/helmfile.yaml.gotmpl", "sync")),
    ],
)
def test_what_a_chart_or_a_state_file_of_a_hook_names_must_be_the_same(name: str, text: str, args: tuple[str, ...]) -> None:
    def at(top: str, lib: str) -> SideFacts:
        files = {f"{top}/c/{name}": text, f"{top}/lib/Chart.yaml": f"name: {lib}\n"}
        return side(files, f"{top}/helmfile.yaml", [hook("run", *args)], [])

    assert failing(at("apps", "lib"), at("helmfile", "lib")) == []
    assert failing(at("apps", "lib"), at("helmfile", "other")) == [str(CELL)]


def test_each_hook_of_a_state_file_counts() -> None:
    files, both = {"helmfile.yaml": ""}, [hook("echo"), hook("true")]
    old = side(files, "helmfile.yaml", [], both)
    assert failing(old, side(files, "helmfile/helmfile.yaml", [], both)) == []
    assert failing(old, side(files, "helmfile/helmfile.yaml", [], [hook("echo"), hook("false")])) == ["dev: state files"]


@pytest.mark.parametrize(
    "text", ["cat $(pwd)/x.yaml\n", "D=$(dirname $0)/conf\ncat $D/x.yaml\n", "D=$(dirname $(dirname $0))\ncat $D/x.yaml\n"]
)
def test_a_folder_behind_an_expression_is_followed(text: str) -> None:
    """The script lies in `apps/y/bin` and moves to `helmfile/hooks`; what it reads does not move with it."""
    script = "#!/bin/bash\n" + text
    places = dict.fromkeys(("apps/y/x.yaml", "apps/y/bin/conf/x.yaml"), "a: 1\n")
    old = {**places, "apps/y/bin/hook.sh": script, "apps/y/helmfile.yaml": ""}
    moved_along = dict.fromkeys(("helmfile/x.yaml", "helmfile/hooks/conf/x.yaml"), "a: 1\n")
    for files, fails in (({}, [str(CELL)]), (moved_along, [])):
        new = side({**old, "helmfile/hooks/hook.sh": script, **files}, "helmfile/helmfile.yaml", [hook("hooks/hook.sh")], [])
        assert failing(side(old, "apps/y/helmfile.yaml", [hook("bin/hook.sh")], []), new) == fails
