"""Every image that a commit's releases render, and what becomes of it where an offline registry is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from migrate.analyzers.needed import needed
from migrate.claims.gathered import inputs_of
from migrate.claims.side_facts import SideFacts
from migrate.errors import BadInput, UnreadableSource
from migrate.formats.manifests import NotComparable, parse, split
from migrate.images import compare, gathered, named_in
from migrate.layout import layout_of
from migrate.model.facts import CellId, Failure, HelmCall, HelmInputs
from migrate.model.images import Image, ImageReport, Named, Place
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.pipeline.stock import World, environments_of, require_judgeable, take_inventory
from migrate.ports import Side

PROBE = "registry.offline.example:5000"
"""What the offline registry is set to; nothing is ever asked of it."""
WORKERS = 4
COMMANDS = ("template", "sync")


@dataclass(frozen=True, slots=True)
class ImagesRequest:
    """Which commit to look at, and which lists of it to compare with, as patterns of paths; none: those of the settings."""

    branch: str
    settings: Settings
    lists: Sequence[str] = ()


def list_images(world: World, request: ImagesRequest) -> ImageReport:
    """All images of a commit: of its new state file if it has one, else of the legacy one. BadInput without helmfile and helm."""
    if world.sides is None:
        raise BadInput("helmfile and helm are needed to list images", hint="migrate tools install")
    tree = world.repository.read_tree(world.repository.resolve(request.branch))
    settings = _settled(tree, request.settings)
    stock = take_inventory(replace(world, sides=None), request.branch, settings)
    require_judgeable(stock.survey)
    state, names = stock.inventory.root, environments_of(stock.inventory)
    with world.sides.open(needed(tree, state), state, hooks=settings.run_commands) as side:
        facts = SideFacts(tree, state, {name: side.facts(name, (), COMMANDS) for name in _told(world, names)})
        cells = [CellId(name, release) for name in names for release in sorted(facts.releases(name))]
        calls = {cell: call for cell in cells if (call := facts.template(cell)) is not None}
        found, failed = _rendered(world, side, calls)
        setting = request.settings.offline_registry
        bypassing = _bypassing(world, side, setting, names) if setting else ()
    causes = {cell: failure.message for cell in cells if cell not in calls and (failure := facts.failure(cell)) is not None}
    images = gathered(found)
    unrendered = tuple(sorted({**causes, **failed}.items()))
    missing, lists = compare(_lists(tree, request.lists or settings.image_lists), [image.name for image in images])
    return ImageReport(tree.commit, state, images, unrendered, missing if lists else (), lists, setting, bypassing)


def _settled(tree: Tree, settings: Settings) -> Settings:
    """The settings with the new state file as the root where the commit has one."""
    state = layout_of(settings).state_file
    new = next((path for path in (state, RepoPath(f"{state}.gotmpl")) if path in tree), None)
    return replace(settings, root=new) if new else settings


def _told(world: World, names: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        world.progress(f"asking helmfile for {name}", number, len(names))
        yield name


Found = list[tuple[CellId, Named]]


def _rendered(world: World, side: Side, calls: dict[CellId, HelmCall]) -> tuple[Found, dict[CellId, str]]:
    """The images of each cell, and why some can't be rendered; equal inputs are rendered once."""
    inputs: dict[object, HelmInputs] = {inputs_of(call).key: inputs_of(call) for call in calls.values()}
    with ThreadPoolExecutor(WORKERS) as pool:
        outputs = dict(zip(inputs, pool.map(side.render, inputs.values()), strict=True))
    world.progress("rendering", len(outputs), len(outputs))
    images = {key: [] if isinstance(output, Failure) else list(_of_output(output)) for key, output in outputs.items()}
    failed = {cell: output.message for cell, call in calls.items() if isinstance(output := outputs[inputs_of(call).key], Failure)}
    return [(cell, named) for cell, call in calls.items() for named in images[inputs_of(call).key]], failed


def _of_output(output: bytes) -> Iterator[Named]:
    """The images of a render; a document that names none is not parsed. One that is no YAML is passed over by helm as well."""
    for document in split(output):
        if b"image" in document or b"List" in document:
            try:
                yield from named_in(parse(document))
            except NotComparable:
                continue


def _bypassing(world: World, side: Side, setting: str, names: Sequence[str]) -> tuple[Image, ...]:
    """The images that stay elsewhere when the setting names a registry."""
    calls: dict[CellId, HelmCall] = {}
    for name in _told(world, names):
        run = side.command(("--environment", name, "--state-values-set", f"{setting}={PROBE}", "template", "--skip-deps"))
        calls |= {CellId(name, c.release): c for c in run.calls if c.verb == "template" and c.release is not None}
    found, _ = _rendered(world, side, calls)
    return gathered((cell, named) for cell, named in found if PROBE not in named.text and named.place is not Place.ARGUMENT)


def _lists(tree: Tree, patterns: Sequence[str]) -> dict[str, str]:
    return {path: _text(tree, path) for path in sorted(tree) if any(_fits(path, pattern) for pattern in patterns)}


def _text(tree: Tree, path: RepoPath) -> str:
    try:
        return tree.text(path)
    except (KeyError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"{path}: no list of images: no text, or not in this clone", path=path) from error


def _fits(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern; `**/` stands for any folders or none."""
    return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.replace("**/", ""))
