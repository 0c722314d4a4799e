"""One release for each fault, so that a single proof sees them all: every release is sound on the old side, and has its own
fault on the new side. All are in one sub-helmfile on the old side, so that none waits for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from migrate.model.case import ProofCase
from migrate.model.facts import CellId, ReleaseId
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from tests.claims.small_platform import CHARTS, case, tree

Files = dict[str, str]
"""The pieces of one release: `entry` (in the state file), `first.yaml`, `values.yaml.gotmpl` and `chart/...`."""
Change = Callable[[Files], object]

ENTRY = """\
  - name: {name}
    namespace: wide
    chart: ./{charts}/{name}
{pushed}\
    atomic: true
    condition: agent.enabled
    labels:
      kind: page{labels}
    values:
      - {values}/{name}/first.yaml
      - {values}/{name}/values.yaml.gotmpl
    set:
      - name: replicas
        value: 2
      - name: replicas
        value: 3
    hooks:
      - events: [presync]
        command: "true"
        args: [web]
"""
PUSHED = "    wait: true\n    timeout: 300\n"
ROOT = """\
environments:
  dev:
    values:
      - environments/dev.yaml
---
helmfiles:
  - path: apps/helmfile.yaml
    values:
      - {{ toYaml .Values | nindent 8 }}
"""
OLD_HEAD = "helmDefaults:\n  wait: true\n  timeout: 300\ncommonLabels:\n  team: front\nreleases:\n"
NEW_HEAD = "environments:\n  dev:\n    values:\n      - environments/dev.yaml\n---\nreleases:\n"
ENVIRONMENT = "domain: dev.example.org\nagent:\n  enabled: true\n"
VALUES = {
    "first.yaml": "domain: first\ntoken: abc\n",
    "values.yaml.gotmpl": "# which page\ndomain: {{ .Values.domain }}\nmodes: [c, d]\n",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the pieces of one release on the new side, and the claims that fail for it: these and no others."""

    name: str
    change: Change
    fails: frozenset[str]
    chart: str = "web"

    @property
    def release(self) -> str:
        """The name of the release that has it."""
        return re.sub("[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def cell(self) -> CellId:
        """Its cell of the matrix."""
        return CellId("dev", ReleaseId("", "wide", self.release))


def sound(fault: Fault) -> Files:
    """The pieces of a release before anything is done to it, as the flat side has them."""
    labels = "\n      team: front\n      tier: applications"
    entry = ENTRY.format(name=fault.release, charts="charts", values="values", pushed=PUSHED, labels=labels)
    charts = {f"chart/{path.partition('/')[2]}": text for path, text in CHARTS.items() if path.startswith(fault.chart + "/")}
    return {"entry": entry, **VALUES, **charts}


def wide_case(faults: tuple[Fault, ...]) -> ProofCase:
    """The proof of a repository in which every release of the new side has its fault."""
    old, new = _old(faults), _new(faults)
    return case(tree(old), tree({**old, **new}), recorded=_record(faults, new))


def _old(faults: tuple[Fault, ...]) -> dict[str, str]:
    entries = [ENTRY.format(name=f.release, charts="charts", values="values", pushed="", labels="") for f in faults]
    files = {"helmfile.yaml": ROOT, "environments/dev.yaml": ENVIRONMENT, "apps/helmfile.yaml": OLD_HEAD + "".join(entries)}
    return files | dict(_placed(faults, "apps", {fault.name: sound(fault) for fault in faults}))


def _new(faults: tuple[Fault, ...]) -> dict[str, str]:
    pieces = {fault.name: sound(fault) for fault in faults}
    for fault in faults:
        fault.change(pieces[fault.name])
    state = NEW_HEAD + "".join(pieces[fault.name]["entry"] for fault in faults)
    files = {"helmfile/helmfile.yaml": state, "helmfile/environments/dev.yaml": ENVIRONMENT}
    return files | dict(_placed(faults, "helmfile", pieces))


def _placed(faults: tuple[Fault, ...], top: str, pieces: Mapping[str, Files]) -> Iterator[tuple[str, str]]:
    for fault in faults:
        for name, text in pieces[fault.name].items():
            if name.startswith("chart/"):
                yield f"{top}/charts/{fault.release}/{name.removeprefix('chart/')}", text
            elif name != "entry":
                yield f"{top}/values/{fault.release}/{name}", text


def _record(faults: tuple[Fault, ...], new: Mapping[str, str]) -> Record:
    sound_files = dict(_placed(faults, "helmfile", {fault.name: sound(fault) for fault in faults}))
    copies = {path.replace("helmfile/", "apps/", 1): path for path in sound_files}
    copies["environments/dev.yaml"] = "helmfile/environments/dev.yaml"
    assert set(copies.values()) & set(new)
    return Record(
        base="base",
        plan_digest="digest",
        legacy_state=RepoPath("helmfile.yaml"),
        new_state=RepoPath("helmfile/helmfile.yaml"),
        tier_label="tier",
        copies=tuple((RepoPath(source), RepoPath(target)) for source, target in copies.items()),
        created=(RepoPath("helmfile/helmfile.yaml"),),
        edited=(),
        stages=(tuple(fault.cell.release for fault in faults),),
        tiers=tuple((fault.cell.release, "applications") for fault in faults),
    )
