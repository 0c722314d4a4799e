"""sync-charts.sh against a real chart repository on loopback."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from migrate.charts.locking import lock_of
from migrate.layout import layout_of
from migrate.model.chart_lock import ChartLock
from migrate.model.settings import Settings
from migrate.system.git import open_repository
from tests.shell_scripts.migrated import HEAD, LOCK, Migrated, git
from tests.shell_scripts.served import ChartRepository, archive, chart_files

SYNC = "sync-charts.sh"
REDIS = "helmfile/charts/external/redis"


def digest(folder: Path) -> str:
    """As the reference of versions.lock says it, for folders without programs and links."""
    files = sorted((str(p.relative_to(folder)).encode(), p.read_bytes()) for p in folder.rglob("*") if p.is_file())
    lines = b"".join(hashlib.sha256(data).hexdigest().encode() + b"  " + name + b"\n" for name, data in files)
    return f"sha256:{hashlib.sha256(lines).hexdigest()}"


def test_an_added_chart_is_pulled_and_locked_with_all_that_is_in_it(stocked: Migrated, charts: ChartRepository) -> None:
    redis = stocked.top / REDIS
    assert (redis / "values.yaml").read_text() == "tag: 1.0.0\n"
    assert (stocked.top / LOCK).read_text() == (
        f"{HEAD}charts:\n"
        '  - path: charts/external/redis\n    name: "redis"\n    version: "1.0.0"\n    appVersion: "7.0"\n'
        f'    origin: "{charts.url}"\n    digest: {digest(redis)}\n    files: 8\n'
        '  - path: charts/external/redis/charts/common\n    name: "common"\n    version: "2.0.0"\n    appVersion: "2"\n'
        f'    origin: "https://charts.example.com/common"\n    digest: {digest(redis / "charts/common")}\n    files: 2\n'
    )
    assert stocked.run(SYNC, "--check").returncode == 0


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (f"{REDIS}/values.yaml", ["charts/external/redis: changed"]),
        (f"{REDIS}/more.yaml", ["charts/external/redis: changed"]),
        (
            f"{REDIS}/charts/common/Chart.yaml",
            ["charts/external/redis: changed", "charts/external/redis/charts/common: changed"],
        ),
        (
            f"{REDIS}/charts/other/Chart.yaml",
            ["charts/external/redis: changed", "charts/external/redis/charts/other: not locked"],
        ),
        ("helmfile/charts/external/other/Chart.yaml", ["charts/external/other: not locked"]),
        ("helmfile/charts/external/note.txt", ["charts/external/note.txt: surplus"]),
        ("helmfile/charts/custom/web/charts/other/Chart.yaml", []),
        ("helmfile/charts/custom/web/charts/other-1.0.0.tgz", ["charts/custom/web/charts/other-1.0.0.tgz: not locked"]),
        ("helmfile/charts/custom/web/templates/more.yaml", []),
    ],
)
def test_every_byte_that_differs_is_found(stocked: Migrated, path: str, found: list[str]) -> None:
    stocked.write(path, "name: else\n")
    before = stocked.state()
    done = stocked.run(SYNC, "--check")
    assert (done.stdout.splitlines() if found else [], done.returncode) == (found, 1 if found else 0)
    assert stocked.state() == before


@pytest.mark.parametrize(
    ("around", "own", "told"),
    [
        ("", "", False),
        ("dependencies:\n- name: part\n  repository: file://./charts/part\n", "", False),
        ("dependencies:\n- {name: part, version: 1}\n", "", False),
        ("dependencies:\n- name: part\n  repository: https://charts.example.com\n", "", True),
        ("dependencies:\n  - repository: '@team'\n    name: part\n", "", True),
        ("", "home: https://example.com\n", True),
        ("", "sources:\n- https://example.com\n", True),
    ],
)
def test_what_came_from_elsewhere_in_a_custom_chart_is_missed_in_the_lock_as_migrate_does(
    repo: Migrated, around: str, own: str, told: bool
) -> None:
    web = "helmfile/charts/custom/web"
    repo.write(f"{web}/Chart.yaml", f"apiVersion: v2\nname: web\nversion: 0.1.0\n{around}")
    repo.write(f"{web}/charts/part/Chart.yaml", f"apiVersion: v2\nname: part\nversion: 0.1.0\n{own}")
    assert repo.run(SYNC, "--check").stdout.startswith("charts/custom/web/charts/part: not locked") == told
    assert bool(locked_by_migrate(repo).charts) == told


def locked_by_migrate(repo: Migrated) -> ChartLock:
    """The lock that migrate would write of the checkout."""
    places = layout_of(Settings()).charts
    tree, _ = open_repository(repo.top).checkout((places.lock, places.external, places.custom))
    return lock_of(tree, places)


def test_an_edited_chart_is_locked_as_it_lies(stocked: Migrated, charts: ChartRepository) -> None:
    stocked.write(f"{REDIS}/charts/common/templates/more.yaml", "kind: ConfigMap\n")
    before = stocked.state()
    assert stocked.run(SYNC, "--check").returncode == 1
    done = stocked.run(SYNC, "--lock", "redis")
    assert (done.returncode, "charts/external/redis: locked as it lies here" in done.stdout) == (0, True), done.stderr
    assert {path for path, data in stocked.state().items() if before.get(path) != data} == {LOCK}
    assert stocked.run(SYNC, "--check").returncode == 0
    text = (stocked.top / LOCK).read_text()
    assert f'origin: "{charts.url}"' in text
    assert digest(stocked.top / REDIS) in text
    (stocked.top / LOCK).write_bytes(before[LOCK])
    by_path = stocked.run(SYNC, "--lock", f"{REDIS}/charts/common/")
    assert (by_path.returncode, (stocked.top / LOCK).read_text()) == (0, text), by_path.stderr


def test_a_chart_put_there_by_hand_is_locked_with_the_origin_that_is_named(repo: Migrated) -> None:
    for place in ("external/hand", "custom/web/charts/hand"):
        repo.write(f"helmfile/charts/{place}/Chart.yaml", "apiVersion: v2\nname: hand\nversion: 1.0.0\n")
    url = "https://charts.example.com"
    assert repo.run(SYNC, "--lock", "helmfile/charts/external/hand", "--repo", url).returncode == 0
    done = repo.run(SYNC, "--lock", "charts/custom/web/charts/hand")
    assert (done.returncode, done.stdout.splitlines()[-1][:28]) == (0, "2 charts with 2 entries agre"), done.stderr
    text = (repo.top / LOCK).read_text()
    assert text.count('name: "hand"') == 2
    assert text.count(f'origin: "{url}"') == 1


@pytest.mark.parametrize("name", ["charts/custom/web", "nothing", "../scripts", "helmfile.yaml"])
def test_what_is_no_chart_from_elsewhere_is_not_locked(repo: Migrated, name: str) -> None:
    before = repo.state()
    assert repo.run(SYNC, "--lock", name).returncode == 2
    assert repo.state() == before


def test_a_program_a_link_and_a_missing_chart_differ(stocked: Migrated) -> None:
    values = stocked.top / REDIS / "values.yaml"
    values.chmod(0o755)
    assert stocked.run(SYNC, "--check").stdout == "charts/external/redis: changed\n"
    values.unlink()
    values.symlink_to("Chart.yaml")
    assert stocked.run(SYNC, "--check").stdout == "charts/external/redis: changed\n"
    git(stocked.top, "rm", "-rqf", REDIS)
    assert stocked.run(SYNC, "--check").stdout == "charts/external/redis: lock entry without chart\n"


def test_an_archive_of_what_lies_beside_it_counts_only_if_git_has_it_or_its_bytes_differ(stocked: Migrated) -> None:
    packed = {name.removeprefix("redis/charts/"): data for name, data in chart_files("1.0.0").items() if "charts/common" in name}
    file = f"{REDIS}/charts/common-2.0.0.tgz"
    stocked.write(file, archive(packed))
    assert stocked.run(SYNC, "--check").returncode == 0
    stocked.write(".gitignore", "")
    assert "common-2.0.0.tgz: stale archive" in stocked.run(SYNC, "--check").stdout
    stocked.write(".gitignore", "*.tgz\n")
    stocked.write(file, archive({**packed, "common/values.yaml": "a: 1\n"}))
    assert "common-2.0.0.tgz: stale archive" in stocked.run(SYNC, "--check").stdout
    stocked.write(file, b"no archive")
    assert "common-2.0.0.tgz: stale archive" in stocked.run(SYNC, "--check").stdout


def test_what_helm_packs_of_a_folder_is_an_archive_of_it(stocked: Migrated) -> None:
    """helm writes Chart.yaml anew and leaves out what .helmignore names."""
    folder = stocked.top / "helmfile/charts/external/redis/charts/common"
    stocked.write(f"{REDIS}/charts/common/.helmignore", "notes.txt\n")
    stocked.write(f"{REDIS}/charts/common/notes.txt", "left out\n")
    subprocess.run([stocked.programs / "helm", "package", folder, "-d", folder.parent], check=True, capture_output=True)
    assert "archive" not in stocked.run(SYNC, "--check").stdout


def test_a_missing_chart_is_pulled_again(stocked: Migrated, charts: ChartRepository) -> None:
    before = stocked.state()
    (stocked.top / REDIS).rename(stocked.top / "away")
    done = stocked.run(SYNC, cwd=Path("/"))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"charts/external/redis: redis 1.0.0 pulled from {charts.url}")
    assert stocked.state() == before


def test_edits_that_no_commit_holds_are_replaced_only_by_force(stocked: Migrated) -> None:
    before = stocked.state()
    edited = stocked.write(f"{REDIS}/values.yaml", "mine: 1\n")
    done = stocked.run(SYNC)
    assert done.returncode == 1
    assert "edits that no commit holds" in done.stdout
    assert edited.read_text() == "mine: 1\n"
    assert stocked.run(SYNC, "--force").returncode == 0
    assert stocked.state() == before


def test_an_unknown_origin_is_told_and_the_other_charts_are_pulled(stocked: Migrated, charts: ChartRepository) -> None:
    known = stocked.state()
    text = (stocked.top / LOCK).read_text()
    entry = text.partition("charts:\n")[2].partition("  - path: charts/external/redis/charts")[0]
    first = entry.replace("external/redis", "external/cache").replace(charts.url, "unknown")
    stocked.write(LOCK, text.replace("charts:\n", f"charts:\n{first}", 1))
    (stocked.top / REDIS).rename(stocked.top / "away")
    done = stocked.run(SYNC)
    assert done.returncode == 1
    assert "charts/external/cache: its origin is unknown" in done.stdout
    assert {path: data for path, data in stocked.state().items() if path != LOCK} == {
        path: data for path, data in known.items() if path != LOCK
    }


def test_other_bytes_at_the_origin_are_not_taken(repo: Migrated, charts: ChartRepository) -> None:
    charts.put("moving-1.0.0.tgz", archive({"moving/Chart.yaml": "apiVersion: v2\nname: moving\nversion: 1.0.0\n"}))
    repo.run(SYNC, "--add", "moving", "--repo", charts.url, "--version", "1.0.0")
    repo.commit()
    charts.put("moving-1.0.0.tgz", archive({"moving/Chart.yaml": "apiVersion: v2\nname: moving\nversion: 1.0.0\n# more\n"}))
    repo.write("helmfile/charts/external/moving/extra", "x")
    repo.commit()
    before = repo.state()
    done = repo.run(SYNC)
    assert (done.returncode, "has other bytes than the lock" in done.stdout) == (1, True)
    assert repo.state() == before


def test_an_upgrade_changes_chart_and_lock_together(stocked: Migrated) -> None:
    assert stocked.run(SYNC, "--upgrade", "redis", "--version", "1.1.0").returncode == 0
    assert (stocked.top / REDIS / "values.yaml").read_text() == "tag: 1.1.0\n"
    assert (stocked.top / LOCK).read_text().count('version: "1.1.0"') == 1
    assert stocked.run(SYNC, "--check").returncode == 0
    assert not (stocked.top / "helmfile/charts/external/.sync-charts").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--add", "redis", "--repo", "{url}", "--version", "1.0.0"], "is there already"),
        (["--add", "other", "--repo", "{url}", "--version", "1.0.0"], "could not be pulled"),
        (["--add", "../../x", "--repo", "{url}", "--version", "1.0.0"], "no name of a chart"),
        (["--add", "x"], "--add wants --repo and --version"),
        (["--upgrade", "nothing", "--version", "1"], "0 locked charts are called nothing"),
        (["--upgrade", "redis", "--version", "9.9.9"], "could not be pulled"),
        (["--upgrade"], "--upgrade wants a value"),
        (["--what"], "unknown argument"),
    ],
)
def test_what_can_not_be_done_changes_nothing(
    stocked: Migrated, charts: ChartRepository, arguments: list[str], said: str
) -> None:
    before = stocked.state()
    done = stocked.run(SYNC, *(argument.format(url=charts.url) for argument in arguments))
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert stocked.state() == before


ENTRY = (
    '  - path: charts/external/a\n    name: "a"\n    version: "1"\n    appVersion: ""\n    origin: "unknown"\n'
    f"    digest: sha256:{'0' * 64}\n    files: 1\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version: 2\ncharts: []\n",
        "version: 1\n",
        "version: 1\ncharts:\n" + ENTRY.replace("    files: 1\n", ""),
        "version: 1\ncharts:\n" + ENTRY.replace("    files: 1\n", "    files: many\n"),
        "version: 1\ncharts:\n" + ENTRY + ENTRY,
        "version: 1\ncharts:\n" + ENTRY.replace("charts/external/a", "/etc"),
        "version: 1\ncharts:\n" + ENTRY.replace("charts/external/a", "charts/../../a"),
        "version: 1\ncharts:\n" + ENTRY.replace('"a"', "&a a"),
        "version: 1\ncharts:\n" + ENTRY.replace('"a"', '"a" # b'),
        "version: 1\ncharts:\n" + ENTRY.replace("0" * 64, "0" * 63),
        "version: 1\ncharts:\n" + ENTRY.replace("    version", "    Version"),
        "version: 1\r\ncharts: []\r\n",
        "version: 1\ncharts: []\nmore: 1\n",
    ],
)
def test_a_lock_that_is_not_understood_is_refused(repo: Migrated, text: str) -> None:
    repo.write(LOCK, text)
    done = repo.run(SYNC, "--check")
    assert done.returncode == 2
    assert "can't be read" in done.stderr


def test_helm_leaves_nothing_in_the_home_folder(repo: Migrated, charts: ChartRepository, tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    arguments = ["--add", "redis", "--repo", charts.url, "--version", "1.0.0"]
    done = repo.run(SYNC, *arguments, HOME=str(home), TMPDIR=str(temporary))
    assert done.returncode == 0
    assert (list(home.iterdir()), list(temporary.iterdir())) == ([], [])
