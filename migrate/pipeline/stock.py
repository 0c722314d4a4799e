"""What is here: a commit's tree, what was found in it, and what helmfile makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from migrate.analyzers.environments import named_by_template
from migrate.analyzers.needed import needed
from migrate.analyzers.survey import Survey, survey
from migrate.errors import BadInput, ConsentMissing
from migrate.layout import layout_of
from migrate.model.case import DEFAULT_ENVIRONMENT
from migrate.model.facts import BuiltState, Failure
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Inventory
from migrate.model.pulled import Pulled
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.ports import ChartSource, Memory, Progress, Repository, SideFactory
from migrate.references.remembered import reading_ahead
from migrate.vendoring.dependencies import missing_dependencies
from migrate.vendoring.wanted import is_remote

WORKERS = 2


@dataclass(frozen=True, slots=True)
class World:
    """The outside world: a repository, helmfile and helm (None: they are not installed), where to tell of progress.

    `passed` names the variables of the user's environment that helmfile sees (those of `passEnv` that are set).
    """

    repository: Repository
    sides: SideFactory | None
    progress: Progress
    memory: Memory | None = None
    passed: tuple[str, ...] = ()
    charts: ChartSource | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """A commit's tree and what was found in it; `pulled` are the charts that it lacks, whose bytes the tree brings along."""

    tree: Tree
    survey: Survey
    pulled: Pulled = Pulled()  # noqa: RUF009  # it can't be changed

    @property
    def inventory(self) -> Inventory:
        """What was found."""
        return self.survey.inventory


def take_inventory(
    world: World, revision: str, settings: Settings, tree: Tree | None = None, *, read_ahead: bool = False
) -> Stock:
    """What is here: in a commit, or in a `tree` that was made from it.

    helmfile is asked for the effective settings, unless it would run something that the user has not allowed, or helmfiles load
    each other: helmfile would never come to an end. `read_ahead` uses that time to read what a plan will ask for.
    """
    tree = tree or world.repository.read_tree(revision)
    layout = layout_of(settings)
    found = survey(tree, settings, lambda paths: world.repository.ignored(paths, tree), layout.folder)
    unreadable = found.inventory.root not in found.states.sources
    endless = any(finding.slug == "helmfile-cycle" for finding in found.inventory.findings)
    if world.sides is None or unreadable or endless or would_run(found.inventory):
        return Stock(tree, found)
    asking = world if read_ahead else replace(world, memory=None)
    return Stock(tree, found.with_built(_build_all(asking, world.sides, tree, found.inventory, settings)))


def fetches(world: World, stock: Stock) -> tuple[bool, tuple[str, ...]]:
    """Whether a deployment of the legacy tree gets charts that it does not hold, and which of its charts lack dependencies."""
    incomplete = tuple(sorted({folder for folder, _, _ in missing_dependencies(stock.tree, stock.survey)}))
    if world.charts is None:
        return False, ()
    return bool(incomplete) or any(is_remote(release) for release in stock.inventory.releases), incomplete


def would_run(inventory: Inventory) -> tuple[Finding, ...]:
    """Where helmfile would run a command that the user has not agreed to; what migrate.yaml accepts is no consent."""
    return tuple(f for f in inventory.findings if f.slug == "executes-commands" and f.severity is Severity.BLOCKING)


def require_consent(inventory: Inventory) -> None:
    """ConsentMissing if helmfile would run something that the user has not agreed to."""
    found = would_run(inventory)
    if found:
        message = f"{found[0].where()}: {found[0].message} ({len(found)} such places)"
        raise ConsentMissing(
            message, hint="give --run-commands if you trust this repository", path=found[0].path, line=found[0].line
        )


def require_judgeable(found: Survey) -> None:
    """That helmfile may be asked, and that all environments are known for which it has to be."""
    require_consent(found.inventory)
    root = found.inventory.root
    lines = list(named_by_template(found.states.sources[root])) if root in found.states.sources else []
    if lines:
        message = f"{root}:{lines[0]}: a template names the environments, so some may never be judged"
        raise BadInput(message, hint="write their names out first", path=root, line=lines[0])


def _build_all(
    world: World, sides: SideFactory, tree: Tree, inventory: Inventory, settings: Settings
) -> Mapping[str, tuple[BuiltState, ...] | Failure]:
    names = environments_of(inventory)
    part = needed(tree, inventory.root)
    fetch = world.charts is not None and any(is_remote(release) for release in inventory.releases)
    with (
        sides.open(part, inventory.root, hooks=settings.run_commands, fetch=fetch) as side,
        reading_ahead(tree, world.memory),  # not while the tree is written out, which needs Python as well
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        outcomes = []
        for number, outcome in enumerate(pool.map(side.build, names)):
            world.progress(f"reading environment {names[number]}", number + 1, len(names))
            outcomes.append(outcome)
        return dict(zip(names, outcomes, strict=True))


def environments_of(inventory: Inventory) -> tuple[str, ...]:
    """The names of all environments that the root declares, and the implicit `default`."""
    declared = [e.name for e in inventory.environments if e.declared_in == inventory.root]
    return tuple(dict.fromkeys([*declared, DEFAULT_ENVIRONMENT]))
