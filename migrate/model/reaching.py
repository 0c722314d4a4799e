"""What was seen of programs that wanted the network while it was cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from migrate.model.facts import Failure

COPY = "copy:"
"""In front of the digest of a chart that helmfile copied in order to change it."""


class Wish(StrEnum):
    """What the network was wanted for, in words."""

    CHART = "a chart, or the index of a repository"
    FILE = "a values file (git:: or a URL)"
    SCHEMA = "a schema that values.schema.json names with `$ref`"
    COMMAND = "a command of the repository (`exec` or a hook)"
    SECRET = "a secret of a store (vals, `ref+…`)"  # noqa: S105  # words for people
    UNKNOWN = "something"


@dataclass(frozen=True, slots=True)
class ReachOut:
    """A call that failed with the network cut off, and not otherwise, or whose own words say that it wanted the network.

    `environment` and `command` are those of a run of helmfile, empty for a call of helm itself: then `argv` and `chart_folder`
    are those of its inputs. `address` is a host, with the scheme if that was said; never a user, a path or a query.
    """

    wish: Wish
    address: str
    environment: str = ""
    command: str = ""
    argv: tuple[str, ...] = ()
    chart_folder: str = ""

    def __str__(self) -> str:
        return f"{self.wish} from {self.address}" if self.address else str(self.wish)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the real `helm dependency build` of a chart came to with the network cut off.

    `failure` is None if it succeeded; `wanted` says whether it failed for want of the network, and `address` which host.
    """

    failure: Failure | None = None
    wanted: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Offline:
    """The new side with the network cut off. `prepared` has the charts whose dependencies helmfile has built, by
    their folder in the tree, or by COPY and a digest.
    """

    reached: tuple[ReachOut, ...] = ()
    prepared: Mapping[str, Prepared] = field(default_factory=lambda: MappingProxyType({}))
