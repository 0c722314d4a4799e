"""What the real tools tell of each case that a test has: asked once, and kept for later runs if a folder is given.

The claims are pure functions over what was gathered, so that a test of a whole proof is a quick one with that at hand.
"""

from __future__ import annotations

import copyreg
import functools
import hashlib
import pickle
import sys
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from migrate import measuring
from migrate.claims.gathered import Gathered
from migrate.model.case import ProofCase
from tests.claims.conftest import RememberingSides


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """By this name pickle finds it; the type itself has none."""
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))


class Measured:
    """`gather` that asks the real tools for each case once. A test whose case is not known once it is closed is skipped."""

    def __init__(self, folder: Path | None) -> None:
        self._real = measuring.gather
        self._known: dict[str, Gathered] = {}
        self._folder = folder
        self.closed = False
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def gather(self, case: ProofCase, factory: Any, progress: Any, *, only: str = "") -> Gathered:  # noqa: ANN401  (as given)
        """As the real one. Sides that a test tells beforehand are asked anew."""
        if not isinstance(factory, RememberingSides):
            return self._real(case, factory, progress, only=only)
        key = _key(case, only, "modern helmfile" in factory.versions(), factory.without_network())
        if key not in self._known:
            kept = self._folder / key if self._folder else None
            if kept is not None and kept.exists():
                self._known[key] = pickle.loads(kept.read_bytes())  # noqa: S301  (this program wrote it)
            elif self.closed:
                pytest.skip("nothing was measured for this case")
            else:
                self._known[key] = self._real(case, factory, progress, only=only)
                if kept is not None:
                    kept.write_bytes(pickle.dumps(self._known[key]))
        return self._known[key]

    def install(self) -> None:
        """Put it in the place of the real one, wherever that was imported."""

        @functools.wraps(self._real)
        def gather(*given: Any, **named: Any) -> Gathered:  # noqa: ANN401  (as given)
            return self.gather(*given, **named)

        for module in list(sys.modules.values()):
            if getattr(module, "gather", None) is self._real:
                vars(module)["gather"] = gather


def _key(case: ProofCase, *more: object) -> str:
    trees = [sorted((path, str(entry.mode), entry.oid) for path, entry in tree.entries.items()) for tree in (case.old, case.new)]
    others = [(each.name, repr(getattr(case, each.name))) for each in fields(case) if each.name not in ("old", "new")]
    return hashlib.sha256(repr((trees, others, more)).encode()).hexdigest()
