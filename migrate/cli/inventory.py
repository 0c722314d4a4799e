"""`migrate inventory`: what is here."""

from __future__ import annotations

import click

from migrate.cli.wiring import Place, open_session, place_options
from migrate.pipeline import take_inventory
from migrate.report.inventory_json import SCHEMA, inventory_json
from migrate.report.inventory_text import inventory_text


@click.command("inventory", short_help="Show what is here.", epilog="Example: migrate inventory --base main --json")
@place_options
@click.option("--base", default="HEAD", show_default=True, metavar="REF", help="The commit to look at.")
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
def inventory(place: Place, base: str, as_json: bool) -> None:
    """Show every helmfile, environment, release, values file, chart and repository, and what was noticed about them.

    Nothing that the repository brings is run. With helmfile at hand it is asked for the effective settings of the releases.
    """
    session = open_session(place)
    found = take_inventory(session.world, base, session.settings).inventory
    session.progress.done()
    click.echo(inventory_json(found) if as_json else inventory_text(found, verbose=place.verbosity > 0), nl=False)
