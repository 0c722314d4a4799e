"""Charts that are elsewhere become folders: planned, applied, proved, and rendered with the network cut off."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.conftest import MakeRepo
from tests.end_to_end.small import git, migrate, state
from tests.vendoring.remote_platform import remote_files
from tests.vendoring.serving import Packer, Server

BRANCH = "feature/BE-384"


@pytest.fixture
def platform(make_repo: MakeRepo, packer: Packer, served: Server, oci: str) -> Path:
    """The repository with everything, its servers running."""
    dependencies = f"dependencies:\n- name: lib\n  version: 0.5.0\n  repository: {served.url}\n"
    packer.pack("umbrella", "3.0.0", dependencies=dependencies)
    packer.run("push", "--plain-http", str(packer.folder / "demo-1.2.3.tgz"), f"oci://{oci}/charts")
    return make_repo(remote_files(served.url, oci))


@pytest.mark.skipif(sys.platform != "linux", reason="the network is cut off with unshare, which Linux has")
def test_a_migrated_platform_holds_its_charts_and_renders_with_the_network_cut(
    platform: Path, served: Server, tools: ToolPair, tmp_path: Path
) -> None:
    before = state(platform)
    done = migrate(platform, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr + done.stdout
    assert state(platform) == before
    text = git(platform, "show", f"{BRANCH}:helmfile/helmfile.yaml")
    assert "chart: up/" not in text
    assert "chart: oci://" not in text
    assert f"# origin: {served.url} demo 1.2.9 (asked for: ~1.2)" in text
    assert f"#   url: {served.url}" in text
    assert "\nrepositories:" not in text
    files = git(platform, "ls-tree", "-r", "--name-only", BRANCH).split()
    folders = {
        path.rpartition("/")[0] for path in files if path.endswith("/Chart.yaml") and path.startswith("helmfile/charts/external")
    }
    inside = {"helmfile/charts/external/umbrella/charts/lib", "helmfile/charts/external/umbrella"}
    assert folders == {*(f"helmfile/charts/external/demo-{v}" for v in ("1.2.3", "1.2.9", "2.0.0")), *inside}
    assert "helmfile/charts/custom/chart/charts/lib/Chart.yaml" in files
    assert "helmfile/charts/patches/patched/extra.yaml" in files
    checkout = tmp_path / "checkout"
    git(platform, "worktree", "add", "-q", str(checkout), BRANCH)
    rendered = _offline(tools, checkout, tmp_path)
    assert rendered.returncode == 0, rendered.stderr
    assert rendered.stdout.count("kind: ConfigMap") == 9
    assert 'extra: "1"' in rendered.stdout


def _offline(tools: ToolPair, checkout: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    """`helmfile template` as documented, dependencies and repositories included, in a world without any network."""
    unshare = shutil.which("unshare")
    assert unshare is not None
    assert tools.kustomize is not None
    homes = scratch / "offline-homes"
    homes.mkdir()
    (homes / "kustomize").symlink_to(tools.kustomize.path)
    environment = {"HOME": str(homes), "PATH": str(homes), "TMPDIR": str(scratch)}
    words = ["--helm-binary", str(tools.helm.path), "--file", "helmfile/helmfile.yaml", "-e", "default", "template"]
    return subprocess.run(
        [unshare, "-rn", str(tools.helmfile.path), *words],
        cwd=checkout,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
