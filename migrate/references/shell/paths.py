"""The arguments of a command that may be paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate.references.prose.tokens import BARE
from migrate.references.shell.argument import Argument
from migrate.references.shell.folders import goto
from migrate.references.shell.prose import text_of
from migrate.references.shell.reading import Reading
from migrate.references.shell.state import State
from migrate.references.shell.tables import (
    CONTAINERS,
    GIT_READS_PATHS,
    HELM_CHART_FIRST,
    HELM_CHART_SECOND,
    MESSAGE_OPTIONS,
    NO_PATH_OPTIONS,
    PATH_OPTIONS,
    PATTERN_FIRST,
    READS_PATHS,
    RUNS_A_FILE,
)
from migrate.references.shell.value import Value, Values, cut, distinct, split, under

_TEXT = re.compile(r"[\s|;'\"(){}<>\\^#]")
_CHANGES_FOLDER = {"tar": ("-C", "--directory"), "git": ("-C",), "make": ("-C", "--directory")}


def paths(name: str, words: list[Argument], state: State, reading: Reading) -> None:
    """Note what may be a path in the words of a command, its own name among it."""
    line = reading.line(words[0].node)
    for value in words[0].values:
        reading.path(value, state.cwd, line)
    cwd = _elsewhere(name, words, state, reading)
    bare, handed = _bare_from(name, words), _handed_from(name, words, state, reading)
    option = ""
    for at, word in enumerate(words[1:], start=1):
        line = reading.line(word.node)
        reading.apart = at >= handed and "/" not in (word.plain or "/")
        for value in word.values:
            if option in NO_PATH_OPTIONS:
                continue
            if option in MESSAGE_OPTIONS:
                text_of(value, word.node, state, reading)
            else:
                path = bare <= at < handed or option in PATH_OPTIONS
                doubt = BARE if reading.apart and not path else ""
                _argument(name, value, word, cwd, line, state, reading, bare=path or reading.apart, doubt=doubt)
        reading.apart = False
        option = (word.plain or "") if (word.plain or "").startswith("-") else ""


def _elsewhere(name: str, words: list[Argument], state: State, reading: Reading) -> Values:
    """The folder that `-C` of tar, git and make goes to."""
    options = _CHANGES_FOLDER.get(name, ())
    for at, word in enumerate(words[:-1]):
        if word.plain in options:
            line = reading.line(word.node)
            for value in words[at + 1].values:
                reading.path(value, state.cwd, line, bare=True)
            return distinct(goto(cwd, value, line, reading) for cwd in state.cwd for value in words[at + 1].values)
    return state.cwd


def _bare_from(name: str, words: list[Argument]) -> int:
    """The place of the first word that is a path even without a slash; beyond the end if there is none."""
    plain = [at for at, word in enumerate(words) if at and not (word.plain or "").startswith("-")]
    texts = [words[at].plain for at in plain]
    if "--" in [word.plain for word in words] and name == "git":
        return [word.plain for word in words].index("--")
    if name == "git":
        skip = 1 if texts[:1] and texts[0] in GIT_READS_PATHS else None
    elif name == "helm":
        skip = 1 if texts[:1] and texts[0] in HELM_CHART_FIRST and len(plain) == 2 else None  # noqa: PLR2004  # subcommand and chart
        skip = 2 if texts[:1] and texts[0] in HELM_CHART_SECOND and len(plain) > 2 else skip  # noqa: PLR2004  # and the release
        skip = 2 if texts[:1] and texts[0] in ("dependency", "dep", "show") else skip
    elif name in PATTERN_FIRST:
        skip = 1 + (texts[:1] in (["eval"], ["e"], ["ea"], ["eval-all"]))
    else:
        skip = 0 if name in READS_PATHS else None
    return plain[skip] if skip is not None and skip < len(plain) else len(words)


def _handed_from(name: str, words: list[Argument], state: State, reading: Reading) -> int:
    """The place of the first word that a script of this repository is given; beyond the end if none is run."""
    if name in RUNS_A_FILE:
        return next((at for at, word in enumerate(words) if at and not (word.plain or "").startswith("-")), len(words)) + 1
    called = [value for value in words[0].values if "/" in value.text]
    places = {folder for value in called for cwd in state.cwd for folder in under(cwd, value).folders()}
    return 1 if any(folder in reading.tree.entries for folder in places) else len(words)


def _argument(  # noqa: PLR0913, PLR0917  # where it stands, and how it is read
    name: str,
    value: Value,
    word: Argument,
    cwd: Values,
    line: int,
    state: State,
    reading: Reading,
    *,
    bare: bool,
    doubt: str = "",
) -> None:
    if _TEXT.search(value.text):
        text_of(value, word.node, state, reading, f"it stands in a text that `{name or 'a command'}` reads", code=True)
        if value.doubt:
            reading.path(value, cwd, line, bare=bare)
        return
    for part, other in _parts(name, value):
        joined = name == "helmfile" and value.text.startswith("-f")
        reading.path(part, cwd, line, bare=bare or joined or _option(value) in PATH_OPTIONS, doubt=doubt or other)


def _option(value: Value) -> str:
    return value.text.partition("=")[0] if value.text.startswith("-") else ""


def _parts(name: str, value: Value) -> Iterator[tuple[Value, str]]:
    """An argument, or the paths that it is put together from: `--option=path`, `a.yaml,b.yaml`, `folder:/mount`."""
    text = value.text
    sign = "-f" if name == "helmfile" and text != "-f" else "@"  # `-fhelmfile.yaml`; curl reads a file by the other
    if text.startswith(sign) and "=" not in text[:3]:
        yield replace(cut(value, len(sign), len(text)), doubt=value.doubt), ""
    elif "=" in text.partition("/")[0]:
        at = text.index("=") + 1
        yield from _parts(name, replace(cut(value, at, len(text)), doubt=value.doubt))
    elif "," in text:
        for part in split(value, ","):
            yield from _parts(name, part)
    elif ":" in text and "://" not in text:
        for part in split(value, ":"):
            yield part, "" if name in CONTAINERS else f"`{name}` may mean another machine or another commit by the colon"
    elif not text.startswith("-"):
        yield value, ""
