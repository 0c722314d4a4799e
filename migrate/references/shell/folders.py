"""`cd`, `pushd` and `popd`: the folder in which the commands behind them run."""

from __future__ import annotations

from migrate.model.references import TOP
from migrate.references.shell.argument import Argument
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.value import Value, Values, distinct, under

SYSTEM = tuple(f"/{folder}/" for folder in "bin boot dev etc lib lib64 proc run sbin sys tmp usr var".split())
"""No checkout lies here."""


def goto(cwd: Value, value: Value, line: int, reading: Reading) -> Value:
    """The folder after `cd` to a value."""
    text = f"{value.text.rstrip('/')}/"
    if text.startswith("\0"):
        return Value(lost=f"line {line} goes to a folder that is not known")
    if value.anchored:
        if value.base is not None or text.startswith(TOP):
            return _up(Value(value.pieces, value.base or ("",), value.doubt))
        own = text.startswith(SYSTEM) and not cwd.lost
        return (
            Value(outside=True)
            if own
            else Value(lost=f"line {line} goes to {value.text}, which may be a checkout of this repository")
        )
    return cwd if cwd.lost or cwd.outside else _up(_into(cwd, value, line, reading))


def _up(folder: Value) -> Value:
    """A folder whose name ends in `..` stays where it is, whatever becomes of the folders that the name goes through."""
    if not folder.text.endswith("..") or "\0" in folder.text:
        return folder
    return Value(base=folder.folders()) if folder.folders() else Value(outside=True)


def _into(cwd: Value, value: Value, line: int, reading: Reading) -> Value:
    """The folder that a relative path leads to."""
    text = value.text
    if text.startswith("..") and not cwd.settled():
        reading.leaves(cwd, line)
        if "\0" in cwd.text:
            return Value(lost=f"line {line} leaves a folder that is not known")
    found = under(cwd, value)
    return Value(outside=True) if found.base == () else found


def _all(words: list[Argument], state: State, reading: Reading) -> Values | None:
    """Where the first word that is no option leads; None if there is none."""
    line = reading.line(words[0].node)
    for word in words[1:]:
        text = word.plain
        if text is not None and (text in ("--", "-n") or (text.startswith("-") and len(text) > 1)):
            continue
        if text == "-":
            return (Value(lost=f"line {line} goes back to an earlier folder"),)
        for value in word.values:
            reading.path(value, state.cwd, line, bare=True)
        return distinct(goto(cwd, value, line, reading) for cwd in state.cwd for value in word.values)
    return None


def cd(words: list[Argument], state: State, reading: Reading) -> None:
    """`cd folder`; without one it leads home. `cd -` goes where the last `cd` came from."""
    if len(words) > 1 and words[1].plain == "-":
        state.cwd = state.variables.get(" before", (Value(lost="`cd -` goes back to an earlier folder"),))
        return
    before = state.cwd
    home = Value(lost=f"line {reading.line(words[0].node)} goes to the home folder")
    state.cwd = _all(words, state, reading) or (home,)
    state.variables[" before"] = before


def pushd(words: list[Argument], state: State, reading: Reading) -> None:
    """`pushd folder`."""
    found = _all(words, state, reading)
    if found is not None:
        state.pushed = (*state.pushed, state.cwd)
        state.cwd = found


def popd(words: list[Argument], state: State, reading: Reading) -> None:
    """Back to where the last `pushd` came from."""
    if state.pushed:
        state.cwd, state.pushed = state.pushed[-1], state.pushed[:-1]
    else:
        state.cwd = (Value(lost=f"`popd` on line {reading.line(words[0].node)} has no `pushd`"),)
