"""A repository that is small enough to be migrated in a second or two: two applications, one environment and `default`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.end_to_end import warm

ROOT = """\
environments:
  prod:
    values:
    - environments/prod/values.yaml
---
helmfiles:
- path: applications/api/helmfile.yaml
  values:
  - {{ toYaml .Values | nindent 4 }}
- path: applications/web/helmfile.yaml
  values:
  - {{ toYaml .Values | nindent 4 }}
"""
RELEASE = """\
# the {name} of the platform
releases:
- name: {name}
  namespace: {name}
  chart: ./chart
  labels:
    app: {name}
  values:
  - values.yaml.gotmpl   # by environment
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  color: {{ .Values.color }}
"""


def small_files() -> Mapping[str, str]:
    """Every file of the repository."""
    files = {"helmfile.yaml": ROOT, "environments/prod/values.yaml": "color: blue\n", "README.md": "# Small\n"}
    for name in ("api", "web"):
        folder = f"applications/{name}"
        files |= {
            f"{folder}/helmfile.yaml": RELEASE.format(name=name),
            f"{folder}/values.yaml.gotmpl": "color: {{ .Values.color }}\n",
            f"{folder}/chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n",
            f"{folder}/chart/values.yaml": "color: red\n",
            f"{folder}/chart/templates/config.yaml": CONFIG_MAP,
        }
    return files


def one_environment() -> Mapping[str, str]:
    """The same without an environment beside `default`, which fails in `small_files`: half the work for a proof.

    For tests of what becomes of commits, branches and files, whatever the environments.
    """
    return {**small_files(), "helmfile.yaml": ROOT.replace("  prod:\n", "  default:\n")}


def git(repo: Path, *arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(["git", *arguments], cwd=repo, check=True, capture_output=True, text=True)
    return done.stdout


def words(repo: Path, *arguments: str) -> list[str]:
    """What stands behind `migrate` on a command line for a repository."""
    quiet = [] if arguments[0] == "undo" else ["-q"]
    return [arguments[0], "--repo", str(repo), *quiet, *arguments[1:]]


def command(repo: Path, *arguments: str) -> list[str]:
    """The command line of migrate on a repository."""
    return [sys.executable, "-m", "migrate", *words(repo, *arguments)]


def migrate(repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run migrate as a user does, in a process of its own."""
    return warm.start(words(repo, *arguments)).wait()


def state(repo: Path) -> tuple[str, ...]:
    """All that apply must leave alone: HEAD, index, checkout, refs but for the branch."""
    listing = sorted(
        f"{path.relative_to(repo)} {path.lstat().st_mtime_ns}"
        for path in repo.rglob("*")
        if ".git" not in path.relative_to(repo).parts
    )
    return (
        git(repo, "status", "--porcelain=v2", "--branch"),
        git(repo, "rev-parse", "HEAD"),
        git(repo, "ls-files", "--stage"),
        git(repo, "show-ref", "main"),
        "\n".join(listing),
    )
