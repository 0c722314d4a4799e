"""What outlives a run, outside of the repository."""

from __future__ import annotations

from typing import Any, Protocol


class Memory(Protocol):
    """What earlier runs measured, under a digest of all that it depends on. It never holds renders or values."""

    def recall(self, key: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        """What was kept under a key, or None."""
        ...

    def keep(self, key: str, value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
        """Keep a value that JSON can hold."""
        ...
