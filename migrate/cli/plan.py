"""`migrate plan`: what would be done, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from migrate.cli.phases import Phases, phase_options
from migrate.cli.wiring import Place, open_session, place_options
from migrate.errors import BadInput
from migrate.layout import layout_of
from migrate.model.phases import WITHOUT_CLEANUP
from migrate.pipeline import make_plan, require_named, take_inventory, with_charts
from migrate.pipeline.past import legacy_side
from migrate.plan_json import SCHEMA, to_json
from migrate.report.plan_text import plan_text


@click.command("plan", short_help="Show what goes where, and what changes.", epilog="Example: migrate plan --out plan.json")
@place_options
@phase_options
@click.option("--base", default="HEAD", show_default=True, metavar="REF", help="The commit to migrate.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the plan as JSON into this file."
)
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
def plan(place: Place, phases: Phases, base: str, out: Path | None, as_json: bool) -> None:
    """Show what is here, where each piece goes and why, what changes in meaning, and what can't be done.

    Nothing is written but the file of --out. The exit code is 0 also if findings are in the way; `apply` refuses then.
    """
    session = open_session(place)
    settings = replace(phases.settings(session.settings), through=phases.phase or phases.through or WITHOUT_CLEANUP)
    tree = session.repository.read_tree(base)
    if phases.phase or phases.through:  # what would come next, also for a commit that a migration was merged into
        tree = legacy_side(session.repository, tree, layout_of(settings).record)
    stock = with_charts(session.world, take_inventory(session.world, base, settings, tree, read_ahead=True))
    made = make_plan(session.world, stock, settings)
    session.progress.done()
    require_named(made, settings)
    document = to_json(made, stock.tree)
    if out is not None:
        _write(out, document)
    click.echo(document if as_json else plan_text(made, stock.tree, verbose=place.verbosity > 0), nl=False)


def _write(path: Path, document: str) -> None:
    try:
        path.write_text(document, encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise BadInput(f"--out {path}: {error.strerror}", path=str(path), hint="name a file that can be written") from error
