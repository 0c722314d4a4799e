"""A program run with a repository on a file system that fills up: a tmpfs of a few kilobytes in a mount namespace (Linux)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pytest

SCRIPT = """\
place=$1 repo=$2 room=$3; shift 3
mount -t tmpfs -o size=256m none "$place" && cp -a "$repo" "$place/repo" && mkdir "$place/tmp" || exit 99
used=$(df -k "$place" | awk 'NR == 2 { print $3 }')
mount -o "remount,size=$((used + room))k" "$place" || exit 99
cd "$place/repo" && "$@"
code=$?
mount -o remount,size=256m "$place" && rm -rf "$repo" && cp -a "$place/repo" "$repo" || exit 99
exit $code
"""


@lru_cache(maxsize=1)
def _can_mount() -> bool:
    unshare = shutil.which("unshare")
    if sys.platform != "linux" or unshare is None:
        return False
    return (
        subprocess.run([unshare, "-rm", "sh", "-c", "mount -t tmpfs none /mnt"], check=False, capture_output=True).returncode == 0
    )


def run_on_small_disk(
    repo: Path, room: int, words: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program in `repo`, as if that and TMPDIR lay on a disk with `room` kB left; `repo` is then what the program left.

    It lies at another path meanwhile: words that name files in it are relative. Skipped where nothing can be mounted.
    """
    if not _can_mount():
        pytest.skip("no tmpfs can be mounted here")
    place = repo.parent / f"{repo.name}-disk"
    place.mkdir(exist_ok=True)
    unshare = shutil.which("unshare") or ""
    given = ["env", f"PATH={environment['PATH']}", f"TMPDIR={place / 'tmp'}", *words]  # PATH may lack mount
    command = [unshare, "-rm", "sh", "-c", SCRIPT, "sh", str(place), str(repo), str(room), *given]
    done = subprocess.run(command, env={**environment, "PATH": os.defpath}, check=False, capture_output=True, text=True)
    if done.returncode == 99:  # SCRIPT's own
        raise OSError(done.stderr)
    return done
