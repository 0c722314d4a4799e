"""What the proof says: verdicts, cells, claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrate.model.facts import CellId


class CellVerdict(StrEnum):
    """The outcome for one environment × release."""

    EQUAL = "equal"
    EQUAL_FAILURE = "equal failure"
    ABSENT = "absent on both sides"
    VOUCHED = "vouched for"
    """unproved for a cause outside of the commit, which the user names in migrate.yaml"""
    DIFFERENT = "different"
    UNPROVED = "unproved"

    @property
    def green(self) -> bool:
        """Whether it counts as proved."""
        return self in (CellVerdict.EQUAL, CellVerdict.EQUAL_FAILURE, CellVerdict.ABSENT, CellVerdict.VOUCHED)


class ClaimVerdict(StrEnum):
    """The outcome of one claim."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a claim looked at: what, the outcome, and one line of why (never a secret value)."""

    subject: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim with all that it looked at. Nothing looked at is never HOLDS."""

    claim: str
    asserts: str
    verdict: ClaimVerdict
    checked: int
    evidence: tuple[Evidence, ...]

    @classmethod
    def of(cls, claim: str, asserts: str, evidence: tuple[Evidence, ...]) -> ClaimResult:
        """The result that follows from the evidence: FAILS if any piece does, NOT_CHECKED if there is none."""
        if not evidence:
            return cls(claim, asserts, ClaimVerdict.NOT_CHECKED, 0, ())
        holds = all(piece.holds for piece in evidence)
        return cls(claim, asserts, ClaimVerdict.HOLDS if holds else ClaimVerdict.FAILS, len(evidence), evidence)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with the reason for its verdict. `cause` is what `unproved:` of migrate.yaml may name; else empty."""

    id: CellId
    verdict: CellVerdict
    reason: str
    masked_leaves: int = 0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole judgement of two commits."""

    base: str
    branch: str
    tools: Mapping[str, str]
    cells: tuple[Cell, ...]
    claims: tuple[ClaimResult, ...]
    declared_changes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """what was not looked at for want of a tool, with the reason"""
    edited: tuple[str, ...] = ()
    """files of which the record says that the migration edited them: believed, so a reviewer has to look at them"""
    removed: tuple[str, ...] = ()
    """likewise, those that it removed"""
    created: tuple[str, ...] = ()
    """likewise, those that it created outside of the new tree's folder"""
    unmatched: tuple[str, ...] = ()
    """entries of `unproved:` in migrate.yaml that speak of no cell of this proof, in words"""

    @property
    def holds(self) -> bool:
        """Every claim HOLDS, at least one cell was rendered and equal, and no cell is red."""
        rendered = any(cell.verdict is CellVerdict.EQUAL for cell in self.cells)
        return (
            rendered
            and all(cell.verdict.green for cell in self.cells)
            and bool(self.claims)
            and all(claim.verdict is ClaimVerdict.HOLDS for claim in self.claims)
        )
