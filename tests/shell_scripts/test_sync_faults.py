"""sync-charts.sh when something goes wrong half way: each chart is the old one or the new one, and the next run needs no help."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.shell_scripts.migrated import LOCK, Migrated
from tests.shell_scripts.served import ChartRepository, archive
from tests.small_disk import run_on_small_disk

SYNC = "sync-charts.sh"
REDIS = "helmfile/charts/external/redis"
UPGRADE = ("--upgrade", "redis", "--version", "1.1.0")
KILLER = """\
#!/bin/bash
# Counts the calls of {program}; kills the script that makes call number $KILL_AT, before or after it is done.
number=$(($(cat "$KILL_COUNT" 2>/dev/null || echo 0) + 1))
echo "$number" >"$KILL_COUNT"
if [ "$number" = "$KILL_AT" ] && [ "$KILL_WHEN" = before ]; then kill -KILL "$PPID"; exit; fi
{real} "$@"
code=$?
if [ "$number" = "$KILL_AT" ]; then kill -KILL "$PPID"; fi
exit $code
"""


def program(folder: Path, name: str, text: str) -> Path:
    """A program that stands before others on PATH. Its folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return folder


def with_killer(repo: Migrated, folder: Path) -> dict[str, str]:
    """Variables with which `mv` and `rm` of a folder kill the script."""
    for name in ("mv", "rm", "ln", "mkdir"):
        program(folder, name, KILLER.format(program=name, real=repo.system / name))
    return {"PATH": f"{folder}:{repo.environment()['PATH']}", "KILL_COUNT": str(folder / "count")}


def version_of(repo: Migrated) -> str:
    """The version of redis, which chart and lock agree on."""
    version = (repo.top / REDIS / "values.yaml").read_text().removeprefix("tag: ").strip()
    assert f'version: "{version}"' in (repo.top / LOCK).read_text()
    return version


def test_killed_after_any_step_the_next_run_finds_the_old_or_the_new_chart(stocked: Migrated, tmp_path: Path) -> None:
    """Every call of mv, rm, ln and mkdir is a step; nothing else changes the repository."""
    found: list[str] = []
    variables = with_killer(stocked, tmp_path / "killer")
    no_network = program(tmp_path / "no network", "helm", "#!/bin/sh\nexit 1\n")
    for number in range(60):
        Path(variables["KILL_COUNT"]).unlink(missing_ok=True)
        repo = stocked.copy(tmp_path / str(number))
        at = {"KILL_AT": str(number or 1), "KILL_WHEN": "after" if number else "before"}
        done = repo.run(SYNC, *UPGRADE, cwd=None, **variables, **at)
        if done.returncode == 0:
            assert (set(found), version_of(repo)) == ({"1.0.0", "1.1.0"}, "1.1.0")
            assert len(found) > 15
            return
        assert done.returncode == -signal.SIGKILL
        settled = repo.run(SYNC, PATH=f"{no_network}:{repo.environment()['PATH']}")
        assert (settled.returncode, "agree with" in settled.stdout) == (0, True), settled.stdout + settled.stderr
        assert not (repo.top / "helmfile/charts/external/.sync-charts").exists()
        found.append(version_of(repo))
    raise AssertionError("there was no end to the steps")


def test_a_check_says_what_a_killed_run_left(stocked: Migrated) -> None:
    (stocked.top / "helmfile/charts/external/.sync-charts").mkdir()
    done = stocked.run(SYNC, "--check")
    assert done.returncode == 1
    assert "a run of this script was killed here: run sync-charts.sh" in done.stdout


@pytest.mark.parametrize("fault", ["torn archive", "torn index", "no server"])
def test_a_server_that_dies_half_way_leaves_everything_as_it_was(stocked: Migrated, charts: ChartRepository, fault: str) -> None:
    charts.torn |= {"torn archive": {"redis-1.1.0.tgz"}, "torn index": {"index.yaml"}, "no server": set[str]()}[fault]
    url = ("--repo", "http://127.0.0.1:9") if fault == "no server" else ()
    before = stocked.state()
    done = stocked.run(SYNC, *UPGRADE, *url)
    assert (done.returncode, "could not be pulled" in done.stderr) == (1, True)
    assert "nothing is changed" in done.stderr
    assert stocked.state() == before


