"""Evidence told beforehand: what helmfile and helm would say of two sides, as values, so that a claim is judged in no time.

A side has the releases `a` and `b` in the environment `dev`, listed, rendered and deployed with equal inputs, unless it is told
otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.case import ProofCase
from migrate.model.facts import (
    BuiltState,
    CellId,
    EnvironmentFacts,
    Failure,
    HelmCall,
    ListedRelease,
    ReleaseId,
    Run,
    ValuesFile,
)
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult
from tests.claims import small_platform
from tests.system.trees import Content, tree_of

A, B = ReleaseId("", "n", "a"), ReleaseId("", "n", "b")
CELL, OTHER = CellId("dev", A), CellId("dev", B)
STATE = "helmfile.yaml"
STOP = Failure(1, "stop", STATE, 1)
FILES: Mapping[str, Content] = {STATE: "", "c/Chart.yaml": "name: c\n", "values.yaml": "x: 1\n"}


def call(
    verb: str = "template",
    of: ReleaseId | None = A,
    *flags: str,
    values: Sequence[str] = ("v",),
    **changes: Any,  # noqa: ANN401  (fields of HelmCall)
) -> HelmCall:
    """A call of helm for a release with the chart `c`; `values` are digests."""
    argv = (verb, of.name if of else "", "{chart}", *flags)
    files = tuple(ValuesFile(digest, f"/kept/{digest}") for digest in values)
    return replace(HelmCall(verb, of, argv, "", "./c", "c", "sha256:c", files, 0, 1), **changes)


def run(command: str, *calls: HelmCall, failure: Failure | None = None) -> Run:
    """A run of the whole environment."""
    return Run(command, "dev", "", calls, failure)


def entry(of: ReleaseId = A, **settings: Any) -> dict[str, Any]:  # noqa: ANN401  (whatever YAML holds)
    """A release as `build` prints it."""
    return {"name": of.name, "namespace": of.namespace, "chart": "./c", "values": ["values.yaml"], **settings}


def state(*releases: Mapping[str, Any], source: str = STATE, digest: str = "values", **document: Any) -> BuiltState:  # noqa: ANN401  (likewise)
    """A state file with these releases, of which the digest of `renderedvalues` is told."""
    return BuiltState(RepoPath(source), {"releases": list(releases), **document}, digest, "dev")


def line(of: ReleaseId = A, *, enabled: bool = True, installed: bool = True) -> ListedRelease:
    """A line of `list`."""
    return ListedRelease(of, enabled, installed, "", "", "")


RUNS = (
    run("template", call(), call(of=B)),
    run("sync", call("upgrade"), call("upgrade", B)),
)


def facts(*runs: Run, **changes: Any) -> EnvironmentFacts:  # noqa: ANN401  (fields of EnvironmentFacts)
    """An environment with these runs; both releases are built and listed."""
    told = EnvironmentFacts("dev", (state(entry(), entry(B)),), (line(), line(B)), {one.command: one for one in runs or RUNS})
    return replace(told, **changes)


def side(*runs: Run, files: Mapping[str, Content] = FILES, state_file: str = STATE, **changes: Any) -> SideFacts:  # noqa: ANN401  (likewise)
    """A side with one environment."""
    return SideFacts(tree_of(files), state_file, {"dev": facts(*runs, **changes)})


def gathered(old: SideFacts, new: SideFacts, **changes: Any) -> Gathered:  # noqa: ANN401  (fields of Gathered)
    """Two sides, with the cells of both releases, nothing rendered, and no record."""
    told = Gathered(case(old, new), old, new, {}, (CELL, OTHER), {})
    return replace(told, **changes)


def case(old: SideFacts, new: SideFacts, **changes: Any) -> ProofCase:  # noqa: ANN401  (fields of ProofCase)
    """The case of two sides."""
    made = small_platform.case(old.tree, new.tree, without_record=True)
    told = replace(made, old_state=old.state_file, new_state=new.state_file, merged=(RepoPath(old.state_file),))
    return replace(told, **changes)


def wrong(result: ClaimResult) -> dict[str, str]:
    """Subject -> detail of what a claim finds wrong. It has looked at something."""
    assert result.checked
    return {piece.subject: piece.detail for piece in result.evidence if not piece.holds}
