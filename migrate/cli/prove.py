"""`migrate prove`: judges two commits, whoever made them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import click

from migrate.claims import rehearsed
from migrate.cli.planting import Planting, planting_options, require_caught
from migrate.cli.progress import console
from migrate.cli.stored import Storing, stored_options
from migrate.cli.tools import tool_options
from migrate.errors import BadInput, ProofFailed
from migrate.measuring import gather
from migrate.model.case import Attributes, ProofCase
from migrate.model.proof import CellVerdict, ClaimResult, ClaimVerdict, Proof
from migrate.model.stored_proof import StoredProof
from migrate.model.tree import Tree
from migrate.ports import Progress, SideFactory
from migrate.prover import judge
from migrate.report.planted_text import planted_text
from migrate.report.proof_json import SCHEMA, proof_json
from migrate.report.proof_text import print_proof
from migrate.system.toolbox import ToolOptions


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """What the command line asks to be judged. Empty texts and None stand for the defaults."""

    repo: Path | None
    base: str
    branch: str
    legacy_file: str
    new_file: str
    env_files: tuple[tuple[str, Path], ...]
    run_commands: bool
    tools: ToolOptions
    config: Path | None = None
    quiet: bool = False


class ProofWiring(Protocol):
    """How a request meets the outside world; cli/wiring.py implements it."""

    def case(self, request: ProofRequest) -> ProofCase:
        """Both commits read, with their record, environments, attributes and lent files."""
        ...

    def sides(self, request: ProofRequest) -> SideFactory:
        """The real helmfile and helm."""
        ...

    def stored(self, request: ProofRequest, case: ProofCase, proof: Proof) -> StoredProof:
        """What is kept of a proof that was just made."""
        ...

    def stored_before(self, request: ProofRequest, case: ProofCase) -> StoredProof:
        """The newest stored proof in the messages of the branch's commits; NoStoredProof."""
        ...

    def authorship(self, case: ProofCase) -> ClaimResult:
        """Whether plain `git blame` names the original commit for every line of every copied file."""
        ...

    def attributes(self, tree: Tree) -> Attributes:
        """The git attributes that a tree's own .gitattributes give to all of its paths."""
        ...

    def progress(self) -> Progress:
        """Where progress is told: stderr."""
        ...


