"""One tree with the real helmfile and helm to ask it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar

from migrate.errors import UnreadableSource
from migrate.formats.build_output import kube_contexts, parse_build, parse_list
from migrate.model.case import DEFAULT_ENVIRONMENT
from migrate.model.facts import (
    BuiltState,
    EnvironmentFacts,
    Failure,
    HelmCall,
    HelmInputs,
    ListedRelease,
    ReleaseId,
    Run,
    ValuesFile,
)
from migrate.model.reaching import Prepared, ReachOut
from migrate.model.rehearsal import Rehearsal
from migrate.model.tree import Tree
from migrate.ports import COMMANDS
from migrate.system.helmfile.calls import CallReader
from migrate.system.helmfile.collecting import collect
from migrate.system.helmfile.completing import Completed
from migrate.system.helmfile.failures import helmfile_failure
from migrate.system.helmfile.fetching import Fetching
from migrate.system.helmfile.rehearsal import rehearse
from migrate.system.helmfile.renders import Renders
from migrate.system.helmfile.runner import Runner, SideSettings
from migrate.system.helmfile.store import Store
from migrate.system.process import Outcome
from migrate.system.run_folder import RunFolder
from migrate.system.workspace import Workspace

T = TypeVar("T")

PAUSED = ("sync", "apply", "destroy")
"""Commands whose order matters: their recorded upgrades and uninstalls take time."""

DEPLOYED = ("sync", "template")
"""Commands that are run as people run them where the network is cut off."""

FETCHING = ("dependency", "repo", "registry", "pull")
"""helm's verbs that prepare charts."""


