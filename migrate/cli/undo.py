"""`migrate undo`: take back the last apply of a branch."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.pipeline import undo as undo_apply
from migrate.report.undo_json import SCHEMA, undo_json
from migrate.report.undo_text import undo_lines
from migrate.system.git import open_repository


@click.command("undo", short_help="Take back the last apply.", epilog="Example: migrate undo --branch feature/BE-384")
@click.option("--repo", type=click.Path(path_type=Path), metavar="PATH", help="Default: the repository around this folder.")
@click.option("--branch", required=True, metavar="NAME", help="The branch that `apply` has written.")
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
def undo(repo: Path | None, branch: str, as_json: bool) -> None:
    """Take back the last apply: the branch points again at the commit that it had before, or is gone if there was none.

    Refused where it would take anything else along: commits that came after, uncommitted changes. Twice takes back two.
    """
    repository = open_repository(repo or Path.cwd())
    if recovered := repository.recover():
        click.echo(recovered, err=True)
    with repository.locked():
        undone = undo_apply(repository, branch)
    if as_json:
        click.echo(undo_json(undone), nl=False)
    else:
        for line in undo_lines(undone):
            click.echo(line)
