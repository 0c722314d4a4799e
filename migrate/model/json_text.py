"""JSON as text that can be written as UTF-8, whatever bytes the names in it have."""

from __future__ import annotations

import json
import re
from typing import Any

HALVES = re.compile("[\ud800-\udfff]")


def json_text(document: Any, *, indent: int | None = None) -> str:  # noqa: ANN401  # what json.dumps takes
    """Sorted JSON; without `indent` on one line, without blanks.

    A byte that is no UTF-8 (half a character, as Python decodes it) becomes an escape, which json.loads reads back.
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(document, indent=indent, sort_keys=True, ensure_ascii=False, separators=separators)
    return HALVES.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
