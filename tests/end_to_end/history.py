"""A repository with a migrated branch, and what is known of it: marks that people set, and what a run must keep of them."""

from __future__ import annotations

import random
import re
import subprocess
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from migrate.cli.app import main as migrate
from tests.end_to_end.small import git

BRANCH = "feature/BE-384"
MARK = re.compile(r"mark-[0-9]+x")
LEGACY = ("applications/", "environments/", "helmfile.yaml")
Marks = frozenset[str]


class Fault(AssertionError):
    """What must never happen."""


@dataclass
class History:
    """A repository, what is known of its branch, and the steps so far."""

    repo: Path
    dice: random.Random
    steps: list[str] = field(default_factory=list)
    through: int = 0
    carried: str = ""
    """the commit of main that the branch was brought up to"""
    before: list[tuple[str, int, str]] = field(default_factory=list)
    """tip, phase and carried commit before each apply that can be undone"""
    made: int = 0
    edited: bool = False
    seen: Counter[str] = field(default_factory=Counter)

    def mark(self) -> str:
        """A word that is nowhere yet."""
        self.made += 1
        return f"mark-{self.made}x"

    def tip(self, name: str = BRANCH) -> str:
        """Where a branch is."""
        return git(self.repo, "rev-parse", name).strip()

    def files(self, revision: str) -> list[str]:
        """The paths of a commit."""
        return git(self.repo, "ls-tree", "-r", "--name-only", revision).splitlines()

    def marks(self, revision: str, *, legacy: bool | None) -> Counter[str]:
        """How often each mark stands in the legacy pieces, below helmfile/, or (None) in the other files."""
        done = subprocess.run(
            ["git", "grep", "-h", "-o", "-E", MARK.pattern, revision, "--", *_where(legacy=legacy)],
            cwd=self.repo, check=False, capture_output=True, text=True,
        )  # fmt: skip
        return Counter(done.stdout.split())

    def run(self, *words: str) -> Result:
        """Run migrate; anything but success, a conflict or a refusal that it words is a fault."""
        result = CliRunner().invoke(migrate, [words[0], "--repo", str(self.repo), *words[1:]])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise Fault("".join(traceback.format_exception(result.exception)))
        return result


def _where(*, legacy: bool | None) -> list[str]:
    if legacy:
        return list(LEGACY)
    if legacy is None:
        return [".", ":!helmfile", *(f":!{path}" for path in LEGACY)]
    return ["helmfile", ":!helmfile/.migrate"]


def commit(history: History, message: str) -> None:
    """Commit all, and go back to main."""
    git(history.repo, "add", "-A")
    git(history.repo, "commit", "-q", "--allow-empty", "-m", message)
    git(history.repo, "checkout", "-q", "main")
