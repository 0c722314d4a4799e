"""sync-charts.sh against a real OCI registry (Debian's docker-registry), which speaks plain http on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.conftest import NO_SKIP, WANTS_REGISTRY
from tests.shell_scripts.migrated import LOCK, Migrated, git
from tests.shell_scripts.served import archive, chart_files
from tests.vendoring.serving import registry

SYNC = "sync-charts.sh"
REDIS = "helmfile/charts/external/redis"


@pytest.fixture(scope="module")
def oci(tmp_path_factory: pytest.TempPathFactory, tools: ToolPair) -> Iterator[str]:
    """`oci://…/charts` with redis in three versions. Skipped without docker-registry, unless MIGRATE_TEST_NO_SKIP is set."""
    program = shutil.which("docker-registry")
    if program is None:
        if NO_SKIP:
            raise FileNotFoundError("docker-registry")
        pytest.skip(WANTS_REGISTRY)
    folder = tmp_path_factory.mktemp("registry")
    with registry(program, folder) as address:
        for version in ("1.0.0", "1.0.4", "1.1.0"):
            packed = folder / f"redis-{version}.tgz"
            packed.write_bytes(archive(chart_files(version)))
            words: list[str | Path] = [tools.helm.path, "push", "--plain-http", packed, f"oci://{address}/charts"]
            subprocess.run(words, check=True, capture_output=True, env={"HOME": str(folder)})
        yield f"oci://{address}/charts"


def add(repo: Migrated, oci: str, version: str, *more: str) -> subprocess.CompletedProcess[str]:
    return repo.run(SYNC, "--add", "redis", "--repo", oci, "--version", version, *more)


def version_of(repo: Migrated) -> str:
    """The version of redis, which chart and lock agree on."""
    version = (repo.top / REDIS / "values.yaml").read_text().removeprefix("tag: ").strip()
    assert f'version: "{version}"' in (repo.top / LOCK).read_text()
    return version


def test_a_chart_is_added_checked_lost_restored_and_upgraded(repo: Migrated, oci: str) -> None:
    added = add(repo, oci, "1.0.0")
    assert (added.returncode, version_of(repo)) == (0, "1.0.0"), added.stderr
    assert f'origin: "{oci}/redis"' in (repo.top / LOCK).read_text()
    repo.commit()
    whole = repo.state()
    git(repo.top, "rm", "-rq", REDIS)
    git(repo.top, "commit", "-qm", "Lost")
    assert repo.run(SYNC, "--check").returncode == 1
    restored = repo.run(SYNC)
    assert (restored.returncode, repo.state()) == (0, whole), restored.stdout + restored.stderr
    repo.commit()
    upgraded = repo.run(SYNC, "--upgrade", "redis", "--version", "1.1.0")
    assert (upgraded.returncode, version_of(repo)) == (0, "1.1.0"), upgraded.stderr
    assert repo.run(SYNC, "--check").returncode == 0


def test_a_range_is_resolved_and_the_version_locked(repo: Migrated, oci: str) -> None:
    done = add(repo, oci, "~1.0", "--plain-http")
    assert (done.returncode, version_of(repo)) == (0, "1.0.4"), done.stderr
    assert "redis 1.0.4 pulled from" in done.stdout


def test_what_the_registry_does_not_have_changes_nothing(repo: Migrated, oci: str) -> None:
    before = repo.state()
    done = add(repo, oci, "9.9.9")
    assert (done.returncode, repo.state()) == (1, before)
    assert f"redis 9.9.9 could not be pulled from {oci}/redis; nothing is changed" in done.stderr


def test_another_version_than_the_one_asked_for_is_not_taken(repo: Migrated, oci: str, tmp_path: Path) -> None:
    """A registry's tag is no promise: it can be moved, and helm does not compare it with Chart.yaml."""
    other = tmp_path / "helm"
    other.write_text(f'#!/bin/bash\nexec {repo.programs / "helm"} "${{@/1.0.0/1.0.4}}"\n')
    other.chmod(0o755)
    before = repo.state()
    words = ["--add", "redis", "--repo", oci, "--version", "1.0.0"]
    done = repo.run(SYNC, *words, PATH=f"{tmp_path}:{repo.environment()['PATH']}")
    assert (done.returncode, repo.state()) == (1, before)
    assert "gave version 1.0.4 of redis, and 1.0.0 was asked for" in done.stderr


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_it_pulls_the_tree_is_as_before(repo: Migrated, oci: str, tmp_path: Path, moment: str) -> None:
    assert add(repo, oci, "1.0.0").returncode == 0
    repo.commit()
    before = repo.state()
    real, mark = f'{repo.programs / "helm"} "$@"', f"touch {tmp_path}/started; sleep 30"
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "helm").write_text(f"#!/bin/bash\n{mark}; {real}\n" if moment == "before" else f"#!/bin/bash\n{real}; {mark}\n")
    (slow / "helm").chmod(0o755)
    environment = repo.environment(PATH=f"{slow}:{repo.environment()['PATH']}")
    words = [str(repo.top / "scripts" / SYNC), "--upgrade", "redis", "--version", "1.1.0"]
    running = subprocess.Popen(words, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    while not (tmp_path / "started").exists():
        assert running.poll() is None
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert {path: data for path, data in repo.state().items() if ".sync-charts" not in path} == before
    assert "a run of this script was killed here" in repo.run(SYNC, "--check").stdout
    again = repo.run(SYNC)
    assert (again.returncode, repo.state()) == (0, before), again.stderr
    assert git(repo.top, "status", "--porcelain") == ""
