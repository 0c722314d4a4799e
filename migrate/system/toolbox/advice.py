"""What to do when a tool is missing, by operating system."""

from __future__ import annotations

import platform
import sys

from migrate.system.toolbox.pins import CURRENT

INSTALL_DEFAULT = "run: migrate tools install"


def can_use_default_set() -> bool:
    """Whether the ready-made binaries of the default set run here: they are for linux/amd64 only."""
    return sys.platform == "linux" and platform.machine().lower() in ("x86_64", "amd64")


def missing(name: str) -> str:
    """The hint for a tool that was not found."""
    if can_use_default_set():
        return f"{INSTALL_DEFAULT} --set all, or name one with {option(name)}"
    return other_system()


def option(name: str) -> str:
    """How the user names a tool of their own."""
    return f"--{name} PATH" if name in ("helmfile", "helm") else "PATH"


def other_system() -> str:
    """What to install where the default set does not run."""
    system = f"{sys.platform}/{platform.machine()}"
    return (
        f"the default set is for linux/amd64, this is {system}. Take the releases helmfile v0.166.0 and helm v3.15.3 for it "
        "from their projects and put them on PATH, or name them with --helmfile and --helm. The packages of today (Homebrew: "
        "helmfile, helm, kustomize) are helmfile 1.x and helm 4, which serve the new side only. helmfile 1.7.4, helm 3.22.0, "
        "helm 4.3.1 and kustomize 5.8.1 are built here with Go 1.26 by: migrate tools install --set current"
    )


def go_missing(found: str) -> str:
    """The hint where the Go toolchain that builds the current set is missing or too old."""
    wanted = ", ".join(f"{pin.name} {pin.version}" for pin in CURRENT)
    return f"install Go 1.26 or newer and put it on PATH ({found}), or put {wanted} on PATH yourself"
