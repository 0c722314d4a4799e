"""A call of helmfile -> a reference to the state file that it loads without naming it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from migrate.model.edits import Edit
from migrate.model.paths import relative
from migrate.model.references import Certainty, CommandLine, Reference, Word
from migrate.references.moves import Moves

LOADS_NOTHING = frozenset({"version", "help", "completion", "init", "create", "cache", "--version", "-v", "--help", "-h"})
"""Subcommands and flags with which helmfile looks at no state file (cmd/root.go of helmfile 0.166)."""
FROM_STATE = frozenset("--state-values-file --values --output-dir --chart --kubeconfig".split())
"""Options whose relative value helmfile reads from the folder of the state file, not from the one it is called in."""
MOVES_ALONG = "the value of `{}` is read from the folder of the state file, which moves"


def loads_a_state(command: CommandLine) -> bool:
    """Whether the call is one that loads a state file."""
    words = [word.text for word in command.words[1:]]
    return bool(words) and not any(word in LOADS_NOTHING for word in words)


def command_reference(command: CommandLine, moves: Moves) -> Reference | None:
    """The call as a reference to the legacy root; None if it loads none, or names its state file."""
    if command.insert_at is None or not loads_a_state(command) or not command.folders:
        return None
    here = moves.root.folder
    folders = [folder for folder in command.folders if folder == here]
    if not folders:
        return _elsewhere(command, moves)
    doubt = command.doubt or _ambiguous(command, moves)
    if doubt:
        return Reference(command, moves.root, moves.new_state, Certainty.GUESSED, doubt)
    text = command.spelling.format(state=relative(moves.new_state, folders[0]))
    return Reference(command, moves.root, moves.new_state, Certainty.EXACT, edits=(Edit(command.insert_at, b"", text.encode()),))


def _ambiguous(command: CommandLine, moves: Moves) -> str:
    """Why it isn't sure that it is the root which is loaded: another state file lies in a folder where the call may be made."""
    other = next((s for s in sorted(moves.merged) if s != moves.root and s.folder in command.folders), None)
    return f"it may be called in the folder of {other}, and load that" if other else ""


def reads_beside_state(words: Sequence[Word]) -> str:
    """Why `-f` can't be added alone to these words: another option names a path that would be read from another folder then."""
    for word, following in pairwise((*words, Word(None, 0, 0))):
        option, equals, given = (word.text or "").partition("=")
        given = given if equals else following.text or ""
        if option in FROM_STATE and given and not given.startswith(("/", "~", "$")):
            return MOVES_ALONG.format(option)
    return ""


def _elsewhere(command: CommandLine, moves: Moves) -> Reference | None:
    """A call in the folder of another state file, which is merged now."""
    for folder in command.folders:
        for state in sorted(moves.merged):
            if state.folder == folder:
                reason = f"{state} is merged into {moves.new_state}: the call would deploy all releases, not those of one file"
                return Reference(command, state, moves.new_state, Certainty.GUESSED, reason)
    return None
