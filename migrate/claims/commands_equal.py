"""commands_equal: each helmfile command line of the repository does what it did.

Every command line that a script, a job or a document holds is run with the recorder as helm, in its old form on the old side and
in its rewritten one on the new side: it must end alike, and give helm the same for the same releases. (`-l app=x -n ns template`
is one that fails only once there are `needs`.) Its output is what helm prints of that, so it is not compared again. Where both
fail, the cause must be one and the same, and the words too: what such a line would do is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrate.claims.command_failures import is_refused, unlike_failures
from migrate.claims.command_forms import TELLING, CommandForm, command_forms, unknown_states
from migrate.claims.command_shown import shown
from migrate.claims.gathered import Gathered, unequal_inputs
from migrate.claims.side_facts import ANSWERED
from migrate.model.facts import HelmCall, Run
from migrate.model.proof import ClaimResult, Evidence

NAME = "commands_equal"
ASSERTS = "each helmfile command line of the repository does what it did"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each distinct command line, and one for the search for them."""
    tried = ((form, runs) for form, runs in gathered.commands.items() if not is_refused(form, *runs))
    evidence = tuple(_evidence(gathered, form, *runs) for form, runs in tried)
    rest = Evidence("all files", True, f"looked through for command lines, {len(evidence)} distinct ones found")
    return ClaimResult.of(NAME, ASSERTS, (*evidence, rest))


def left_out(gathered: Gathered) -> tuple[str, ...]:
    """The command lines that nothing can be said of, in words."""
    refused = (form for form, runs in gathered.commands.items() if is_refused(form, *runs))
    filled = tuple(
        f"{NAME}: {form.file}:{form.line}: helmfile refuses `{shown(form.old)}`, with which its unknown parts were filled in"
        for form in refused
    )
    unknown = tuple(
        f"{NAME}: {file}:{line}: what `helmfile -f {state}` loads is not known, so it is not compared"
        for file, line, state in unknown_states(gathered.case)
    )
    not_run = command_forms(gathered.case, gathered.old, writing=True)
    return (*filled, *unknown, *map(_not_compared, (*filter(_tells, gathered.commands), *not_run)))


def _tells(form: CommandForm) -> bool:
    """Whether what it prints or where it writes is helmfile's own: other for one state file than for many."""
    return bool(TELLING.intersection(form.old)) or any(word.startswith("--output-dir") for word in form.old)


def _not_compared(form: CommandForm) -> str:
    what = f"what `{shown(form.old)}` prints or writes is not compared"
    return f"{NAME}: {form.file}:{form.line}: {what}; a reader of it may find other names, labels, documents or another order"


def _evidence(gathered: Gathered, form: CommandForm, old: Run, new: Run) -> Evidence:
    subject = f"{form.file}:{form.line}: {shown(form.old)}"
    if form.elsewhere or form.changed:
        elsewhere = f"is given {form.elsewhere} afterwards, which is not the new state file"
        return Evidence(subject, False, elsewhere if form.elsewhere else form.changed)
    if old.failure is not None and new.failure is not None:
        wrong = unlike_failures(gathered, form, (old, new), (old.failure, new.failure))
        return Evidence(subject, not wrong, wrong or f"fails on both sides: {old.failure.message}")
    if failure := new.failure or old.failure:
        when = "fails afterwards" if new.failure else "fails today and no longer afterwards"
        return Evidence(subject, False, f"{when}: {failure.message}")
    before, after = _calls(old), _calls(new)
    if [_named(call) for call in before] != [_named(call) for call in after]:
        return Evidence(subject, False, f"helm is called for {_releases(before)}, afterwards for {_releases(after)}")
    for one, other in zip(before, after, strict=True):
        if unequal := unequal_inputs(one, other, gathered.old_merged, gathered.new_merged):
            return Evidence(subject, False, f"{one.release}: {'; '.join(unequal)}")
    return Evidence(subject, True, f"{len(before)} equal calls of helm")


def _calls(run: Run) -> list[HelmCall]:
    return sorted((call for call in run.calls if call.verb in ANSWERED), key=lambda call: (*_named(call), call.argv))


def _named(call: HelmCall) -> tuple[str, str]:
    return str(call.release), call.verb


def _releases(calls: Sequence[HelmCall]) -> str:
    return ", ".join(dict.fromkeys(f"{call.verb} {call.release}" for call in calls)) or "nothing"
