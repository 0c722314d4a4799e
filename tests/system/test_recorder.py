from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from migrate.system.recorder import Recorder, install, read


@pytest.fixture
def real_helm(tmp_path: Path) -> Path:
    """Says what it was asked, in place of the real helm."""
    script = tmp_path / "helm"
    script.write_text('#!/bin/sh\necho "real $*"\nexit 5\n')
    script.chmod(0o700)
    return script


@pytest.fixture
def world(tmp_path: Path, real_helm: Path) -> World:
    return World(tmp_path, real_helm)


class World:
    """A workspace with a recorder."""

    def __init__(self, folder: Path, helm: Path) -> None:
        self.folder, self.helm = folder, helm
        self.workspace = folder / "work"
        self.workspace.mkdir()
        self.record = folder / "record"
        self.script = install(folder)
        self._variables: Mapping[str, str] = {}

    def start(self, **settings: object) -> None:
        recorder = Recorder(self.workspace, self.helm, "v3.15.3", **settings)  # type: ignore[arg-type] # named per test
        self._variables = recorder.environment(self.record)

    def call(self, *argv: str) -> subprocess.CompletedProcess[str]:
        if not self._variables:
            self.start()
        environment = {"PATH": os.defpath, **self._variables}
        return subprocess.run(
            [self.script, *argv], cwd=self.workspace, env=environment, capture_output=True, text=True, check=False
        )


def test_arguments_are_recorded_as_they_are(world: World) -> None:
    argv = ("upgrade", "--install", "name", "./chart", "--set", "a=b c\nd", "--set", "", "한글")
    assert world.call(*argv).returncode == 0
    (call,) = read(world.record)
    assert call.argv == argv
    assert call.cwd == world.workspace


def test_values_are_copied_in_order_before_they_go(world: World) -> None:
    for name in ("one", "two", "three"):
        (world.workspace / name).write_text(name)
    world.call("upgrade", "r", "c", "--values", "one", "-f", "two", "--values=three")
    for name in ("one", "two", "three"):
        (world.workspace / name).unlink()
    (call,) = read(world.record)
    assert [call.kept("values", n).read_text() for n in range(3)] == ["one", "two", "three"]


def test_set_files_and_post_renderers_are_copied(world: World) -> None:
    (world.workspace / "data").write_text("data")
    (world.workspace / "render.sh").write_text("script")
    world.call("upgrade", "r", "c", "--set-file", "a.b=data", "--post-renderer", "./render.sh")
    (call,) = read(world.record)
    assert call.kept("file", 0).read_text() == "data"
    assert call.kept("post-renderer", 0).read_text() == "script"


def test_a_chart_outside_of_the_workspace_is_copied_and_one_inside_is_not(world: World, tmp_path: Path) -> None:
    for folder in (tmp_path / "far", world.workspace / "near"):
        folder.mkdir()
        (folder / "Chart.yaml").write_text("name: x\n")
    world.call("upgrade", "r", str(tmp_path / "far"))
    world.call("upgrade", "r", "near")
    far, near = read(world.record)
    assert far.kept_chart is not None
    assert (far.kept_chart / "Chart.yaml").exists()
    assert near.kept_chart is None


@pytest.mark.parametrize("leading", [(), ("--kube-context", "diff"), ("--kubeconfig", "list")])
def test_the_verb_is_found_behind_global_flags(world: World, leading: tuple[str, ...]) -> None:
    world.start(installed=True)
    answer = world.call(*leading, "list", "--filter", "^name$", "--namespace", "ns")
    assert [line.split("\t")[:2] for line in answer.stdout.splitlines()] == [["NAME", "NAMESPACE"], ["name", "ns"]]


def test_nothing_is_installed_if_so_told(world: World) -> None:
    world.start(installed=False)
    assert len(world.call("list", "--filter", "^name$").stdout.splitlines()) == 1


def test_a_diff_says_that_there_are_changes_only_if_asked_for_the_exit_code(world: World) -> None:
    assert world.call("diff", "upgrade", "r", "c", "--detailed-exitcode").returncode == 2
    assert world.call("diff", "upgrade", "r", "c").returncode == 0


@pytest.mark.parametrize("argv", [("version", "--client", "--short"), ("version", "--short")])
def test_version_is_answered(world: World, argv: tuple[str, ...]) -> None:
    assert world.call(*argv).stdout == "v3.15.3\n"


def test_show_chart_comes_from_the_chart(world: World) -> None:
    (world.workspace / "Chart.yaml").write_text("name: x\nversion: 1.2.3\n")
    assert world.call("show", "chart", "./").stdout == "name: x\nversion: 1.2.3\n"


def test_renders_of_chartify_and_passed_verbs_go_to_the_real_helm(world: World) -> None:
    world.start(passed=("dependency",))
    assert world.call("template", "r", "c", "--output-dir", "out").stdout == "real template r c --output-dir out\n"
    assert world.call("dependency", "build", "c").returncode == 5
    assert world.call("template", "r", "c").stdout == ""
    assert len(read(world.record)) == 3


def test_what_it_can_not_answer_is_an_error(world: World) -> None:
    answer = world.call("secrets", "decrypt")
    assert answer.returncode != 0
    assert "secrets" in answer.stderr


def test_order_of_begins_and_ends_is_kept_and_parallel_calls_overlap(world: World) -> None:
    world.start(pause=0.3)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: world.call("upgrade", f"r{n}", "c"), range(4)))
    world.call("upgrade", "last", "c")
    *together, last = read(world.record)
    assert max(call.started for call in together) < min(call.ended for call in together)
    assert max(call.ended for call in together) < last.started < last.ended


def test_without_a_pause_calls_are_quick(world: World) -> None:
    world.start()
    times = os.times()
    for number in range(20):
        world.call("upgrade", f"r{number}", "c")
    used = os.times().children_user + os.times().children_system - times.children_user - times.children_system
    assert used / 20 < 0.05


def test_the_record_is_private(world: World) -> None:
    world.call("upgrade", "r", "c")
    assert (world.record.stat().st_mode & 0o777) == 0o700
    assert all((path.stat().st_mode & 0o077) == 0 for path in world.record.rglob("*"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks for dash and busybox by their names")
def test_the_script_is_plain_posix_shell() -> None:
    script = Path(__file__).parents[2] / "migrate/system/recorder.sh"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


def test_a_call_that_can_not_be_written_down_fails(world: World) -> None:
    """A call that is lost on both sides would look like none on either."""
    world.start()
    (world.record / "log").mkdir()
    done = world.call("upgrade", "--install", "name", "./chart")
    assert done.returncode == 72
    assert "the recorder can't write what it was asked" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/proc/self is a folder in which nobody can make one")
def test_a_call_without_room_for_its_folder_fails_and_does_not_wait(world: World) -> None:
    world.start()
    world.record.rmdir()
    world.record.symlink_to("/proc/self")
    assert world.call("upgrade", "--install", "name", "./chart").returncode == 72
