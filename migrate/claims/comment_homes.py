"""Comments of the old side -> those of the new one that stand beside the same nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.formats.comment_places import NodePath, PlacedComment


class Places:
    """The comments of the new side; each is the home of one comment only."""

    def __init__(self, comments: Sequence[PlacedComment], nodes: frozenset[NodePath] | None = None) -> None:
        """`nodes` are those of the new side: a comment behind a key that is gone may stand beside another one of its parent's."""
        self._free = dict(enumerate(comments))
        self._nodes = nodes

    def without_home(self, comments: Iterable[PlacedComment], parts: Sequence[str] = ()) -> tuple[PlacedComment, ...]:
        """The comments that have none, or stand in another order there. Of parts of the document, if any are named."""
        lost: list[PlacedComment] = []
        place: tuple[NodePath, NodePath] = (), ()
        last = -1
        for comment in comments:
            if parts and not (_inside(comment.before, parts) or _inside(comment.after, parts)):
                continue
            last = last if place == (comment.before, comment.after) else -1
            place = comment.before, comment.after
            home = next((at for at, other in self._free.items() if at > last and self._fits(comment, other)), None)
            if home is None:
                lost.append(comment)
            else:
                del self._free[home]
                last = home
        return tuple(lost)

    def _fits(self, comment: PlacedComment, other: PlacedComment) -> bool:
        return comment.is_beside(other) or (self._nodes is not None and comment.is_in_place_of(self._nodes, other))


def _inside(path: NodePath, parts: Sequence[str]) -> bool:
    return len(path) > 1 and path[0] in parts
