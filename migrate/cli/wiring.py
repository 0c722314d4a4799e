"""Where the command line meets the outside world: repository, settings, tools."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from migrate.cli.progress import StderrProgress
from migrate.cli.prove import ProofRequest
from migrate.cli.tools import tool_options
from migrate.config import parse_settings
from migrate.errors import BadConfiguration, BadInput, ToolMissing
from migrate.measuring import MODERN
from migrate.model.case import Attributes, ProofCase
from migrate.model.proof import ClaimResult, Evidence, Proof
from migrate.model.settings import Settings
from migrate.model.stored_proof import StoredProof
from migrate.model.tree import Tree
from migrate.pipeline import ProveRequest, World, proof_case
from migrate.pipeline.stored import conditions, stored_in_history, stored_proof
from migrate.system.git import GitRepository, open_repository
from migrate.system.helmfile import Sides
from migrate.system.memory import FileMemory
from migrate.system.toolbox import ToolOptions, cache_folder, find

CONFIGURATION = "migrate.yaml"


@dataclass(frozen=True, slots=True)
class Place:
    """The options that name a repository, its configuration, the tools, and how much is told."""

    repo: Path | None
    config: Path | None
    tools: ToolOptions
    verbosity: int
    run_commands: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """An opened repository with its settings and tools. `missing` says why there are no tools."""

    repository: GitRepository
    settings: Settings
    world: World
    progress: StderrProgress
    missing: ToolMissing | None


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that all commands on a repository share; the command gets them as one argument, `place`."""

    @click.option("--repo", type=click.Path(path_type=Path), metavar="PATH", help="Default: the repository around this folder.")
    @click.option(
        "--config", type=click.Path(path_type=Path), metavar="FILE", help=f"Default: {CONFIGURATION} at the repository's top."
    )
    @click.option("--run-commands", is_flag=True, help="Let helmfile run the hooks and `exec` of the repository.")
    @click.option("-q", "--quiet", is_flag=True, help="No progress.")
    @click.option("-v", "--verbose", count=True, help="More: every step, every reason.")
    @tool_options
    @functools.wraps(command)
    def with_place(
        *arguments: object,
        repo: Path | None,
        config: Path | None,
        run_commands: bool,
        quiet: bool,
        verbose: int,
        options: ToolOptions,
        **others: object,
    ) -> object:
        return command(*arguments, place=Place(repo, config, options, -1 if quiet else verbose, run_commands), **others)

    return with_place


def open_session(place: Place) -> Session:
    """Everything that a command needs. What a killed run left is finished or rolled back first, and said on stderr."""
    return session_of(place, *open_repository_of(place))


def open_repository_of(place: Place) -> tuple[GitRepository, Settings]:
    """A repository and its settings, without the tools, which take a second to be checked."""
    repository = open_repository(place.repo or Path.cwd())
    recovered = repository.recover()
    if recovered:
        click.echo(recovered, err=True)
    settings = read_settings(place.config, repository.top)
    return repository, replace(settings, run_commands=place.run_commands)


def session_of(place: Place, repository: GitRepository, settings: Settings) -> Session:
    """The tools on top of an opened repository."""
    progress = StderrProgress(place.verbosity)
    try:
        sides, missing = open_sides(replace(place.tools, repository=repository.top), settings), None
    except ToolMissing as error:
        sides, missing = None, error
    passed = tuple(sorted(name for name in settings.pass_env if name in os.environ))
    world = World(repository, sides, progress, FileMemory(cache_folder() / "reach"), passed, sides.charts() if sides else None)
    return Session(repository, settings, world, progress, missing)


def read_settings(config: Path | None, top: Path | None) -> Settings:
    """The settings of `--config`, of migrate.yaml at the top of the checkout, or the defaults."""
    path = config or (top / CONFIGURATION if top is not None else None)
    if path is None or (config is None and not path.exists()):
        return Settings()
    try:
        return parse_settings(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path}: {error}", path=str(path), hint="name a readable file with --config") from error


