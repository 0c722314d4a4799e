"""A proof as it is kept: what was judged, with which tools, and what came out. No values, no reasons, no contents of files."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from migrate.errors import BadStoredProof
from migrate.model.json_text import json_text
from migrate.model.proof import ClaimResult, Proof

SCHEMA = "migrate/stored/1"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a proof was made under, besides the tools: it can come out otherwise under others.

    `settings` is the digest of migrate.yaml's values (`Settings.digest`), `passed` the names of the variables of `passEnv` that
    were set, `lent` the environments of `--env-file` with `lent_digest` of their file.
    """

    migrate: str
    settings: str
    passed: tuple[str, ...] = ()
    lent: Mapping[str, str] = field(default_factory=dict)
    run_commands: bool = False


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """A claim's verdict, how many things it looked at, and how many of them fail."""

    verdict: str
    checked: int
    failing: int

    def __str__(self) -> str:
        return f"{self.verdict}, {self.checked} checked, {self.failing} failing"


@dataclass(frozen=True, slots=True)
class StoredProof:
    """`branch` is empty in the message of the very commit that was judged, which can't name itself; `tree` names its files.

    `cells` is environment → verdict → how many; `cells_digest` covers the verdict of every single cell.
    """

    base: str
    branch: str
    tree: str
    legacy_state: str
    new_state: str
    holds: bool
    conditions: Conditions
    tools: Mapping[str, str]
    cells: Mapping[str, Mapping[str, int]]
    cells_digest: str
    claims: Mapping[str, ClaimCount]
    declared_changes: tuple[str, ...]
    left_out: tuple[str, ...]

    def to_json(self) -> str:
        """Sorted JSON, one line an entry, with a final newline; the only line that is just `}` is the last."""
        document = {
            "schema": SCHEMA,
            "base": self.base,
            "branch": self.branch,
            "tree": self.tree,
            "legacyState": self.legacy_state,
            "newState": self.new_state,
            "holds": self.holds,
            "migrate": self.conditions.migrate,
            "settings": self.conditions.settings,
            "passEnv": list(self.conditions.passed),
            "lent": dict(self.conditions.lent),
            "runCommands": self.conditions.run_commands,
            "tools": dict(self.tools),
            "cells": {name: dict(counts) for name, counts in self.cells.items()},
            "cellsDigest": self.cells_digest,
            "claims": {name: asdict(each) for name, each in self.claims.items()},
            "declaredChanges": list(self.declared_changes),
            "leftOut": list(self.left_out),
        }
        lines = [f" {json_text(key)}: {_entries(document[key])}" for key in sorted(document)]
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_json(cls, text: str, where: str) -> StoredProof:
        """The stored proof; BadStoredProof if the text is none, or of another schema."""
        try:
            document: dict[str, Any] = json.loads(text)
            if document["schema"] != SCHEMA:
                raise BadStoredProof(f"{where}: its schema is not {SCHEMA}", hint="judge anew with `migrate prove --store FILE`")
            return _read(document)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadStoredProof(f"{where}: no stored proof: {error!r}", hint="make one with `migrate prove --store`") from error


def _entries(value: object) -> str:
    """A list or an object with one line an entry; what is in those is on one line."""
    if isinstance(value, dict) and value:
        inside = [f"  {json_text(key)}: {json_text(value[key])}" for key in sorted(value)]
        return "{\n" + ",\n".join(inside) + "\n }"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {json_text(each)}" for each in value) + "\n ]"
    return json_text(value)


def _read(document: dict[str, Any]) -> StoredProof:
    claims = {
        str(name): ClaimCount(str(each["verdict"]), int(each["checked"]), int(each["failing"]))
        for name, each in document["claims"].items()
    }
    texts = {key: str(document[key]) for key in ("base", "branch", "tree", "legacyState", "newState", "cellsDigest")}
    return StoredProof(
        base=texts["base"],
        branch=texts["branch"],
        tree=texts["tree"],
        legacy_state=texts["legacyState"],
        new_state=texts["newState"],
        holds=document["holds"] is True,
        conditions=Conditions(
            migrate=str(document["migrate"]),
            settings=str(document["settings"]),
            passed=tuple(map(str, document["passEnv"])),
            lent={str(name): str(digest) for name, digest in document["lent"].items()},
            run_commands=document["runCommands"] is True,
        ),
        tools={str(name): str(version) for name, version in document["tools"].items()},
        cells={
            str(name): {str(verdict): int(count) for verdict, count in counts.items()}
            for name, counts in document["cells"].items()
        },
        cells_digest=texts["cellsDigest"],
        claims=claims,
        declared_changes=tuple(map(str, document["declaredChanges"])),
        left_out=tuple(map(str, document["leftOut"])),
    )


def stored(proof: Proof, *, branch: str, tree: str, states: tuple[str, str], conditions: Conditions) -> StoredProof:
    """What is kept of a proof. `tree` is the id of the judged branch's tree; `states` are the legacy and the new state file."""
    counts: dict[str, Counter[str]] = {}
    for cell in proof.cells:
        counts.setdefault(cell.id.environment, Counter())[str(cell.verdict)] += 1
    each = sorted(
        [c.id.environment, c.id.release.context, c.id.release.namespace, c.id.release.name, c.verdict] for c in proof.cells
    )
    return StoredProof(
        base=proof.base,
        branch=branch,
        tree=tree,
        legacy_state=states[0],
        new_state=states[1],
        holds=proof.holds,
        conditions=conditions,
        tools=dict(proof.tools),
        cells={name: dict(counter) for name, counter in counts.items()},
        cells_digest=hashlib.sha256(json_text(each).encode()).hexdigest(),
        claims={claim.claim: _count(claim) for claim in proof.claims},
        declared_changes=proof.declared_changes,
        left_out=proof.left_out,
    )


def _count(claim: ClaimResult) -> ClaimCount:
    return ClaimCount(str(claim.verdict), claim.checked, sum(not piece.holds for piece in claim.evidence))


ROUNDS = 600_000


def lent_digest(content: bytes, base: str, environment: str) -> str:
    """What a lent file is known by: PBKDF2 with SHA-256, salted by base and environment.

    A lent file may hold passwords, and a stored proof is published: a plain SHA-256 would let anybody try a weak one fast.
    """
    derived = hashlib.pbkdf2_hmac("sha256", content, f"{base} {environment}".encode(), ROUNDS)
    return f"pbkdf2-sha256:{ROUNDS}:{derived.hex()}"
