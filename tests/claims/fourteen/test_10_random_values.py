"""A value may vary only as it does on the old side; one that varies seldom is no false alarm, and one made constant is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from migrate.claims.rendering import compare_renders
from migrate.model.proof import CellVerdict, Proof
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import (
    TEMPLATE,
    Pieces,
    case,
    case_together,
    cell_named,
    cell_of,
    failing_for,
    verdict,
)

MORE = TEMPLATE + "---\nkind: S\nmetadata: {name: s}\nspec: "


def one_after_the_other(*words: str) -> Callable[[], bytes]:
    """Renders of one value, the last of them again and again."""
    left = list(words)

    def render() -> bytes:
        word = left.pop(0) if len(left) > 1 else left[0]
        return f"kind: S\nspec: {word}\n".encode()

    return render


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a", "a", "a", "a", "a", "b"], ["b", "b", "b", "b", "a"]),
        (["a", "b"], ["b"]),
        (["a"], ["b", "a"]),
        (["a", "a", "a", "a", "a", "a", "b"], ["b"]),
    ],
    ids=["seldom on both sides", "a moment apart", "an exception at first", "late"],
)
def test_a_value_that_varies_seldom_passes_once_both_sides_had_it(old: list[str], new: list[str]) -> None:
    result = compare_renders(one_after_the_other(*old), one_after_the_other(*new), certified=True)
    assert result.equal
    assert result.masked == 1
    assert not compare_renders(one_after_the_other(*old), one_after_the_other(*new)).equal


def test_values_that_never_meet_differ_whatever_the_inputs_say() -> None:
    assert not compare_renders(one_after_the_other("a"), one_after_the_other("b"), certified=True).equal
    assert not compare_renders(one_after_the_other("a", "b", "a", "b"), one_after_the_other("x"), certified=True).equal


def test_objects_that_are_drawn_by_lot_pass_once_both_sides_made_the_same() -> None:
    old, new = one_after_the_other("a", "a\n---\nkind: T"), one_after_the_other("a\n---\nkind: T")
    assert compare_renders(old, new, certified=True).masked == 1
    assert not compare_renders(one_after_the_other("a"), one_after_the_other("a\n---\nkind: T"), certified=True).equal


DRAWN = {
    "randint": "{{ randInt 0 2 }}",
    "seldom": "{{ if eq (randInt 0 6) 0 }}x{{ else }}y{{ end }}",
    "object": "1{{ if eq (randInt 0 2) 0 }}\n---\nkind: Z\nmetadata: {name: z}\n{{ end }}",
    "second": '{{ now | date "150405" | quote }}',
    "year": '{{ now | date "2006" | quote }}',
    "uuid": "{{ uuidv4 }}",
    "certificate": '{{ genCA "x" 1 | toJson | b64enc }}',
    "lookup": '{{ (lookup "v1" "Secret" "n" "x").data | default (randAlphaNum 8) }}',
}
TWICE = [f"{name}-{number}" for name in DRAWN for number in (1, 2)]
CONSTANT = {
    "constant-randint": ("{{ randInt 0 2 }}", "1"),
    "constant-year": ('{{ now | date "2006" | quote }}', f'"{datetime.now(tz=UTC).year}"'),
    "constant-uuid": ("{{ uuidv4 }}", "0b5c1f0e-3c5e-4a0a-9d5e-111111111111"),
    "constant-lookup": ('{{ (lookup "v1" "Secret" "n" "x").data | default "y" }}', "y"),
}
RELEASES = {**{name: (DRAWN[name[:-2]],) * 2 for name in TWICE}, **CONSTANT}
"""Each release with what its chart draws before and after the migration."""


@pytest.fixture(scope="module")
def proof(prove_dev: Prove) -> Proof:
    """One proof of all of them."""
    return prove_dev(case_together({name: (drawing(old), drawing(new)) for name, (old, new) in RELEASES.items()}))


def drawing(expression: str) -> Pieces:
    return {"chart/templates/one.yaml": f"{MORE}{expression}\n"}


@pytest.mark.parametrize("name", TWICE)
def test_a_chart_that_draws_is_no_false_alarm(name: str, proof: Proof) -> None:
    assert verdict(proof, cell_named(name)) is CellVerdict.EQUAL


@pytest.mark.parametrize("name", CONSTANT)
def test_a_value_that_was_made_constant_is_never_equal(name: str, proof: Proof) -> None:
    assert not verdict(proof, cell_named(name)).green
    assert "inputs_equal" in failing_for(proof, cell_named(name))


def test_a_value_that_a_values_template_draws_is_red_and_named(prove_dev: Prove) -> None:
    """Each run of helmfile hands another value to helm: no two recordings have equal inputs, whatever the trees."""
    cell = cell_of(prove_dev(case({"own.yaml.gotmpl": "a: {{ randAlphaNum 8 }}\n"})))
    assert cell.verdict is CellVerdict.UNPROVED
    assert (
        cell.reason == "helmfile hands helm other values in each run of the old side alone, so there is nothing to compare with"
    )
