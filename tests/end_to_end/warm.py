"""`migrate` as a process of its own that has nothing to import: forked from one that waits with all modules read.

To read them takes a second of each run, and the tests make some hundred runs. Two waiting processes take turns: their sets have
different orders, as those of any two runs have, so that what hangs on such an order still shows.
"""

from __future__ import annotations

import atexit
import gc
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

TOP = Path(__file__).parents[2]
OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG")
"""Variables that Python reads when it starts and never again."""


@dataclass(frozen=True)
class Run:
    """A run under way. `pid` is its process, which leads a group of its own if that was asked for."""

    words: Sequence[str]
    pid: int
    answers: IO[str]
    folder: Path

    def ended(self) -> bool:
        """Whether it is over, without waiting for it."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def wait(self) -> subprocess.CompletedProcess[str]:
        """Its end; a negative exit code is the signal that ended it."""
        code = int(self.answers.readline())
        return subprocess.CompletedProcess(self.words, code, *((self.folder / name).read_text() for name in ("out", "err")))


class Waiting:
    """A process that waits for command lines and runs them one after the other."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp()
        command = [sys.executable, "-m", "tests.end_to_end.warm", self._folder]
        self._process = subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self._process.communicate)

    def start(self, words: Sequence[str], *, own_group: bool) -> Run:
        """`migrate WORDS` in the folder and with the variables that this process has now."""
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        variables = dict(os.environ)
        asked = {"words": words, "cwd": str(Path.cwd()), "variables": variables, "to": self._folder, "own group": own_group}
        questions.write(json.dumps(asked) + "\n")
        questions.flush()
        return Run(words, int(answers.readline()), answers, Path(self._folder))


@cache
def _taking_turns(_of_the_interpreter: tuple[tuple[str, str], ...]) -> Iterator[Waiting]:
    return itertools.cycle(Waiting() for _ in range(2))


def start(words: Sequence[str], *, own_group: bool = False) -> Run:
    """Start `migrate WORDS`; wait for its end before the next but one is started."""
    fixed = {name: value for name, value in os.environ.items() if name.startswith(OF_THE_INTERPRETER)}
    return next(_taking_turns(tuple(sorted(fixed.items())))).start(words, own_group=own_group)


def serve() -> None:
    """Fork for each line that comes in, and tell its process and its end. Comes back in each fork, to go on with `migrate`.

    Once nobody can ask any more, the folder for the outputs goes.
    """
    for line in iter(sys.stdin.readline, ""):
        if (pid := os.fork()) == 0:
            become(json.loads(line))
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        sys.stdout.flush()
    shutil.rmtree(sys.argv[1])
    sys.exit()


def become(asked: Mapping[str, Any]) -> None:
    """Take over the folder, the variables and the words, as if this process had been started with them."""
    if asked["own group"]:
        os.setsid()
    for number, path in ((0, Path(os.devnull)), (1, Path(asked["to"], "out")), (2, Path(asked["to"], "err"))):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["variables"])
    time.tzset()
    os.chdir(asked["cwd"])
    sys.argv[1:] = asked["words"]


if __name__ == "__main__":
    from migrate.__main__ import run
    from migrate.cli import main

    assert main  # what `run` would import
    gc.freeze()
    serve()
    sys.argv[0], __package__ = "migrate", ""  # as of the installed command, for click to name it in its usage
    run()
