"""The id of a tree before git has it: what a commit message can say of its own commit's files."""

from __future__ import annotations

import hashlib

from migrate.model.tree import SHA1_DIGITS, Tree

FOLDER_MODE = b"40000"

Folder = dict[bytes, "tuple[bytes, str] | Folder"]
"""name -> mode and object id, or what lies in a folder"""


def tree_id(tree: Tree) -> str:
    """The id that git gives a tree with exactly these files: that of `git rev-parse COMMIT^{tree}`.

    Modes are those that git's index can hold; a tree of an old commit with other ones (100664) has another id in git.
    """
    top: Folder = {}
    for path, entry in tree.entries.items():
        *above, name = path.encode("utf-8", "surrogateescape").split(b"/")
        folder = top
        for each in above:
            below = folder.setdefault(each, {})
            assert isinstance(below, dict)  # noqa: S101  # no path is a file and a folder at once
            folder = below
        folder[name] = entry.mode.encode(), entry.oid
    digits = next((len(entry.oid) for entry in tree.entries.values()), SHA1_DIGITS)
    return _written(top, "sha1" if digits == SHA1_DIGITS else "sha256")


def _written(folder: Folder, algorithm: str) -> str:
    """Entries are sorted as if a folder's name ended in a slash (git's base_name_compare)."""
    lines = []
    for name, found in sorted(folder.items(), key=lambda item: item[0] + b"/" * isinstance(item[1], dict)):
        mode, oid = (FOLDER_MODE, _written(found, algorithm)) if isinstance(found, dict) else found
        lines.append(mode + b" " + name + b"\0" + bytes.fromhex(oid))
    content = b"".join(lines)
    return hashlib.new(algorithm, b"tree %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
