"""One cell explained: what helm is given, the first difference, and how to see it oneself. Never a value."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from migrate.claims import CLAIMS
from migrate.claims.cells import judge_cell, speaks_of
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import BadInput, PathLeavesRepository
from migrate.model.facts import CellId, HelmCall
from migrate.model.paths import resolve
from migrate.model.proof import CellVerdict, Evidence

SCHEMA = "migrate/explain/1"

OPEN_FLAGS = frozenset(
    (
        *("--namespace", "--values", "--timeout", "--version", "--kube-version", "--api-versions", "--kube-context"),
        *("--history-max", "--post-renderer", "--set-file", "--cascade"),
    )
)
"""Flags whose values are shown. What follows any other flag may be a secret."""


@dataclass(frozen=True, slots=True)
class SideExplained:
    """What one side gives to helm for the cell."""

    commit: str
    state: str
    chart: str
    chart_digest: str
    argv: tuple[str, ...]
    values: tuple[str, ...]
    failure: str
    reproduce: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict of a cell with all that it rests on."""

    cell: CellId
    verdict: CellVerdict
    reason: str
    old: SideExplained
    new: SideExplained
    differences: tuple[str, ...]
    failing: tuple[tuple[str, Evidence], ...]


def find_cell(gathered: Gathered, environment: str, release: str) -> CellId:
    """The cell that `ENV/RELEASE` means: the release by name, or by namespace and name. BadInput if that is not exactly one."""
    found = [cell for cell in gathered.cells_of(environment) if release in (cell.release.name, str(cell.release))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(str(cell.release) for cell in found or gathered.cells_of(environment))
    hint = f"releases there: {names}" if names else "the environment has no releases"
    raise BadInput(f"{environment}/{release}: {'several releases' if found else 'no release'} of that name", hint=hint)


def explain(gathered: Gathered, cell: CellId) -> Explanation:
    """Everything that is known of one cell."""
    claims = tuple(claim(gathered) for claim in CLAIMS)
    judged = judge_cell(gathered, cell, claims)
    render = gathered.renders.get(cell)
    pieces = ((result.claim, piece) for result in claims for piece in result.evidence)
    return Explanation(
        cell,
        judged.verdict,
        judged.reason,
        _side(gathered.old, cell, gathered.case.base),
        _side(gathered.new, cell, gathered.case.branch),
        tuple(str(difference) for difference in render.differences) if render else (),
        tuple((claim, piece) for claim, piece in pieces if not piece.holds and speaks_of(piece, cell)),
    )


def explanation_json(explanation: Explanation) -> str:
    """Indented JSON with sorted keys, schema `migrate/explain/1`."""
    return json.dumps(_data(explanation), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def explanation_text(explanation: Explanation) -> str:
    """The same for people."""
    return "\n".join(_lines(explanation)) + "\n"


def _side(side: SideFacts, cell: CellId, commit: str) -> SideExplained:
    call, failure = side.template(cell), side.failure(cell)
    definitions = side.definitions(cell)
    return SideExplained(
        commit=commit,
        state=", ".join(definition.state.source for definition in definitions) or side.state_file,
        chart=(call.chart_folder or call.chart) if call else "",
        chart_digest=call.chart_digest if call else "",
        argv=tuple(_shown(call.argv)) if call else (),
        values=tuple(_values(definitions, call)),
        failure=failure.message if failure and not call else "",
        reproduce=_reproduce(side, cell),
    )


def _shown(argv: tuple[str, ...]) -> Iterator[str]:
    """The arguments with everything hidden that may be a secret: of `--set key=value` the key stays."""
    flag = "--namespace"
    for word in argv:
        if word.startswith("-"):
            flag, equals, _ = word.partition("=")
            yield word if flag in OPEN_FLAGS or not equals else f"{flag}=…"
        elif flag in OPEN_FLAGS:
            yield word
        else:
            yield f"{word.partition('=')[0]}=…" if "=" in word else "…"


def _values(definitions: tuple[Definition, ...], call: HelmCall | None) -> Iterator[str]:
    """Each values file with where it comes from: entries and files are in one order unless there are secrets."""
    entries = [entry for definition in definitions for entry in _sources(definition)]
    files = call.values if call else ()
    if not files:
        yield from entries
        return
    aligned = entries if len(entries) == len(files) else ["not attributed"] * len(files)
    for source, file in zip(aligned, files, strict=True):
        yield f"{source}  sha256:{file.digest[:12]}"


def _sources(definition: Definition) -> Iterator[str]:
    for entry in definition.release.get("values") or []:
        if isinstance(entry, str):
            try:
                yield resolve(definition.state.source.folder, entry)
            except PathLeavesRepository:
                yield "a path outside of the repository"
        else:
            yield f"inline in {definition.state.source}"


def _reproduce(side: SideFacts, cell: CellId) -> str:
    selector = f"name={cell.release.name}" + (f",namespace={cell.release.namespace}" if cell.release.namespace else "")
    words = ["helmfile", "--file", side.state_file, "--environment", cell.environment, "--selector", selector]
    return shlex.join([*words, "template", "--skip-deps", "--include-crds"])


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.cell}: {explanation.verdict}: {explanation.reason}"
    for name, side in (("old", explanation.old), ("new", explanation.new)):
        yield from ("", f"{name} side, commit {side.commit}", f"  state   {side.state}")
        if side.argv:
            yield f"  chart   {side.chart}  sha256:{side.chart_digest[:12]}"
            yield f"  helm    {shlex.join(side.argv)}"
        yield from (f"  values  {line}" for line in side.values)
        if side.failure:
            yield f"  fails   {side.failure}"
        yield f"  to see it, in a checkout of the commit: {side.reproduce}"
    if explanation.differences:
        yield from ("", f"first difference: {explanation.differences[0]}")
        yield from (f"  also: {line}" for line in explanation.differences[1:])
    if explanation.failing:
        yield from ("", *(f"{claim} fails: {piece.subject}: {piece.detail}" for claim, piece in explanation.failing))


def _data(explanation: Explanation) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "cell": str(explanation.cell),
        "verdict": str(explanation.verdict),
        "reason": explanation.reason,
        "sides": {"old": _side_data(explanation.old), "new": _side_data(explanation.new)},
        "differences": list(explanation.differences),
        "failing": [{"claim": claim, "subject": p.subject, "detail": p.detail} for claim, p in explanation.failing],
    }


def _side_data(side: SideExplained) -> dict[str, Any]:
    return {
        "commit": side.commit,
        "state": side.state,
        "chart": side.chart,
        "chartDigest": side.chart_digest,
        "arguments": list(side.argv),
        "values": list(side.values),
        "failure": side.failure,
        "reproduce": side.reproduce,
    }
