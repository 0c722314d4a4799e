"""What a script of the repository did when it was run for trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrate.model.facts import HelmCall


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One run in a copy of a tree, with stand-ins for what would reach a machine or a cluster.

    `files` are the files that it made or changed, with the SHA-256 of what they hold (`""` for one that it removed). `stand_ins`
    are the calls of stand-ins (`kubectl`, `sudo`, `yq`), each as the name and its first argument, in order.
    """

    exit_code: int
    calls: tuple[HelmCall, ...]
    files: Mapping[str, str]
    stand_ins: tuple[str, ...]
