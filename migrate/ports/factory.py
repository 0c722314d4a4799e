"""What opens sides, and gets charts that are not in the repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from migrate.model.pulled import ChartRef, NotPulled
from migrate.model.rehearsal import Rehearsal
from migrate.model.tree import Tree
from migrate.ports.side import Side

Progress = Callable[[str, int, int], None]
"""what is being done, how many are done, how many there are"""


class Overlays(Protocol):
    """Opens trees that differ from one first tree in a few files. Use as a context manager: it keeps that tree written out."""

    def open(self, tree: Tree) -> Side:
        """The tree written out; what it shares with the first one costs next to nothing."""
        ...

    def __enter__(self) -> Overlays: ...
    def __exit__(self, *exc: object) -> None: ...


class ChartSource(Protocol):
    """Gets charts that are not in the repository."""

    def pull(self, refs: Sequence[ChartRef], progress: Progress) -> Mapping[ChartRef, bytes | NotPulled]:
        """The packed chart of each, as anybody gets it: without the user's repositories and logins; or why it can't be had."""
        ...


class SideFactory(Protocol):
    """Opens sides."""

    def open(  # noqa: PLR0913 -- the tree by position, the rest by keyword
        self,
        tree: Tree,
        state_file: str,
        *,
        lent: Mapping[str, bytes] = ...,
        modern: bool = False,
        hooks: bool = False,
        variables: Mapping[str, str] = ...,
        fetch: bool = False,
        complete: Sequence[str] = (),
        offline: bool = False,
    ) -> Side:
        """Write the tree out. `lent` adds files that are in no commit (`--env-file`). `modern` asks for helmfile 1.x.

        `fetch` lets the real helm get the charts that are not in the tree, as a deployment does; without, they stay unknown.
        `complete` are folders of charts whose dependencies it gets first (`helm dependency build`), if they are missing.
        `offline` cuts the network off, and runs `sync` and `template` without --skip-deps. A call that fails then is made
        again with the network, so that both sides compare, and `reached_out` tells of it.

        `variables` are set for every call, unless the user passes them (`passEnv`) or they are the call's own.
        """
        ...

    def rehearse(self, tree: Tree, state_file: str, command: str, *, lent: Mapping[str, bytes] = ...) -> Rehearsal:
        """Run a command of the repository's own by bash in a copy of the tree. It runs what the tree holds."""
        ...

    def shell_complaint(self, script: bytes) -> str:
        """What `bash -n` says of a script, without the script's own text; empty if it accepts it."""
        ...

    def overlays(self, tree: Tree, state_file: str, *, lent: Mapping[str, bytes] = ..., hooks: bool = False) -> Overlays:
        """Write a tree out, for others that differ from it in a few files."""
        ...

    def without_network(self) -> str:
        """Why programs can't be run with the network cut off here; empty if they can."""
        ...

    def versions(self) -> Mapping[str, str]:
        """`helmfile` and `helm` -> version and digest of the binary in use."""
        ...
