"""What git needs for a moment lies where the next run looks for leftovers."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from migrate.system.run_folder import RunFolder

KILLED = """
import os, signal, sys, tempfile
from pathlib import Path
from migrate.ports import NewCommit
from migrate.system.git import open_repository
from migrate.system.git.plumbing import Plumbing

def start(self, *arguments, start=Plumbing.start, **options):
    if os.listdir(tempfile.gettempdir()):
        os.kill(os.getpid(), signal.SIGKILL)
    return start(self, *arguments, **options)

repository = open_repository(Path(sys.argv[1]))
tree = repository.read_tree("HEAD")
tree.read("README.md")
Plumbing.start = start
"""


@pytest.mark.parametrize(
    "work",
    [
        "repository.attributes(['a'], tree)",
        "repository.ignored(['a'], tree)",
        "repository.write_chain([NewCommit(tree, 'x', (tree.commit,))])",
        "repository.line_origins_kept('HEAD', 'HEAD', [('README.md', 'README.md')])",
    ],
)
def test_what_a_kill_leaves_is_swept_by_the_next_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    process = subprocess.run([sys.executable, "-c", KILLED + work, str(folder)], check=False)
    assert process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir())
    with RunFolder():
        pass
    assert list(tmp_path.iterdir()) == []
