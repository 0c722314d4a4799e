"""The plan as text: all of it is there, and nothing is told twice."""

from __future__ import annotations

from dataclasses import replace

from migrate.model.edits import Edit
from migrate.model.facts import ReleaseId
from migrate.model.paths import RepoPath
from migrate.operations import Rewrite
from migrate.plan import Reach
from migrate.report.plan_text import plan_text
from tests.fixtures import platform
from tests.fixtures.cases.case import ROOT, application, repository, root
from tests.flatten.planning import planned

SAMPLE = planned(platform.FILES)


def test_every_copy_can_be_told_from_the_mapping() -> None:
    text = plan_text(SAMPLE.plan, SAMPLE.tree)
    lines = [line.strip().partition("  (")[0] for line in text.split("What goes where\n")[1].split("\n\n")[0].split("\n")]
    pairs = [line.split(" -> ") for line in lines if " -> " in line]
    for old, new in SAMPLE.places.items():
        matching = [
            (a, b) for a, b in pairs if old == a or (a.endswith("/") and old.startswith(a) and new == b + old.removeprefix(a))
        ]
        assert len(matching) == 1, (old, new, matching)


def test_the_verbose_mapping_names_every_file() -> None:
    text = plan_text(SAMPLE.plan, SAMPLE.tree, verbose=True)
    assert all(f"  {old} -> {new}  (" in text for old, new in SAMPLE.places.items())


def test_verdicts_add_up_and_the_new_state_file_is_shown() -> None:
    text = plan_text(SAMPLE.plan, SAMPLE.tree)
    assert f"{len(SAMPLE.tree.entries)} tracked files, each with one verdict" in text
    assert f"(sum {len(SAMPLE.tree.entries)})" in text
    assert all(f"  | {line}" in text for line in SAMPLE.text.splitlines())


def test_findings_have_their_place_and_blocking_ones_close_the_text() -> None:
    result = planned(
        {**repository("api", "web"), **application("web", "hooks: [{events: [prepare], command: x}]\nreleases: []\n")}
    )
    text = plan_text(result.plan, result.tree)
    assert "applications/web/helmfile.yaml:1: " in text
    assert "[state-hooks]" in text
    assert text.endswith(f"`migrate apply` refuses, with {len(result.plan.blocking)} findings in the way.\n")


def test_a_preview_says_so_and_a_plan_without_trouble_names_the_next_step() -> None:
    result = planned({**repository("api"), ROOT: root("api")})
    assert plan_text(result.plan, result.tree).endswith("Next: migrate apply --branch NAME\n")
    preview = plan_text(replace(result.plan, preview=True), result.tree)
    assert "(preview: no helmfile and helm)" in preview.split("\n")[0]
    assert "Next:" not in preview


def test_order_edits_and_reach_are_told() -> None:
    a, b = ReleaseId("", "n", "first"), ReleaseId("", "n", "second")
    edit = Rewrite(RepoPath(ROOT), (Edit(0, b"environments", b"surroundings"),), "because", 1)
    result = planned(repository("api"))
    reach = (Reach("prod", "sync", ("api",), (), "today's cause", ""),)
    plan = replace(result.plan, order_changes=((a, b),), stages=((b,), (a,)), reach=reach)
    text = plan_text(replace(plan, operations=(*plan.operations, edit)), result.tree)
    for piece in (
        "second → first",
        "second is now deployed before first",
        "-environments:",
        "+surroundings:",
        "today's cause",
        "after nothing",
    ):
        assert piece in text
