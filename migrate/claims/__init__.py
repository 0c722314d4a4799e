"""What a proof asserts: one file a claim, each with NAME, ASSERTS and `judge`. Pure: they judge what was gathered."""

from __future__ import annotations

from collections.abc import Callable

from migrate.claims import (
    bytes_kept,
    charts_locked,
    commands_equal,
    comments_kept,
    deploys_equal,
    every_file_has_a_verdict,
    hooks_equal,
    inputs_equal,
    loads_on_current,
    no_stale_mentions,
    order_kept,
    references_resolve,
    renders_equal,
    renders_offline,
    syntax_kept,
    values_equal,
    variables_equal,
)
from migrate.claims.gathered import Gathered
from migrate.model.proof import ClaimResult

Claim = Callable[[Gathered], ClaimResult]

CLAIMS: tuple[Claim, ...] = (
    inputs_equal.judge,
    renders_equal.judge,
    deploys_equal.judge,
    order_kept.judge,
    values_equal.judge,
    hooks_equal.judge,
    comments_kept.judge,
    every_file_has_a_verdict.judge,
    bytes_kept.judge,
    references_resolve.judge,
    no_stale_mentions.judge,
    syntax_kept.judge,
    commands_equal.judge,
)
"""Every claim of every proof."""

ON_CURRENT: Claim = loads_on_current.judge
"""The claim that needs helmfile 1.x."""

OFFLINE: Claim = renders_offline.judge
"""The claim that needs a network that can be cut off."""

WITH_VARIABLES: Claim = variables_equal.judge
"""The claim on trees whose templates read environment variables."""

LOCKED: Claim = charts_locked.judge
"""The claim on branches for which the migration wrote a lock of the charts (`charts_locked.is_asked`)."""

__all__ = ["CLAIMS", "LOCKED", "OFFLINE", "ON_CURRENT", "WITH_VARIABLES", "Claim", "Gathered"]
