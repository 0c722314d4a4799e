"""Opens trees as sides."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Semaphore
from types import MappingProxyType

from migrate.errors import BadInput, ToolMissing
from migrate.model.rehearsal import Rehearsal
from migrate.model.tree import Tree
from migrate.system.helmfile.clean_environment import clean_environment
from migrate.system.helmfile.pulling import HelmCharts
from migrate.system.helmfile.runner import SideSettings
from migrate.system.helmfile.side import HelmfileSide
from migrate.system.network import network_cut
from migrate.system.overlay import lay_over
from migrate.system.process import run
from migrate.system.run_folder import RunFolder
from migrate.system.toolbox.asking import QUESTIONS, version_of
from migrate.system.workspace import Workspace, write_out

_NOTHING: Mapping[str, str] = MappingProxyType({})


class TreeOverlays:
    """The `Overlays` of migrate.ports, made by `Sides.overlays`."""

    def __init__(self, first: HelmfileSide, opened: Callable[[Tree], HelmfileSide]) -> None:
        self._first = first
        self._opened = opened

    def open(self, tree: Tree) -> HelmfileSide:
        """The tree written out; files that it shares with the first one are hard links."""
        return self._opened(tree)

    def __enter__(self) -> TreeOverlays:
        return self

    def __exit__(self, *exc: object) -> None:
        self._first.close()


class Sides:
    """The `SideFactory` of migrate.ports: helmfile 0.16x with helm, and helmfile 1.x (`modern_helmfile`) with the same helm.

    `pass_env` are variables that every call gets besides the clean ones. `timeout` is in seconds for each call. `pause` is
    the time in seconds that a recorded upgrade takes. `versions` is what `versions()` answers, if the caller has just checked the
    binaries; else they are asked.
    """

    def __init__(  # noqa: PLR0913 -- the programs by position, the rest by keyword
        self,
        helmfile: Path,
        helm: Path,
        kustomize: Path | None = None,
        modern_helmfile: Path | None = None,
        *,
        pass_env: Mapping[str, str] = _NOTHING,
        timeout: float = 600.0,
        pause: float = 0.05,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self._helmfile, self._helm, self._kustomize, self._modern = helmfile, helm, kustomize, modern_helmfile
        self._pass_env, self._timeout, self._pause, self._known = pass_env, timeout, pause, versions
        self._slots = Semaphore(3 * (os.cpu_count() or 1))

    def open(  # noqa: PLR0913 -- the tree by position, the rest by keyword
        self,
        tree: Tree,
        state_file: str,
        *,
        lent: Mapping[str, bytes] = MappingProxyType({}),
        modern: bool = False,
        hooks: bool = False,
        variables: Mapping[str, str] = _NOTHING,
        fetch: bool = False,
        complete: Sequence[str] = (),
        offline: bool = False,
    ) -> HelmfileSide:
        """Write the tree out. `lent` adds files that are in no commit. `modern` asks for helmfile 1.x. `offline` cuts the
        network off from every program; ToolMissing where `without_network` says that it can't be.

        `variables` are set for every call, unless the user passes them or they are the call's own (PATH, HOME and the like).

        Without `hooks`, hooks, `exec` and post-renderers don't run: the tree has no executable file and PATH no program, so
        helmfile fails where it comes to one. What this can't stop is a program named by its absolute path (`/bin/sh -c …`):
        that must be looked for in the files beforehand. (helmfile's own switches are of no use: 0.166 crashes with
        HELMFILE_DISABLE_INSECURE_FEATURES, and with HELMFILE_SKIP_INSECURE_TEMPLATE_FUNCTIONS it also makes `readFile`
        give an empty text; both leave hooks alone.)

        `fetch` lets the real helm get the charts that are not in the tree; they are got once for all calls. `complete`
        are folders of charts whose missing dependencies are got before anything runs.

        ToolMissing without a 1.x; BadInput if the tree has no `state_file` or can't be written.
        """
        helmfile = self._modern if modern else self._helmfile
        if helmfile is None:
            raise ToolMissing("helmfile 1.x is needed", hint="migrate tools install --set current")
        if state_file not in tree and state_file not in lent:
            raise BadInput(f"{state_file}: the commit has no such file", path=state_file)

        def written(top: Path) -> Workspace:
            return write_out(tree, top, lent, executable=hooks)

        cut = _cut() if offline else ()
        return self._opened(helmfile, tree, state_file, written, variables, hooks=hooks, fetch=fetch, complete=complete, cut=cut)

    def overlays(
        self, tree: Tree, state_file: str, *, lent: Mapping[str, bytes] = MappingProxyType({}), hooks: bool = False
    ) -> TreeOverlays:
        """Write the tree out, for others that differ from it in a few files."""
        first = self.open(tree, state_file, lent=lent, hooks=hooks)

        def opened(other: Tree) -> HelmfileSide:
            if hooks:  # a command of the repository may write into files that are shared
                return self.open(other, state_file, lent=lent, hooks=hooks)
            return self._opened(
                self._helmfile,
                other,
                state_file,
                lambda top: lay_over(first.workspace, tree, other, top, lent),
                hooks=hooks,
            )

        return TreeOverlays(first, opened)

    def _opened(  # noqa: PLR0913 -- what `open` and `overlays` share
        self,
        helmfile: Path,
        tree: Tree,
        state_file: str,
        written: Callable[[Path], Workspace],
        variables: Mapping[str, str] = _NOTHING,
        *,
        hooks: bool,
        fetch: bool = False,
        complete: Sequence[str] = (),
        cut: tuple[str, ...] = (),
    ) -> HelmfileSide:
        folder = RunFolder()
        try:
            with ThreadPoolExecutor(1) as beside:
                version = beside.submit(lambda: self._helm_version)
                workspace = written(folder.path / "tree")
            environment = {
                **variables,
                **clean_environment(folder.path, self._kustomize, self._pass_env, hooks=hooks),
            }
            settings = SideSettings(
                helmfile,
                self._helm,
                version.result(),
                environment,
                self._slots,
                self._timeout,
                self._pause,
                hooks,
                fetch,
                complete,
                cut,
            )
            return HelmfileSide(tree, state_file, workspace, folder, settings)
        except BaseException:
            folder.close()
            raise

    def charts(self) -> HelmCharts:
        """The source of charts that are not in a tree, with the same helm and the same variables of the user's."""
        return HelmCharts(self._helm, self._pass_env, self._timeout)

    def rehearse(
        self, tree: Tree, state_file: str, command: str, *, lent: Mapping[str, bytes] = MappingProxyType({})
    ) -> Rehearsal:
        """Run a command of the repository's own by bash in a copy of the tree, helm and what reaches further replaced."""
        with self.open(tree, state_file, lent=lent, hooks=True) as side:
            return side.rehearse(command)

    def shell_complaint(self, script: bytes) -> str:
        """What `bash -n` says of a script, without the script's own text; empty if it accepts it."""
        with RunFolder() as home:
            environment = {"HOME": str(home.path), "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
            try:
                outcome = run(["bash", "-n"], folder=home.path, environment=environment, timeout=60, stdin=script)
            except OSError as error:
                return f"bash can't be run: {error.strerror}"
        lines = [line.split(":", 2)[1].strip() for line in outcome.stderr.decode(errors="replace").splitlines() if ":" in line]
        return "" if outcome.ok else ", ".join(dict.fromkeys(lines)) or "no syntax of bash"

    def without_network(self) -> str:
        """Why programs can't be run with the network cut off here; empty if they can."""
        return network_cut().reason

    def versions(self) -> Mapping[str, str]:
        """`helmfile`, `helm` (and `modern helmfile`, `kustomize` if given) -> version and SHA-256 of the binary, asked once."""
        return self._known or self._versions

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        found = [("helmfile", "helmfile", self._helmfile), ("helm", "helm", self._helm)]
        found += [("modern helmfile", "helmfile", self._modern)] if self._modern else []
        found += [("kustomize", "kustomize", self._kustomize)] if self._kustomize else []
        return {label: f"{_version(name, path)} sha256:{_digest(path)}" for label, name, path in found}

    @cached_property
    def _helm_version(self) -> str:
        return _printed("helm", self._helm)


def _cut() -> tuple[str, ...]:
    cut = network_cut()
    if not cut.words:
        raise ToolMissing(f"the network can't be cut off: {cut.reason}", hint="on Linux, allow user namespaces")
    return cut.words


def _version(name: str, binary: Path) -> str:
    """The version as `3.15.3`; what the tool prints, for one that was built without a whole version."""
    return version_of(name, binary) or _printed(name, binary)


def _printed(name: str, binary: Path) -> str:
    """What the tool prints of its version, as helmfile asks helm for it."""
    try:
        with RunFolder() as home:
            environment = {"HOME": str(home.path)}
            outcome = run([str(binary), *QUESTIONS[name]], folder=home.path, environment=environment, timeout=60)
    except OSError as error:
        raise ToolMissing(f"{binary} can't be run: {error.strerror}", hint="migrate tools") from error
    text = outcome.stdout.decode(errors="replace").strip()
    if not outcome.ok or not text:
        raise ToolMissing(f"{binary} does not tell its version", hint="migrate tools")
    return text


def _digest(binary: Path) -> str:
    with binary.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
