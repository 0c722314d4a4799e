from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.references.settings_files import SETTINGS_FILES
from tests.references.pieces import after, found


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".coderabbit.yaml", "reviews:\n  profile: environments/dev\n  path_filters: ['!docs/**', '**/*.md']\n"),
        (
            "docker-compose.yml",
            "services:\n  a:\n    image: applications/web\n    volumes: ['/environments/dev:/x', 'data:/y']\n",
        ),
        ("vendor/docker-compose.yml", "services: {a: {build: ./environments/dev}}\n"),
        ("docs/kustomization.yaml", "resources: [environments/dev, https://x/environments/dev]\n"),
        ("vendor/x/.coderabbit.yaml", "reviews: {path_filters: ['environments/dev/**']}\n"),
        ("docker-compose.yml", "services: {a: {command: [helmfile, --version], entrypoint: web}}\n"),
        ("renovate.json", '{"helmfile": {"fileMatch": ["(^|/)helmfile\\\\.ya?ml$"]}}\n'),
        ("a.yaml", "apiVersion: argoproj.io/v1\nspec: {source: {path: monochart/web}}\n"),
    ],
)
def test_what_means_nothing_that_moves_is_left_and_not_told(path: str, content: str) -> None:
    assert found(SETTINGS_FILES, path, content) == ()


@pytest.mark.parametrize(
    ("path", "before", "wanted"),
    [
        (".coderabbit.yaml", "path_filters:\n    - '!environments/**'\n", "path_filters:\n    - '!helmfile/environments/**'\n"),
        (
            ".coderabbit.yml",
            'path_instructions:\n    - path: "applications/*/values.yaml"\n      instructions: x\n',
            'path_instructions:\n    - path: "helmfile/values/*.yaml"\n      instructions: x\n',
        ),
    ],
)
def test_filters_of_reviews_are_respelt(path: str, before: str, wanted: str) -> None:
    assert after(SETTINGS_FILES, path, f"reviews:\n  {before}") == f"reviews:\n  {wanted}"


@pytest.mark.parametrize(
    ("path", "before", "wanted"),
    [
        (".github/dependabot.yml", "updates:\n- directory: /environments\n", "updates:\n- directory: /helmfile/environments\n"),
        (".github/labeler.yml", "env:\n- environments/**\n", "env:\n- helmfile/environments/**\n"),
        (
            "docker/compose.yaml",
            "services:\n  a:\n    volumes:\n    - ../environments/dev:/etc/x:ro\n    env_file: ../environments/dev/values.yaml\n",
            "services:\n  a:\n    volumes:\n    - ../helmfile/environments/dev:/etc/x:ro\n"
            "    env_file: ../helmfile/environments/dev/values.yaml\n",
        ),
        (
            "docs/kustomization.yaml",
            "configMapGenerator:\n- files: [values.yaml=../environments/dev/values.yaml]\n"
            "resources: [../applications/web/chart]\n",
            "configMapGenerator:\n- files: [values.yaml=../helmfile/environments/dev/values.yaml]\n"
            "resources: [../helmfile/charts/custom/web]\n",
        ),
        ("ct.yaml", "charts:\n  - applications/web/chart\n", "charts:\n  - helmfile/charts/custom/web\n"),
        ("renovate.json", '{"ignorePaths": ["environments/**"]}\n', '{"ignorePaths": ["helmfile/environments/**"]}\n'),
    ],
)
def test_paths_and_patterns_are_respelt(path: str, before: str, wanted: str) -> None:
    assert after(SETTINGS_FILES, path, before) == wanted


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        (".pre-commit-config.yaml", "exclude: ^environments/dev\n", "regular expression"),
        (".pre-commit-config.yaml", "repos:\n- hooks:\n  - files: environments/dev\n", "regular expression"),
        ("renovate.json", '{"helmfile": {"fileMatch": ["^helmfile.yaml$"]}}', "regular expression"),
        (".pre-commit-config.yaml", "repos:\n- hooks:\n  - files: ^helmfile\\.yaml$\n", "regular expression"),
        ("compose.yaml", "services: {a: {command: helmfile -e dev sync}}\n", "in a container"),
        ("compose.yaml", 'services:\n  a:\n    entrypoint: ["helmfile", "-e", "dev", "sync"]\n', "in a container"),
        ("renovate.json", '{"helmfile": {"fileMatch": ["^applications/.+/helmfile\\\\.yaml$"]}}', "several places"),
        (
            "argo/web.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {repoURL: x, path: applications/web/chart}}\n",
            "repoURL",
        ),
    ],
)
def test_what_is_not_sure_is_left_and_told(path: str, content: str, reason: str) -> None:
    (only,) = found(SETTINGS_FILES, path, content)
    assert reason in only.reason
    assert only.edits == ()


def test_other_yaml_is_not_read() -> None:
    assert not SETTINGS_FILES.reads(RepoPath("applications/web/values.yaml"), b"a: b\n")
