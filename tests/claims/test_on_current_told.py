"""loads_on_current on evidence told beforehand: which charts are compared, and when patching is why they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrate.claims.cells import judge_cell
from migrate.claims.gathered import CHART_DIFFERS, Gathered
from migrate.claims.loads_on_current import cause_of_current, declared_changes, judge
from migrate.claims.patched_charts import known_cause
from migrate.claims.rendering import RenderResult
from migrate.claims.side_facts import SideFacts
from migrate.model.proof import CellVerdict
from migrate.model.settings import Unproved
from tests.claims import told
from tests.claims.test_renders_equal import DIFFERENT, EQUAL
from tests.claims.told import CELL, STOP, A, B, call, entry, run, side, state, wrong

TOOLS = {"helmfile": "0.166.0", "modern helmfile": "1.7.4"}
CAUSE = "helmfile 0.166.0 leaves `jsonPatches` out beside `strategicMergePatches`, helmfile 1.7.4 applies both"
PATCHES: dict[str, Any] = {"strategicMergePatches": [{}], "jsonPatches": [{}]}
TEMPLATE, SYNC = f"{CELL} template", f"{CELL} sync"


def asked(template: str = "c", sync: str = "c", *, patched: str = "", inner: str = "i", values: str = "v") -> SideFacts:
    """A side whose release `a` has these charts, as digests: rendered, deployed, patched, and before it is patched."""
    rendered = call("template", chart_digest=template, chart_patched=patched, values=(values,))
    deployed = call("upgrade", chart_digest=sync, chart_patched=patched)
    first = run("template", call("chartify", chart_digest=inner), rendered, call(of=B))
    return side(first, run("sync", deployed, call("upgrade", B)), states=(state(entry(**PATCHES), entry(B)),))


def gathered(now: SideFacts, then: SideFacts | None, *vouched: Unproved) -> Gathered:
    made = told.gathered(now, now, modern=then, tools=TOOLS)
    return replace(made, case=replace(made.case, unproved=vouched))


@pytest.mark.parametrize(
    ("now", "then", "subjects"),
    [
        (asked(), asked(), []),
        (asked(), asked(template="d"), [TEMPLATE]),
        (asked(), asked(sync="d"), [SYNC]),
        (asked(patched="p"), asked("d", "d", patched="p"), []),
        (asked(patched="p"), asked("d", "d", patched="q"), [TEMPLATE, SYNC]),
        (asked(patched="p"), asked(patched=""), []),
        (asked(patched=""), asked(patched="p"), []),
        (asked(patched="p"), asked(template="d"), [TEMPLATE]),
    ],
)
def test_what_is_read_of_a_patched_chart_counts_if_both_tell_it(now: SideFacts, then: SideFacts, subjects: list[str]) -> None:
    assert list(wrong(judge(gathered(now, then)))) == subjects


def flagged(*flags: str, command: str = "template") -> SideFacts:
    """Calls with these flags in one of the two commands."""
    words = {"template": [], "sync": [], command: list(flags)}
    rendered, deployed = call("template", A, *words["template"]), call("upgrade", A, *words["sync"])
    return side(run("template", rendered, call(of=B)), run("sync", deployed, call("upgrade", B)))


def test_only_a_flag_that_1_x_gives_to_template_as_well_is_passed_over() -> None:
    now = flagged()
    assert wrong(judge(gathered(now, flagged("--enable-dns")))) == {}
    assert list(wrong(judge(gathered(now, flagged("--wait"))))) == [TEMPLATE]
    assert list(wrong(judge(gathered(now, flagged("--enable-dns", command="sync"))))) == [SYNC]
    assert list(wrong(judge(gathered(flagged("--enable-dns"), now)))) == [TEMPLATE]
    assert {piece.detail for piece in judge(gathered(now, now)).evidence} == {"equal"}


@pytest.mark.parametrize(
    ("then", "cause"), [(asked(), ""), (asked(template="d"), CAUSE), (asked(sync="d"), CAUSE), (asked("d", inner="j"), "")]
)
def test_patching_is_named_as_the_cause_where_a_chart_differs(then: SideFacts, cause: str) -> None:
    assert cause_of_current(gathered(asked(), then), CELL) == cause


def test_no_cause_lies_with_a_helmfile_that_was_not_asked() -> None:
    assert cause_of_current(gathered(asked(), None), CELL) == ""


@pytest.mark.parametrize(
    ("then", "vouched", "detail"),
    [
        (asked("d"), CAUSE, ""),
        (asked("d"), "another cause", f"{CHART_DIFFERS} ({CAUSE})"),
        (asked("d", inner="j"), "", CHART_DIFFERS),
        (asked("d", values="w"), CAUSE, f"{CHART_DIFFERS} ({CAUSE}); values: helm reads others"),
    ],
)
def test_the_user_vouches_for_a_known_cause_and_for_a_chart_alone(then: SideFacts, vouched: str, detail: str) -> None:
    entry_ = Unproved(str(CELL.release), CELL.environment, vouched, "we know")
    assert wrong(judge(gathered(asked(), then, entry_))) == ({TEMPLATE: detail} if detail else {})


@pytest.mark.parametrize(
    ("render", "vouched", "verdict"),
    [
        (EQUAL, CAUSE, CellVerdict.VOUCHED),
        (EQUAL, "another cause", CellVerdict.UNPROVED),
        (DIFFERENT, CAUSE, CellVerdict.DIFFERENT),
    ],
)
def test_only_an_equal_cell_is_vouched_for_by_what_1_x_does(render: RenderResult, vouched: str, verdict: CellVerdict) -> None:
    made = gathered(asked(), asked("d"), Unproved(str(CELL.release), CELL.environment, vouched, "we know"))
    assert judge_cell(replace(made, renders={CELL: render}), CELL, ()).verdict is verdict


def test_what_only_1_x_gets_through_is_declared_by_environment() -> None:
    stopped = side(run("template", failure=STOP), run("sync", failure=STOP))
    what = "fails with this helmfile and not with 1.x, so what that deploys is compared with nothing"
    assert declared_changes(gathered(stopped, asked())) == (f"dev: n/a, n/b {what}",)
    assert declared_changes(gathered(stopped, None)) == declared_changes(gathered(stopped, stopped)) == ()


CRDS = "helmfile 0.166.0 moves templates/crds/ of a patched chart to crds/, helmfile 1.7.4 leaves it in templates/"
MERGE, JSON, TRANSFORMER = "strategicMergePatches", "jsonPatches", "transformers"


@pytest.mark.parametrize(
    ("keys", "file", "causes"),
    [
        ((MERGE, JSON), "c/templates/a.yaml", [CAUSE]),
        ((MERGE,), "c/templates/a.yaml", []),
        ((JSON,), "c/templates/a.yaml", []),
        ((MERGE,), "c/templates/crds/a.yaml", [CRDS]),
        ((JSON,), "c/templates/crds/a.yaml", [CRDS]),
        ((TRANSFORMER,), "c/templates/crds/a.yaml", [CRDS]),
        ((), "c/templates/crds/a.yaml", []),
        ((MERGE, JSON), "c/templates/crds/a.yaml", [CAUSE, CRDS]),
    ],
)
def test_what_1_x_is_known_to_patch_otherwise(keys: tuple[str, ...], file: str, causes: list[str]) -> None:
    patches: dict[str, Any] = {key: [{}] for key in keys}
    release = entry(**patches)
    inner = run("template", call("chartify"), call(), call(of=B))
    now = side(inner, run("sync"), files={**told.FILES, file: ""}, states=(state(release, entry(B)),))
    assert known_cause(gathered(now, now), CELL) == "; ".join(causes)
    outside = side(inner, run("sync"), states=(state({**release, "chart": "../../away"}, entry(B)),))
    assert known_cause(gathered(outside, outside), CELL) == "; ".join(cause for cause in causes if cause != CRDS)
    twice = side(inner, run("sync"), states=(state(release, release, entry(B)),))
    assert known_cause(gathered(twice, twice), CELL) == ""
