"""Documents that tell what was: a changelog, the notes of a meeting."""

from __future__ import annotations

import re

HISTORY = "a dated note: history is left as it is"
_NAME = re.compile(r"(?i)(?:changelog|changes|history|news|release[-_. ]?notes?)(?:[-_. ].*)?\.[a-z]+")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?P<sign>[-_.]?)(?:0[1-9]|1[0-2])(?:(?P=sign)(?:[0-2]\d|3[01]))?(?!\d)")
_FOLDER = re.compile(
    r"(?i)changelogs?|history|meetings?|meeting[-_ ]notes|minutes|notes|release[-_ ]?notes|roadmaps?|archive|journal"
)


def doubt_of(path: str) -> str:
    """Why nothing in a document is to be rewritten; empty for one that says how things are."""
    folder, _, name = path.rpartition("/")
    dated = _NAME.fullmatch(name) or _DATE.search(name) or any(_FOLDER.fullmatch(part) for part in folder.split("/"))
    return HISTORY if dated else ""
