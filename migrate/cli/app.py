"""The command `migrate`: its subcommands, and how refusals become messages and exit codes."""

from __future__ import annotations

import errno
import io
import signal
import sys
from typing import Any, NoReturn

import click

from migrate import __version__
from migrate.cli.apply import apply
from migrate.cli.charts import charts
from migrate.cli.explain import explain_command
from migrate.cli.images import images
from migrate.cli.inventory import inventory
from migrate.cli.plan import plan
from migrate.cli.prove import prove_command
from migrate.cli.status import status
from migrate.cli.tools import tools
from migrate.cli.undo import undo
from migrate.cli.wiring import Wiring
from migrate.errors import BadInput, MigrateError

SYSTEM_HINT = "make room or give the permission; TMPDIR names another folder for temporary files"


class Commands(click.Group):
    """A group that turns a `MigrateError`, trouble with a file or Ctrl-C into a message on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        """Run the subcommand."""
        _prepare_streams()
        try:
            _require_utf8()
            return super().invoke(ctx)
        except MigrateError as trouble:
            _end(ctx, trouble)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(128 + signal.SIGINT)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # nobody reads on: click ends without a word
            where = f"{error.filename}: " if error.filename else ""
            _end(ctx, MigrateError(f"{where}{error.strerror or error}", hint=SYSTEM_HINT))


def _prepare_streams() -> None:
    """A path of git's need not be UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _require_utf8() -> None:
    """git's paths are UTF-8: in another encoding they would name other files."""
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        raise BadInput(f"file names are in {encoding} here, in git they are in UTF-8", hint="set PYTHONUTF8=1, or a UTF-8 locale")


def _end(ctx: click.Context, trouble: MigrateError) -> NoReturn:
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
main.add_command(undo)
main.add_command(prove_command(Wiring()))
main.add_command(explain_command(Wiring()))
main.add_command(status)
main.add_command(charts)
main.add_command(images)
main.add_command(tools)
