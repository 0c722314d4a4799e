"""`migrate tools`: which helmfile, helm and kustomize would judge, and how to get them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from migrate.errors import ToolMissing
from migrate.system.toolbox import Tool, Toolbox, ToolOptions, ToolPair, cache_folder, find
from migrate.system.toolbox.cache import sha256_of
from migrate.system.toolbox.carrying import SUMS, export
from migrate.system.toolbox.discovery import Candidate
from migrate.system.toolbox.install import Installed, Pins, ToolSet, install, install_from, wanted_of
from migrate.system.toolbox.tool import TOOL_NAMES

SCHEMA = "migrate/tools/1"

SIDES = {"legacy": False, "modern": True}
TITLES = {"legacy": "legacy side (helmfile 0.16x)", "modern": "new side (helmfile 1.x too)"}

Pairs = dict[str, ToolPair | ToolMissing]


def tool_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say which helmfile and helm to take; the command gets them as one argument, `options`.

    `options.repository` is not set: only the command knows which repository it works on.
    """

    @click.option("--helmfile", type=click.Path(path_type=Path), metavar="PATH", help="The helmfile to judge with.")
    @click.option("--helm", type=click.Path(path_type=Path), metavar="PATH", help="The helm to judge with.")
    @click.option("--use-repository-tools", is_flag=True, help="Run the tools that the repository brings in its tools/ folder.")
    @functools.wraps(command)
    def with_options(
        *arguments: object, helmfile: Path | None, helm: Path | None, use_repository_tools: bool, **others: object
    ) -> object:
        options = ToolOptions(helmfile, helm, use_repository_tools=use_repository_tools)
        return command(*arguments, options=options, **others)

    return with_options


@click.group(
    "tools",
    invoke_without_command=True,
    short_help="Say which helmfile and helm judge.",
    epilog="Example: migrate tools install --set all",
)
@tool_options
@click.option("--repo", type=click.Path(path_type=Path), metavar="PATH", help="Default: the repository around this folder.")
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
@click.pass_context
def tools(context: click.Context, options: ToolOptions, repo: Path | None, as_json: bool) -> None:
    """Say which helmfile, helm and kustomize were found, which are used, and why the others are not.

    Looked for, the first that fits is taken: --helmfile and --helm; the repository's own tools/ folder (only run with
    --use-repository-tools); PATH; the cache that `migrate tools install` fills, oldest version first. The exit code is 7 if there
    is no helmfile 0.16x with a helm that fits.
    """
    if context.invoked_subcommand is not None:
        return
    box = find(replace(options, repository=repo or work_tree(Path.cwd())))
    pairs = {side: pair_or_trouble(box, modern=modern) for side, modern in SIDES.items()}
    click.echo(as_text(box, pairs) if not as_json else json.dumps(as_data(box, pairs), indent=2, sort_keys=True))
    if isinstance(pairs["legacy"], ToolMissing):
        raise pairs["legacy"]


def _tool_set_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    sets = click.Choice([str(member) for member in ToolSet])
    return click.option("--set", "tool_set", type=sets, default=str(ToolSet.DEFAULT), show_default=True, help=text)


@tools.command("install", short_help="Get pinned tools into the cache.", epilog="Example: migrate tools install --set current")
@_tool_set_option(
    "default: helmfile 0.166.0 and helm 3.15.3, ready-made, in seconds. current: helmfile 1.7.4, helm 3.22.0, helm 4.3.1 "
    "and kustomize 5.8.1, built with Go 1.26 in up to 20 minutes. all: both.",
)
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Take them out of a folder that `migrate tools export` made; no network is needed.",
)
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
def install_tools(tool_set: str, folder: Path | None, as_json: bool) -> None:
    """Get pinned tools into the cache, each checked by a pinned checksum.

    What is there and intact is kept. A run that was killed is taken up where it was. With --from the ready-made tools are
    checked by the same pinned checksums, those that were built by the folder's digest file and by what they were built from.
    """
    chosen, cache = ToolSet(tool_set), cache_folder()
    done = install_from(folder, chosen, cache, show_progress) if folder else install(chosen, cache, show_progress)
    click.echo(
        json.dumps({"schema": SCHEMA, "installed": [installed_data(each) for each in done]}, indent=2, sort_keys=True)
        if as_json
        else "\n".join(f"{line(each.tool)}  {'installed' if each.fresh else 'already there'}" for each in done)
    )


