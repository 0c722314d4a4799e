"""Selectors on command lines, and whether they match the same releases afterwards."""

from __future__ import annotations

import pytest

from migrate.analyzers.selectors import SelectorUse, selector_findings, uses_of_selectors
from migrate.model.paths import RepoPath
from tests.system.trees import Content, tree_of

BEFORE = [{"name": "a", "app": "a"}, {"name": "b", "app": "b", "tier": "backend"}]
AFTER = [{"name": "a", "app": "a", "tier": "monitoring"}, {"name": "b", "app": "b", "tier": "backend"}]


@pytest.mark.parametrize(
    ("line", "selectors"),
    [
        ("helmfile -e dev -l app=web sync", ["app=web"]),
        ("helmfile --selector=app!=web,tier=x apply", ["app!=web,tier=x"]),
        ('helmfile -l "app=$APP" -l name=b sync', ["app=$APP", "name=b"]),
        ("helmfile -lapp=web sync", ["app=web"]),
        ("helmfile -l=app=web sync", ["app=web"]),
        ("helmfile -e dev \\\n  -l app=web \\\r\n  -l name=x \\\n  sync\nkubectl get -l app=no", ["app=web", "name=x"]),
        ("kubectl get pods -l app=web", []),
        ("helmfile sync\nkubectl get -l app=web", []),
        ("helmfile --labels app=web", []),
    ],
)
def test_selectors_of_helmfile_commands_are_found(line: str, selectors: list[str]) -> None:
    assert [use.text for use in uses_of_selectors(tree_of({"run.sh": line + "\n"}))] == selectors


def test_files_that_hold_no_commands_are_left_out() -> None:
    command = "# 1\nhelmfile -l app=web sync\n"
    files: dict[str, Content] = {
        "chart/templates/x.yaml": command,
        "x.tgz": command,
        "big": command + "x" * 1_000_001,
        "ok": command,
    }
    found = uses_of_selectors(tree_of(files, {"gone": "1" * 40}))
    assert [(use.path, use.line) for use in found] == [("ok", 2)]


@pytest.mark.parametrize(
    ("selector", "changed"),
    [
        ("app=a", False),
        ("tier=monitoring", True),
        ("tier!=monitoring", True),
        ("tier!=backend", False),
        ("tier=backend", False),
        ("app=b,tier!=monitoring", False),
        ("tier=$TIER", True),
        ("app={{ x }}", False),
    ],
)
def test_a_selector_whose_matches_change_is_found(selector: str, changed: bool) -> None:
    use = SelectorUse(selector, RepoPath("run.sh"), 3)
    found = list(selector_findings([use], BEFORE, AFTER))
    assert [(f.slug, f.path, f.line) for f in found] == ([("selector-matches-change", "run.sh", 3)] if changed else [])
    assert all("differs for a" in f.message for f in found)
