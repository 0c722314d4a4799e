"""Files that no commit holds, and that move along with the pieces beside them."""

from __future__ import annotations

from typing import NamedTuple

Pair = tuple[str, str]
"""old and new place"""


class Carried(NamedTuple):
    """Those that went along, and those that stay: in the way, out of reach, or no longer ignored at their new place."""

    along: tuple[Pair, ...] = ()
    left: tuple[Pair, ...] = ()
