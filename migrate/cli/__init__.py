"""The command line: parse, call one pipeline function, report, exit code."""

import gc
import sys

COLLECT_AFTER = 100_000
"""New objects between two looks for cycles. Values have none; looking as often as Python does takes a tenth of a plan."""
TURN = 0.001
"""Seconds that a thread which reads files keeps those waiting that start helmfile and take what it says; by itself 0.005."""

gc.set_threshold(COLLECT_AFTER, 20, 20)
sys.setswitchinterval(TURN)

from migrate.cli.app import main  # noqa: E402  # most objects are made by these imports

__all__ = ["main"]
