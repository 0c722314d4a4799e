from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from migrate.system.run_folder import NEWBORN, RunFolder, remove

HOLD = """
import sys, time
from migrate.system.run_folder import RunFolder
with RunFolder() as folder:
    (folder.path / "secret").write_text("x")
    print(folder.path, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path.resolve()


def holder() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_is_private_and_goes_at_the_end(temporary: Path) -> None:
    with RunFolder() as folder:
        assert folder.path.parent == temporary
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert not folder.path.exists()


def test_goes_after_an_exception() -> None:
    with pytest.raises(ValueError, match="boom"), RunFolder() as folder:
        raise ValueError("boom")
    assert not folder.path.exists()


INTERRUPTED_CLOSE = """
from migrate.system import run_folder
def interrupted(folder, removed=run_folder.remove):
    run_folder.remove = removed
    raise KeyboardInterrupt
folder = run_folder.RunFolder()
run_folder.remove = interrupted
folder.close()
"""
INTERRUPTED_START = """
from migrate.system import run_folder
def interrupted(*arguments):
    raise KeyboardInterrupt
run_folder.fcntl.flock = interrupted
run_folder.RunFolder()
"""


@pytest.mark.parametrize("script", [INTERRUPTED_START, INTERRUPTED_CLOSE])
def test_goes_also_if_the_making_or_the_removing_is_interrupted(script: str, temporary: Path) -> None:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "KeyboardInterrupt"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_goes_when_the_process_is_asked_to_end(number: signal.Signals) -> None:
    process, folder = holder()
    process.send_signal(number)
    assert process.wait(120) == 128 + number
    assert not folder.exists()


def test_what_a_killed_run_left_is_swept_by_the_next() -> None:
    process, folder = holder()
    process.kill()
    process.wait(120)
    assert (folder / "secret").exists()
    with RunFolder():
        assert not folder.exists()


def test_a_folder_in_use_is_not_swept() -> None:
    process, folder = holder()
    with RunFolder(), RunFolder():
        assert (folder / "secret").exists()
    process.terminate()
    process.wait(120)


def test_a_folder_that_is_just_being_made_is_not_swept(temporary: Path) -> None:
    newborn, old = temporary / f"migrate-{os.getuid()}-new", temporary / f"migrate-{os.getuid()}-old"
    newborn.mkdir()
    old.mkdir()
    moment = old.stat().st_mtime - NEWBORN - 1
    os.utime(old, (moment, moment))
    with RunFolder():
        assert newborn.exists()
        assert not old.exists()


def test_a_link_in_the_place_of_a_folder_is_left_alone(temporary: Path) -> None:
    kept = temporary / "kept"
    kept.mkdir()
    (temporary / f"migrate-{os.getuid()}-link").symlink_to(kept)
    with RunFolder():
        assert kept.exists()


def test_removes_folders_without_write_permission(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "file").touch()
    (folder / "inner").chmod(0o500)
    remove(folder)
    assert not folder.exists()
