"""The name by which a document calls its own repository: `vi platform/environments/dev/values.yaml`, from above the clone."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import takewhile

from migrate.model.references import Piece
from migrate.model.tree import Tree

_PATH = re.compile(r"(?<![\w./~@%+-])(?P<name>[\w][\w.-]*)/(?P<rest>[\w.-]+(?:/[\w.-]+)*)")
ENOUGH = 2
"""So many different paths below a name must be there, one of them in a folder, for the name to be that of the repository."""
_NEW = frozenset({"environments", "charts", "values", "helmfile.yaml", "helmfile.yaml.gotmpl", "helmfile.d"})
"""What may lie in the new tree as well: a document that knows it already names `helmfile/environments`."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """`names` mean the top of the repository; `top` are the files and folders there, which are no such names."""

    names: frozenset[str] = frozenset()
    top: frozenset[str] = field(default=frozenset())

    def from_top(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...] | None:
        """The pieces behind the repository's own name; None if they do not begin with it."""
        text = _beginning(pieces)
        for name in self.names:
            found = re.match(rf"(?:~/|/|\./|(?:\.\./)+)?(?:[\w.-]+/)*?{re.escape(name)}/", text)
            if found:
                return _behind(pieces, found.end())
        return None

    def behind_unknown(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...] | None:
        """The pieces with a first folder that is not here as a hole; None if it is here, or no single name."""
        name, slash, rest = _beginning(pieces).partition("/")
        if not slash or not rest or name in self.top or name == "helmfile" or not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):
            return None
        return Piece(name, hole=True), *_behind(pieces, len(name))

    def without(self, folder: str) -> str:
        """A folder that begins with the repository's own name, from the top."""
        name, _, rest = folder.partition("/")
        return rest if name in self.names else folder


def _beginning(pieces: tuple[Piece, ...]) -> str:
    """The text up to the first hole."""
    return "".join(piece.text for piece in takewhile(lambda piece: not piece.hole, pieces))


def _behind(pieces: tuple[Piece, ...], count: int) -> tuple[Piece, ...]:
    """The pieces without so many characters at the start."""
    rest: list[Piece] = []
    for piece in pieces:
        if count >= len(piece.text) and not rest:
            count -= len(piece.text)
        elif not rest:
            offset = None if piece.offset is None else piece.offset + len(piece.text[:count].encode())
            rest.append(Piece(piece.text[count:], offset, piece.hole))
        else:
            rest.append(piece)
    return tuple(rest)


def own_names(text: str, tree: Tree) -> OwnName:
    """The names under which a text speaks of several paths that are in the tree."""
    top = frozenset(path.partition("/")[0] for path in tree)
    below: dict[str, set[str]] = defaultdict(set)
    for found in _PATH.finditer(text):
        rest = found["rest"].rstrip(".")
        if found["name"] not in top and rest.partition("/")[0] in top - _NEW:
            below[found["name"]].add(rest)
    wanted = {rest for paths in below.values() if len(paths) >= ENOUGH for rest in paths}
    known = {path for path in wanted if path in tree or tree.is_folder(path)}
    return OwnName(frozenset(name for name, paths in below.items() if _enough(paths & known)), top)


def _enough(paths: set[str]) -> bool:
    return len(paths) >= ENOUGH and any("/" in path for path in paths)
