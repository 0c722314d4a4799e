"""The index.yaml of a chart repository: does it list an archive with these bytes?

An index may have tens of megabytes, so it is searched as text, which is enough: a SHA-256 stands for one content only.
"""

from __future__ import annotations

import re

_DIGEST = re.compile(rb"digest[\"']?\s*:")


def listed_digest(index: bytes, name: str, sha256: str) -> bool:
    """Whether the index lists the digest; also where it lists none for any version of the chart, so that nothing contradicts."""
    if sha256.encode() in index:
        return True
    return not _DIGEST.search(_of_chart(index, name))


def _of_chart(index: bytes, name: str) -> bytes:
    """The lines of one chart, in the form in which `helm repo index` writes them; the whole index where they can't be told."""
    entry = re.search(rb"^(?P<indent> +)[\"']?" + re.escape(name.encode()) + rb"[\"']?:\s*$", index, re.MULTILINE)
    if not entry:
        return index
    after = re.compile(rb"^(?:" + entry["indent"] + rb")?[^\s\-#]", re.MULTILINE).search(index, entry.end())
    return index[entry.end() : after.start() if after else len(index)]
