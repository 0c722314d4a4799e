"""What a release and a repository name by a path from the state file's folder: the same words elsewhere are another file."""

from __future__ import annotations

import pytest

from migrate.model.proof import Proof
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import CELL, NEW_STATE, OLD_STATE, Pieces, case, case_of, failing, new_files, old_files
from tests.system.trees import tree_of

KEYRING: Pieces = {"entry": "    keyring: keys/pub.gpg\n", "/apps/keys/pub.gpg": "x"}
RENDERER: Pieces = {"entry": "    postRenderer: cat\n    postRendererArgs: [patch.yaml]\n", "/apps/patch.yaml": "a: 1\n"}
DISABLED = "    condition: one.enabled\n"
OFF: Pieces = {"entry": DISABLED, "environment": "a: 1\none: {enabled: false}\n"}
UNINSTALLED: Pieces = {"entry": "    installed: false\n"}
REPOSITORY = "repositories:\n  - name: up\n    url: https://charts.example.org\n    {key}: {path}\nreleases:\n"


def wrong(proof: Proof) -> list[str]:
    claim = next(claim for claim in proof.claims if claim.claim == "deploys_equal")
    return [f"{piece.subject}: {piece.detail}" for piece in claim.evidence if not piece.holds]


@pytest.mark.parametrize("moved", [{}, {"/helmfile/keys/pub.gpg": "other"}], ids=["not there", "another"])
def test_a_key_ring_that_is_another_file_from_the_new_folder_is_seen(moved: Pieces, prove_dev: Prove) -> None:
    proof = prove_dev(case(KEYRING, {**KEYRING, **moved}))
    assert failing(proof) == {"deploys_equal"}
    assert f"{CELL} sync: upgrade: arguments: --keyring has another value" in wrong(proof)


@pytest.mark.parametrize(
    "new",
    [{**KEYRING, "/helmfile/keys/pub.gpg": "x"}, {**KEYRING, "entry": "    keyring: ../apps/keys/pub.gpg\n"}],
    ids=["moved along", "respelt"],
)
def test_a_key_ring_that_is_the_same_file_is_equal(new: Pieces, prove_dev: Prove) -> None:
    assert not wrong(prove_dev(case(KEYRING, new)))


def test_a_key_ring_that_no_commit_holds_is_not_looked_for_elsewhere(prove_dev: Prove) -> None:
    ignored: Pieces = {"entry": "    keyring: secret.gpg\n"}
    assert wrong(prove_dev(case(ignored, ignored)))
    assert not wrong(prove_dev(case(ignored, {"entry": "    keyring: ../apps/secret.gpg\n"})))


def test_an_argument_of_a_post_renderer_that_finds_its_file_no_more_is_seen(prove_dev: Prove) -> None:
    assert any("--post-renderer-args" in line for line in wrong(prove_dev(case(RENDERER, RENDERER))))
    assert not wrong(prove_dev(case(RENDERER, {**RENDERER, "/helmfile/patch.yaml": "a: 1\n"})))


@pytest.mark.parametrize("key", ["caFile", "certFile", "keyFile"])
def test_a_repository_whose_certificate_is_found_no_more_is_another_one(key: str, prove_dev: Prove) -> None:
    old, new = old_files({"/apps/ca.pem": "x"}), new_files({})
    old[OLD_STATE] = str(old[OLD_STATE]).replace("releases:\n", REPOSITORY.format(key=key, path="ca.pem"))
    for path, found in (("ca.pem", False), ("../apps/ca.pem", True)):
        text = str(new[NEW_STATE]).replace("releases:\n", REPOSITORY.format(key=key, path=path))
        proof = prove_dev(case_of(tree_of(old), tree_of({**old, **new, NEW_STATE: text})))
        assert ("dev: repository up: another specification" in wrong(proof)) is not found


@pytest.mark.parametrize("off", [OFF, UNINSTALLED], ids=["condition", "installed"])
def test_what_a_release_that_is_switched_off_would_be_deployed_with_is_compared(off: Pieces, prove_dev: Prove) -> None:
    assert not wrong(prove_dev(case(off, off)))
    other_values = {**off, "own.yaml.gotmpl": "a: other\n"}
    assert wrong(prove_dev(case(off, other_values))) == [f"{CELL} switched off: the values files differ"]
    other_chart = {**off, "chart/templates/one.yaml": "kind: Y\n"}
    assert wrong(prove_dev(case(off, other_chart))) == [f"{CELL} switched off: the chart differs"]
    more = {**off, "entry": f"{off['entry']!s}    set:\n      - {{{{name: a, value: b}}}}\n"}
    assert wrong(prove_dev(case(off, more))) == [f"{CELL} switched off: `set` differs"]


def test_values_of_a_release_that_is_switched_off_may_be_a_file_on_one_side(prove_dev: Prove) -> None:
    old = {**OFF, "entry": "      - b: 1\n" + DISABLED}
    new = {**OFF, "entry": "      - values/b.yaml\n" + DISABLED, "/helmfile/values/b.yaml": "b: 1\n"}
    assert not wrong(prove_dev(case(old, new)))


def test_a_chart_folder_with_another_name_is_told_to_be_selected_by_another_word(prove_dev: Prove) -> None:
    old = tree_of(old_files({}))
    files = {path.replace("charts/one/", "charts/two/"): text for path, text in new_files({}).items()}
    files[NEW_STATE] = str(files[NEW_STATE]).replace("charts/one", "charts/two")
    proof = prove_dev(case_of(old, tree_of({**old_files({}), **files})))
    assert not wrong(proof)
    assert proof.declared_changes == ("`-l chart=one` selects n/one no more; `-l chart=two` does",)
    assert not prove_dev(case({})).declared_changes
