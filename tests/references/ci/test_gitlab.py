from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.references.ci.gitlab import GITLAB
from tests.references.pieces import after, found

PATH = ".gitlab-ci.yml"

UNTOUCHED = [
    "stages: [environments]\nimage: applications/web\n",
    "a:\n  script: [echo hi]\n  environment: {name: environments/dev, url: https://x/environments/dev}\n",
    "a:\n  script:\n    - cd docs\n    - ls environments/dev\n",
    "include:\n  - project: other/ci\n    file: environments/dev/values.yaml\n  - https://x/environments/dev\n",
    "variables:\n  IMAGE: applications/web\n",
]


@pytest.mark.parametrize("content", UNTOUCHED)
def test_what_means_nothing_that_moves_is_left_and_not_told(content: str) -> None:
    assert found(GITLAB, PATH, content) == ()


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (
            "a:\n  script:\n    - helmfile -e dev apply\n",
            "a:\n  script:\n    - helmfile -f helmfile/helmfile.yaml -e dev apply\n",
        ),
        ("a:\n  script: ls environments/dev\n", "a:\n  script: ls helmfile/environments/dev\n"),
        (
            "a:\n  before_script:\n    - cd scripts\n  script:\n    - ls ../environments/dev\n",
            "a:\n  before_script:\n    - cd scripts\n  script:\n    - ls ../helmfile/environments/dev\n",
        ),
        (
            "before_script:\n  - cd scripts\na:\n  script:\n    - |\n      # x\n      ls ../environments/dev\n",
            "before_script:\n  - cd scripts\na:\n  script:\n    - |\n      # x\n      ls ../helmfile/environments/dev\n",
        ),
        (
            "before_script:\n  - cd scripts\na:\n  after_script: [ls]\n  before_script: []\n  script:\n"
            "    - ls environments/dev\n",
            "before_script:\n  - cd scripts\na:\n  after_script: [ls]\n  before_script: []\n  script:\n"
            "    - ls helmfile/environments/dev\n",
        ),
        (
            "variables:\n  D: environments\na:\n  script: ['ls \"$D/dev\"', 'ls $CI_PROJECT_DIR/environments/prod']\n",
            "variables:\n  D: helmfile/environments\na:\n"
            "  script: ['ls \"$D/dev\"', 'ls $CI_PROJECT_DIR/helmfile/environments/prod']\n",
        ),
        (
            "a:\n  rules:\n    - changes: [environments/**/*, docs/*]\n    - exists:\n        - applications/web/values.yaml\n",
            "a:\n  rules:\n    - changes: [helmfile/environments/**/*, docs/*]\n    - exists:\n"
            "        - helmfile/values/web.yaml\n",
        ),
        (
            "a:\n  rules:\n    - changes:\n        paths: [environments/dev/values.yaml]\n  only:\n"
            "    changes: [environments/dev]\n",
            "a:\n  rules:\n    - changes:\n        paths: [helmfile/environments/dev/values.yaml]\n  only:\n"
            "    changes: [helmfile/environments/dev]\n",
        ),
        (
            "a:\n  artifacts:\n    paths: [environments/dev]\n  cache:\n    key:\n"
            "      files: [environments/dev/values.yaml]\n    paths: [x]\n",
            "a:\n  artifacts:\n    paths: [helmfile/environments/dev]\n  cache:\n    key:\n"
            "      files: [helmfile/environments/dev/values.yaml]\n"
            "    paths: [x]\n",
        ),
        ("include:\n  - local: /environments/dev/values.yaml\n", "include:\n  - local: /helmfile/environments/dev/values.yaml\n"),
        ("include: environments/dev/values.yaml\n", "include: helmfile/environments/dev/values.yaml\n"),
    ],
)
def test_jobs_are_respelt(before: str, wanted: str) -> None:
    assert after(GITLAB, PATH, before) == wanted


def test_a_tag_of_gitlab_does_no_harm() -> None:
    content = "a:\n  script:\n    - !reference [.setup, script]\n    - ls environments/dev\n"
    assert "ls helmfile/environments/dev" in after(GITLAB, PATH, content)


def test_the_pipeline_of_a_vendored_project_means_that_project() -> None:
    content = "a:\n  script: ls environments/dev $CI_PROJECT_DIR/environments/dev\n"
    assert found(GITLAB, "vendor/x/.gitlab-ci.yml", content) == ()
    assert GITLAB.reads(RepoPath("ci/deploy.gitlab-ci.yml"), b"")


def test_what_a_job_extends_runs_before_it() -> None:
    base = ".base:\n  variables: {D: dev}\n  before_script: [cd environments]\n"
    content = base + "a:\n  extends: .base\n  script: [cat $D/values.yaml, cd .., helmfile sync]\n"
    assert after(GITLAB, PATH, content) == content
    assert {(one.origin.line, one.target) for one in found(GITLAB, PATH, content)} >= {(3, "environments"), (6, "helmfile.yaml")}
    kept = base + "a:\n  extends: [.none, .base]\n  before_script: [ls]\n  script: [helmfile sync]\n"
    assert after(GITLAB, PATH, kept).endswith("script: [helmfile -f helmfile/helmfile.yaml sync]\n")
