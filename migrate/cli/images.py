"""`migrate images`: every image that is rendered, and how it compares with the lists that the repository keeps."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.wiring import Place, open_session, place_options
from migrate.pipeline.images import ImagesRequest, list_images
from migrate.report.images_json import SCHEMA, images_json
from migrate.report.images_text import image_list, images_text


@click.command("images", short_help="List the container images.", epilog="Example: migrate images --branch feature/BE-384")
@place_options
@click.option("--branch", default="HEAD", show_default=True, metavar="REF", help="The commit to look at.")
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="PATTERN",
    help="Image lists of the commit to compare with; may be repeated. Default: `imageLists` of migrate.yaml.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the names alone, one a line.")
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
def images(place: Place, branch: str, lists: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """List every container image that any environment × release renders, and who names it.

    Looked at are the new state file if the commit has one, else the legacy one.
    """
    session = open_session(place)
    if session.missing is not None:
        raise session.missing
    report = list_images(session.world, ImagesRequest(branch, session.settings, lists))
    session.progress.done()
    if out is not None:
        out.write_text(image_list(report), encoding="utf-8")
    click.echo(images_json(report) if as_json else images_text(report, verbose=place.verbosity > 0), nl=False)
