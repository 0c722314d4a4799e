"""A proof as text: the matrix, the claims, what fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from migrate.model.facts import CellId, ReleaseId
from migrate.model.proof import Cell, CellVerdict, ClaimResult, ClaimVerdict, Proof

SHOWN = {
    CellVerdict.EQUAL: ("equal", "green"),
    CellVerdict.EQUAL_FAILURE: ("fails alike", "yellow"),
    CellVerdict.ABSENT: ("absent", "dim"),
    CellVerdict.VOUCHED: ("vouched for", "yellow"),
    CellVerdict.DIFFERENT: ("DIFFERENT", "bold red"),
    CellVerdict.UNPROVED: ("UNPROVED", "bold red"),
}
STYLES = {ClaimVerdict.HOLDS: "green", ClaimVerdict.FAILS: "bold red", ClaimVerdict.NOT_CHECKED: "bold red"}
WIDEST = 10_000
"""No column of the matrix is ever cut: a line that is too long for the terminal is wrapped by it."""
FEW = 3
"""Releases that are named one by one where they are all of an environment."""
EXAMPLES = 10
"""Failing pieces of evidence that are shown of each claim without `verbose`."""


def print_proof(proof: Proof, console: Console, *, verbose: bool = False) -> None:
    """Print the whole report. `verbose` shows the reason of every cell and every failing piece of evidence."""
    _print_whole(_matrix(proof, plain=not console.is_terminal), console)
    for line in (
        *_reasons(proof, verbose=verbose),
        *_claims(proof, verbose=verbose),
        *_rest(proof, verbose=verbose),
        _closing(proof),
    ):
        console.print(line, soft_wrap=True)


def _print_whole(table: Table, console: Console) -> None:
    terminal = console.width
    natural = Measurement.get(console, console.options.update(max_width=WIDEST), table).maximum
    console.width = max(terminal, natural)
    console.print(table, crop=False)
    console.width = terminal


def _matrix(proof: Proof, *, plain: bool) -> Table:
    environments = list(dict.fromkeys(cell.id.environment for cell in proof.cells))
    releases = list(dict.fromkeys(cell.id.release for cell in proof.cells))
    cells = {cell.id: cell for cell in proof.cells}
    table = Table(box=None if plain else box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("release", no_wrap=True)
    for environment in environments:
        table.add_column(Text(environment), no_wrap=True)
    for release in releases:
        table.add_row(Text(str(release)), *(_shown(cells.get(CellId(name, release))) for name in environments))
    return table


def _shown(cell: Cell | None) -> Text:
    if cell is None:
        return Text("NOT LISTED", style="bold red")
    word, style = SHOWN[cell.verdict]
    return Text(word, style=style)


def _reasons(proof: Proof, *, verbose: bool) -> Iterator[Text]:
    """Why a cell is not simply equal. Cells with one reason share a line."""
    groups: dict[tuple[CellVerdict, str, str], list[ReleaseId]] = {}
    for cell in proof.cells:
        if verbose or cell.verdict not in (CellVerdict.EQUAL, CellVerdict.ABSENT):
            groups.setdefault((cell.verdict, cell.id.environment, cell.reason), []).append(cell.id.release)
    sizes = Counter(cell.id.environment for cell in proof.cells)
    for (verdict, environment, reason), releases in groups.items():
        word, style = SHOWN[verdict]
        names = ", ".join(str(release) for release in releases)
        if len(releases) > FEW and len(releases) == sizes[environment]:
            names = f"all {len(releases)} releases"
        yield Text.assemble((word, style), f" {environment}: {names}: {reason}")
    yield Text("")


def _claims(proof: Proof, *, verbose: bool) -> Iterator[Text]:
    width = max((len(claim.claim) for claim in proof.claims), default=0)
    for claim in proof.claims:
        yield Text.assemble((f"{claim.verdict:<12}", STYLES[claim.verdict]), f"{claim.claim:<{width}} {_sum(claim)}")
        failing = [piece for piece in claim.evidence if not piece.holds]
        shown = failing if verbose else failing[:EXAMPLES]
        for piece in shown:
            yield Text(f"    {piece.subject}: {piece.detail}")
        if len(shown) < len(failing):
            yield Text(f"    and {len(failing) - len(shown)} more; -v shows them")


def _sum(claim: ClaimResult) -> str:
    failing = sum(not piece.holds for piece in claim.evidence)
    return f"{claim.checked:>5} checked, {failing} failing: {claim.asserts}"


def _rest(proof: Proof, *, verbose: bool) -> Iterator[Text]:
    yield Text("")
    if proof.base == proof.branch:
        yield Text(f"judged in one commit: its legacy files against its new tree ({proof.base[:12]})")
    yield from _believed("edited", proof.edited, verbose=verbose)
    yield from _believed("removed", proof.removed, verbose=verbose)
    yield from _believed("created", proof.created, verbose=verbose)
    for entry in proof.unmatched:
        yield Text(f"`unproved` in migrate.yaml names what this proof does not find: {entry}", style="yellow")
    for line in proof.left_out:
        yield Text(f"left out: {line}")
    if proof.declared_changes:
        yield Text("order that changes, as declared:")
        for line in proof.declared_changes:
            yield Text(f"    {line}")
    for name, version in proof.tools.items():
        yield Text(f"{name} {version}")


def _believed(what: str, paths: tuple[str, ...], *, verbose: bool) -> Iterator[Text]:
    """The record's word is taken for these files, so they are named."""
    if paths:
        shown = paths if verbose else paths[:EXAMPLES]
        more = f" and {len(paths) - len(shown)} more; -v shows them" if len(shown) < len(paths) else ""
        yield Text(f"{what} by the migration, look at them yourself ({len(paths)}): {', '.join(shown)}{more}")


def _closing(proof: Proof) -> Text:
    counts = Counter(cell.verdict for cell in proof.cells)
    figures = ", ".join(f"{counts[verdict]} {verdict}" for verdict in CellVerdict if counts[verdict])
    word, style = ("The proof holds", "bold green") if proof.holds else ("The proof FAILS", "bold red")
    return Text.assemble((word, style), f": {len(proof.cells)} cells: {figures or 'none'}")
