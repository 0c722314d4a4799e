"""The inventory as JSON. Values are left out: they may be secrets."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from migrate.model.facts import Failure
from migrate.model.inventory import Inventory, StateEntry

SCHEMA = "migrate/inventory/1"
HIDDEN = {"built"}


def inventory_json(inventory: Inventory) -> str:
    """Everything that was found, sorted, with a final newline."""
    document = _plain(inventory) | {
        "schema": SCHEMA,
        "loads": {name: _outcome(built) for name, built in inventory.built.items()},
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _outcome(built: object) -> str:
    return built.message if isinstance(built, Failure) else "loads"


def _plain(value: object) -> Any:  # noqa: ANN401  # JSON is of any kind
    if isinstance(value, StateEntry):
        return {"parent": value.parent, "line": value.line, "path": value.text, "passesAllValues": value.passes_all}
    if is_dataclass(value):
        return {_camel(f.name): _plain(getattr(value, f.name)) for f in fields(value) if f.name not in HIDDEN}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
