"""Whether a value of the new side is one more draw of what was seen to vary on the old side.

A chart that makes a password, a certificate or a UUID gives another one each time. Such a leaf is found by rendering the old
side more than once; the new one must then look like one more of the same: the words that stayed stay, those that varied keep
their length. A random word inside a longer text thus hides nothing of the rest.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from migrate.formats.manifests import kind, readable

FIXED_LENGTH = 64
"""A varying word up to this length (passwords, UUIDs, SHA-256 sums) never changes its length by chance."""
SLACK = 0.02
"""Certificates and keys in DER do: serial numbers and signatures are integers without leading zeros."""

_PEM = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)([A-Za-z0-9+/=\s]+)(-----END)")
_DELIMITERS = re.compile(r"([\s:\"'@,;&?<>()\[\]{}|]+)")


def is_another_draw(observed: Sequence[str], new: str) -> bool:
    """Whether `new` fits the values seen on the old side, of which at least two differ."""
    if len(set(observed)) < 2:  # noqa: PLR2004  (two values are what "varies" means)
        return False
    if {kind(leaf) for leaf in observed} != {kind(new)}:
        return False
    texts = [readable(leaf) for leaf in observed]
    plain = [_decoded(text) for text in (*texts, readable(new))]
    if all(text is not None for text in plain):
        readable_texts = [text for text in plain if text is not None]
        return _fits(readable_texts[:-1], readable_texts[-1])
    return _fits(texts, readable(new))


def _fits(observed: Sequence[str], new: str) -> bool:
    *observed, new = (_PEM.sub(_joined, text) for text in (*observed, new))
    rows = [_DELIMITERS.split(text) for text in observed]
    if len({len(row) for row in rows}) > 1:
        return _same_length(observed, new)
    words = _DELIMITERS.split(new)
    if len(words) != len(rows[0]):
        return False
    return all(_word_fits([row[i] for row in rows], word) for i, word in enumerate(words))


def _joined(block: re.Match[str]) -> str:
    """A PEM block with its base64 in one word: the length of its last line varies with that of the whole."""
    return f"{block[1]}\n{''.join(block[2].split())}\n{block[3]}"


def _word_fits(observed: Sequence[str], new: str) -> bool:
    if len(set(observed)) == 1:
        return new == observed[0]
    return _same_length(observed, new)


def _same_length(observed: Sequence[str], new: str) -> bool:
    shortest, longest = min(map(len, observed)), max(map(len, observed))
    slack = 0 if longest <= FIXED_LENGTH else max(8, int(longest * SLACK))
    return shortest - slack <= len(new) <= longest + slack


def _decoded(text: str) -> str | None:
    """The text behind base64, as in the data of a Secret; None if it is no base64 or no text."""
    try:
        found = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return found if found and all(c.isprintable() or c in "\n\r\t" for c in found) else None
