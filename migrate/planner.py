"""Inventory + layout -> Plan: a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrate.analyzers.selectors import Labels, selector_findings
from migrate.analyzers.survey import Survey
from migrate.flatten.builder import TO_YAML, Builder, PlannedRelease
from migrate.flatten.changes import changes
from migrate.flatten.clashes import clashes
from migrate.flatten.order import stages, swapped
from migrate.flatten.paths import dependency_findings
from migrate.flatten.placement import STATE, Ground, chart_folders, place_all
from migrate.flatten.reads import read_findings
from migrate.flatten.refusals import Subject, refusals
from migrate.flatten.selectors_in_use import selectors_in_use
from migrate.flatten.vendored import dependency_operations, skip_findings, vendor_operations
from migrate.layout import layout_of
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.pulled import Pulled
from migrate.model.settings import Order, Settings
from migrate.model.tree import Mode, Tree
from migrate.operations import Copy, Create, Operation
from migrate.plan import Plan
from migrate.ports import Memory
from migrate.shell_scripts import create_scripts

NOTHING = Pulled()


def make_plan(tree: Tree, surveyed: Survey, settings: Settings, pulled: Pulled = NOTHING, memory: Memory | None = None) -> Plan:
    """The plan for a tree.

    A plan with blocking findings is complete all the same, as far as it goes: it shows what is in the way. `memory` spares files
    in which nothing was found in an earlier look at the same tree.
    """
    layout = layout_of(settings)
    ground = Ground(tree, surveyed.inventory, layout, settings, pulled)
    places = place_all(ground)
    folders = chart_folders(ground)
    builder = Builder(ground, surveyed, places, folders)
    planned, stage_list = builder.releases()
    text = builder.text(planned)
    new_state = layout.state_file if "{{" not in text else RepoPath(f"{layout.state_file}.gotmpl")
    operations: list[Operation] = [Copy(s, p.target, p.reason, p.sub_issue) for s, p in sorted(places.of.items())]
    vendored, told = vendor_operations(ground, builder.vendored)
    inside, told_inside = dependency_operations(ground, folders)
    operations += [*vendored, *inside, *builder.created]
    operations.append(Create(new_state, text, Mode.FILE, f"the one state file, out of {len(surveyed.inventory.states)}", STATE))
    scripts, script_findings = create_scripts(tree, layout)
    operations += scripts
    subject = Subject(surveyed.inventory, surveyed.states, pulled)
    findings = [
        *surveyed.inventory.findings,
        *refusals(subject),
        *changes(subject),
        *places.findings,
        *told,
        *told_inside,
        *skip_findings(ground),
        *script_findings,
    ]
    findings += [*builder.findings, *dependency_findings(ground, folders), *read_findings(ground, places, surveyed.templates)]
    findings += clashes(tree, operations, new_state, layout.record)
    findings += selector_findings(selectors_in_use(tree, memory), *_labels(planned))
    if new_state != layout.state_file:
        message = "template actions remain: the new state file is a .gotmpl, which helmfile 0.16x and 1.x both render"
        findings.append(Finding("not-plain-yaml", Severity.WARNING, *_first_action(surveyed), message))
    open_findings, accepted = _accepted(findings, settings)
    today = stages([(p.release, p.identity) for p in planned], {p.identity: 0 for p in planned}, Order.LEGACY)
    return Plan(
        base=tree.commit,
        layout_digest=layout.digest,
        settings_digest=settings.digest,
        root=surveyed.inventory.root,
        new_state=new_state,
        tier_label=settings.tier_label,
        record_path=layout.record,
        merged=tuple(sorted(state.path for state in surveyed.inventory.states)),
        operations=tuple(operations),
        stages=stage_list,
        tiers=tuple(sorted((p.identity, tier) for p in planned if (tier := p.changes.labels.get(settings.tier_label)))),
        order_changes=swapped(today, stage_list),
        findings=tuple(sorted(set(open_findings), key=_place)),
        accepted=tuple(accepted),
    )


def with_findings(plan: Plan, findings: Sequence[Finding], settings: Settings) -> Plan:
    """The plan with more findings, each in its place, or accepted."""
    open_findings, accepted = _accepted(findings, settings)
    told = tuple(sorted({*plan.findings, *open_findings}, key=_place))
    return replace(plan, findings=told, accepted=(*plan.accepted, *accepted))


def _place(finding: Finding) -> tuple[int, str, int, str, str]:
    """By severity, then as they stand in the repository; the message last, so that no two runs tell them in another order."""
    return list(Severity).index(finding.severity), finding.path, finding.line, finding.slug, finding.message


def _labels(planned: Sequence[PlannedRelease]) -> tuple[list[Labels], list[Labels]]:
    """The labels that selectors see today and afterwards, helmfile's own three included (`chart` is the last path element)."""
    before: list[Labels] = []
    after: list[Labels] = []
    for item in planned:
        own = {"name": item.identity.name, "namespace": item.identity.namespace}
        old = {**dict(item.release.labels), **own, "chart": item.release.chart.rstrip("/").rpartition("/")[2].strip(".")}
        new = {**dict(item.release.labels), **item.changes.labels, **own}
        before.append(old)
        after.append({**new, "chart": (item.changes.chart or item.release.chart).rpartition("/")[2]})
    return before, after


def _accepted(findings: Sequence[Finding], settings: Settings) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    pairs = [(finding, settings.accepted(finding)) for finding in findings]
    kept = [finding for finding, entry in pairs if entry is None]
    return kept, [(finding, entry.reason) for finding, entry in pairs if entry is not None]


def _first_action(surveyed: Survey) -> tuple[RepoPath, int]:
    for file in surveyed.inventory.states:
        for number, line in enumerate(surveyed.states.sources[file.path].text.split("\n"), start=1):
            if "{{" in line and not TO_YAML.match(line.strip().removeprefix("- ").strip()):
                return file.path, number
    return surveyed.inventory.root, 0
