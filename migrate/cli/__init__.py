"""The command line: parse, call one pipeline function, report, exit code."""

import gc

COLLECT_AFTER = 100_000
"""New objects between two looks for cycles. Values have none; looking as often as Python does takes a tenth of a plan."""

gc.set_threshold(COLLECT_AFTER, 20, 20)

from migrate.cli.app import main  # noqa: E402  # most objects are made by these imports

__all__ = ["main"]
