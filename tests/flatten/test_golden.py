"""The sample platform's new state file and mapping, word for word.

To write the files anew after a change that is meant: MIGRATE_TEST_GOLDEN=write pytest tests/flatten/test_golden.py, and read the
difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.formats.comments import comments
from migrate.model.inventory import ValuesState
from tests.fixtures import platform
from tests.fixtures.platform import expected
from tests.flatten.planning import Planned, planned

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("MIGRATE_TEST_GOLDEN") == "write"


@pytest.fixture(scope="module")
def sample() -> Planned:
    return planned(platform.FILES, ignored=[f"environments/{expected.WITHOUT_FILE}/values.yaml"])


def compare(name: str, text: str) -> None:
    if WRITE:
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert (GOLDEN / name).read_text(encoding="utf-8") == text


def test_the_new_state_file(sample: Planned) -> None:
    compare("platform.yaml", sample.text)


def test_the_mapping(sample: Planned) -> None:
    lines = [f"{old} -> {new}\n" for old, new in sorted(sample.places.items())]
    lines += [f"{path} -> {sample.plan.new_state}\n" for path in sample.plan.merged]
    compare("platform.txt", "".join(lines))


def test_every_file_has_a_verdict(sample: Planned) -> None:
    plan = sample.plan
    assert len(plan.copies) + len(plan.merged) + len(plan.stays(sample.tree)) == expected.FILES
    assert not sample.plan.blocking


def test_the_comments_of_the_helmfiles_are_all_there(sample: Planned) -> None:
    old = [c for path in sample.plan.merged for c in comments(sample.tree.read(path).decode("utf-8-sig"))]
    assert sum(c.full_line for c in old) == expected.HELMFILE_COMMENT_LINES
    assert sum(not c.full_line for c in old) == expected.HELMFILE_TRAILING_COMMENTS
    new = [c.text for c in comments(sample.text)]
    for comment in old:
        assert new.count(comment.text) == [c.text for c in old].count(comment.text)


def test_the_ignored_file_is_named(sample: Planned) -> None:
    (finding,) = sample.found("environment-file-missing")
    assert ValuesState.IGNORED.value in finding.message
