from __future__ import annotations

import pytest

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.references.ci.github import GITHUB
from tests.references.pieces import after, found, outcome

PATH = ".github/workflows/deploy.yml"


def workflow(steps: str, head: str = "", job: str = "") -> str:
    body = "".join(f"      {line}\n" if line else "\n" for line in steps.strip("\n").split("\n"))
    return f"on: push\n{head}jobs:\n  deploy:\n    runs-on: ubuntu-latest\n{job}    steps:\n{body}"


UNTOUCHED = [
    "- name: Run helmfile for all applications",
    "- run: |\n    wget https://github.com/helmfile/helmfile/releases/download/v1/helmfile.tar.gz\n    chmod +x /tmp/helmfile",
    "- uses: stefanzweifel/git-auto-commit-action@v5\n  with:\n    commit_message: new environments",
    "- uses: docker/build-push-action@v5\n  with:\n    images: applications/web\n    tags: environments/dev",
    "- env:\n    IMAGE: environments/dev\n  run: echo hi",
    "- uses: actions/checkout@v4\n  with:\n    ref: environments/dev",
    "- run: cat ~/environments/dev/values.yaml",
    "- working-directory: docs\n  run: helmfile -e dev apply",
    "- working-directory: docs\n  run: cat environments/dev/values.yaml",
    "- if: github.ref == 'refs/heads/environments'\n  run: ls",
]


@pytest.mark.parametrize("steps", UNTOUCHED)
def test_what_means_nothing_that_moves_is_left_and_not_told(steps: str) -> None:
    assert found(GITHUB, PATH, workflow(steps)) == ()


def test_a_checkout_of_another_repository_is_none_of_ours() -> None:
    steps = "- uses: actions/checkout@v4\n  with:\n    repository: other/charts\n- run: cat environments/dev/values.yaml"
    (only,) = found(GITHUB, PATH, workflow(steps))
    assert only.reason == "its job checks out another repository"


REWRITTEN = [
    ("- run: helmfile -e dev apply", "- run: helmfile -f helmfile/helmfile.yaml -e dev apply"),
    (
        "- run: |\n    helmfile -e dev -l app=web template > monochart/web/web.yaml\n    cat environments/dev/values.yaml",
        "- run: |\n    helmfile -f helmfile/helmfile.yaml -e dev -l app=web template > monochart/web/web.yaml\n"
        "    cat helmfile/environments/dev/values.yaml",
    ),
    (
        "- run: >-\n    helmfile\n    -e dev\n    apply",
        "- run: >-\n    helmfile -f helmfile/helmfile.yaml\n    -e dev\n    apply",
    ),
    ("- run: 'cat environments/dev/values.yaml'", "- run: 'cat helmfile/environments/dev/values.yaml'"),
    ('- run: "helmfile -e dev apply"', '- run: "helmfile -f helmfile/helmfile.yaml -e dev apply"'),
    ("- run: ls environments/${{ matrix.env }}/x", "- run: ls helmfile/environments/${{ matrix.env }}/x"),
    (
        '- run: helmfile -e "${{ inputs.env }}" apply',
        '- run: helmfile -f helmfile/helmfile.yaml -e "${{ inputs.env }}" apply',
    ),
    (
        "- working-directory: scripts\n  run: ls ../environments/dev",
        "- working-directory: scripts\n  run: ls ../helmfile/environments/dev",
    ),
    (
        "- working-directory: environments/dev\n  run: cat values.yaml",
        "- working-directory: helmfile/environments/dev\n  run: cat values.yaml",
    ),
    (
        "- uses: x/y@v1\n  with:\n    values-file: ./environments/dev/values.yaml",
        "- uses: x/y@v1\n  with:\n    values-file: ./helmfile/environments/dev/values.yaml",
    ),
    (
        "- uses: actions/upload-artifact@v4\n  with:\n    path: |\n      docs/\n      environments/*/values.yaml\n"
        "      !environments/prod",
        "- uses: actions/upload-artifact@v4\n  with:\n    path: |\n      docs/\n      helmfile/environments/*/values.yaml\n"
        "      !helmfile/environments/prod",
    ),
    (
        "- uses: dorny/paths-filter@v3\n  with:\n    filters: |\n      env:\n        - 'environments/**'",
        "- uses: dorny/paths-filter@v3\n  with:\n    filters: |\n      env:\n        - 'helmfile/environments/**'",
    ),
    (
        "- uses: helmfile/helmfile-action@v2\n  with:\n    helmfile-args: -e dev apply",
        "- uses: helmfile/helmfile-action@v2\n  with:\n    helmfile-args: -f helmfile/helmfile.yaml -e dev apply",
    ),
    (
        "- uses: actions/cache@v4\n  with:\n    key: v1-${{ hashFiles('environments/**', 'docs/x') }}",
        "- uses: actions/cache@v4\n  with:\n    key: v1-${{ hashFiles('helmfile/environments/**', 'docs/x') }}",
    ),
    (
        "- env:\n    VALUES: environments/dev/values.yaml\n  run: ls",
        "- env:\n    VALUES: helmfile/environments/dev/values.yaml\n  run: ls",
    ),
    (
        "- uses: actions/checkout@v4\n  with: {path: src}\n- run: cat src/environments/dev/values.yaml && helmfile -e dev apply",
        "- uses: actions/checkout@v4\n  with: {path: src}\n"
        "- run: cat src/helmfile/environments/dev/values.yaml && helmfile -e dev apply",
    ),
    (
        "- uses: actions/checkout@v4\n  with: {path: src}\n- working-directory: src\n  run: helmfile -e dev apply",
        "- uses: actions/checkout@v4\n  with: {path: src}\n- working-directory: src\n"
        "  run: helmfile -f helmfile/helmfile.yaml -e dev apply",
    ),
    (
        "- env: {HELMFILE_FILE_PATH: helmfile.yaml}\n  run: helmfile sync",
        "- env: {HELMFILE_FILE_PATH: helmfile/helmfile.yaml}\n  run: helmfile sync",
    ),
    ("- run: helmfile -fhelmfile.yaml sync", "- run: helmfile -fhelmfile/helmfile.yaml sync"),
    (
        "- run: |\n    helmfile \\\n      -e dev \\\n      sync\n",
        "- run: |\n    helmfile -f helmfile/helmfile.yaml \\\n      -e dev \\\n      sync\n",
    ),
    ("- run: >\n    helmfile\n    -e dev sync\n", "- run: >\n    helmfile -f helmfile/helmfile.yaml\n    -e dev sync\n"),
    (
        "- uses: actions/cache@v4\n  with:\n"
        "    key: ${{ hashFiles('environments/**/values.yaml', '**/Chart.lock', '!environments/prod/**') }}",
        "- uses: actions/cache@v4\n  with:\n"
        "    key: ${{ hashFiles('helmfile/environments/**/values.yaml', '**/Chart.lock', '!helmfile/environments/prod/**') }}",
    ),
    ("- name: Render environments/dev for review", "- name: Render helmfile/environments/dev for review"),
]


