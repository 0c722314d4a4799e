"""What a program says on a machine that has run out of something stops the work; other words don't."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from migrate.system.exhausted import refuse_exhausted
from migrate.system.process import Outcome


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("write /tmp/x/values.yaml: no space left on device", errno.ENOSPC),
        ("cp: error writing 'x': No space left on device", errno.ENOSPC),
        ("COMBINED OUTPUT:\n  the recorder can't write what it was asked", errno.ENOSPC),
        ("open x: disk quota exceeded", errno.EDQUOT),
        ("open x: too many open files", errno.EMFILE),
        ("fork/exec /usr/bin/helm: cannot allocate memory", errno.ENOMEM),
        ("fork/exec /usr/bin/helm: resource temporarily unavailable", errno.ENOMEM),
    ],
)
def test_it_is_an_error_of_the_machine_and_names_the_folder(said: str, number: int) -> None:
    with pytest.raises(OSError, match="/somewhere") as caught:
        refuse_exhausted(Outcome(1, b"", said.encode()), Path("/somewhere"))
    assert caught.value.errno == number


@pytest.mark.parametrize("outcome", [Outcome(0, b"", b"no space left on device"), Outcome(1, b"no space left on device", b"x")])
def test_a_program_that_went_well_and_other_words_are_left_alone(outcome: Outcome) -> None:
    assert refuse_exhausted(outcome, Path("/somewhere")) is outcome
