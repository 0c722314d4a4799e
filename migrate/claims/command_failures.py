"""Whether a command line of the repository that fails on both sides fails for one cause, and means the same otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from migrate.analyzers.selectors import SelectorUse, matches
from migrate.claims.command_filling import NAMESPACE, SELECTOR, items, seen_labels
from migrate.claims.command_forms import CommandForm, without_namespace
from migrate.claims.gathered import Gathered, unequal_inputs
from migrate.claims.side_facts import ANSWERED
from migrate.model.facts import Failure, HelmCall, Run

_USAGE = re.compile(r"^(?:unknown (?:shorthand )?(?:flag|command)|flag needs an argument|invalid argument|helmfile crashed)")
_MORE = re.compile(r" \(and \d+ more\)$")


def is_refused(form: CommandForm, old: Run, new: Run) -> bool:
    """Whether helmfile takes neither form for what was filled in, which says nothing of them; they must be the same otherwise."""
    usage = (run.failure is not None and _USAGE.match(run.failure.message) for run in (old, new))
    return all(usage) and not form.complete and form.old == form.new and not form.changed and not form.elsewhere


def unlike_failures(gathered: Gathered, form: CommandForm, runs: tuple[Run, Run], causes: tuple[Failure, Failure]) -> str:
    """What tells two failing runs apart, or is not to be seen for their failing; empty if nothing is."""
    old, new = runs
    if not _same_cause(*causes) and not _as_releases_do(gathered, old.environment, causes):
        return f"fails on both sides for other causes: {causes[0].message} | {causes[1].message}"
    if without_namespace(form.old) != without_namespace(form.new):
        return "fails on both sides, and its words are others afterwards"
    if form.old != form.new and not _says_nothing(gathered, form, old.environment):
        return "fails on both sides, so nothing shows that it may do without its `-n`"
    return _unequal_calls(gathered, old.calls, new.calls)


def _same_cause(old: Failure, new: Failure) -> bool:
    return (old.message, old.hidden, old.missing) == (new.message, new.hidden, new.missing)


def _as_releases_do(gathered: Gathered, environment: str, causes: tuple[Failure, Failure]) -> bool:
    """Whether both fail as some release of their environment does, or all of them: whether that is the same, its cell says."""
    known: tuple[set[str], set[str]] = (set(), set())
    for cell in gathered.cells_of(environment):
        for side, messages in zip((gathered.old, gathered.new), known, strict=True):
            failure = side.failure(cell)
            messages.update({_MORE.sub("", failure.message)} if failure else ())
    return all(_MORE.sub("", cause.message) in messages for cause, messages in zip(causes, known, strict=True))


def _says_nothing(gathered: Gathered, form: CommandForm, environment: str) -> bool:
    """Whether the form before names with `-n` the namespace that all selected releases have anyway."""
    if environment not in gathered.old.environments:
        return False
    releases = [seen_labels(state, release) for state in gathered.old.states(environment) for release in state.releases]
    selectors = [SelectorUse(item.value or "", form.file, form.line) for item in items(form.old) if item.option in SELECTOR]
    named = {item.value for item in items(form.old) if item.option in NAMESPACE}
    chosen = [labels for labels in releases if not selectors or any(matches(use, labels) for use in selectors)]
    return bool(chosen) and {labels["namespace"] for labels in chosen} == named


def _unequal_calls(gathered: Gathered, old: Sequence[HelmCall], new: Sequence[HelmCall]) -> str:
    """What differs for the releases that both runs reach before they fail."""
    before, after = ({(c.release, c.verb): c for c in calls if c.verb in ANSWERED} for calls in (old, new))
    for key in [key for key in before if key in after]:
        if unequal := unequal_inputs(before[key], after[key], gathered.old_merged, gathered.new_merged):
            return f"fails on both sides; before that, {key[0]}: {'; '.join(unequal)}"
    return ""
