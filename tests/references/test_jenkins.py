from __future__ import annotations

import pytest

from migrate.references.jenkins import JENKINSFILE
from tests.references.pieces import found, outcome


@pytest.mark.parametrize(
    "content",
    [
        "sh 'command -v helmfile'\nsh 'which helmfile'\n",
        "sh 'helmfile --version'\n",
        "sh 'helmfile -f helmfile/helmfile.yaml apply'\n",
        "git url: 'https://x/environments/dev'\n",
    ],
)
def test_what_means_nothing_that_moves_is_not_told(content: str) -> None:
    assert found(JENKINSFILE, "Jenkinsfile", content) == ()


def test_paths_and_calls_are_told_and_left() -> None:
    content = 'sh \'helmfile -e dev apply\'\nsh """\n  cat environments/${ENV}/values.yaml | tee x\n"""\n'
    told = found(JENKINSFILE, "ci/deploy.jenkinsfile", content)
    assert outcome(told) == [(1, "helmfile.yaml", "guessed"), (3, "environments/{${ENV}}/values.yaml", "guessed")]
    assert {item.reason for item in told} == {"a Jenkinsfile is a program that is not followed here"}
