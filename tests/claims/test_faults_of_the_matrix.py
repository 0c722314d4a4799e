"""Faults that concern more than one release: each in a new tree of its own, and exactly the claims and cells that must see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from migrate.model.proof import CellVerdict, ClaimVerdict, Proof
from tests.claims import small_platform
from tests.claims.conftest import Prove
from tests.claims.small_platform import FLAT, new_files, tree

Files = dict[str, str]
STATE = "helmfile/helmfile.yaml"
AGENT_ENTRY = FLAT[FLAT.index("  - name: agent") :]

INPUTS, RENDERS, DEPLOYS, ORDER = "inputs_equal", "renders_equal", "deploys_equal", "order_kept"
COMMANDS = "commands_equal"
VALUES, HOOKS, COMMENTS, FILES, BYTES = "values_equal", "hooks_equal", "comments_kept", "every_file_has_a_verdict", "bytes_kept"
UNLOADED = (INPUTS, RENDERS, DEPLOYS, VALUES, HOOKS, ORDER)
"""An environment that does not load leaves these nothing to look at."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the files of the new side, the claims that fail, and the cells of `dev` that are not equal."""

    name: str
    change: Callable[[Files], object]
    fails: frozenset[str]
    cells: Mapping[str, CellVerdict] = field(default_factory=dict)


def of_state(old: str, new: str) -> Callable[[Files], None]:
    """One text of the new state file for another; it must be there once."""

    def change(files: Files) -> None:
        assert files[STATE].count(old) == 1, f"the state file must hold {old!r} once"
        files[STATE] = files[STATE].replace(old, new)

    return change


