"""A program's outcome -> `Failure`, or None."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.facts import Failure
from migrate.system.helmfile.causes import Cause, find_cause
from migrate.system.helmfile.helm_causes import find_helm_cause
from migrate.system.process import TIMED_OUT, Outcome
from migrate.system.workspace import Workspace


def helmfile_failure(outcome: Outcome, workspace: Workspace) -> Failure | None:
    """Why helmfile failed; None if it exited with 0."""
    if outcome.ok:
        return None
    return _failure(outcome, find_cause(outcome.stderr.decode(errors="replace"), workspace.top), workspace)


def helm_failure(outcome: Outcome, workspace: Workspace, chart_folder: str, values: Sequence[str] = ()) -> Failure | None:
    """Why helm failed with a chart; None if it exited with 0."""
    if outcome.ok:
        return None
    return _failure(outcome, find_helm_cause(outcome.stderr.decode(errors="replace"), chart_folder, values), workspace)


def _failure(outcome: Outcome, cause: Cause, workspace: Workspace) -> Failure:
    if outcome.exit_code == TIMED_OUT:
        return Failure(TIMED_OUT, "stopped at the time limit")
    if outcome.exit_code < 0:
        return Failure(outcome.exit_code, f"ended by signal {-outcome.exit_code}")
    tracked = bool(cause.path) and (workspace.top / cause.path).is_file()
    path, line = (cause.path, cause.line) if tracked else ("", 0)
    return Failure(outcome.exit_code, cause.message, path, line, cause.missing, cause.hidden)