def open_sides(options: ToolOptions, settings: Settings) -> Sides:
    """helmfile and helm; helmfile 1.x too if there is one. ToolMissing without a pair that can load the legacy side."""
    box = find(options)
    box.candidates("helmfile")
    with ThreadPoolExecutor(1) as beside:  # most of the time goes into the digests of large files
        other = beside.submit(box.modern)
        pair, modern = box.pair(), other.result()
    tools = {"helmfile": pair.helmfile, "helm": pair.helm, MODERN: modern, "kustomize": pair.kustomize}
    return Sides(
        pair.helmfile.path,
        pair.helm.path,
        pair.kustomize.path if pair.kustomize else None,
        modern.path if modern else None,
        pass_env={name: os.environ[name] for name in settings.pass_env if name in os.environ},
        versions={label: f"{tool.version} sha256:{tool.sha256}" for label, tool in tools.items() if tool},
    )


def read_lent(pairs: tuple[tuple[str, Path], ...]) -> Mapping[str, bytes]:
    """The files of `--env-file`; BadInput for one that can't be read."""
    lent = {}
    for environment, path in pairs:
        try:
            lent[environment] = path.read_bytes()
        except OSError as error:
            raise BadInput(f"--env-file {environment}={path}: {error.strerror}", path=str(path)) from error
    return MappingProxyType(lent)


class Wiring:
    """`ProofWiring` for `prove` and `explain`."""

    def __init__(self) -> None:
        self._session: Session | None = None

    def _opened(self, request: ProofRequest) -> Session:
        if self._session is None:
            self._session = open_session(
                Place(request.repo, request.config, request.tools, -1 if request.quiet else 0, request.run_commands)
            )
        if self._session.missing is not None:
            raise self._session.missing
        return self._session

    def case(self, request: ProofRequest) -> ProofCase:
        """Both commits read, with their record, environments, attributes and lent files."""
        session = self._opened(request)
        lent = read_lent(request.env_files)
        asked = ProveRequest(request.branch, request.base, session.settings, request.legacy_file, request.new_file, lent=lent)
        return proof_case(session.world, asked)

    def sides(self, request: ProofRequest) -> Sides:
        """The real helmfile and helm."""
        sides = self._opened(request).world.sides
        assert isinstance(sides, Sides)  # noqa: S101  # _opened raises without them
        return sides

    def stored(self, request: ProofRequest, case: ProofCase, proof: Proof) -> StoredProof:
        """What is kept of a proof that was just made."""
        session = self._opened(request)
        under = conditions(session.settings, session.world.passed, read_lent(request.env_files), case.base)
        return stored_proof(proof, case, under, branch=case.branch)

    def stored_before(self, request: ProofRequest, case: ProofCase) -> StoredProof:
        """The newest stored proof in the messages of the branch's commits; NoStoredProof."""
        return stored_in_history(self._opened(request).repository, case.base, case.branch)

    def authorship(self, case: ProofCase) -> ClaimResult:
        """Whether plain `git blame` names the original commit for every line of every copied file."""
        asserts = "plain `git blame` names the original commit for every line of a copied file"
        if self._session is None or case.record is None:
            return ClaimResult.of("authorship_kept", asserts, ())
        origins = self._session.repository.line_origins_kept(case.base, case.branch, case.record.copies)
        detail = f"{origins.kept} of {origins.total} lines"
        lost = tuple(Evidence(str(example), False, "blamed on another commit") for example in origins.examples)
        unread = tuple(Evidence(str(path), False, "its content is not in this clone") for path in origins.unread)
        whole = Evidence(f"{len(case.record.copies)} files", origins.kept == origins.total, detail)
        return replace(ClaimResult.of("authorship_kept", asserts, (whole, *lost, *unread)), checked=origins.total)

    def attributes(self, tree: Tree) -> Attributes:
        """The git attributes of all paths of a tree."""
        assert self._session is not None  # noqa: S101  # only a case has trees
        return self._session.repository.attributes(list(tree), tree)

    def progress(self) -> StderrProgress:
        """Where progress is told: stderr."""
        return self._session.progress if self._session else StderrProgress()
