"""What differs from the lock: each fault is put in and must be named, with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrate.charts.locking import lock_of
from migrate.charts.verify import verify
from migrate.model.chart_lock import ChartLock
from migrate.model.tree import Mode
from tests.charts.kept import OWN, PLACES, WEB, kept_files, manifest
from tests.system.trees import Content, tree_of

Files = dict[str, Content]
SOUND = tree_of(kept_files())
LOCK = lock_of(SOUND, PLACES)


def found(files: Files, *, ignored: tuple[str, ...] = (), known: bool = True, lock: ChartLock = LOCK) -> list[str]:
    faults = verify(lock, tree_of(files), PLACES, ignored, [SOUND] if known else [])
    return [f"{each.path.removeprefix('charts/')}: {each.fault}" for each in faults]


def put(path: str, content: Content) -> Callable[[Files], None]:
    return lambda files: files.update({path: content})


def gone(path: str) -> Callable[[Files], None]:
    def remove(files: Files) -> None:
        for name in [name for name in files if name == path or name.startswith(f"{path}/")]:
            del files[name]

    return remove


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (put(f"{WEB}/templates/all.yaml", "kind: ConfigMaq\n"), ["external/web/templates/all.yaml: changed"]),
        (put(f"{WEB}/templates/all.yaml", ("kind: ConfigMap\n", Mode.EXECUTABLE)), ["external/web/templates/all.yaml: changed"]),
        (put(f"{WEB}/charts/db/charts/base/Chart.yaml", "name: base\n"),
         ["external/web/charts/db/charts/base/Chart.yaml: changed"]),
        (gone(f"{WEB}/templates/all.yaml"), ["external/web/templates/all.yaml: missing"]),
        (put(f"{WEB}/new.txt", ""), ["external/web/new.txt: surplus"]),
        (put("helmfile/charts/external/README.md", ""), ["external/README.md: surplus"]),
        (put("helmfile/charts/external/more/Chart.yaml", manifest("more")), ["external/more: not locked"]),
        (gone(WEB), ["external/web: lock entry without chart", "external/web/charts/db: lock entry without chart",
                     "external/web/charts/db/charts/base: lock entry without chart"]),
        (put(f"{OWN}/charts/cache/values.yaml", "size: 2\n"), ["custom/own/charts/cache/values.yaml: changed"]),
        (put(f"{OWN}/charts/other/Chart.yaml", manifest("other")), []),
        (put(f"{OWN}/charts/other/Chart.yaml", manifest("other", rest="home: https://example.org\n")),
         ["custom/own/charts/other: not locked"]),
        (put(f"{OWN}/charts/other-1.0.0.tgz", b"packed"), ["custom/own/charts/other-1.0.0.tgz: not locked"]),
        (put(f"{OWN}/charts/part/templates/new.yaml", "the team's work\n"), []),
        (put(f"{OWN}/values.yaml", "the team's work\n"), []),
        (put(f"{WEB}/charts/db-2.0.0.tgz", b"x"), ["external/web/charts/db-2.0.0.tgz: stale archive"]),
    ],
)  # fmt: skip
def test_a_fault_is_named(change: Callable[[Files], None], faults: list[str]) -> None:
    files = kept_files()
    change(files)
    assert found(files) == faults


def test_nothing_is_wrong_with_what_is_locked() -> None:
    assert found({**kept_files(), PLACES.lock: LOCK.to_text()}) == []


def test_what_the_lock_names_is_compared_whatever_it_is() -> None:
    more = lock_of(SOUND, PLACES, also=[f"{OWN}/charts/part"])
    assert found(kept_files(), lock=more) == []
    assert found({**kept_files(), f"{OWN}/charts/part/values.yaml": ""}, lock=more) == [
        "custom/own/charts/part/values.yaml: surplus"
    ]


def test_where_no_known_tree_has_the_chart_as_locked_the_chart_is_named() -> None:
    files = {**kept_files(), f"{WEB}/charts/db/new.txt": ""}
    assert found(files, known=False) == ["external/web: changed", "external/web/charts/db: changed"]


@pytest.mark.parametrize("key", ["name", "version", "appVersion", "files"])
def test_a_lock_that_says_something_else_of_a_chart_is_no_true_lock(key: str) -> None:
    line = next(line for line in LOCK.to_text().splitlines() if line.startswith(f"    {key}:"))
    other = ChartLock.from_text(LOCK.to_text().replace(line, f"    {key}: 99" if key == "files" else f'    {key}: "99"', 1), "x")
    assert found(kept_files(), lock=other) == ["custom/own/charts/cache: changed"]


def test_an_ignored_archive_with_other_content_is_stale_and_one_of_no_known_chart_is_not_locked() -> None:
    stale, lone = f"{WEB}/charts/db-1.9.0.tgz", f"{WEB}/charts/lone-1.0.tgz"
    files = {**kept_files(), stale: b"x", lone: b"y"}
    assert found(files, ignored=(stale, lone)) == [
        "external/web/charts/db-1.9.0.tgz: stale archive",
        "external/web/charts/lone-1.0.tgz: not locked",
    ]


def test_any_other_file_that_git_ignores_is_surplus() -> None:
    path = f"{WEB}/.DS_Store"
    assert found({**kept_files(), path: b"x"}, ignored=(path,)) == ["external/web/.DS_Store: surplus"]
