"""`migrate explain`: one cell of the proof."""

from __future__ import annotations

import click

from migrate.cli.prove import ProofRequest, ProofWiring, proof_options
from migrate.errors import BadInput
from migrate.measuring import gather
from migrate.report.explain import SCHEMA, explain, explanation_json, explanation_text, find_cell


def explain_command(wiring: ProofWiring) -> click.Command:
    """The command, wired to the outside world."""

    @click.command("explain", epilog="Example: migrate explain prod/web/frontend --branch feature/BE-384")
    @click.argument("cell", metavar="ENV/RELEASE")
    @proof_options
    @click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
    def command(cell: str, request: ProofRequest, as_json: bool) -> None:
        """Show what a cell rests on.

        RELEASE is a name, or namespace/name. Shown are helm's arguments, the chart and the values files with their templates on
        both sides, the first difference, and the commands that reproduce it. Values are never shown: they may be secrets.
        """
        environment, slash, release = cell.partition("/")
        if not (environment and slash and release):
            raise BadInput(f"{cell}: ENV/RELEASE is expected")
        gathered = gather(wiring.case(request), wiring.sides(request), wiring.progress(), only=environment)
        explanation = explain(gathered, find_cell(gathered, environment, release))
        click.echo(explanation_json(explanation) if as_json else explanation_text(explanation), nl=False)

    return command
