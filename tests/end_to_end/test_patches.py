"""Kustomize patches: each kind moves with its release, the real kustomize applies it as before, and a changed patch is seen."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.conftest import MakeRepo
from tests.end_to_end.small import git, migrate, one_environment

BRANCH = "feature/BE-384"
KEYS = {"merge": "strategicMergePatches", "json": "jsonPatches", "transform": "transformers"}
ENTRY = """\
- name: {name}
  namespace: web
  chart: ./chart
  values:
  - values.yaml.gotmpl
  {key}:
  - patches/{name}.yaml  # why it is patched
"""
PATCHES = {
    "merge": "# more colors\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: merge\ndata:\n  more: merge-was-here\n",
    "json": "target:\n  version: v1\n  kind: ConfigMap\n  name: json\npatch:\n"
    "- op: add\n  path: /data/more\n  value: json-was-here\n",
    "transform": "apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata:\n  name: notes\nannotations:\n"
    "  more: transform-was-here\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n",
}
FOLDER = "applications/web"


def new_place(name: str) -> str:
    return f"helmfile/charts/patches/{name}/{name}.yaml"


@pytest.fixture(scope="module")
def migrated(make_repo: MakeRepo) -> Path:
    """The small repository, of which one application has a release for each kind of patch."""
    releases = "releases:\n" + "".join(ENTRY.format(name=name, key=key) for name, key in KEYS.items())
    patches = {f"{FOLDER}/patches/{name}.yaml": text for name, text in PATCHES.items()}
    repo = make_repo({**one_environment(), f"{FOLDER}/helmfile.yaml": releases, **patches})
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr + done.stdout
    return repo


def rendered(checkout: Path, tools: ToolPair, name: str) -> str:
    assert tools.kustomize, "migrate tools install --set current"
    environment = {**os.environ, "PATH": f"{tools.kustomize.path.parent}:{os.environ['PATH']}"}
    command = [str(tools.helmfile.path), "--helm-binary", str(tools.helm.path), "-f", "helmfile/helmfile.yaml", "-e", "default"]
    command += ["-l", f"name={name}", "template", "--skip-deps"]
    done = subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("name", KEYS)
def test_a_patch_moves_to_its_release_and_kustomize_applies_it(
    name: str, migrated: Path, tools: ToolPair, tmp_path: Path
) -> None:
    git(migrated, "clone", "-q", "--branch", BRANCH, str(migrated), str(tmp_path))
    assert (tmp_path / new_place(name)).read_text() == PATCHES[name]
    assert f"- charts/patches/{name}/{name}.yaml  # why it is patched\n" in (tmp_path / "helmfile/helmfile.yaml").read_text()
    assert f"more: {name}-was-here" in rendered(tmp_path, tools, name)


def test_a_value_changed_in_each_patch_is_seen_in_each_release(migrated: Path, tmp_path: Path) -> None:
    git(migrated, "clone", "-q", "--branch", BRANCH, str(migrated), str(tmp_path))
    for name in KEYS:
        file = tmp_path / new_place(name)
        file.write_text(file.read_text().replace("was-here", "is-there"))
    git(tmp_path, "commit", "-q", "-a", "-m", "Change the patches")
    git(tmp_path, "push", "-q", "origin", "HEAD:refs/heads/changed")
    done = migrate(migrated, "prove", "--branch", "changed", "--json")
    proof = json.loads(done.stdout)
    claims = {claim["claim"]: claim for claim in proof["claims"]}
    red = {piece["subject"] for piece in claims["renders_equal"]["evidence"] if not piece["holds"]}
    assert (done.returncode, proof["holds"]) == (4, False)
    assert {f"default/web/{name}" for name in KEYS} <= red
    assert not any("/api" in subject for subject in red)
