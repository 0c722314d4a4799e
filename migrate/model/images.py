"""Container images that renders name, and how they compare with lists that a repository keeps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrate.model.facts import CellId


class Place(StrEnum):
    """Where an image stands, in words."""

    CONTAINER = "container"
    """a container of a pod or of what makes pods: it is pulled"""
    CUSTOM = "custom resource"
    """a key `image` of another kind of object: what its controller makes of it is not known here"""
    ARGUMENT = "argument or variable"
    """a word of a container's command or environment that looks like an image of a registry"""


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """An image as an object names it: its text as rendered, what kind of place, the object, and where in it."""

    text: str
    place: Place
    subject: str
    where: str


@dataclass(frozen=True, slots=True)
class Image:
    """One image. `name` is whole (registry, `library/`, tag), `texts` are its spellings, `uses` who names it, cell by cell."""

    name: str
    texts: tuple[str, ...]
    uses: tuple[tuple[CellId, Named], ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """The kinds of places that name it, the surest first."""
        return tuple(sorted({named.place for _, named in self.uses}, key=list(Place).index))


@dataclass(frozen=True, slots=True)
class ListComparison:
    """A list of the repository against the rendered images.

    `surplus` is listed and not rendered; `other_tag` pairs a rendered image that no list has with what this one has instead.
    """

    path: str
    listed: int
    surplus: tuple[str, ...]
    other_tag: tuple[tuple[str, tuple[str, ...]], ...]
    unread: tuple[int, ...] = ()
    """lines that name no image"""


@dataclass(frozen=True, slots=True)
class ImageReport:
    """All images of a commit.

    `missing` are in none of the lists, whatever the tag. `unrendered` are cells that could not be rendered, with the cause: what
    they name is not among the images. `bypassing` are images that keep their registry when `registry_setting` is set.
    """

    commit: str
    state: str
    images: tuple[Image, ...]
    unrendered: tuple[tuple[CellId, str], ...]
    missing: tuple[str, ...]
    lists: tuple[ListComparison, ...]
    registry_setting: str = ""
    bypassing: tuple[Image, ...] = ()
