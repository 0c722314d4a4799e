"""A hook finds the same files from its new place, by the same modes: scripts, what shell texts and scripts name, manifests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.measuring import gather
from migrate.model.proof import CellVerdict, ClaimVerdict, Evidence, Proof
from migrate.model.tree import Mode, Tree
from migrate.prover import judge
from tests.claims.conftest import Prove, RememberingSides, quiet
from tests.claims.fourteen.one_release import CELL, Pieces, case, failing, verdict
from tests.system.trees import Content

RUNS: Content = ("#!/bin/sh\n", Mode.EXECUTABLE)
NOT_EXECUTABLE: Content = ("#!/bin/sh\n", Mode.FILE)
SOURCES: Content = ("#!/bin/sh\n. ./lib.sh\n", Mode.EXECUTABLE)
SOURCES_BESIDE: Content = ('#!/bin/sh\n. "$(dirname "$0")/lib.sh"\n', Mode.EXECUTABLE)


def hook(command: str, arguments: str = "", *, key: str = "command") -> Pieces:
    """A hook at an event that no recorded command has, so that only the claim can see what is wrong."""
    args = f"        args: [{arguments}]\n" if arguments else ""
    return {"entry": f"    hooks:\n      - events: [precleanup]\n        {key}: {command}\n{args}"}


ProveHook = Callable[[Pieces, Pieces], Proof]


@pytest.fixture(scope="module")
def without_hooks(sides: RememberingSides) -> Gathered:
    """Measured by the real tools: what no hook of this file changes."""
    return gather(case({}), sides, quiet, only="dev")


@pytest.fixture
def prove_hook(without_hooks: Gathered, sides: RememberingSides) -> ProveHook:
    """Proves two sides with such a hook. No recorded command runs it, so that `build` alone is to be asked anew."""

    def built(facts: SideFacts, tree: Tree) -> SideFacts:
        with sides.open(tree, facts.state_file, hooks=True) as side:
            states = side.build("dev")
        return replace(facts, tree=tree, environments={"dev": replace(facts.environments["dev"], states=states)})

    def prove(old: Pieces, new: Pieces) -> Proof:
        asked, found = case(old, new), without_hooks
        return judge(replace(found, case=asked, old=built(found.old, asked.old), new=built(found.new, asked.new)))

    return prove


def said(proof: Proof) -> Evidence:
    claim = next(claim for claim in proof.claims if claim.claim == "hooks_equal")
    return next(piece for piece in claim.evidence if piece.subject == str(CELL))


SCRIPT = {**hook("./hook.sh"), "/apps/hook.sh": RUNS}
TEXT = {**hook("sh", '-c, "./hook.sh x || true"'), "/apps/hook.sh": RUNS}
FOLDER = {**hook("ls", "conf/"), "/apps/conf/a.txt": "x"}
APPLIED = {**hook("{{filename: m.yaml}}", key="kubectlApply"), "/apps/m.yaml": "a: 1\n"}
READS = {**hook("./hook.sh"), "/apps/hook.sh": SOURCES, "/apps/lib.sh": "x\n"}
READS_BESIDE = {**hook("./hook.sh"), "/apps/hook.sh": SOURCES_BESIDE, "/apps/lib.sh": "x\n"}
BARE = {**hook("kubectl", "apply, -f, conf"), "/apps/conf/a.txt": "x"}
OVERLAY = {**hook("{{kustomize: conf}}", key="kubectlApply"), "/apps/conf/kustomization.yaml": "resources: []\n"}
HERE = {**hook("sh", '-c, "kubectl apply -k . || true"'), "/apps/kustomization.yaml": "resources: []\n"}
MAKES = {**hook("make", "deploy"), "/apps/Makefile": "deploy:\n"}
GLOB: Content = ('#!/bin/sh\nfor f in conf/*.txt; do cat "$f"; done\n', Mode.EXECUTABLE)
READS_GLOB = {**hook("./hook.sh"), "/apps/hook.sh": GLOB, "/apps/conf/a.txt": "x"}
READS_TWICE = {**READS_BESIDE, "/apps/lib.sh": "#!/bin/sh\ncat conf/a.txt\n", "/apps/conf/a.txt": "x"}
GOES_HOME = {**READS, "/apps/hook.sh": ('#!/bin/sh\ncd "$(dirname "$0")" && . ./lib.sh\n', Mode.EXECUTABLE)}

FOUND = [
    (SCRIPT, {**SCRIPT, "/helmfile/hook.sh": RUNS}),
    (SCRIPT, {**SCRIPT, **hook("./hooks/a.sh"), "/helmfile/hooks/a.sh": RUNS}),
    (SCRIPT, {**SCRIPT, **hook("../apps/hook.sh")}),
    (TEXT, {**TEXT, "/helmfile/hook.sh": RUNS}),
    (TEXT, {**TEXT, **hook("sh", '-c, "../apps/hook.sh x || true"')}),
    (FOLDER, {**FOLDER, "/helmfile/conf/a.txt": "x"}),
    (APPLIED, {**APPLIED, **hook("{{filename: values/m.yaml}}", key="kubectlApply"), "/helmfile/values/m.yaml": "a: 1\n"}),
    (READS, {**READS, "/helmfile/hook.sh": SOURCES, "/helmfile/lib.sh": "x\n"}),
    (READS_BESIDE, {**READS_BESIDE, **hook("../apps/hook.sh")}),
    (GOES_HOME, {**GOES_HOME, **hook("../apps/hook.sh")}),
    (hook("echo", "web"), hook("echo", "web")),
    ({**hook("echo", "conf"), "/apps/conf/a.txt": "x"}, {**hook("echo", "conf"), "/apps/conf/a.txt": "x"}),
    (BARE, {**BARE, "/helmfile/conf/a.txt": "x"}),
    (hook("jq", '".", "x.json"'), hook("jq", '".", "x.json"')),
    (MAKES, {**MAKES, "/helmfile/Makefile": "deploy:\n"}),
    (READS_GLOB, {**READS_GLOB, **hook("../apps/hook.sh"), "/helmfile/conf/a.txt": "x"}),
    (READS_TWICE, {**READS_TWICE, **hook("../apps/hook.sh"), "/helmfile/conf/a.txt": "x"}),
]

LOST = [
    (SCRIPT, SCRIPT, "./hook.sh is not found from its new place"),
    (SCRIPT, {**SCRIPT, "/helmfile/hook.sh": NOT_EXECUTABLE}, "has another mode"),
    (SCRIPT, {**SCRIPT, **hook("./hooks/a.sh"), "/helmfile/hooks/a.sh": NOT_EXECUTABLE}, "has another mode"),
    (TEXT, TEXT, "./hook.sh is not found from its new place"),
    (TEXT, {**TEXT, **hook("sh", '-c, "./hook.sh y || true"'), "/helmfile/hook.sh": RUNS}, "its words differ"),
    (FOLDER, FOLDER, "conf/ is not found from its new place"),
    (FOLDER, {**FOLDER, "/helmfile/conf/a.txt": "y"}, "conf/ is another file"),
    (APPLIED, APPLIED, "m.yaml is not found from its new place"),
    (READS, {**READS, "/helmfile/hook.sh": SOURCES}, "./hook.sh names ./lib.sh, which is not the same"),
    (READS, {**READS, **hook("../apps/hook.sh")}, "./hook.sh names ./lib.sh, which is not the same"),
    (READS_BESIDE, {**READS_BESIDE, "/helmfile/hook.sh": SOURCES_BESIDE}, "./hook.sh names lib.sh, which is not the same"),
    (BARE, BARE, "the folder conf is another one"),
    (OVERLAY, OVERLAY, "the folder conf is another one"),
    (HERE, HERE, "the folder . is another one"),
    (MAKES, MAKES, "`make` finds another Makefile, or none"),
    (READS_GLOB, {**READS_GLOB, **hook("../apps/hook.sh")}, "./hook.sh names conf/*.txt, which is not the same"),
    (READS_TWICE, {**READS_TWICE, **hook("../apps/hook.sh")}, "lib.sh names conf/a.txt, which is not the same"),
]


@pytest.mark.parametrize(("old", "new"), FOUND)
def test_a_hook_that_finds_its_files_holds(old: Pieces, new: Pieces, prove_hook: ProveHook) -> None:
    proof = prove_hook(old, new)
    assert said(proof).holds
    assert verdict(proof) is CellVerdict.EQUAL


@pytest.mark.parametrize(("old", "new", "detail"), LOST)
def test_a_hook_that_loses_a_file_fails(old: Pieces, new: Pieces, detail: str, prove_hook: ProveHook) -> None:
    proof = prove_hook(old, new)
    assert not said(proof).holds
    assert detail in said(proof).detail
    assert verdict(proof) is CellVerdict.DIFFERENT


@pytest.mark.parametrize(("old", "new"), [FOUND[0], LOST[0][:2]], ids=["found", "lost"])
def test_a_whole_proof_says_the_same(old: Pieces, new: Pieces, prove_hook: ProveHook, prove_dev: Prove) -> None:
    whole, quick = prove_dev(case(old, new)), prove_hook(old, new)
    assert (verdict(whole), said(whole), failing(whole)) == (verdict(quick), said(quick), failing(quick))


def test_a_hook_that_runs_in_a_deployment_is_run_from_its_new_place_too(prove_dev: Prove) -> None:
    started = {**hook("./hook.sh"), "/apps/hook.sh": RUNS}
    started["entry"] = str(started["entry"]).replace("precleanup", "presync")
    assert verdict(prove_dev(case({**started, "/helmfile/hook.sh": RUNS}))) is CellVerdict.EQUAL
    proof = prove_dev(case(started))
    failing = {claim.claim for claim in proof.claims if claim.verdict is ClaimVerdict.FAILS}
    assert {"deploys_equal", "hooks_equal"} <= failing
