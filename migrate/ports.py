"""The outside world as the pure rooms see it. `system/` implements these; only the command line hands them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from migrate.model.carried import Carried, Pair
from migrate.model.facts import BuiltState, EnvironmentFacts, Failure, HelmInputs, ListedRelease, ReleaseId, Run, ValuesFile
from migrate.model.pulled import ChartRef, NotPulled
from migrate.model.reaching import Prepared, ReachOut
from migrate.model.rehearsal import Rehearsal
from migrate.model.tree import Mode, Tree

COMMANDS = ("sync", "apply", "diff", "destroy", "template")
"""What is recorded of every environment; `sync` and `template` always are."""

Progress = Callable[[str, int, int], None]
"""what is being done, how many are done, how many there are"""


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


class Memory(Protocol):
    """What earlier runs measured, under a digest of all that it depends on. It never holds renders or values."""

    def recall(self, key: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        """What was kept under a key, or None."""
        ...

    def keep(self, key: str, value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
        """Keep a value that JSON can hold."""
        ...


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


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be made: its tree, and the message. Parents are given by position in a `CommitChain`."""

    tree: Tree
    message: str
    parents: tuple[int | str, ...]
    """commit ids, or indexes of earlier commits of the same chain"""


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit of the past: its author, its day as YYYY-MM-DD, and the files that it touches."""

    author: str
    day: str
    files: tuple[str, ...]


class Repository(Protocol):
    """A git repository. Only `publish` changes anything that a user sees."""

    def resolve(self, revision: str) -> str:
        """The commit id; UnknownRevision if there is none."""
        ...

    def branch_of(self, revision: str) -> str:
        """The name of the branch that a revision means (`HEAD`: the one that is checked out); empty if it means none."""
        ...

    def read_tree(self, revision: str) -> Tree:
        """The files of a commit. Blobs are read on demand; a missing blob raises KeyError only when it is read."""
        ...

    def branch_tip(self, branch: str) -> str | None:
        """The commit a branch points at, or None."""
        ...

    def message(self, commit: str) -> str:
        """The commit message."""
        ...

    def ancestors(self, commit: str, *, first_parent: bool, limit: int) -> tuple[str, ...]:
        """Commit ids from `commit` backwards."""
        ...

    def ignored(self, paths: Sequence[str], tree: Tree) -> frozenset[str]:
        """Which of the paths the tree's .gitignore files would ignore."""
        ...

    def attributes(self, paths: Sequence[str], tree: Tree) -> Mapping[str, Mapping[str, str]]:
        """The effective git attributes of paths, with the .gitattributes files of the tree (not of the checkout)."""
        ...

    def past_commits(self, commit: str, places: Sequence[str]) -> Iterator[PastCommit]:
        """The commits without merges that touch one of the files or folders, newest first, each with all its files."""
        ...

    def write_chain(self, commits: Sequence[NewCommit]) -> tuple[str, ...]:
        """Write blobs, trees and commits (signed if commit.gpgSign asks for it); no ref moves. Their ids, in order."""
        ...

    def recover(self) -> str | None:
        """Finish or roll back what a killed run left; what was done, in words, or None. Interrupted if that isn't safe."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Only one process at a time changes the repository; BranchState if another one keeps it."""
        ...

    def require_publishable(self, branch: str) -> None:
        """BranchState if the branch is checked out and could not follow; looked at again by `publish`."""
        ...

    def went_along(self, old: str | None, new: str) -> tuple[Pair, ...]:
        """The files that no commit holds and that `publish` moved along when a branch went from `old` to `new`, in this clone."""
        ...

    def checkout_of(self, branch: str) -> str | None:
        """The folder in which a branch is checked out, or None."""
        ...

    def holders(self, commit: str) -> tuple[str, ...]:
        """The full names of the branches, remote ones too, that hold a commit."""
        ...

    def publish(self, branch: str, old: str | None, new: str | None, message: str, carried: Sequence[Pair] = ()) -> Carried:
        """One compare-and-swap of refs/heads/BRANCH; a checked-out clean worktree follows, journaled. `new` None: it goes.

        `carried` are old and new places of files that no commit holds, which move along in it; what came of it is returned.
        """
        ...


__all__ = ["ChartSource", "CommitChain", "Mode", "NewCommit", "Overlays", "Progress", "Repository", "Side", "SideFactory"]
CommitChain = Sequence[NewCommit]
