"""`migrate apply`: plan, prove, publish."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click

from migrate.cli.phases import Phases, phase_options
from migrate.cli.progress import console
from migrate.cli.prove import lent_of, summary
from migrate.cli.wiring import Place, Session, open_repository_of, place_options, read_lent, session_of
from migrate.errors import BadPlanFile, MergeConflict, ProofFailed
from migrate.merge import Conflict
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.settings import Settings
from migrate.pipeline import ApplyRequest, Stock, apply_plan, nothing_new
from migrate.plan import Applied, Plan
from migrate.plan_json import from_json, plan_digest
from migrate.report.apply_json import SCHEMA, apply_json
from migrate.report.conflicts_text import conflicts_text
from migrate.report.proof_text import print_proof
from migrate.system.git import GitRepository

_ISSUE = re.compile(r"[A-Z][A-Z0-9]+-\d+")


@click.command("apply", epilog="Example: migrate apply --branch feature/BE-384")
@place_options
@phase_options
@click.option("--branch", required=True, metavar="NAME", help="The branch to write; it is made from the base if it is missing.")
@click.option("--base", default="HEAD", show_default=True, metavar="REF", help="The commit to migrate.")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="A reviewed plan. Default: a fresh one."
)
@click.option("--issue", default="", metavar="ID", help="For the commits' trailers. Default: the one in the branch's name.")
@click.option("--solved", multiple=True, metavar="PATH", help="A file in conflict that the branch has as it should be.")
@click.option("--env-file", "env_files", multiple=True, metavar="ENV=PATH", help="Lend the proof a file that git ignores.")
@click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
def apply(
    place: Place,
    phases: Phases,
    branch: str,
    base: str,
    plan_file: Path | None,
    issue: str,
    env_files: tuple[str, ...],
    solved: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write the new tree on a branch, once the proof holds.

    Checkout and index stay as they are; if the branch is checked out and clean, its worktree follows. Anything that fails before
    the last step leaves the repository as it was. Applied again, it carries over what changed in the legacy tree since then, and
    keeps what people changed on the branch; where nothing changed, it writes nothing.
    """
    repository, settings = open_repository_of(place)
    found = _ISSUE.search(branch)
    request = ApplyRequest(
        branch=branch,
        base=base,
        settings=phases.settings(settings),
        issue=" ".join((issue or settings.issue or (found.group() if found else "")).split()),
        plan=_read_plan(plan_file) if plan_file else None,
        lent=read_lent(tuple(lent_of(text) for text in env_files)),
        through=phases.through,
        phase=phases.phase,
        solved=tuple(map(RepoPath, solved)),
    )
    with repository.locked():
        if nothing_new(repository, request):
            applied = Applied(None, None, None, before=repository.branch_tip(branch))
        else:
            applied = _applied(_with_tools(place, repository, settings), request, quiet=as_json)
    if as_json:
        click.echo(apply_json(applied, branch), nl=False)
    else:
        _tell(applied, branch, verbose=place.verbosity > 0)


def _with_tools(place: Place, repository: GitRepository, settings: Settings) -> Session:
    session = session_of(place, repository, settings)
    if session.missing is not None:
        raise session.missing
    return session


def _applied(session: Session, request: ApplyRequest, *, quiet: bool) -> Applied:
    def show(plan: Plan, stock: Stock) -> None:
        session.progress.done()
        if not quiet:
            counted = f"{len(plan.copies)} files move, {len(plan.created) + 1} are created, {len(plan.edited)} edited"
            click.echo(f"Plan {plan_digest(plan)} for commit {stock.tree.commit[:12]}: {counted}")

    try:
        return apply_plan(session.world, request, show)
    except ProofFailed as error:
        session.progress.done()
        if isinstance(error.proof, Proof):
            print_proof(error.proof, console(stderr=True))
            hint = "`migrate prove` and `migrate explain` say more"
            raise ProofFailed(f"{summary(error.proof)}; nothing was written", hint=hint) from error
        raise
    except MergeConflict as error:
        session.progress.done()
        click.echo(conflicts_text([each for each in error.conflicts if isinstance(each, Conflict)]), err=True, nl=False)
        raise
    finally:
        session.progress.done()


def _read_plan(path: Path) -> Plan:
    try:
        return from_json(path.read_text(encoding="utf-8", errors="surrogateescape"), str(path))
    except OSError as error:
        raise BadPlanFile(f"{path}: {error.strerror}", path=str(path)) from error


def _tell(applied: Applied, branch: str, *, verbose: bool) -> None:
    if applied.proof is None or applied.tip is None or applied.plan is None:
        there = applied.before is not None
        holder = f"{branch} holds" if there else f"{branch} was not made, the commit that it would be made from holds"
        click.echo(f"Nothing to do: {holder} this migration already.")
        return
    print_proof(applied.proof, console(), verbose=verbose)
    if applied.solved:
        click.echo("Left as the branch has it, for you said that these are solved there:")
        click.echo(conflicts_text([each for each in applied.solved if isinstance(each, Conflict)]), nl=False)
    for path in applied.kept:
        click.echo(f"Kept as people changed it on the branch, and not part of this proof: {path}")
    below = (applied.before or applied.plan.base)[:12]
    click.echo(f"{branch} is at {applied.tip[:12]}, {applied.commits} commits on top of {below}.")
    click.echo(f"Look at it: git log --stat {below}..{branch}")
    click.echo(f"Judge it again: migrate prove --branch {branch}")
    for old, new in applied.carried.along:
        click.echo(f"Moved along, for no commit holds it: {old} -> {new}")
    for old, new in applied.carried.left:
        click.echo(f"{old} is in no commit and was not moved along: its new place is taken, out of reach or not ignored by git.")
        click.echo(f"  Look at it, then: {_by_hand(old, new)}")
    for old, new in applied.absent:
        if (old, new) not in (*applied.carried.along, *applied.carried.left):
            command = _by_hand(old, new)
            click.echo(f"{old} is in no commit; on a machine that has it, once {branch} is checked out: {command}")
    click.echo("Merge it with a merge commit: a squash or a rebase loses whose lines these are, a rebase also the legacy files.")
    click.echo(f"Take it back: migrate undo --branch {shlex.quote(branch)}")


def _by_hand(old: str, new: str) -> str:
    return f"mkdir -p {shlex.quote(RepoPath(new).folder)} && mv -n {shlex.quote(old)} {shlex.quote(new)}"
