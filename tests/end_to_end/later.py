"""What the tests of later runs share: a small repository with scripts, and edits on either side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.small import git, migrate, one_environment

BRANCH = "feature/BE-384"
VALUES = "environments/prod/values.yaml"
NEW_VALUES = f"helmfile/{VALUES}"
STATE = "helmfile/helmfile.yaml"

FILES = {
    **one_environment(),
    "deploy.sh": "#!/bin/bash\nhelmfile -e default sync\ncat environments/prod/values.yaml\n",
    ".github/workflows/ci.yaml": "jobs:\n  a:\n    runs-on: x\n    steps:\n    - run: cat environments/prod/values.yaml\n",
    "README.md": "# Small\n\nSee `environments/prod/values.yaml`.\n",
    VALUES: "# what prod is like\ncolor: blue\nsize: 1\nshape: round\n",
}

TWO_ENVIRONMENTS = {
    **FILES,
    **{path: text.replace("default", "prod") for path, text in FILES.items() if path in ("deploy.sh", "helmfile.yaml")},
}
"""The same with `prod` and a `default` that fails."""


def applied(repo: Path, *options: str) -> str:
    done = migrate(repo, "apply", "--branch", BRANCH, *options)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def shown(repo: Path, path: str, branch: str = BRANCH) -> str:
    return git(repo, "show", f"{branch}:{path}")


def change(repo: Path, branch: str, path: str, edit: Callable[[str], str]) -> str:
    """A commit on a branch that edits one file; its id."""
    git(repo, "checkout", "-q", branch)
    (repo / path).write_text(edit((repo / path).read_text()))
    git(repo, "commit", "-qam", f"Edit {path}")
    git(repo, "checkout", "-q", "main")
    return git(repo, "rev-parse", branch).strip()
