"""How a text for people is to be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrate.references.prose.own_name import OwnName


@dataclass(frozen=True, slots=True)
class Reading:
    """The folders that its paths start from, the likeliest first; the kind of file; the doubt that all its mentions have.

    `own` knows by which names the text calls this repository. `group` is empty where each mention stands for itself.
    """

    folders: tuple[str, ...]
    kind: str
    doubt: str = ""
    own: OwnName = field(default_factory=OwnName)
    group: str = ""

    def group_at(self, offset: int) -> str:
        """The group of a mention at a byte of the file."""
        return self.group or f"prose {offset}"
