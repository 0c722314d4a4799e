"""The command `migrate`: its subcommands, and how refusals become messages and exit codes."""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from migrate import __version__
from migrate.cli.apply import apply
from migrate.cli.explain import explain_command
from migrate.cli.inventory import inventory
from migrate.cli.plan import plan
from migrate.cli.prove import prove_command
from migrate.cli.tools import tools
from migrate.cli.wiring import Wiring
from migrate.errors import MigrateError


class Commands(click.Group):
    """A group that turns a `MigrateError` into a message on stderr and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        """Run the subcommand."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a path of git's need not be UTF-8
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except MigrateError as trouble:
            click.echo(f"error [{trouble.slug}]: {trouble.message}", err=True)
            if trouble.hint:
                click.echo(f"hint: {trouble.hint}", err=True)
            ctx.exit(trouble.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="migrate")
def main() -> None:
    """Turn scattered helmfiles into one `helmfile/` tree on a git branch, and prove that nothing changes."""


main.add_command(inventory)
main.add_command(plan)
main.add_command(apply)
main.add_command(prove_command(Wiring()))
main.add_command(explain_command(Wiring()))
main.add_command(tools)