def of_values(old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        path = "helmfile/values/web/values.yaml.gotmpl"
        assert files[path].count(old) == 1
        files[path] = files[path].replace(old, new)

    return change


def added(path: str, text: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = files.get(path, "") + text

    return change


def removed(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[path]

    return change


def fault(name: str, change: Callable[[Files], object], *fails: str, **cells: CellVerdict) -> Fault:
    return Fault(name, change, frozenset(fails), cells)


DIFFERENT, UNPROVED, ABSENT = CellVerdict.DIFFERENT, CellVerdict.UNPROVED, CellVerdict.ABSENT
SHOWN = (INPUTS, RENDERS, DEPLOYS)
REPOSITORIES = "repositories:\n  - name: upstream\n    url: https://charts.example.org/web\nreleases:\n"
ENVIRONMENT = "  dev:\n    values:\n      - environments/dev.yaml\n"

ALL_DIFFERENT = {"data/db": DIFFERENT, "web/web": DIFFERENT, "ops/agent": DIFFERENT}
ALL_UNPROVED = {"data/db": UNPROVED, "web/web": UNPROVED, "ops/agent": UNPROVED}
ANOTHER = "  - {name: more, chart: ./charts/custom/agent, values: [{domain: x}]}\n"
TURNED = FLAT.replace("- data/db", "- ops/agent").replace("- web/web", "- data/db")


def size_changed(files: Files) -> None:
    path = "helmfile/environments/dev.yaml"
    files[path] = files[path].replace("5Gi", "6Gi")


FAULTS = (
    fault(
        "namespace",
        of_state("namespace: ops", "namespace: opt"),
        *SHOWN,
        VALUES,
        ORDER,
        **{"ops/agent": DIFFERENT, "opt/agent": DIFFERENT},
    ),
    fault(
        "kube context",
        of_state("namespace: ops\n", "namespace: ops\n    kubeContext: x\n"),
        *SHOWN,
        VALUES,
        ORDER,
        **ALL_DIFFERENT,
        **{"x/ops/agent": DIFFERENT},
    ),
    fault(
        "uninstalled",
        of_state("    atomic: true\n", "    atomic: true\n    installed: false\n"),
        *SHOWN,
        ORDER,
        **{"web/web": DIFFERENT},
    ),
    fault(
        "condition without its key", of_state("condition: agent.enabled", "condition: off.enabled"), *UNLOADED, **ALL_DIFFERENT
    ),
    fault("release missing", of_state(AGENT_ENTRY, ""), *SHOWN, VALUES, ORDER, **{"ops/agent": DIFFERENT}),
    fault("release added", added(STATE, ANOTHER), *SHOWN, VALUES, ORDER, more=DIFFERENT),
    fault(
        "release twice",
        added(STATE, "  - {name: agent, namespace: ops, chart: ./charts/custom/agent}\n"),
        *UNLOADED,
        **ALL_DIFFERENT,
    ),
    fault("needs lost", of_state("    needs:\n      - data/db\n", ""), ORDER),
    fault("order turned round without a word", lambda f: f.update({STATE: TURNED}), ORDER),
    fault(
        "environment's value",
        size_changed,
        *SHOWN,
        VALUES,
        BYTES,
        **{"data/db": DIFFERENT, "web/web": DIFFERENT, "ops/agent": UNPROVED},
    ),
    fault("fails on the new side only", of_values(".Values.domain", ".Values.missing"), *SHOWN, BYTES, **{"web/web": DIFFERENT}),
    fault("chart missing", of_state("./charts/custom/web", "./charts/custom/webb"), *SHOWN, **{"web/web": DIFFERENT}),
    fault("broken state file", added(STATE, "  - : [\n"), *UNLOADED, **ALL_DIFFERENT),
    fault("repository's URL", of_state(REPOSITORIES, REPOSITORIES.replace("/web", "/b")), DEPLOYS),
    fault(
        "repository added",
        of_state(REPOSITORIES, REPOSITORIES.replace("releases", "  - {name: b, url: https://example.org}\nreleases")),
        DEPLOYS,
    ),
    fault(
        "dead helmDefaults revived",
        of_state(REPOSITORIES, "helmDefaults: {waitForJobs: true}\n" + REPOSITORIES),
        DEPLOYS,
        **ALL_DIFFERENT,
    ),
    fault("label for all", of_state(REPOSITORIES, "commonLabels: {a: b}\n" + REPOSITORIES), DEPLOYS, **ALL_DIFFERENT),
    fault("hook for all", of_state(REPOSITORIES, "hooks: [{events: [cleanup], command: echo}]\n" + REPOSITORIES), HOOKS),
    fault("Kubernetes version", of_state(REPOSITORIES, "kubeVersion: v1.20.0\n" + REPOSITORIES), *SHOWN, **ALL_UNPROVED),
    fault(
        "flags for all",
        of_state(REPOSITORIES, "helmDefaults: {args: [--no-hooks]}\n" + REPOSITORIES),
        *SHOWN,
        **{**ALL_UNPROVED, "web/web": DIFFERENT},
    ),
)

OF_ENVIRONMENTS = (
    fault("environment lost", of_state(ENVIRONMENT, "  other: {}\n"), *UNLOADED, COMMANDS, **ALL_DIFFERENT),
    fault(
        "environment added",
        of_state("environments:\n", "environments:\n  more:\n    values:\n      - environments/dev.yaml\n"),
        *SHOWN,
        VALUES,
    ),
    fault(
        "environment's file left out",
        of_state("      - environments/dev.yaml\n", "      - {}\n"),
        *UNLOADED,
        COMMANDS,
        **ALL_DIFFERENT,
    ),
)


def failing(proof: Proof) -> frozenset[str]:
    return frozenset(claim.claim for claim in proof.claims if claim.verdict is not ClaimVerdict.HOLDS)


def red_cells(proof: Proof) -> dict[str, CellVerdict]:
    return {str(c.id.release): c.verdict for c in proof.cells if c.id.environment == "dev" and c.verdict is not CellVerdict.EQUAL}


def test_the_platform_without_a_fault_is_proved(prove_it: Prove) -> None:
    proof = prove_it(small_platform.case())
    assert not failing(proof)
    assert not red_cells(proof)
    assert proof.holds


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_seen(fault: Fault, prove_dev: Prove) -> None:
    check(fault, prove_dev)


@pytest.mark.parametrize("fault", OF_ENVIRONMENTS, ids=lambda fault: fault.name)
def test_a_fault_of_an_environment_is_seen(fault: Fault, prove_it: Prove) -> None:
    check(fault, prove_it)


def check(fault: Fault, proving: Prove) -> None:
    files = new_files()
    fault.change(files)
    proof = proving(small_platform.case(new=tree(files)))
    assert not proof.holds
    assert failing(proof) == fault.fails
    assert red_cells(proof) == fault.cells