def test_a_full_disk_leaves_everything_as_it_was(stocked: Migrated) -> None:
    """The largest file that may be written is 8 kB; the chart's archive has 40."""
    before = stocked.state()
    script = stocked.top / "scripts" / SYNC
    command = ["bash", "-c", 'ulimit -f 8; exec "$0" "$@"', str(script), *UPGRADE]
    done = subprocess.run(command, env=stocked.environment(), check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert stocked.state() == before
    assert stocked.run(SYNC, *UPGRADE).returncode == 0


@pytest.mark.parametrize("room", [48, 112], ids=["while it is unpacked", "while it is locked"])
def test_on_a_disk_that_fills_up_everything_stays_as_it_was(stocked: Migrated, room: int) -> None:
    before = stocked.state()
    done = run_on_small_disk(stocked.top, room, [f"scripts/{SYNC}", *UPGRADE], stocked.environment())
    assert (done.returncode, stocked.state()) == (1, before)
    assert "kB are left on" in done.stderr
    assert "make room there and run this again" in done.stderr
    assert stocked.run(SYNC, *UPGRADE).returncode == 0


def test_terminated_it_cleans_up(stocked: Migrated, tmp_path: Path) -> None:
    slow = program(tmp_path / "slow", "helm", '#!/bin/sh\ntouch "$STARTED"\nsleep 1\nexit 1\n')
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = stocked.state()
    environment = stocked.environment(STARTED=str(tmp_path / "started"), TMPDIR=str(temporary))
    environment["PATH"] = f"{slow}:{environment['PATH']}"
    running = subprocess.Popen([stocked.top / "scripts" / SYNC, *UPGRADE], env=environment, stderr=subprocess.DEVNULL)
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    running.terminate()
    assert running.wait(timeout=120) == 143
    assert stocked.state() == before
    assert list(temporary.iterdir()) == []


def test_only_one_run_at_a_time(stocked: Migrated) -> None:
    running = stocked.top / "helmfile/charts/external/.sync-charts.pid"
    running.symlink_to(str(os.getpid()))
    done = stocked.run(SYNC)
    assert done.returncode == 1
    assert f"process {os.getpid()} is at work here already" in done.stderr
    assert running.is_symlink()


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("climbs", archive({"climbs/Chart.yaml": "name: climbs\nversion: 1.0.0\n", "climbs/../../../evil": "x"})),
        ("absolute", archive({"absolute/Chart.yaml": "name: absolute\nversion: 1.0.0\n", "/tmp/sync-charts-evil": "x"})),  # noqa: S108 -- the path that must not be written
        ("links", archive({"links/Chart.yaml": "name: links\nversion: 1.0.0\n"}, links={"links/values.yaml": "/etc/passwd"})),
        ("two", archive({"two/Chart.yaml": "name: two\nversion: 1.0.0\n", "other/Chart.yaml": "name: other\n"})),
        ("foreign", archive({"foreign/Chart.yaml": "name: else\nversion: 1.0.0\n"})),
    ],
)
def test_an_evil_archive_is_refused(repo: Migrated, tmp_path: Path, name: str, packed: bytes) -> None:
    copies = f'#!/bin/bash\nwhile [ "$1" != --destination ]; do shift; done\ncp "{tmp_path}/packed" "$2/x.tgz"\n'
    helm = program(tmp_path / "evil", "helm", copies)
    (tmp_path / "packed").write_bytes(packed)
    before = repo.state()
    arguments = ["--add", name, "--repo", "https://charts.example.com", "--version", "1.0.0"]
    done = repo.run(SYNC, *arguments, PATH=f"{helm}:{repo.environment()['PATH']}")
    assert (done.returncode, repo.state()) == (1, before)
    assert "refused" in done.stderr or "another chart" in done.stderr
    assert not Path("/tmp/sync-charts-evil").exists()  # noqa: S108 -- likewise
    assert not list(tmp_path.rglob("evil.*"))
