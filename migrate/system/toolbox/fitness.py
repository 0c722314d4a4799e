"""Which versions go together. Pure: versions in, reasons out."""

from __future__ import annotations

import re

Version = tuple[int, int, int]

VERSION = re.compile(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)")

OLDEST: dict[str, Version] = {
    # Measured were 0.166 and 1.7.4. The bound is a cautious one: older releases were never tried, and a proof must not
    # rest on a tool whose output nobody looked at.
    "helmfile": (0, 150, 0),
    "helm": (3, 0, 0),
    "kustomize": (3, 0, 0),
}


def parse(text: str) -> str:
    """The first version in what a tool prints, as `3.15.3`; empty if it names none or only a development build (`0.0.0`)."""
    found = VERSION.search(text)
    version = ".".join(found.groups()) if found else ""
    return "" if version == "0.0.0" else version


def numbers(version: str) -> Version:
    """`3.15.3` as numbers that compare."""
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch


def is_modern(helmfile: str) -> bool:
    """Whether this helmfile is 1.x, which can't load `.yaml` files with template actions."""
    return numbers(helmfile) >= (1, 0, 0)


def unfit(name: str, version: str) -> str:
    """Why a tool can't be used for anything, or an empty text."""
    if not version:
        return "does not say a full version such as 3.15.3: no release, or it does not run here"
    oldest = OLDEST[name]
    if numbers(version) < oldest:
        return f"too old, {name} {'.'.join(map(str, oldest))} or newer is needed"
    if name == "helm" and numbers(version) >= (5, 0, 0):
        return "unknown to this program, helm 3 or 4 is needed"
    return ""


def unfit_pair(helmfile: str, helm: str) -> str:
    """Why two tools don't go together, or an empty text. helmfile 0.166 panics with helm 4 (seen with 4.3.1)."""
    if not is_modern(helmfile) and numbers(helm) >= (4, 0, 0):
        return f"helmfile {helmfile} can't work with helm {helm}: helmfile before 1.0 needs helm 3"
    return ""
