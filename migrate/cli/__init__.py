"""The command line: parse, call one pipeline function, report, exit code."""

from migrate.cli.app import main

__all__ = ["main"]
