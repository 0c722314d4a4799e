"""Faults in hooks: its command, its arguments, its event, its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from migrate.model.planted import Fault
from migrate.plant.drawing import edited, shuffled, turns
from migrate.plant.entries import Known, in_entry, known
from migrate.plant.ground import Ground
from migrate.plant.lines import replaced

EXPECTED = frozenset(("hooks_equal",))
_EVENT = re.compile(r"\b(prepare|preapply|presync|preuninstall|postuninstall|postsync|cleanup)\b")
_COMMAND = re.compile(r"^(?P<head> *(?:- +)?command: +)(?P<word>\"[^\"]*\"|[^\s\"'{#]+) *$")
_ARGUMENTS = re.compile(r"^(?P<head> *(?:- +)?args: +\[)(?P<rest>.*)$")


def hook(ground: Ground, rng: Random) -> Iterator[Fault]:
    """Another command, argument or event, all hooks of a release dropped, or another script behind a command."""
    text = ground.text(ground.state) or ""

    def of(release: Known) -> Iterator[Fault]:
        edits = [in_entry(ground, "hook", release, edit, EXPECTED) for edit in _edits(text, release)]
        yield from shuffled([*edits, *_scripts(ground, release)], rng)

    with_hooks = [release for release in known(ground) if release.document.get("hooks")]
    return turns([of(release) for release in shuffled(with_hooks, rng)])


def _edits(text: str, release: Known) -> Iterator[tuple[int, str, str]]:
    if "hooks" not in release.entry.keys:
        return
    lines = release.entry.below("hooks")
    gone = {release.entry.line("hooks").at, *(line.at for line in lines)}
    without = "\n".join(line for at, line in enumerate(text.split("\n")) if at not in gone)
    yield release.entry.line("hooks").at, "all hooks dropped", without
    for line in lines:
        command, arguments = _COMMAND.match(line.text), _ARGUMENTS.match(line.text)
        if command:
            yield line.at, "another command of a hook", replaced(text, line.at, f"{command['head']}planted-command")
        if arguments:
            more = "planted" if arguments["rest"].startswith("]") else "planted, "
            yield line.at, "another argument of a hook", replaced(text, line.at, arguments["head"] + more + arguments["rest"])
        if "events:" in line.text and (event := _EVENT.search(line.text)):
            new = "cleanup" if event[1] != "cleanup" else "prepare"
            yield line.at, "another event of a hook", replaced(text, line.at, _EVENT.sub(new, line.text, count=1))


def _scripts(ground: Ground, release: Known) -> Iterator[Fault]:
    for one in release.document.get("hooks") or ():
        path = ground.file(ground.state.folder, str(one.get("command", "")))
        text = ground.text(path) if path else None
        if path and text is not None:
            wording = f"another script of a hook of {release.release}"
            yield edited(
                ground,
                "hook",
                path,
                f"{text}exit 1\n",
                line=-1,
                wording=wording,
                expected=EXPECTED,
                environments=release.environments,
            )
