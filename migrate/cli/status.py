"""`migrate status`: where a migration stands."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.wiring import read_settings
from migrate.pipeline.status import status as status_of
from migrate.report.status_text import SCHEMA, status_json, status_text
from migrate.system.git import open_repository


@click.command("status", short_help="Show where a migration stands.", epilog="Example: migrate status --branch feature/BE-384")
@click.option("--repo", type=click.Path(path_type=Path), metavar="PATH", help="Default: the repository around this folder.")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Default: migrate.yaml at the repository's top.")
@click.option("--branch", default="HEAD", show_default=True, metavar="REF", help="The branch with the migration.")
@click.option("--base", default="", metavar="REF", help="What to look for drift in. Default: the branch that was migrated.")
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
@click.option("-q", "--quiet", is_flag=True, help="No progress; there is none to be told.")
@click.option("-v", "--verbose", is_flag=True, help="Every file that drifted.")
def status(repo: Path | None, config: Path | None, branch: str, base: str, *, as_json: bool, quiet: bool, verbose: bool) -> None:  # noqa: ARG001 -- it has nothing to be quiet about
    """Show the phases and the fifteen sub-issues, each with its evidence, and what changed on either side since the last run.

    Nothing is run and nothing is written: it reads the branch's record, its files, and the proof that its commits hold.
    """
    repository = open_repository(repo or Path.cwd())
    if recovered := repository.recover():
        click.echo(recovered, err=True)
    found = status_of(repository, branch, base, read_settings(config, repository.top))
    click.echo(status_json(found) if as_json else status_text(found, verbose=verbose), nl=False)