@tools.command(
    "export",
    short_help="Copy installed tools to a folder.",
    epilog="Example: migrate tools export --to tools-to-carry",
)
@_tool_set_option("Which of the sets of `migrate tools install`.")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A new or an empty folder.")
def export_tools(tool_set: str, folder: Path) -> None:
    """Copy tools of the cache to a folder, for `migrate tools install --from` on a machine without a network.

    SHA256SUMS in it can be checked by `sha256sum --check`; its own digest is printed, to be compared on the other machine.
    """
    done = export(cache_folder(), folder, wanted_of(ToolSet(tool_set), Pins()))
    click.echo("\n".join(f"{tool.name} {tool.version}  sha256 {tool.sha256}" for tool in done))
    click.echo(f"{folder / SUMS}  sha256 {sha256_of(folder / SUMS)}")


def work_tree(start: Path) -> Path | None:
    """The folder with `.git` at or above a folder."""
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)


def pair_or_trouble(box: Toolbox, *, modern: bool) -> ToolPair | ToolMissing:
    """The pair for a side, or why there is none."""
    try:
        return box.pair(modern)
    except ToolMissing as trouble:
        return trouble


def as_text(box: Toolbox, pairs: Pairs) -> str:
    """Every find with its place and what is wrong with it, then the pair for each side."""
    lines = [row for name in TOOL_NAMES for row in text_of(name, box.candidates(name))]
    for side, pair in pairs.items():
        lines += ["", TITLES[side], *pair_lines(pair)]
    return "\n".join(lines)


def text_of(name: str, found: tuple[Candidate, ...]) -> Iterator[str]:
    """The lines for one tool."""
    yield name
    if not found:
        yield "  none found"
    for candidate in found:
        state = f"found, not used: {candidate.unfit}" if candidate.unfit else ""
        yield f"  {candidate.version or '?':10}{candidate.origin:12}{candidate.path}  {state}".rstrip()


def pair_lines(pair: ToolPair | ToolMissing) -> list[str]:
    """What judges one side."""
    if isinstance(pair, ToolMissing):
        return [f"  {text}" for text in (*pair.message.splitlines(), *pair.hint.splitlines())]
    return [f"  {line(tool)}  sha256 {tool.sha256}" for tool in members(pair)]


def members(pair: ToolPair) -> list[Tool]:
    """The tools of a pair, those that there are."""
    return [tool for tool in (pair.helmfile, pair.helm, pair.kustomize) if tool]


def line(tool: Tool) -> str:
    """One tool in one line."""
    return f"{tool.name} {tool.version}  {tool.path}"


def as_data(box: Toolbox, pairs: Pairs) -> dict[str, Any]:
    """The same for programs."""
    return {
        "schema": SCHEMA,
        "found": {name: [candidate_data(candidate) for candidate in box.candidates(name)] for name in TOOL_NAMES},
        "pairs": {side: pair_data(pair) for side, pair in pairs.items()},
    }


def candidate_data(candidate: Candidate) -> dict[str, str]:
    """One find; `unfit` is empty if it can be used."""
    return {
        "path": str(candidate.path),
        "version": candidate.version,
        "origin": str(candidate.origin),
        "unfit": candidate.unfit,
    }


def pair_data(pair: ToolPair | ToolMissing) -> dict[str, Any]:
    """The tools by name, or the trouble."""
    if isinstance(pair, ToolMissing):
        return {"trouble": {"slug": pair.slug, "message": pair.message, "hint": pair.hint}}
    return {tool.name: tool_data(tool) for tool in members(pair)}


def tool_data(tool: Tool) -> dict[str, str]:
    """One tool with its digest."""
    return {"path": str(tool.path), "version": tool.version, "origin": str(tool.origin), "sha256": tool.sha256}


def installed_data(installed: Installed) -> dict[str, Any]:
    """One tool of a set."""
    return {"name": installed.tool.name, "fresh": installed.fresh, **tool_data(installed.tool)}


def show_progress(doing: str, done: int, total: int) -> None:
    """One plain line on stderr."""
    click.echo(f"{doing} [{done + 1} of {total}]" if total else doing, err=True)
