"""How long a proof takes, measured as whole processes in one run, against two plain ways of comparing two trees.

    python benchmarks/bench.py proof REPO --base REF     one repository, ratios against the plain ways
    python benchmarks/bench.py scale                     made repositories of 10, 50 and 200 releases × 10 environments

The plain ways render both sides with helmfile and helm and compare nothing. Every figure is the wall-clock time of a process and
its children in seconds. Runs of the compared ways alternate, because machines are noisy: only the ratios are to be quoted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from migrate.system.toolbox import ToolOptions, ToolPair, find
from tests.fixtures.scale import make_scale

MIGRATE = (sys.executable, "-m", "migrate")
MEASURED = """
import resource, sys
from migrate.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
except SystemExit:
    pass
finally:
    unit = 1 if sys.platform == "darwin" else 1024
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, file=sys.stderr)
"""
IDENTITY = {
    f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in (("NAME", "Bench"), ("EMAIL", "b@example.org"))
}
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | IDENTITY
"""What migrate is measured with: Python keeps its bytecode, as it does for anybody who installed it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Both trees written out, as somebody comparing them by hand would have them."""

    old: Path
    new: Path
    pair: ToolPair
    environments: tuple[str, ...]
    releases: tuple[str, ...]

    def states(self) -> Iterator[tuple[Path, str]]:
        """Folder and state file of each side."""
        yield self.old, "helmfile.yaml"
        yield self.new, "helmfile/helmfile.yaml"

    def helmfile(self, folder: Path, *arguments: str) -> None:
        """Run helmfile; failing environments are part of the job."""
        with tempfile.TemporaryDirectory() as home:
            environment = {"PATH": f"{self.pair.helm.path.parent}:/usr/bin:/bin", "HOME": home, "TMPDIR": home}
            command: list[str | Path] = [self.pair.helmfile.path, "--helm-binary", self.pair.helm.path, *arguments]
            subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)

    def by_environment(self) -> None:
        """`helmfile template` for each environment, on both sides."""
        for folder, state in self.states():
            for environment in self.environments:
                self.helmfile(folder, "-f", state, "-e", environment, "template")

    def by_cell(self) -> None:
        """`helmfile template` for each environment and release, on both sides."""
        for folder, state in self.states():
            for environment in self.environments:
                for release in self.releases:
                    extra = ("template", "--skip-deps", "--include-crds")
                    self.helmfile(folder, "-f", state, "-e", environment, "-l", f"name={release}", *extra)


def seconds(action: Callable[[], object]) -> float:
    """The wall-clock time of an action."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def migrate(repo: Path, *arguments: str) -> tuple[float, int]:
    """Seconds and peak memory in bytes of one run of migrate; it must succeed."""
    start = time.perf_counter()
    command = [sys.executable, "-c", MEASURED, *arguments, "--repo", str(repo)]
    done = subprocess.run(command, env=ENVIRONMENT, check=False, capture_output=True, text=True)
    passed = time.perf_counter() - start
    lines = [line for line in done.stderr.splitlines() if line.startswith("peak ")]
    if done.returncode or not lines or "error [" in done.stderr:
        sys.exit(f"migrate {' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return passed, int(lines[-1].split()[1])


def clone(repo: Path, folder: Path, revision: str) -> Path:
    """A clone with a checkout of the revision; missing blobs are left out."""
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(repo), str(folder)], check=True)
    subprocess.run(["git", "checkout", "-q", "-f", revision], cwd=folder, check=False, capture_output=True)
    return folder


def proof(repo: Path, base: str, rounds: int) -> None:
    """The cold proof against both plain ways, and the second plan."""
    with tempfile.TemporaryDirectory() as scratch:
        old = clone(repo, Path(scratch) / "old", base)
        first = migrate(old, "apply", "-q", "--branch", "bench/migrated")[0]
        new = clone(old, Path(scratch) / "new", "origin/bench/migrated")
        document = json.loads(
            subprocess.run([*MIGRATE, "inventory", "--json", "-q"], cwd=old, check=True, capture_output=True).stdout
        )
        loading = tuple(name for name, outcome in document["loads"].items() if outcome == "loads")
        releases = tuple(release["name"] for release in document["releases"])
        sides = Sides(old, new, find(ToolOptions(repository=None)).pair(), loading, releases)
        rows: dict[str, list[float]] = {name: [] for name in ("prove", "by environment", "by cell", "second plan")}
        peaks = []
        unremembered = migrate(old, "plan", "-q")[0]
        for _ in range(rounds):
            passed, peak = migrate(old, "prove", "-q", "--branch", "bench/migrated")
            rows["prove"].append(passed)
            peaks.append(peak)
            rows["by environment"].append(seconds(sides.by_environment))
            rows["by cell"].append(seconds(sides.by_cell))
            rows["second plan"].append(migrate(old, "plan", "-q")[0])
        click.echo(f"{len(loading)} environments × {len(releases)} releases; first apply {first:.1f} s")
        report(rows)
        click.echo(f"first plan {unremembered:.1f} s")
        click.echo(f"peak memory of migrate's own process: {max(peaks) / 1e6:.0f} MB")


def report(rows: dict[str, list[float]]) -> None:
    """Medians, and the ratios to the way by cell and the way by environment, pair by pair."""
    for name, times in rows.items():
        to_cell = statistics.median(a / b for a, b in zip(times, rows["by cell"], strict=True))
        to_environment = statistics.median(a / b for a, b in zip(times, rows["by environment"], strict=True))
        middle = statistics.median(times)
        click.echo(f"{name:15} {middle:7.1f} s   {to_cell:5.2f} × by cell   {to_environment:5.2f} × by environment")


def scale(sizes: Sequence[int], environments: int) -> None:
    """How plan and proof grow."""
    for releases in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            repo = Path(scratch) / "made"
            make_scale(repo, releases, environments)
            planned, _ = migrate(repo, "plan", "-q")
            applied, peak = migrate(repo, "apply", "-q", "--branch", "bench/migrated")
            cells = releases * environments
            click.echo(
                f"{releases:4} releases × {environments}: plan {planned:6.1f} s, apply with proof {applied:6.1f} s "
                f"({applied / cells * 1000:.0f} ms a cell), peak {peak / 1e6:.0f} MB"
            )


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("proof")
    one.add_argument("repo", type=Path)
    one.add_argument("--base", default="HEAD")
    one.add_argument("--rounds", type=int, default=3)
    many = commands.add_parser("scale")
    many.add_argument("--releases", type=int, nargs="+", default=[10, 50, 200])
    many.add_argument("--environments", type=int, default=10)
    chosen = parser.parse_args()
    if chosen.command == "proof":
        proof(chosen.repo.resolve(), chosen.base, chosen.rounds)
    else:
        scale(chosen.releases, chosen.environments)


if __name__ == "__main__":
    main()
