"""What a proof asks of its sides beyond their facts and renders: values, single releases, charts, the network, command lines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from migrate.claims.side_facts import SideFacts
from migrate.measuring import gather, gather_from
from migrate.model.facts import Failure, ReleaseId
from migrate.model.reaching import Offline, Prepared, ReachOut, Wish
from migrate.model.tree import blob_id
from migrate.ports import COMMANDS, Side, SideFactory
from tests.claims.told import FILES, STATE, STOP, A, B, call, entry, facts, run, state
from tests.claims.told_sides import NEW_FILES, NEW_STATE, ToldSide, ToldSides, case_of, measured, sides_of


def test_values_of_other_bytes_are_read_by_helm_on_their_own_side() -> None:
    told = {"dev": facts(run("template", call(values=("w",)), call(of=B)), run("sync", call("upgrade", values=("s",))))}
    old, new = sides_of(None, told)
    new.read = lambda files: Failure(1, "no") if files[0].digest == "s" else b"v"
    found = measured(old, new, only="dev")
    assert [each[0] for each in old.of("read")] == [("v",)]
    assert [each[0] for each in new.of("read")] == [("s",), ("w",)]
    assert found.old_merged.keys() == {("v",)}
    assert found.new_merged[("w",)] == found.old_merged[("v",)] == hashlib.sha256(b"v").hexdigest()
    assert isinstance(found.new_merged[("s",)], Failure)


def test_what_helmfile_1_gives_otherwise_is_read_on_both_of_its_sides() -> None:
    old, new = sides_of()
    modern = ToldSide(SideFacts(new.tree, NEW_STATE, {"dev": facts(run("template", call(values=("m",)), call(of=B)))}), "modern")
    modern.read = lambda _: b"v"
    found = measured(old, new, modern=modern, only="dev")
    assert not old.of("read")
    assert found.new_merged[("v",)] == found.modern_merged[("m",)]


def test_where_list_fails_each_known_release_is_asked_for_by_itself() -> None:
    unlisted = {"dev": facts(listed=STOP)}
    for old, new in ((unlisted, None), (None, unlisted)):
        told = sides_of(old, new)
        measured(*told, only="dev")
        again = [("dev", (), COMMANDS), ("dev", (A, B), COMMANDS)]
        assert [side_.of("facts") for side_ in told] == [again if given else again[:1] for given in (old, new)]
    broken = {"dev": facts(listed=STOP, states=Failure(1, "x", STATE))}
    told = sides_of(broken, broken)
    measured(*told, only="dev")
    assert not [each for side_ in told for each in side_.of("facts") if each[1]]


def test_where_another_state_file_fails_to_load_each_release_is_deployed_by_itself() -> None:
    beside = facts(listed=STOP, states=Failure(1, "x", "apps/helmfile.yaml"))
    old, new = sides_of({"dev": beside, "prod": facts()}, {"dev": facts(), "prod": facts()})
    old.recorded = run("sync", call("upgrade"))
    found = measured(old, new, environments=("dev", "prod"))
    assert old.of("record") == [("dev", "sync", A), ("dev", "sync", B)]
    assert not new.of("record")
    assert found.old.environments["dev"].alone_sync == {A: old.recorded, B: old.recorded}
    assert not found.new.environments["dev"].alone_sync
    old, new = sides_of(None, {"dev": replace(beside, states=Failure(1, "x", NEW_STATE)), "prod": facts()})
    measured(old, new, environments=("dev", "prod"))
    assert not new.of("record")
    old, new = sides_of({"dev": facts(), "prod": facts()}, {"dev": beside, "prod": facts()})
    measured(old, new, environments=("dev", "prod"))
    assert new.of("record") == [("dev", "sync", A), ("dev", "sync", B)]


REMOTE = entry(chart="up/web", version="1.2", devel=True)


def test_charts_that_the_old_tree_lacks_are_fetched_for_cells_that_it_does_not_render() -> None:
    local = entry(ReleaseId("", "n", "local"))
    told = {"dev": facts(run("template", call(of=B)), states=(state(REMOTE, entry(B, chart="up/other"), local),))}
    old, new = sides_of(told)
    found = measured(old, new, only="dev", fetch=True)
    assert old.of("fetched") == [("up/web", "1.2", True)]
    assert not new.of("fetched")
    [(address, files)] = found.fetched.items()
    assert address == ("up/web", "1.2", True)
    assert files.keys() == {"Chart.yaml"}
    old.files = None
    assert not measured(old, new, only="dev", fetch=True).fetched
    old, new = sides_of(told)
    measured(old, new, only="dev")
    assert not old.of("fetched")


def test_what_incomplete_charts_were_given_is_kept_by_its_blobs() -> None:
    old, new = sides_of()
    found = measured(old, new, only="dev", incomplete=("c",))
    assert found.completed == {"c": {"charts/x.tgz": blob_id(b"x")}}
    assert old.of("completed") == [("c",)]


def test_the_network_is_cut_off_from_the_new_side_only_and_only_if_it_can_be() -> None:
    building = facts(run("template", call("dependency build", argv=("dependency", "build", "./c"))))
    manifest = "name: c\ndependencies:\n  - name: d\n    repository: file://../d\n"
    old, new = sides_of(None, {"dev": building}, more={**NEW_FILES, "c/Chart.yaml": manifest})
    new.reached = (ReachOut(Wish.CHART, "x"),)
    for network, asked, online in (
        ("", True, ""),
        ("no unshare", True, "no unshare"),
        ("", False, "migrate.yaml says `offline: false`"),
    ):
        sides = ToldSides(old, new, network=network)
        found = gather(case_of(old, new, offline=asked), cast(SideFactory, sides), lambda *_: None, only="dev")
        assert [given.get("offline", False) for _, given in sides.opened] == [False, not online]
        assert found.online == online
        wanted = Offline(new.reached, {"c": Prepared(wanted=True, address="c")})
        assert found.offline == (None if online else wanted)


def test_what_the_case_says_is_handed_to_each_side() -> None:
    old, new = sides_of()
    sides = ToldSides(old, new)
    told = case_of(old, new, lent_old={"o": b"1"}, lent_new={"n": b"2"}, hooks=True, fetch=True, incomplete=("c",))
    gather(told, cast(SideFactory, sides), lambda *_: None, only="dev")
    (_, before), (_, after) = sides.opened
    assert (before["lent"], before["hooks"], before["fetch"], before["complete"]) == ({"o": b"1"}, True, True, ("c",))
    assert (after["lent"], after["hooks"]) == ({"n": b"2"}, True)
    assert not before.get("offline")
    assert not after.get("fetch")
    assert not after.get("complete")


def test_where_templates_read_variables_both_sides_are_asked_again_with_them() -> None:
    reads = {**FILES, STATE: '# {{ env "WORD" }}\n'}
    old, new = sides_of(files=reads)
    sides = ToldSides(old, new, network="")
    found = gather(case_of(old, new, offline=True), cast(SideFactory, sides), lambda *_: None, only="dev")
    assert [(name, sorted(given["variables"]), given.get("offline", False)) for name, given in sides.opened] == [
        *(("old", [], False), ("new", [], True)),
        *(("old", ["WORD"], False), ("new", ["WORD"], False)),
    ]
    [again] = found.with_variables
    assert again.cells == found.cells
    assert not again.renders
    assert len(new.of("render")) == 2


SCRIPT = "helmfile -e dev apply\n"


def test_the_command_lines_of_the_repository_are_run_on_their_own_sides() -> None:
    old, new = sides_of(
        files={**FILES, "deploy.sh": SCRIPT}, more={**NEW_FILES, "deploy.sh": SCRIPT.replace("dev", "dev --quiet")}
    )
    found = measured(old, new, environments=("dev",))
    assert old.of("command") == [(("-e", "dev", "apply"),)]
    assert new.of("command") == [(("-e", "dev", "--quiet", "apply"),)]
    [(before, after)] = found.commands.values()
    assert (before.command, after.command) == ("old", "new")
    assert not measured(old, new, environments=("dev",), only="dev").commands


def test_unknown_parts_of_command_lines_are_filled_in_with_what_the_old_side_knows() -> None:
    files = {"deploy.sh": "helmfile -e lost apply\n"}
    told = {"dev": facts(), "lost": facts(states=STOP)}
    old, new = sides_of(told, {**told, "lost": facts()}, files={**FILES, **files}, more={**NEW_FILES, **files})
    measured(old, new, environments=("dev", "lost"))
    assert old.of("command") == new.of("command") == [(("-e", "default", "apply"),)]
    old, new = sides_of({**told, "lost": facts()}, told, files={**FILES, **files}, more={**NEW_FILES, **files})
    measured(old, new, environments=("dev", "lost"))
    assert old.of("command") == new.of("command") == [(("-e", "lost", "apply"),)]


def test_edited_scripts_are_shown_to_bash() -> None:
    old, new = sides_of(files={**FILES, "x.sh": "a\n"}, more={**NEW_FILES, "x.sh": "b\n"})
    assert measured(old, new, only="dev").complaints == {b"a\n": "a\n", b"b\n": "b\n"}


def test_one_environment_is_measured_on_sides_that_are_open_with_renders_if_so_asked() -> None:
    old, new = sides_of()
    for render in (True, False):
        found = gather_from(case_of(old, new), cast(Sequence[Side], [old, new]), {}, only="dev", render=render)
        assert bool(found.renders) is render
        assert old.of("facts")[-1][0] == "dev"


def test_progress_begins_with_nothing_and_ends_with_all() -> None:
    told: list[tuple[str, int, int]] = []
    old, new = sides_of()
    gather(case_of(old, new), cast(SideFactory, ToldSides(old, new)), lambda *each: told.append(each), only="dev")
    assert [each for each in told if each[0] == "asking helmfile"] == [("asking helmfile", n, 2) for n in (0, 1, 2)]
    assert "reading values" not in {each[0] for each in told}
