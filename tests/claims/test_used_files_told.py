"""Which files of the old side a record has to account for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims.every_file_has_a_verdict import judge
from migrate.claims.gathered import Gathered
from migrate.claims.used_files import unaccounted, unnamed_copies
from migrate.model.paths import RepoPath
from tests.claims import small_platform, told
from tests.claims.told import B, entry, side, state
from tests.system.trees import Content

OLD: Mapping[str, Content] = {
    "helmfile.yaml": "",
    "apps/helmfile.yaml": "",
    "env/dev.yaml": "e: 1\n",
    "v/a.yaml": "a: 1\n",
    "v/unused.yaml": "u: 1\n",
    "patch.yaml": "p: 1\n",
    **{f"c/{name}": name for name in ("Chart.yaml", "values.yaml", "templates/a.yaml", "crds/k.yaml", "charts/d/Chart.yaml")},
    "c/README.md": "",
    "bare/templates/a.yaml": "",
}
NAMED: Mapping[str, Any] = {"values": ["v/a.yaml", "v/gone.yaml"], "strategicMergePatches": ["patch.yaml"]}
USED = sorted(path for path in OLD if path.startswith(("env", "v/a", "patch", "c/")) and path != "c/README.md")


def gathered(
    copies: Sequence[str] = (),
    created: Mapping[str, Content] | None = None,
    *,
    chart: str = "./c",
    after: Mapping[str, Any] | None = None,
    record: bool = True,
) -> Gathered:
    """`after` are the settings of the release on the new side, which by itself loads nothing of the old one."""
    dev = {"dev": {"values": ["env/dev.yaml", "env/gone.yaml"]}}
    before = (state(entry(chart=chart, **NAMED), entry(B, chart="up/b", values=[]), environments=dev),)
    now = (state(entry(**{"chart": "up/a", "values": [], **(after or {})}), entry(B, chart="up/b", values=[])),)
    copied = {f"new/{path}": OLD[path] for path in copies}
    sides = side(files=OLD, states=before), side(files={**OLD, **copied, **(created or {})}, states=now)
    made = told.gathered(*sides)
    paired = tuple((RepoPath(path), RepoPath(f"new/{path}")) for path in copies)
    written = replace(small_platform.record(), copies=paired, created=tuple(map(RepoPath, created or ())))
    merged = (RepoPath("helmfile.yaml"), RepoPath("apps/helmfile.yaml"))
    return replace(made, case=replace(made.case, record=written if record else None, merged=merged))


def test_what_the_old_side_loads_and_no_record_copies_is_named_in_order() -> None:
    assert unaccounted(gathered()) == tuple(USED)
    assert unaccounted(gathered(USED)) == ()
    assert unaccounted(gathered(USED[1:])) == (USED[0],)


def test_what_the_new_side_loads_as_well_is_accounted_for() -> None:
    assert unaccounted(gathered(after={"chart": "./c"})) == ("env/dev.yaml", "patch.yaml", "v/a.yaml")
    assert "v/a.yaml" not in unaccounted(gathered(after={"values": ["v/a.yaml"]}))


@pytest.mark.parametrize("chart", ["./bare", "./gone", "up/c"])
def test_of_what_is_no_chart_of_the_commit_no_file_counts(chart: str) -> None:
    assert unaccounted(gathered(chart=chart)) == ("env/dev.yaml", "patch.yaml", "v/a.yaml")


def test_a_chart_at_the_top_has_the_files_of_the_top() -> None:
    made = gathered(chart=".")
    top = {**OLD, "Chart.yaml": "name: top\n", "templates/t.yaml": "", "values.yaml": ""}
    old = side(files=top, states=made.old.states("dev"))
    lost = unaccounted(replace(made, old=old, case=replace(made.case, old=old.tree)))
    assert {"Chart.yaml", "templates/t.yaml", "values.yaml"} <= {*lost}
    assert "c/values.yaml" not in lost


def test_a_folder_without_a_chart_of_its_own_breaks_nothing() -> None:
    assert "c/values.yaml" in unaccounted(gathered(chart="."))


@pytest.mark.parametrize(
    ("created", "found"),
    [
        ({"new/a.yaml": "a: 1\n"}, [("v/a.yaml", "new/a.yaml")]),
        ({"new/a.yaml": "a: 2\n"}, []),
        ({"new/b.yaml": "a: 1\n"}, []),
        ({"new/README.md": ""}, []),
        ({"v/unused.yaml": "u: 1\n"}, []),
        ({"new/unused.yaml": "u: 1\n"}, [("v/unused.yaml", "new/unused.yaml")]),
    ],
)
def test_a_copy_that_the_record_calls_created_is_seen(created: Mapping[str, Content], found: list[tuple[str, str]]) -> None:
    assert list(unnamed_copies(gathered(created=created).case)) == found


def test_what_is_copied_once_may_be_created_again() -> None:
    assert list(unnamed_copies(gathered(["v/a.yaml"], {"more/a.yaml": "a: 1\n"}).case)) == []
    gone = gathered(created={"new/a.yaml": "a: 1\n"}).case
    assert list(unnamed_copies(replace(gone, new=gone.old))) == []


def test_what_is_not_accounted_for_is_said_of_every_file() -> None:
    found = {
        piece.subject: piece.detail for piece in judge(gathered(created={"new/a.yaml": "a: 1\n"})).evidence if not piece.holds
    }
    assert found["new/a.yaml"] == "recorded as created, and a copy of v/a.yaml"
    assert found["v/a.yaml"] == "loaded before and no more, and no record says where it went"


def test_without_a_record_nothing_has_to_be_accounted_for() -> None:
    made = gathered(created={"new/a.yaml": "a: 1\n"}, record=False)
    assert unaccounted(made) == ()
    assert list(unnamed_copies(made.case)) == []
