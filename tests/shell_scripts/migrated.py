"""A migrated repository with the scripts in it, small enough to be made anew for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrate.layout import layout_of
from migrate.model.settings import Settings
from migrate.shell_scripts import SCRIPTS, script_text

STATE = """\
# All releases.
environments:
  prod:
    values:
    - environments/prod/values.yaml
  "dev": # without values of its own
    values:
    - color: green
---
releases:
- name: web
  namespace: web
  chart: ./charts/custom/web
  values:
  - values/web.yaml.gotmpl
"""
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  color: {{ .Values.color }}\n"
HEAD = "# Written by migrate. scripts/sync-charts.sh and `migrate charts verify` compare every byte below with it.\nversion: 1\n"
LOCK = "helmfile/charts/external/versions.lock"
WEB = "helmfile/charts/custom/web"

FILES: Mapping[str, str] = {
    "helmfile/helmfile.yaml": STATE,
    "helmfile/environments/prod/values.yaml": "color: blue\n",
    "helmfile/values/web.yaml.gotmpl": "color: {{ .Values.color }}\n",
    f"{WEB}/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\nicon: https://example.com/icon.svg\n",
    f"{WEB}/values.yaml": "color: red\n",
    f"{WEB}/templates/config.yaml": CONFIG_MAP,
    LOCK: f"{HEAD}charts: []\n",
    ".gitignore": "**/charts/*.tgz\n",
    "README.md": "# Small\n",
}


@dataclass(frozen=True, slots=True)
class Migrated:
    """A repository and the programs that its scripts find."""

    top: Path
    programs: Path
    """helmfile and helm"""
    system: Path
    """what every machine has, and nothing else"""

    def run(self, script: str, *arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """One of the scripts, as a user runs it."""
        command = [str(self.top / "scripts" / script), *arguments]
        return subprocess.run(
            command, cwd=cwd or self.top, env=self.environment(**variables), check=False, capture_output=True, text=True
        )

    def environment(self, **variables: str) -> dict[str, str]:
        """The variables that a script sees."""
        return {**os.environ, "PATH": f"{self.programs}:{self.system}", **variables}

    def write(self, path: str, content: str | bytes, mode: int = 0o644) -> Path:
        """A file of the checkout."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(mode)
        return file

    def commit(self) -> str:
        """Everything that lies there, ignored files left out. The commit."""
        git(self.top, "add", "-A")
        git(self.top, "commit", "-q", "-m", "Change")
        return git(self.top, "rev-parse", "HEAD").strip()

    def copy(self, top: Path) -> Migrated:
        """The same repository elsewhere."""
        shutil.copytree(self.top, top, symlinks=True)
        return Migrated(top, self.programs, self.system)

    def state(self) -> dict[str, bytes]:
        """Every file below helmfile/ with its bytes."""
        folder = self.top / "helmfile"
        return {str(path.relative_to(self.top)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def git(repo: Path, *arguments: str) -> str:
    """What git prints."""
    return subprocess.run(["git", *arguments], cwd=repo, check=True, capture_output=True, text=True).stdout


def make(top: Path, programs: Path, system: Path) -> Migrated:
    """The repository with one commit."""
    made = Migrated(top, programs, system)
    for path, text in FILES.items():
        made.write(path, text)
    for name in SCRIPTS:
        made.write(f"scripts/{name}", script_text(name, layout_of(Settings())), 0o755)
    git(top, "init", "-q", "-b", "main")
    made.commit()
    return made
