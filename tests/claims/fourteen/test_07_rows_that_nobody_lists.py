"""The implicit `default` environment, conditions, `installed: false`, and releases that selectors of a sub-helmfile hide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrate.model.case import ProofCase
from migrate.model.facts import CellId
from migrate.model.proof import CellVerdict
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import (
    CELL,
    NEW_STATE,
    OLD_STATE,
    ONE,
    SOUND,
    Pieces,
    case,
    case_of,
    failing,
    new_files,
    old_files,
    verdict,
)
from tests.system.trees import Content, tree_of

Files = dict[str, Content]
Change = Callable[[Files], None]

DEFAULT_ROW = ("environments:\n", "environments:\n  default: {values: [environments/dev.yaml]}\n")
CONDITION, ON, OFF = "    condition: one.enabled\n", "a: 1\none: {enabled: true}\n", "a: 1\none: {enabled: false}\n"


def changed(path: str, *pairs: tuple[str, str]) -> Change:
    """Texts of a file for others; each must be there once."""

    def change(files: Files) -> None:
        for old, new in pairs:
            assert str(files[path]).count(old) == 1, old
            files[path] = str(files[path]).replace(old, new)

    return change


def nothing(_files: Files) -> None:
    """Leaves the files as they are."""


def with_changes(old: Change, new: Change, pieces: Pieces | None = None, others: Pieces | None = None) -> ProofCase:
    before, after = old_files(pieces or {}), new_files(others or pieces or {})
    old(before)
    new(after)
    return case_of(tree_of(before), tree_of({**before, **after}))


def test_the_default_environment_is_a_row_of_its_own(prove_it: Prove) -> None:
    asked = with_changes(changed("helmfile.yaml", DEFAULT_ROW), changed(NEW_STATE, DEFAULT_ROW))
    proof = prove_it(asked)
    assert [verdict(proof, CellId("default", release)) for release in (ONE, SOUND)] == [CellVerdict.EQUAL] * 2
    assert proof.holds


def test_a_release_that_is_missing_in_the_default_environment_alone_is_seen(prove_it: Prove) -> None:
    left_out = ("  - name: sound\n", '{{ if ne .Environment.Name "default" }}\n  - name: sound\n')
    end = ("charts/sound\n", "charts/sound\n{{ end }}\n")
    proof = prove_it(with_changes(changed("helmfile.yaml", DEFAULT_ROW), changed(NEW_STATE, DEFAULT_ROW, left_out, end)))
    assert verdict(proof, CellId("default", SOUND)) is CellVerdict.DIFFERENT
    assert verdict(proof, CellId("dev", SOUND)) is CellVerdict.EQUAL
    assert not proof.holds


def test_a_default_environment_that_nobody_declares_is_asked_all_the_same(prove_it: Prove) -> None:
    """Without its values nothing renders, for one cause on both sides; on a side that has them it does."""
    proof = prove_it(with_changes(nothing, changed(NEW_STATE, DEFAULT_ROW)))
    assert verdict(proof, CellId("default", ONE)) is CellVerdict.DIFFERENT
    assert not proof.holds


@pytest.mark.parametrize(
    ("old", "new", "green"),
    [
        ({"entry": CONDITION, "environment": OFF}, {"entry": CONDITION, "environment": OFF}, True),
        ({"entry": CONDITION, "environment": OFF}, {"entry": CONDITION, "environment": ON}, False),
        ({"entry": CONDITION, "environment": ON}, {"environment": ON}, False),
        ({"entry": CONDITION, "environment": OFF}, {"environment": OFF}, False),
        ({"entry": "    installed: false\n"}, {"entry": "    installed: false\n"}, True),
        ({"entry": "    installed: false\n"}, {}, False),
        ({"entry": CONDITION, "environment": OFF}, {"entry": "    installed: false\n", "environment": OFF}, False),
    ],
)
def test_absent_is_only_what_is_disabled_or_uninstalled_on_both_sides(
    old: Pieces, new: Pieces, green: bool, prove_dev: Prove
) -> None:
    assert verdict(prove_dev(case(old, new))).green is green


def test_a_release_that_is_not_there_on_one_side_and_disabled_on_the_other_differs(prove_dev: Prove) -> None:
    """`--include-needs` and `--state-values-set one.enabled=true` deploy it."""
    gone = changed(
        OLD_STATE, ("  - name: one\n", "{{ if false }}\n  - name: one\n"), ("  - name: sound\n", "{{ end }}\n  - name: sound\n")
    )
    proof = prove_dev(with_changes(gone, nothing, {"entry": CONDITION, "environment": OFF}))
    assert verdict(proof) is CellVerdict.DIFFERENT


HIDING = ("  - path: apps/helmfile.yaml\n", "  - path: apps/helmfile.yaml\n    selectors: [name=one]\n")
WITHOUT_SOUND = ("  - name: sound\n    namespace: n\n    chart: ./charts/sound\n", "")


def test_a_release_that_a_selector_hid_may_not_appear(prove_dev: Prove) -> None:
    proof = prove_dev(with_changes(changed("helmfile.yaml", HIDING), nothing))
    assert verdict(proof, CellId("dev", SOUND)) is CellVerdict.DIFFERENT


def test_a_release_that_a_selector_chose_whatever_is_asked_for_differs_from_one_that_is_asked_for(prove_dev: Prove) -> None:
    """`selectors:` take the place of `-l`, so that `helmfile -l name=other` deploys the release before and not afterwards."""
    proof = prove_dev(with_changes(changed("helmfile.yaml", HIDING), changed(NEW_STATE, WITHOUT_SOUND)))
    assert verdict(proof, CELL) is CellVerdict.DIFFERENT
    assert "deploys_equal" in failing(proof)
