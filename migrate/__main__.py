"""`migrate`, and `python -m migrate`."""

import signal
import sys


def run() -> None:
    """The command line; Ctrl-C while its modules are still being read is said in a word as it is later."""
    try:
        from migrate.cli import main  # noqa: PLC0415  # most of the time before the first command goes into this import

        main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    run()
