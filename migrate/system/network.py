"""Runs programs with the network cut off: in a network namespace of their own, which has no interface that is up (Linux)."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from migrate.system.process import run

MAPPINGS = ("--map-current-user", "--map-root-user")
"""how the user is called inside; the first is of util-linux 2.36"""
LOOK = "cat /proc/net/dev; echo; cat /proc/net/fib_trie; cat /proc/net/if_inet6 2>/dev/null || :"
"""the interfaces, and the addresses that the ones that are up have"""
INTERFACE = re.compile(r"^\s*([^\s:]+):\s", re.MULTILINE)
ADDRESS = re.compile(r"^\s*\|-- \d|^[0-9a-f]{32} ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cut:
    """How the network is cut off: the words in front of a command line, or why it can't be done here."""

    words: tuple[str, ...]
    reason: str = ""


@lru_cache(maxsize=1)
def network_cut() -> Cut:
    """Whether this machine can cut the network off, found out by doing it once.

    `unshare` of util-linux makes a user namespace and a network namespace; the loopback interface is there and down.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return Cut((), "there is no `unshare`; it is a program of Linux")
    tried = [_tried((unshare, "--user", mapping, "--net", "--")) for mapping in MAPPINGS]
    return next((cut for cut in tried if cut.words), tried[0])


def _tried(words: tuple[str, ...]) -> Cut:
    try:
        outcome = run([*words, "sh", "-c", LOOK], folder=Path("/"), environment={"PATH": "/usr/bin:/bin"}, timeout=20)
    except OSError as error:
        return Cut((), f"unshare can't be run: {error.strerror}")
    if not outcome.ok:
        said = outcome.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        return Cut((), f"the system refuses a network namespace ({said[-1]})")
    open_ = what_is_up(outcome.stdout.decode(errors="replace"))
    return Cut((), f"a network namespace has {open_} here") if open_ else Cut(words)


def what_is_up(look: str) -> str:
    """What would let a program out, of what `LOOK` prints; empty if there is nothing."""
    others = [name for name in INTERFACE.findall(look.partition("\n\n")[0]) if name != "lo"]
    if others:
        return f"the interface {others[0]}"
    return "an address" if ADDRESS.search(look) else ""
