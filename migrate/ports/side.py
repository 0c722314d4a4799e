"""One tree written out, with helmfile and helm to ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from migrate.model.facts import BuiltState, EnvironmentFacts, Failure, HelmInputs, ListedRelease, ReleaseId, Run, ValuesFile
from migrate.model.reaching import Prepared, ReachOut
from migrate.model.tree import Tree

COMMANDS = ("sync", "apply", "diff", "destroy", "template")
"""What is recorded of every environment; `sync` and `template` always are."""


class Side(Protocol):
    """One tree written out in a private folder, with helmfile and helm to ask it. Use as a context manager: closing it removes
    the folder. Every call runs with empty HELM_* and XDG folders and without the user's HELMFILE_* variables.
    """

    tree: Tree
    state_file: str

    def build(self, environment: str) -> tuple[BuiltState, ...] | Failure:
        """`helmfile -e ENVIRONMENT build`."""
        ...

    def list(self, environment: str) -> tuple[ListedRelease, ...] | Failure:
        """`helmfile -e ENVIRONMENT list --output json --skip-charts`."""
        ...

    def record(self, environment: str, command: str, release: ReleaseId | None = None) -> Run:
        """`helmfile -e ENVIRONMENT [-l name=…,namespace=…] COMMAND` with the recorder as helm."""
        ...

    def command(self, words: Sequence[str]) -> Run:
        """`helmfile WORDS` for the side's state file with the recorder as helm: a command line of the repository's own."""
        ...

    def facts(self, environment: str, expected: Sequence[ReleaseId] = (), commands: Sequence[str] = COMMANDS) -> EnvironmentFacts:
        """build, list, the recorded commands, and a run alone for each listed or expected release that they did not reach."""
        ...

    def render(self, inputs: HelmInputs, *, kube_version: str = "", built: bool = False) -> bytes | Failure:
        """The real `helm template` with these inputs, CRDs, hooks and tests included. Never cached.

        `built` renders a copy of the chart after the real `helm dependency build`, as helmfile does without --skip-deps.
        """
        ...

    def fetched(self, chart: str, version: str, *, devel: bool) -> Mapping[str, bytes] | None:
        """The files of a chart that is not in the tree, by their path from its folder, as helm unpacks it; None without it.

        `chart` is `repository/name`, of a repository that an earlier run added, or `oci://…`.
        """
        ...

    def completed(self, chart: str) -> Mapping[str, bytes]:
        """The files that a chart of `complete` was given, by their path from its folder."""
        ...

    def read_values(self, values: Sequence[ValuesFile]) -> bytes | Failure:
        """The values files merged and read by helm itself, as JSON (a one-line probe chart), sorted keys."""
        ...

    def reached_out(self) -> tuple[ReachOut, ...]:
        """What calls wanted so far while the network was cut off, each once; nothing of a side that has the network."""
        ...

    def prepared(self, chart: str) -> Prepared:
        """What `helm dependency build` comes to in a copy, with the network cut off if it is.

        `chart` is a folder of the tree, or COPY and the digest of a chart that helmfile copied.
        """
        ...

    def stored(self, file: ValuesFile) -> bytes:
        """The bytes of a recorded values file."""
        ...

    def close(self) -> None:
        """Remove the folder."""
        ...

    def __enter__(self) -> Side: ...
    def __exit__(self, *exc: object) -> None: ...