def proof_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that `prove` and `explain` share; the command gets them as one argument, `request`."""

    @click.option("--repo", type=click.Path(path_type=Path), metavar="PATH", help="Default: the repository around this folder.")
    @click.option("--base", default="", metavar="REF", help="The old side. Default: the commit that the branch was made from.")
    @click.option("--branch", required=True, metavar="REF", help="The new side.")
    @click.option("--legacy-file", default="", metavar="PATH", help="The old side's helmfile, if no record names it.")
    @click.option("--new-file", default="", metavar="PATH", help="The new side's helmfile, if no record names it.")
    @click.option(
        "--env-file",
        "env_files",
        multiple=True,
        metavar="ENV=PATH",
        help="Lend a file that git ignores to the proof as ENV's missing values file. It is never committed.",
    )
    @click.option(
        "--config", type=click.Path(path_type=Path), metavar="FILE", help="Default: migrate.yaml at the repository's top."
    )
    @click.option("-q", "--quiet", is_flag=True, help="No progress.")
    @click.option("--run-commands", is_flag=True, help="Run the hooks and `exec` of the repository where helmfile does.")
    @tool_options
    @functools.wraps(command)
    def with_request(
        *arguments: object,
        repo: Path | None,
        base: str,
        branch: str,
        legacy_file: str,
        new_file: str,
        env_files: tuple[str, ...],
        run_commands: bool,
        config: Path | None,
        quiet: bool,
        options: ToolOptions,
        **others: object,
    ) -> object:
        lent = tuple(lent_of(text) for text in env_files)
        request = ProofRequest(repo, base, branch, legacy_file, new_file, lent, run_commands, options, config, quiet)
        return command(*arguments, request=request, **others)

    return with_request


def prove_command(wiring: ProofWiring) -> click.Command:
    """The command, wired to the outside world."""

    @click.command("prove", epilog="Example: migrate prove --base main --branch feature/BE-384")
    @proof_options
    @click.option("--json", "as_json", is_flag=True, help=f"As JSON, schema {SCHEMA}.")
    @click.option("-v", "--verbose", is_flag=True, help="Show every reason.")
    @click.option("--authorship", is_flag=True, help="Also blame every line of every copied file; takes a while on large charts.")
    @click.option(
        "--rehearse",
        multiple=True,
        metavar="CMD",
        help="Also run CMD by bash in copies of both trees, with stand-ins for helm, kubectl, sudo, yq; compare what it does.",
    )
    @stored_options
    @planting_options
    def command(
        request: ProofRequest,
        as_json: bool,
        verbose: bool,
        authorship: bool,
        rehearse: tuple[str, ...],
        storing: Storing,
        planting: Planting,
    ) -> None:
        """Prove that two commits render and deploy the same.

        Every environment × release is rendered on both sides by the real helmfile and helm, and every command that deploys is
        recorded. The exit code is 0 only if every claim holds, 4 if one does not, or if a planted fault is missed. A stored proof
        makes nothing green: --verify always proves again.
        """
        case = wiring.case(request)
        kept = storing.kept(case, lambda: wiring.stored_before(request, case))
        gathered = gather(case, wiring.sides(request), wiring.progress())
        proof = judge(gathered)
        if rehearse:
            proof = replace(proof, claims=(*proof.claims, rehearsals(case, wiring.sides(request), rehearse)))
        if authorship:
            proof = replace(proof, claims=(*proof.claims, wiring.authorship(case)))
        tried = planting.tried(gathered, wiring.sides(request), wiring.attributes, wiring.progress()) if proof.holds else None
        if as_json:
            click.echo(proof_json(proof, tried), nl=False)
        else:
            print_proof(proof, console(), verbose=verbose)
            click.echo(planted_text(tried, verbose=verbose) if tried else "", nl=False)
        storing.finish(kept, lambda: wiring.stored(request, case, proof))
        if not proof.holds:
            untested = "; no fault was planted, for the proof does not hold without one" if planting.asked else ""
            raise ProofFailed(f"{summary(proof)}{untested}", hint=_hint(proof))
        require_caught(tried)

    return command


def rehearsals(case: ProofCase, sides: SideFactory, commands: tuple[str, ...]) -> ClaimResult:
    """What the commands do in a copy of each tree, compared."""
    trees = ((case.old, case.old_state, case.lent_old), (case.new, case.new_state, case.lent_new))
    runs = {c: [sides.rehearse(tree, state, c, lent=files) for tree, state, files in trees] for c in dict.fromkeys(commands)}
    return rehearsed.judge(case, {command: (old, new) for command, (old, new) in runs.items()})


def summary(proof: Proof) -> str:
    """Why a proof does not hold, in a line."""
    failing = [claim.claim for claim in proof.claims if claim.verdict is not ClaimVerdict.HOLDS]
    red = sum(not cell.verdict.green for cell in proof.cells)
    if failing or red:
        return f"{red} red cells; claims that don't hold: {', '.join(failing) or 'none'}"
    equal = sum(cell.verdict is CellVerdict.EQUAL for cell in proof.cells)
    return f"nothing to judge: {equal} cells were rendered"


def _hint(proof: Proof) -> str:
    """A claim on files has no cell that could be shown."""
    red = any(not cell.verdict.green for cell in proof.cells)
    return "`migrate explain ENV/RELEASE` shows a cell" if red else "the failing claims name their places; -v shows all of them"


def lent_of(text: str) -> tuple[str, Path]:
    """Environment and path of an `--env-file` argument."""
    environment, equals, path = text.partition("=")
    if not (environment and equals and path):
        raise BadInput(f"--env-file {text}: ENV=PATH is expected")
    return environment, Path(path)