class HelmfileSide:
    """The `Side` of migrate.ports for a tree written out below a RunFolder, which it owns.

    All methods may be called from several threads, but for `record(..., with_dependencies=True)`, which writes into charts.
    """

    def __init__(self, tree: Tree, state_file: str, workspace: Workspace, folder: RunFolder, settings: SideSettings) -> None:
        self.tree = tree
        self.state_file = state_file
        self.workspace = workspace
        self._folder = folder
        self.cut_off = bool(settings.cut)
        self._pause = settings.pause
        self._runner = Runner(settings, workspace, folder.path)
        store = Store(folder.path / "store")
        self._completed = Completed(self._runner, settings.complete)
        self._fetching = Fetching(self._runner) if settings.fetch else None
        self._reader = CallReader(workspace, store, self._fetching)
        self._renders = Renders(self._runner, self._reader, store)
        self._built: dict[str, tuple[BuiltState, ...] | Failure] = {}
        self._building: defaultdict[str, Lock] = defaultdict(Lock)

    def build(self, environment: str) -> tuple[BuiltState, ...] | Failure:
        """`helmfile -e ENVIRONMENT build`, run once. The recorder's own path (`helmBinary`) is left out of the documents."""
        with self._building[environment]:
            if environment not in self._built:
                self._built[environment] = self._build(environment)
            return self._built[environment]

    def _build(self, environment: str) -> tuple[BuiltState, ...] | Failure:
        top, recorder = str(self.workspace.top), str(self._runner.stand_in)
        return self._asked(environment, ["build"], lambda text: parse_build(text, top, recorder, environment))

    def list(self, environment: str) -> tuple[ListedRelease, ...] | Failure:
        """`helmfile -e ENVIRONMENT list --output json --skip-charts`; kube contexts are taken from `build`."""
        states = self.build(environment)
        return self.listing(environment, () if isinstance(states, Failure) else states)

    def listing(self, environment: str, states: Sequence[BuiltState]) -> tuple[ListedRelease, ...] | Failure:
        """The list, with kube contexts from states that are built already."""
        return self._asked(environment, ["list", "--output", "json", "--skip-charts"], lambda text: parse_list(text, states))

    def record(self, environment: str, command: str, release: ReleaseId | None = None, *, with_dependencies: bool = False) -> Run:
        """`helmfile -e ENVIRONMENT [-l name=…,namespace=…] COMMAND` with the recorder as helm; see `record_some`."""
        return self.record_some(environment, command, [release] if release else [], with_dependencies=with_dependencies)

    def record_some(
        self, environment: str, command: str, releases: Sequence[ReleaseId], *, with_dependencies: bool = False
    ) -> Run:
        """`helmfile -e ENVIRONMENT [-l …]… COMMAND` for all or for some releases, with the recorder as helm.

        Every release counts as installed, so that what would be uninstalled is seen; every diff as a change, so that `apply`
        deploys. Runs with --skip-deps; `with_dependencies` lets the real helm do `dependency build`, `repo` and `pull`,
        which writes into charts and may use the network. Where the network is cut off, `sync` and `template` are run without
        --skip-deps, as people do: the recorder notes what helmfile prepares and answers it; `prepared` then does it in a copy.
        """
        selectors = [_selector(release) for release in releases]
        chosen = [word for selector in selectors for word in ("--selector", selector)]
        fetches = self._runner.settings.fetch  # without --skip-deps, helmfile adds its repositories
        bare = with_dependencies or fetches or (self.cut_off and command in DEPLOYED)
        arguments = [*chosen, command, *([] if bare else ["--skip-deps"])]
        pause = self._pause if command in PAUSED else 0.0
        passed = FETCHING if with_dependencies else ()
        with self._runner.helmfile(self.state_file, environment, arguments, pause=pause, passed=passed) as recorded:
            if with_dependencies:
                self._reader.forget()
            calls = self._with_contexts(environment, self._reader.read(recorded.calls))
            return Run(command, environment, " ".join(selectors), calls, helmfile_failure(recorded.outcome, self.workspace))

    def command(self, words: Sequence[str]) -> Run:
        """`helmfile WORDS` in the top folder with the recorder as helm; the words may name an environment."""
        environment = next(_environments(words), DEFAULT_ENVIRONMENT)
        with self._runner.helmfile(self.state_file, DEFAULT_ENVIRONMENT, words) as recorded:
            calls = self._with_contexts(environment, self._reader.read(recorded.calls))
            return Run(" ".join(words), environment, "", calls, helmfile_failure(recorded.outcome, self.workspace))

    def rehearse(self, command: str) -> Rehearsal:
        """Run a command of the repository's own by bash in the top folder, helm and what reaches further replaced.

        The values of each call are those that helm reads, as one digest. The tree is another one afterwards: ask nothing more.
        """
        run = rehearse(command, self.workspace, self._folder.path, self._runner.settings)
        calls = self._with_contexts(DEFAULT_ENVIRONMENT, self._reader.read(run.calls))
        read = tuple(replace(call, values=(self._as_read(call.values),) if call.values else ()) for call in calls)
        return Rehearsal(run.exit_code, read, run.files, run.stand_ins)

    def _as_read(self, values: tuple[ValuesFile, ...]) -> ValuesFile:
        found = self.read_values(values)
        return ValuesFile(found.message if isinstance(found, Failure) else sha256(found).hexdigest(), "")

    def facts(self, environment: str, expected: Sequence[ReleaseId] = (), commands: Sequence[str] = COMMANDS) -> EnvironmentFacts:
        """build, list, the recorded commands, and runs of each listed or expected release alone that those did not reach."""
        return collect(self, environment, expected, commands)

    def render(self, inputs: HelmInputs, *, kube_version: str = "", built: bool = False) -> bytes | Failure:
        """The real `helm template` with the arguments of a recorded `template` call, CRDs, hooks and tests included.

        `built` renders a copy of the chart after the real `helm dependency build`, which writes into that copy alone.
        """
        return self._renders.render(inputs, kube_version, built=built)

    def fetched(self, chart: str, version: str, *, devel: bool) -> Mapping[str, bytes] | None:
        """The files of a chart that is not in the tree, as helm unpacks it; None if it can't be had, or nothing is fetched."""
        return self._fetching.files(chart, version, devel=devel) if self._fetching else None

    def completed(self, chart: str) -> Mapping[str, bytes]:
        """The files that a chart was given whose dependencies were built when the side was opened."""
        return self._completed.files.get(chart, {})

    def read_values(self, values: Sequence[ValuesFile]) -> bytes | Failure:
        """The values files merged and read by helm itself, as one line of JSON with sorted keys."""
        return self._renders.read_values(values)

    def reached_out(self) -> tuple[ReachOut, ...]:
        """What calls wanted so far while the network was cut off, each once."""
        return tuple(dict.fromkeys(self._runner.reached))

    def prepared(self, chart: str) -> Prepared:
        """What `helm dependency build` comes to in a copy of a chart: a folder of the tree, or COPY and a digest."""
        return self._renders.prepared(chart)

    def stored(self, file: ValuesFile) -> bytes:
        """The bytes of a recorded values file; FileNotFoundError if it was missing when helm was called."""
        if not file.stored:
            raise FileNotFoundError("this values file was missing when helm was called")
        return Path(file.stored).read_bytes()

    def close(self) -> None:
        """Remove the folder with the tree and all evidence."""
        self._folder.close()

    def __enter__(self) -> HelmfileSide:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _with_contexts(self, environment: str, calls: tuple[HelmCall, ...]) -> tuple[HelmCall, ...]:
        """Kube contexts from the build where the call has none: helmfile 0.166 names a release's own one not to `template`."""
        states = self.build(environment)
        contexts = {} if isinstance(states, Failure) else kube_contexts(states)
        return tuple(_with_context(call, contexts) for call in calls)

    def _asked(self, environment: str, arguments: Sequence[str], parse: Callable[[str], T]) -> T | Failure:
        with self._runner.helmfile(self.state_file, environment, arguments) as recorded:
            failure = helmfile_failure(recorded.outcome, self.workspace)
            return _parsed(recorded.outcome, parse) if failure is None else failure


def _parsed(outcome: Outcome, parse: Callable[[str], T]) -> T | Failure:
    try:
        return parse(outcome.stdout.decode())
    except UnicodeDecodeError:
        return Failure(0, "helmfile printed no UTF-8")
    except UnreadableSource as error:
        return Failure(0, error.message)


def _environments(words: Sequence[str]) -> Iterator[str]:
    """The values of `-e`, in one word or two."""
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in ("-e", "--environment") and (equals or words[at + 1 :]):
            yield value if equals else words[at + 1]


def _with_context(call: HelmCall, contexts: Mapping[tuple[str, str], Sequence[str]]) -> HelmCall:
    release = call.release
    if release is None or release.context:
        return call
    known = set(contexts.get((release.namespace, release.name), ()))
    return replace(call, release=replace(release, context=known.pop())) if len(known) == 1 else call


def _selector(release: ReleaseId) -> str:
    """helmfile can't select by kube context, nor by an empty namespace."""
    return f"name={release.name}" + (f",namespace={release.namespace}" if release.namespace else "")
