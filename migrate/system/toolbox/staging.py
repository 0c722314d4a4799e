"""How a tool gets into the cache: made in a folder of its own, then renamed into its place, one installer at a time."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

INCOMING = ".incoming-"


@contextmanager
def only_installer(cache: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the cache's lock. Waits for another installer, after saying so. What a killed one left is removed."""
    tools = cache / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    with (tools / ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in tools.glob(f"{INCOMING}*"):
            shutil.rmtree(left)
        yield


@contextmanager
def incoming(cache: Path) -> Iterator[Path]:
    """A private folder on the cache's own file system, removed at the end whatever happens."""
    with tempfile.TemporaryDirectory(prefix=INCOMING, dir=cache / "tools") as folder:
        yield Path(folder)


def put(made: Path, target: Path) -> None:
    """Rename a finished folder to its place. What stands there (a damaged copy) moves away first and goes with the staging."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(made.with_name(f"{made.name}-old"))
    made.rename(target)