@pytest.mark.parametrize(("before", "wanted"), REWRITTEN)
def test_steps_are_respelt(before: str, wanted: str) -> None:
    assert after(GITHUB, PATH, workflow(before)) == workflow(wanted)


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ('- run: cat "$D/dev/values.yaml"', "helmfile/environments"),
        ("- run: cat ${{ env.D }}/dev/values.yaml", "helmfile/environments"),
        ("- working-directory: ${{ env.D }}\n  run: ls dev", "helmfile/environments"),
    ],
)
@pytest.mark.parametrize("level", ["workflow", "job"])
def test_a_variable_is_respelt_where_it_is_set(before: str, wanted: str, level: str) -> None:
    def content(value: str) -> str:
        return (
            workflow(before, f"env:\n  D: {value}\n", "")
            if level == "workflow"
            else workflow(before, "", f"    env: {{D: {value}}}\n")
        )

    assert after(GITHUB, PATH, content("environments")) == content(wanted)


def test_filters_are_respelt_each_for_itself() -> None:
    content = (
        "on:\n  push:\n    paths:\n      - 'environments/**'\n      - '!environments/dev/*'\n"
        '      - "applications/**"\n      - docs/**\n'
        "    paths-ignore: [environments/prod/values.yaml]\njobs: {}\n"
    )
    wanted = content.replace("environments", "helmfile/environments")
    assert after(GITHUB, PATH, content) == wanted
    assert [item for item in outcome(found(GITHUB, PATH, content)) if item[2] != "exact"] == [(6, "applications/**", "guessed")]


def test_a_default_folder_counts_for_each_step() -> None:
    content = workflow("- run: ls ../environments/dev", job="    defaults:\n      run:\n        working-directory: ./scripts\n")
    assert "ls ../helmfile/environments/dev" in after(GITHUB, PATH, content)


def test_what_a_container_is_given_is_told() -> None:
    mounted = "    container:\n      volumes: ['${{ github.workspace }}/environments:/e']\n"
    services = "    services:\n      db:\n        volumes: ['./environments/dev:/e']\n"
    assert len(found(GITHUB, PATH, workflow("- run: ls", job=mounted))) == 1
    assert len(found(GITHUB, PATH, workflow("- run: ls", job=services))) == 1


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (
            "- uses: helmfile/helmfile-action@v2\n  with: {helmfile-args: --state-values-file x.yaml sync}",
            "the folder of the state",
        ),
        ("- shell: pwsh\n  run: Get-Content environments/dev/values.yaml", "its language (pwsh) is not read here"),
        ("- working-directory: ${{ matrix.dir }}\n  run: helmfile -e dev apply", "the folder that it runs in is not known"),
        ('- run: "cat environments/dev\\u002fvalues.yaml"', "it is written with escapes"),
        ('- env:\n    V: "environments\\u002fdev"\n  run: ls $V', "it is written with escapes"),
        ("- if: contains(github.event.head_commit.modified, 'environments/dev')\n  run: ls", "an expression compares it"),
        ("- uses: x/y@v1\n  with:\n    args: --values environments/dev/values.yaml", "what the value is used for"),
    ],
)
def test_what_is_not_sure_is_left_and_told(steps: str, reason: str) -> None:
    told = found(GITHUB, PATH, workflow(steps))
    assert told
    assert all(reason in item.reason for item in told)
    if reason:
        assert after(GITHUB, PATH, workflow(steps)) == workflow(steps)


def test_all_steps_of_a_file_are_rewritten_or_none() -> None:
    content = workflow("- run: helmfile -e dev apply\n- run: ls applications/web")
    assert {str(item.certainty) for item in found(GITHUB, PATH, content)} == {"guessed"}


def test_a_workflow_of_a_vendored_project_means_that_project() -> None:
    content = workflow("- run: ls environments/dev")
    assert found(GITHUB, "vendor/x/.github/workflows/a.yml", content) == ()


def test_a_composite_action_runs_in_the_caller_s_workspace() -> None:
    content = "name: x\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: ls environments/dev\n"
    assert "ls helmfile/environments/dev" in after(GITHUB, ".github/actions/deploy/action.yml", content)
    assert GITHUB.reads(RepoPath("tools/deploy/action.yaml"), b"")


def test_what_is_no_yaml_is_told() -> None:
    with pytest.raises(UnreadableSource):
        found(GITHUB, PATH, "on: [\n")
