"""loads_on_current: what helmfile 0.166 and 1.x read in different ways is seen, and nothing else fails for it."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.model.proof import ClaimVerdict, Proof
from migrate.prover import prove
from tests.claims import small_platform
from tests.claims.conftest import Prove, RememberingSides, quiet
from tests.claims.small_platform import FLAT, OLD_STATES, new_files, old_files, tree

NAME = "loads_on_current"
STATE = "helmfile/helmfile.yaml"


def proved(proving: Prove, old: Mapping[str, str], new: Mapping[str, str]) -> Proof:
    return proving(small_platform.case(tree({**old_files(), **old}), tree({**new_files(), **old, **new})))


def failing(proof: Proof) -> set[str]:
    return {claim.claim for claim in proof.claims if claim.verdict is not ClaimVerdict.HOLDS}


def test_the_platform_loads_alike(sides_on_current: RememberingSides) -> None:
    proof = prove(small_platform.case(), sides_on_current, quiet)
    assert proof.holds
    assert NAME in {claim.claim for claim in proof.claims}
    assert [line.partition(":")[0] for line in proof.left_out] == ["renders_offline"]


def test_without_helmfile_1_the_claim_is_named_as_left_out(prove_dev: Prove) -> None:
    proof = prove_dev(small_platform.case())
    assert NAME not in {claim.claim for claim in proof.claims}
    assert [line.partition(":")[0] for line in proof.left_out] == [NAME, "renders_offline"]


def test_what_only_the_current_helmfile_loads_is_told_and_no_fault(prove_on_current: Prove) -> None:
    merged = FLAT.replace("    labels:\n      kind: store\n", "    labels: &store\n      kind: store\n")
    merged = merged.replace("      kind: page\n", "      <<: *store\n      kind: page\n")
    proof = proved(prove_on_current, {}, {STATE: merged})
    claim = next(claim for claim in proof.claims if claim.claim == NAME)
    assert claim.verdict is ClaimVerdict.HOLDS, claim.evidence
    assert any("data/db" in line and "not with 1.x" in line for line in proof.declared_changes)


def test_a_boolean_that_only_yaml_1_1_knows_is_seen(prove_on_current: Prove) -> None:
    environment = old_files()["environments/dev.yaml"].replace("enabled: true", "enabled: yes")
    proof = proved(prove_on_current, {"environments/dev.yaml": environment}, {"helmfile/environments/dev.yaml": environment})
    assert failing(proof) == {NAME}


def test_a_date_that_reads_otherwise_is_seen(prove_on_current: Prove) -> None:
    environment = old_files()["environments/dev.yaml"].replace("dev.example.org", "2024-01-01")
    proof = proved(prove_on_current, {"environments/dev.yaml": environment}, {"helmfile/environments/dev.yaml": environment})
    assert failing(proof) == {NAME}


def test_a_state_file_that_only_the_old_helmfile_loads_is_seen(prove_on_current: Prove) -> None:
    proof = proved(prove_on_current, {}, {STATE: FLAT.replace("---\n", "", 1)})
    assert failing(proof) == {NAME}


def test_a_template_action_in_a_plain_file_is_seen(prove_on_current: Prove) -> None:
    action = FLAT.replace("timeout: 300", "timeout: {{ mul 3 100 }}")
    assert failing(proved(prove_on_current, {}, {STATE: action})) == {NAME}


def test_a_release_to_be_uninstalled_is_no_difference(prove_on_current: Prove) -> None:
    path = "apps/web/helmfile.yaml"
    web = OLD_STATES[path].replace("    atomic: true\n", "    installed: false\n")
    flat = FLAT.replace("    atomic: true\n", "    installed: false\n")
    assert proved(prove_on_current, {path: web}, {STATE: flat}).holds


def test_a_flag_that_1_x_gives_to_template_as_well_is_no_fault(prove_on_current: Prove) -> None:
    dns = "    atomic: true\n    enableDNS: true\n"
    old = {"apps/web/helmfile.yaml": OLD_STATES["apps/web/helmfile.yaml"].replace("    atomic: true\n", dns)}
    proof = proved(prove_on_current, old, {STATE: FLAT.replace("    atomic: true\n", dns)})
    assert failing(proof) == set()
