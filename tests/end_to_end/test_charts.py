"""`migrate charts` on a migrated repository, and what `apply` writes for it."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from migrate.system.toolbox import ToolPair
from tests.conftest import FileContent, MakeRepo
from tests.end_to_end import warm
from tests.end_to_end.small import git, migrate, one_environment

BRANCH = "feature/BE-384"
LOCK = "helmfile/charts/external/versions.lock"
STORE = "helmfile/charts/external/store"
UPSTREAM = "sources:\n- https://github.com/prometheus-community/helm-charts\n"


def packed() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        text = b"apiVersion: v2\nname: cache\nversion: 3.1.0\n"
        member = tarfile.TarInfo("cache/Chart.yaml")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return data.getvalue()


def legacy() -> dict[str, FileContent]:
    """The small repository with an upstream chart, a chart unpacked and one packed in it, and the usual line of .gitignore."""
    files: dict[str, FileContent] = {path: text for path, text in one_environment().items() if "/web/chart/" not in path}
    helmfile = str(files["applications/web/helmfile.yaml"]).replace("./chart", "./store")
    hint = "#repositories:\n#- name: up\n#  url: https://charts.example.org\n# chart: up/store\n"
    dependencies = (
        "dependencies:\n- name: db\n  version: 0.1.0\n  repository: file://charts/db\n- name: cache\n  version: 3.1.0\n"
    )
    chart = "applications/web/store"
    return {
        **files,
        ".gitignore": "**/charts/*.tgz\n",
        "applications/web/helmfile.yaml": hint + helmfile,
        f"{chart}/Chart.yaml": f"apiVersion: v2\nname: store\nversion: 1.0.0\nappVersion: 2.10\n{UPSTREAM}{dependencies}",
        f"{chart}/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: store\n",
        f"{chart}/charts/db/Chart.yaml": "# own\napiVersion: v2\nname: db\nversion: 0.1.0\n",
        f"{chart}/charts/cache-3.1.0.tgz": packed(),
    }


@pytest.fixture(scope="module")
def migrated(make_repo: MakeRepo) -> Path:
    repo = make_repo({path: content for path, content in legacy().items() if not path.endswith(".tgz")})
    archive = repo / "applications/web/store/charts/cache-3.1.0.tgz"
    archive.write_bytes(packed())
    git(repo, "add", "-f", str(archive))
    git(repo, "commit", "-q", "-m", "Add the packed chart")
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "charts_locked" in done.stdout
    return repo


@pytest.fixture
def checkout(migrated: Path, tmp_path: Path) -> Path:
    git(migrated, "clone", "-q", "--branch", BRANCH, str(migrated), str(tmp_path / "checkout"))
    return tmp_path / "checkout"


def charts(repo: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return warm.start(["charts", *words, "--repo", str(repo)]).wait()


def test_the_charts_are_listed_with_their_origins(migrated: Path) -> None:
    document = json.loads(charts(migrated, "list", "--branch", BRANCH, "--json").stdout)
    found = [(c["path"], c["version"], c["appVersion"], c["origin"], c["files"]) for c in document["charts"]]
    assert found == [
        ("charts/external/store", "1.0.0", "2.1", "https://charts.example.org", 4),
        ("charts/external/store/charts/cache-3.1.0.tgz", "3.1.0", "", "unknown", 1),
        ("charts/external/store/charts/db", "0.1.0", "", "unknown", 1),
    ]
    text = charts(migrated, "list", "--branch", BRANCH).stdout.splitlines()
    assert text[0].split() == ["path", "version", "appVersion", "origin", "files"]
    assert text[1].split() == ["charts/external/store", "1.0.0", "2.1", "https://charts.example.org", "4"]


def test_a_fresh_checkout_is_green_and_so_is_the_branch(migrated: Path, checkout: Path) -> None:
    for done in (charts(checkout, "verify"), charts(migrated, "verify", "--branch", BRANCH)):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("3 charts have the bytes that are locked")


def test_one_flipped_byte_is_red(checkout: Path) -> None:
    file = checkout / STORE / "templates/config.yaml"
    file.write_bytes(file.read_bytes().replace(b"ConfigMap", b"ConfigMaq"))
    done = charts(checkout, "verify")
    assert (done.returncode, done.stdout) == (4, "charts/external/store/templates/config.yaml: changed\n")
    assert done.stderr.startswith("error [charts-differ]: 1 difference ")


def test_a_fault_that_was_committed_is_red_with_its_file(checkout: Path) -> None:
    (checkout / STORE / "new.txt").write_text("x")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "Surplus")
    done = charts(checkout, "verify", "--branch", "HEAD", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["holds"], document["charts"]) == (4, False, 3)
    assert document["faults"] == [{"path": "charts/external/store/new.txt", "fault": "surplus", "detail": ""}]


def test_archives_that_a_run_leaves_behind_are_no_fault_until_they_are_stale(checkout: Path, tools: ToolPair) -> None:
    subprocess.run(
        [tools.helm.path, "package", "charts/db", "-d", "charts"], cwd=checkout / STORE, check=True, capture_output=True
    )
    assert (checkout / STORE / "charts/db-0.1.0.tgz").exists()
    assert git(checkout, "status", "--porcelain") == ""
    assert charts(checkout, "verify").returncode == 0
    (checkout / STORE / "charts/db-0.1.0.tgz").write_bytes(packed())
    done = charts(checkout, "verify")
    assert (done.returncode, done.stdout.partition(" (")[0]) == (4, "charts/external/store/charts/db-0.1.0.tgz: stale archive")


def test_a_packed_chart_that_goes_along_is_not_ignored_at_its_new_place(checkout: Path) -> None:
    assert (checkout / ".gitignore").read_text().splitlines() == [
        "**/charts/*.tgz",
        "!/helmfile/charts/external/store/charts/cache-[0-9]*.tgz",
    ]
    git(checkout, "rm", "-q", "--cached", f"{STORE}/charts/cache-3.1.0.tgz")
    git(checkout, "add", "-A")
    assert git(checkout, "status", "--porcelain") == ""


def test_a_lock_that_was_edited_into_something_else_is_refused(checkout: Path) -> None:
    file = checkout / LOCK
    file.write_text(file.read_text().replace("files: 4", "files: four"))
    done = charts(checkout, "verify")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        f"error [unreadable-source]: {LOCK}:10: `files:` and its value are expected",
    )


def test_without_a_lock_there_is_nothing_to_verify(make_repo: MakeRepo) -> None:
    done = charts(make_repo(dict(one_environment())), "verify")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "error [no-versions-lock]")
