"""`--store` and `--verify` of `migrate prove`: a proof that is kept, and one that is made again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from migrate.errors import BadInput, BadStoredProof, StoredProofDiffers
from migrate.model.case import ProofCase
from migrate.model.stored_difference import differences, other_tools
from migrate.model.stored_proof import StoredProof
from migrate.pipeline.stored import require_same_commits

FROM_HISTORY = ""
"""The value of --verify without FILE."""
LINE = 200


@dataclass(frozen=True, slots=True)
class Storing:
    """What the two options ask for; None for an option that was not given."""

    store: Path | None
    verify: str | None

    def kept(self, case: ProofCase, before: Callable[[], StoredProof]) -> StoredProof | None:
        """The stored proof to verify, if that is asked for; it must speak of the commits of this case."""
        if self.verify is None:
            return None
        found = before() if self.verify == FROM_HISTORY else _read(Path(self.verify))
        require_same_commits(found, case)
        return found

    def finish(self, kept: StoredProof | None, made: Callable[[], StoredProof]) -> None:
        """Write what is to be stored; StoredProofDiffers if the kept proof came out otherwise. All told on stderr."""
        if self.store is None and kept is None:
            return
        now = made()
        if self.store is not None:
            _write(self.store, now)
        if kept is None:
            return
        for line in other_tools(kept, now):
            _tell(f"judged with something else, all the same: {line}")
        found = differences(kept, now)
        for line in found:
            _tell(f"differs from the stored proof: {line}")
        if found:
            hint = "what holds now is what was just printed; the stored proof is only an account"
            raise StoredProofDiffers(f"{len(found)} differences between the stored proof and the one just made", hint=hint)
        _tell(f"the stored proof is the one just made: {len(kept.claims)} claims, {_cells(kept)} cells")


def stored_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--store and --verify; the command gets them as one argument, `storing`."""

    @click.option(
        "--store", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Keep the proof in a small file."
    )
    @click.option(
        "--verify",
        is_flag=False,
        flag_value=FROM_HISTORY,
        metavar="[FILE]",
        help="Prove again, and compare with a stored proof. Default: that of the branch's commits.",
    )
    @functools.wraps(command)
    def with_storing(*arguments: object, store: Path | None, verify: str | None, **others: object) -> object:
        return command(*arguments, storing=Storing(store, verify), **others)

    return with_storing


def _cells(kept: StoredProof) -> int:
    return sum(sum(counts.values()) for counts in kept.cells.values())


def _read(path: Path) -> StoredProof:
    try:
        return StoredProof.from_json(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BadStoredProof(f"{path}: {error}", path=str(path), hint="name a file that --store has written") from error


def _write(path: Path, proof: StoredProof) -> None:
    try:
        path.write_text(proof.to_json(), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"--store {path}: {error.strerror}", path=str(path), hint="name a file that can be written") from error


def _tell(line: str) -> None:
    """A stored proof may be anybody's: no line end or control character of it reaches a terminal or a job's log."""
    shown = "".join(character if character.isprintable() else "?" for character in line)
    click.echo(shown if len(shown) <= LINE else f"{shown[:LINE]}…", err=True)
