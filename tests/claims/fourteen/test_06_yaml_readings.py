"""Values are compared as helm reads them and state values as helmfile prints them, never as a Python library would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.model.facts import Failure, ValuesFile
from migrate.model.proof import CellVerdict, Proof
from tests.claims.conftest import Prove, RememberingSides
from tests.claims.fourteen.one_release import case, case_together, cell_named, failing_for, verdict

Read = Callable[[str], bytes | str]

APART = [
    ("a: on", "a: 'on'"),
    ("on: x", "'on': x"),
    ("a: 0777", "a: 777"),
    ("a: 0o17", "a: 17"),
    ("a: 1e3", "a: '1e3'"),
    ("a: null", ""),
    ("a: null", "a: ''"),
    ("a: {}", "a: null"),
    ("a: []", "a: null"),
    ("a: 9007199254740993", "a: '9007199254740993'"),
    ("a: 2024-01-01", "a: 2024-01-02"),
    ("a: |\n  x\n", "a: |-\n  x\n"),
    ("a: [1, 2]", "a: [2, 1]"),
    ("b: &x {c: 1}\na: {<<: *x}", "b: {c: 1}\na: {c: 1, <<: {}, d: 1}"),
]

ALIKE = [
    ("a: on", "a: true"),
    ("a: null", "a: ~"),
    ("a: 0777", "a: 511"),
    ("a: 0o17", "a: 15"),
    ("a: 1e3", "a: 1000"),
    ("a: 2024-01-01", "a: '2024-01-01'"),
    ("a: 12:30:45", "a: '12:30:45'"),
    ("b: &x {c: 1}\na: {<<: *x}", "b: {c: 1}\na: {c: 1}"),
    ("a: 9007199254740993", "a: 9007199254740992"),
    ("a: 1 # one\nb: 2", "b: 2\na: 1"),
]
"""What helm itself can't tell apart: it reads numbers as 64-bit floats."""


@pytest.fixture(scope="module")
def read(sides: RememberingSides, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    folder: Path = tmp_path_factory.mktemp("values")
    asked = case({})
    with sides.open(asked.old, asked.old_state) as side:

        def by_helm(text: str) -> bytes | str:
            file = folder / "values.yaml"
            file.write_text(text + "\n")
            found = side.read_values((ValuesFile("", str(file)),))
            return found.message if isinstance(found, Failure) else found

        yield by_helm


@pytest.mark.parametrize(("one", "other"), APART)
def test_helm_tells_apart(one: str, other: str, read: Read) -> None:
    assert read(one) != read(other)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_helm_reads_alike(one: str, other: str, read: Read) -> None:
    found = read(one)
    assert isinstance(found, bytes)
    assert found == read(other)


SPELLINGS = {
    "octal-as-hex": ("a: 0777\n", "a: 0x1ff\n", True),
    "octal-as-decimal": ("a: 0777\n", "a: 777\n", False),
    "boolean-as-text": ("a: on\n", "a: 'on'\n", False),
    "null-as-nothing": ("a: null\n", "{}\n", False),
    "number-as-text": ("a: 0777\n", "a: '0777'\n", False),
}


@pytest.fixture(scope="module")
def spelled(prove_dev: Prove) -> Proof:
    """One proof of a release for each of them."""
    pairs = {name: ({"own.yaml.gotmpl": old}, {"own.yaml.gotmpl": new}) for name, (old, new, _) in SPELLINGS.items()}
    return prove_dev(case_together(pairs))


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_values_file_in_another_spelling_is_judged_by_what_helm_reads(name: str, spelled: Proof) -> None:
    equal = SPELLINGS[name][2]
    assert (verdict(spelled, cell_named(name)) is CellVerdict.EQUAL) is equal
    assert ("inputs_equal" in failing_for(spelled, cell_named(name))) is not equal


@pytest.mark.parametrize("new", ["unread: 'on'\n", "unread: 777\n", "unread: ''\n", "{}\n", "unread: [1]\n"])
@pytest.mark.parametrize("old", ["unread: on\n", "unread: 0777\n", "unread: null\n"])
def test_a_state_value_that_no_template_reads_is_judged_by_what_helmfile_reads(
    old: str, new: str, sides: RememberingSides
) -> None:
    digests = []
    for text in (old, new):
        asked = case({"environment": f"a: 1\n{text}" if text != "{}\n" else "a: 1\n"})
        with sides.open(asked.old, asked.old_state) as side:
            built = side.build("dev")
        assert not isinstance(built, Failure)
        digests.append([state.values_digest for state in built])
    assert digests[0] != digests[1]
