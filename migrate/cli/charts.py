"""`migrate charts`: the charts that are locked, and whether they are what is locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from migrate.charts.verify import verify
from migrate.cli.wiring import read_settings
from migrate.errors import ChartsDiffer, NoVersionsLock, UnreadableSource
from migrate.layout import layout_of
from migrate.model.chart_lock import ChartLock, ChartPlaces
from migrate.model.tree import Tree
from migrate.report.charts_json import LIST_SCHEMA, VERIFY_SCHEMA, charts_json, verify_json
from migrate.report.charts_text import charts_text, verify_text
from migrate.report.words import many
from migrate.system.git import GitRepository, open_repository

REMEMBERED = 10
"""commits before the checkout, or before the branch, in which an unchanged chart is looked for"""
DIFFER = "see what was done with `git status` and `git diff`; scripts/sync-charts.sh brings charts back, --lock takes a change"


@click.group("charts", short_help="List the locked charts, verify their bytes.")
def charts() -> None:
    """Charts that came from elsewhere are locked by their bytes in `versions.lock`."""


@dataclass(frozen=True, slots=True)
class _Locked:
    """A tree with its lock; `ignored` are files in it that git ignores, `past` where to look back from."""

    repository: GitRepository
    places: ChartPlaces
    tree: Tree
    ignored: frozenset[str]
    past: str
    lock: ChartLock


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--branch", metavar="REF", help="A branch or another commit; default: the checkout as it lies there."),
        click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Default: migrate.yaml at the top."),
        click.option(
            "--repo", type=click.Path(path_type=Path), metavar="PATH", help="Default: the repository around this folder."
        ),
    ):
        command = option(command)
    return command


@charts.command("list", short_help="Show the locked charts.", epilog="Example: migrate charts list --branch feature/BE-384")
@_options
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {LIST_SCHEMA}.")
def list_(repo: Path | None, config: Path | None, branch: str | None, as_json: bool) -> None:
    """Show path, version, appVersion, origin and number of files of every chart in `versions.lock`."""
    lock = _read(repo, config, branch).lock
    click.echo(charts_json(lock) if as_json else charts_text(lock), nl=False)


@charts.command("verify", short_help="Compare every byte with the lock.", epilog="Example: migrate charts verify")
@_options
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {VERIFY_SCHEMA}.")
def verify_(repo: Path | None, config: Path | None, branch: str | None, as_json: bool) -> None:
    """Fail on any byte of a locked chart that is changed, missing or surplus, and on stale archives beside a chart.

    Without --branch the checkout is read as it lies there, untracked files too. Neither helmfile nor helm is needed.
    """
    read = _read(repo, config, branch)
    faults = verify(read.lock, read.tree, read.places, read.ignored)
    if faults:  # only now: reading old trees takes longer than all the rest
        faults = verify(read.lock, read.tree, read.places, read.ignored, _past(read))
    click.echo(verify_json(read.lock, faults) if as_json else verify_text(read.lock, faults), nl=False)
    if faults:
        raise ChartsDiffer(f"{many(len(faults), 'difference')} between the charts and {read.places.lock}", hint=DIFFER)


def _read(repo: Path | None, config: Path | None, branch: str | None) -> _Locked:
    repository = open_repository(repo or Path.cwd())
    recovered = repository.recover()
    if recovered:
        click.echo(recovered, err=True)
    places = layout_of(read_settings(config, repository.top)).charts
    if branch is None:
        tree, ignored = repository.checkout((places.lock, places.external, places.custom))
    else:
        tree, ignored = repository.read_tree(branch), frozenset()
    return _Locked(repository, places, tree, ignored, branch or "HEAD", _lock(tree, places))


def _lock(tree: Tree, places: ChartPlaces) -> ChartLock:
    if places.lock not in tree:
        hint = "it comes with `migrate apply`; check out its branch, or name it with --branch"
        raise NoVersionsLock(f"{places.lock} is not there", path=places.lock, hint=hint)
    try:
        return ChartLock.from_text(tree.text(places.lock), places.lock)
    except (UnicodeDecodeError, KeyError) as error:
        raise UnreadableSource(f"{places.lock}: no text, or not in this clone", path=places.lock) from error


def _past(read: _Locked) -> list[Tree]:
    commits = read.repository.ancestors(read.past, first_parent=True, limit=REMEMBERED)
    return [read.repository.read_tree(commit) for commit in commits]
