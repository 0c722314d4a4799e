"""The kinds of faults, and N of them spread evenly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from types import MappingProxyType

from migrate.model.planted import Fault
from migrate.model.tree import SHA1_DIGITS, Entry, blob_id
from migrate.plant.charts import dropped_object, duplicated_container, secret, unread_file
from migrate.plant.comments import comment
from migrate.plant.drawing import turns
from migrate.plant.environments import environment
from migrate.plant.git_files import attribute, mode, unrelated
from migrate.plant.ground import Ground
from migrate.plant.hooks import hook
from migrate.plant.order import order
from migrate.plant.randomness import random_made_constant
from migrate.plant.releases import flag, label, namespace
from migrate.plant.values import key, value

Planter = Callable[[Ground, Random], Iterator[Fault]]

KINDS: Mapping[str, Planter] = MappingProxyType(
    {
        "value": value,
        "key": key,
        "order": order,
        "object": dropped_object,
        "container": duplicated_container,
        "secret": secret,
        "random": random_made_constant,
        "flag": flag,
        "label": label,
        "namespace": namespace,
        "environment": environment,
        "hook": hook,
        "attribute": attribute,
        "unread": unread_file,
        "unrelated": unrelated,
        "comment": comment,
        "mode": mode,
    }
)
"""Every kind of fault; one that finds no place yields nothing."""


def plant(ground: Ground, count: int, seed: int, kinds: Mapping[str, Planter] = KINDS) -> tuple[Fault, ...]:
    """At most `count` distinct faults, spread evenly over the kinds that have a place. The same seed plants the same ones."""
    drawn = turns([planter(ground, Random(f"{seed} {kind}")) for kind, planter in kinds.items()])  # noqa: S311 -- no secret
    found: dict[object, Fault] = {}
    for fault in drawn:
        if len(found) == count:
            break
        if _changes_something(ground, fault):
            found.setdefault((tuple(sorted(fault.put.items())), fault.drop), fault)
    return tuple(found.values())


def _changes_something(ground: Ground, fault: Fault) -> bool:
    entries = ground.case.new.entries
    digits = next((len(entry.oid) for entry in entries.values()), SHA1_DIGITS)
    old = (entries.get(path) for path in fault.put)
    new = (Entry(mode, blob if isinstance(blob, str) else blob_id(blob, digits)) for mode, blob in fault.put.values())
    return any(path in entries for path in fault.drop) or any(a != b for a, b in zip(old, new, strict=True))
