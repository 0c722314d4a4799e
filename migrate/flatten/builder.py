"""Releases -> entries of the new state file, and the files that have to be made for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from migrate.analyzers.chart_templates import templates_read_files
from migrate.analyzers.releases import is_inline
from migrate.analyzers.survey import Survey
from migrate.flatten.document import Composer, Section, assemble
from migrate.flatten.entry import EntryChanges
from migrate.flatten.file_settings import defaults_findings, respell_repositories
from migrate.flatten.ground import ENVIRONMENTS, Ground
from migrate.flatten.order import Stages, against, named, needs, stages
from migrate.flatten.paths import chart_problem, chart_text, environment_texts, lock_findings, release_paths
from migrate.flatten.places import Places
from migrate.flatten.skip_deps import ADDED, SKIP_DEPS, added
from migrate.flatten.vendored import (
    key_of,
    origin_comment,
    repository_findings,
    skips_build,
    unneeded_repositories,
    vendored_folders,
)
from migrate.formats.state_source import Part
from migrate.formats.yaml_source import Node
from migrate.model.charts import Chart
from migrate.model.facts import ReleaseId
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Release
from migrate.model.paths import RepoPath, relative
from migrate.model.settings import Order
from migrate.model.tree import Mode
from migrate.operations import Create
from migrate.tiers import TierChoice, tier_finding, tier_of, tier_table

HEAD = (
    "# All releases of this repository. Run it with `helmfile -e <environment> apply` in this folder, or from the top",
    "# with `-f {state}`. Releases are deployed in the order of their `needs`.",
)
TO_YAML = re.compile(r"^\{\{-?\s*toYaml\s+(?P<value>\.Values(?:\.[\w-]+)*)\s*(?:\|\s*n?indent\s+\d+\s*)?-?\}\}$")
_ONE_LINE = "{{{{ toYaml {value} }}}}\n"


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """A release with all that was decided about it."""

    release: Release
    identity: ReleaseId
    tier: TierChoice
    changes: EntryChanges


class Builder:
    """Turns releases into entries of the new state file, and collects what has to be made for them."""

    def __init__(self, ground: Ground, surveyed: Survey, places: Places, folders: dict[str, str]) -> None:
        self.ground = ground
        self.surveyed = surveyed
        self.places = places
        self.folders = folders
        self.vendored = vendored_folders(ground, folders)
        self.composer = Composer(surveyed.inventory, surveyed.states)
        self.charts: dict[str | None, Chart] = {chart.folder: chart for chart in surveyed.inventory.charts}
        self.findings: list[Finding] = []
        self.created: list[Create] = []

    def releases(self) -> tuple[list[PlannedRelease], tuple[tuple[ReleaseId, ...], ...]]:
        """All releases in legacy order with their changes, and the stages of deployment."""
        known = [(release, self._identity(release)) for release in self.surveyed.inventory.releases]
        tiers = {identity: self._tier(release, identity) for release, identity in known}
        ranks = {identity: tier_table().rank(choice.tier.name) for identity, choice in tiers.items()}
        stage_list = stages(known, ranks, self.ground.settings.order)
        self._check_needs(known, stage_list)
        self.findings += lock_findings(self.ground)
        wanted = needs(stage_list)
        planned = [PlannedRelease(r, i, tiers[i], self._changes(r, tiers[i], wanted.get(i, ()))) for r, i in known]
        return planned, stage_list

    def text(self, planned: Sequence[PlannedRelease]) -> str:
        """The new state file."""
        texts, found = environment_texts(self.ground, self.places)
        self.findings += found
        first = self.composer.environments(texts)
        skipping = {key_of(item.release) for item in planned if ADDED in item.changes.settings.get(SKIP_DEPS, ())}
        unneeded = unneeded_repositories(self.ground, self.surveyed.states, skipping)
        self.findings += repository_findings(self.ground, unneeded)
        self.findings += respell_repositories(self.ground, self.places, self.composer)
        self.findings += defaults_findings(self.ground, self.composer)
        repositories = self.composer.repositories(unneeded)
        settings = self.composer.settings()
        entries = self.composer.entries({(p.release.state, p.release.line): p.changes for p in planned})
        orphans = self.composer.orphans()
        root_comments = orphans.pop(self.surveyed.inventory.root, []) if not _has_releases(self.surveyed) else []
        for item in planned:
            lines = entries.get((item.release.state, item.release.line))
            if lines is not None:
                lines[:0] = ["  " + text for text in orphans.pop(item.release.state, [])]
        leftover = [text for texts_ in orphans.values() for text in texts_]
        rest = (first, [root_comments + leftover, repositories, settings], self._sections(planned, entries))
        state = self.ground.layout.state_file
        suffix = ".gotmpl" if "{{" in assemble((), *rest) else ""
        return assemble([line.format(state=f"{state}{suffix}") for line in HEAD], *rest)

    def _sections(self, planned: Sequence[PlannedRelease], entries: Mapping[tuple[str, int], list[str]]) -> list[Section]:
        rows = [(p, entries.get((p.release.state, p.release.line), [])) for p in planned]
        if self.ground.settings.order is Order.LEGACY:
            groups = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row[0].tier.tier.title)]
        else:
            rank = tier_table().rank
            rows.sort(key=lambda row: rank(row[0].tier.tier.name))
            groups = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row[0].tier.tier.title)]
        return [Section(title, tuple((row[0].release, row[1]) for row in group)) for title, group in groups]

    def _identity(self, release: Release) -> ReleaseId:
        context = release.context or self.composer.default_context(release.state)
        texts = (context, release.namespace, release.name)
        if not any("{{" in text for text in texts):
            return ReleaseId(*texts)
        keys = ("kubeContext", "namespace", "name")
        seen = {tuple(str(d.get(key) or "") for key in keys) for d in release.effective.values()}
        if len(seen) == 1 and "{{" not in context:
            _, namespace, name = seen.pop()
            return ReleaseId(context, namespace, name)
        message = "its name, namespace or context is made by a template and is not the same in every environment"
        self.findings.append(Finding("templated-identity", Severity.BLOCKING, release.state, release.line, message))
        return ReleaseId(*texts)

    def _check_needs(self, known: Sequence[tuple[Release, ReleaseId]], stage_list: Stages) -> None:
        lines = {identity: release for release, identity in known}
        wanted = {i: [named(text, i) for text in release.needs if "{{" not in text] for release, i in known}
        for dependent, needed in against(stage_list, wanted):
            release = lines[dependent]
            message = f"{dependent} needs {needed}, which is of a later tier: helmfile would find a cycle"
            hint = f"say `tiers: {{{needed.name}: …}}` or `order: legacy` in migrate.yaml"
            self.findings.append(Finding("needs-against-tiers", Severity.BLOCKING, release.state, release.line, message, hint))

    def _tier(self, release: Release, identity: ReleaseId) -> TierChoice:
        chart = self.charts.get(release.chart_folder) if release.chart_folder is not None else None
        names = [n for n in (chart.name if chart else "", (release.chart_folder or release.chart).rpartition("/")[2]) if n]
        choice = tier_of(identity, names, self.ground.settings)
        finding = tier_finding(identity, choice, release.state, release.line)
        self.findings += [finding] if finding else []
        return choice

    def _changes(self, release: Release, tier: TierChoice, needed: tuple[str, ...]) -> EntryChanges:
        paths, found = release_paths(self.ground, self.places, release)
        self.findings += found
        self._check_chart(release)
        labels = self._labels(release, tier)
        defaults = self.composer.defaults(release.state)
        if skips_build(self.ground, release):
            defaults = {**defaults, SKIP_DEPS: [ADDED]}
        defaults |= self._skip_deps(release, defaults)
        chart, origin = chart_text(self.ground, self.folders, release), ""
        if key_of(release) in self.vendored:
            chart = "./" + relative(self.vendored[key_of(release)], self.ground.layout.folder)
            origin = origin_comment(self.ground.pulled.charts[key_of(release)])
        return EntryChanges(chart, paths, self._inline(release), labels, defaults, needed, origin)

    def _skip_deps(self, release: Release, defaults: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """`skipDeps: true` where it is needed and the release says nothing else; told as a change."""
        said = SKIP_DEPS in defaults or any(item.key(SKIP_DEPS) is not None for item, _ in self._entries(release))
        finding = None if said else added(self.ground, release)
        self.findings += [finding] if finding else []
        return {SKIP_DEPS: [ADDED]} if finding else {}

    def _labels(self, release: Release, tier: TierChoice) -> dict[str, str]:
        key, wanted = self.ground.settings.tier_label, tier.tier.name
        present = dict(release.labels).get(key)
        if present is not None and present != wanted:
            message = f"release {release.name} has the label {key}={present} already, and its tier is {wanted}"
            hint = f"choose another key with `tierLabel` in migrate.yaml, or say `tiers: {{{release.name}: …}}`"
            line = release.label_lines[key]
            self.findings.append(Finding("tier-label-taken", Severity.BLOCKING, release.state, line, message, hint))
        common = {
            name.value: raw if "{{" in (raw := text.part.text[value.start : value.end]) else value.value
            for text, block in self.composer.blocks(release.state, "commonLabels")
            for name, value in block.value.pairs
        }
        if key in common and common[key] != wanted:
            message = f"commonLabels say {key}={common[key]}, and the tier of {release.name} is {wanted}"
            self.findings.append(Finding("tier-label-taken", Severity.BLOCKING, release.state, release.line, message))
        return {**common, key: wanted}

    def _check_chart(self, release: Release) -> None:
        folder = release.chart_folder
        if key_of(release) in self.vendored:
            return
        if not folder:
            slug, message = chart_problem(self.ground, self.places, release)
            if slug:
                self.findings.append(Finding(slug, Severity.BLOCKING, release.state, release.line, message))
            return
        left_out = [path for path in self.ground.tree.below(folder) if not self._goes_along(path, folder)]
        for path, line in templates_read_files(self.ground.tree, folder) if left_out else ():
            message = f"`.Files` may show {left_out[0]}, which lies in the chart's folder today and does not go along"
            hint = "move the chart into a folder of its own first"
            self.findings.append(Finding("chart-reads-moved-files", Severity.BLOCKING, path, line, message, hint))

    def _goes_along(self, path: RepoPath, folder: str) -> bool:
        target = self.places.target(path)
        return target == f"{self.folders.get(folder)}/{path.relative_to(folder)}"

    def _inline(self, release: Release) -> str | None:
        """The values file that stands for an inline `{{ toYaml .Values }}`; inline maps stay inline."""
        texts = self._inline_texts(release)
        lists = [text.strip() for text in texts if text.strip().startswith("{{")]
        found = [match for text in lists if (match := TO_YAML.match(text))]
        if len(found) != len(lists) or len(lists) > 1 or any("indent" in text for text in texts if text.strip() not in lists):
            message = "its inline values hold template actions that can't be moved to another indentation"
            hint = "put them into a values template"
            self.findings.append(Finding("inline-template-values", Severity.BLOCKING, release.state, release.line, message, hint))
        if len(found) != 1:
            return None
        name = self.ground.file_name(release)
        tail = f"{name}/state-values.yaml.gotmpl" if release.values else f"{name}.yaml.gotmpl"
        target = RepoPath(f"{self.ground.layout.values}/{tail}")
        reason = f"stands for the inline values of release {release.name}"
        text = _ONE_LINE.format(value=found[0].group("value"))
        self.created.append(Create(target, text, Mode.FILE, reason, ENVIRONMENTS))
        return target.relative_to(self.ground.layout.folder)

    def _inline_texts(self, release: Release) -> list[str]:
        return [
            part.text[value.start : value.end]
            for item, part in self._entries(release)
            for value in _values(item)
            if is_inline(part, value)
        ]

    def _entries(self, release: Release) -> Iterator[tuple[Node, Part]]:
        """The release's entry in its state file, with the part that it stands in."""
        for text, block in self.composer.blocks(release.state, "releases"):
            yield from ((item, text.part) for item in block.value.items if text.part.line + item.line - 1 == release.line)


def _values(item: Node) -> tuple[Node, ...]:
    node = item.get("values")
    return node.items if node is not None else ()


def _has_releases(surveyed: Survey) -> bool:
    return any(release.state == surveyed.inventory.root for release in surveyed.inventory.releases)
