"""The claim on versions.lock: it finds each fault that is put into the lock or into a chart."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from migrate.charts.locking import lock_of
from migrate.claims.charts_locked import is_asked, judge
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, ClaimVerdict
from migrate.model.tree import Mode, Tree
from tests.charts.kept import OWN, PLACES, WEB, kept_files
from tests.claims import small_platform
from tests.system.trees import Content, tree_of

Files = dict[str, Content]
ARCHIVE = f"{WEB}/charts/redis-1.0.0.tgz"


def packed() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz"):
        pass
    return data.getvalue()


def locked() -> Files:
    files: Files = {**kept_files(), ARCHIVE: packed(), f"{WEB}/run.sh": ("x\n", Mode.EXECUTABLE)}
    return {**files, PLACES.lock: lock_of(tree_of(files), PLACES).to_text()}


def judged(files: Mapping[str, Content]) -> ClaimResult:
    tree: Tree = tree_of(files)
    case = replace(small_platform.case(), new=tree, charts=PLACES)
    side = SideFacts(tree, case.new_state, {})
    return judge(Gathered(case, side, side, {}, (), {}))


def failing(files: Mapping[str, Content]) -> list[str]:
    return [piece.subject.removeprefix("helmfile/charts/") for piece in judged(files).evidence if not piece.holds]


def test_a_true_lock_holds_and_every_file_is_counted() -> None:
    result = judged(locked())
    assert (result.verdict, failing(locked())) == (ClaimVerdict.HOLDS, [])
    charts = [
        path for path in locked() if path.startswith(WEB) or path.startswith((f"{OWN}/charts/cache", f"{OWN}/charts/part/charts"))
    ]
    assert result.checked == len(charts) + 1


def put(path: str, content: Content) -> Callable[[Files], None]:
    return lambda files: files.update({path: content})


def in_lock(old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = str(files[PLACES.lock])
        assert old in text
        files[PLACES.lock] = text.replace(old, new, 1)

    return change


def without_entry(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        head, *entries = str(files[PLACES.lock]).split("  - path: ")
        files[PLACES.lock] = head + "".join(f"  - path: {each}" for each in entries if not each.startswith(f"{path}\n"))

    return change


def gone(path: str) -> Callable[[Files], None]:
    return lambda files: [files.pop(name) for name in list(files) if name.startswith(path)].clear()


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (put(f"{WEB}/charts/db/charts/base/Chart.yaml", "name: base\n"),
         ["external/web", "external/web/charts/db", "external/web/charts/db/charts/base"]),
        (put(f"{WEB}/run.sh", "x\n"), ["external/web"]),
        (put(f"{WEB}/new", ""), ["external/web"]),
        (put(ARCHIVE, packed() + b"\0"), ["external/web", "external/web/charts/redis-1.0.0.tgz"]),
        (put("helmfile/charts/external/more/Chart.yaml", "name: more\n"), ["external/more"]),
        (put(f"{OWN}/charts/more/Chart.yaml", "name: more\n"), []),
        (put(f"{OWN}/charts/more/Chart.yaml", "name: more\nhome: https://example.org\n"), ["custom/own/charts/more"]),
        (put(f"{OWN}/charts/cache/charts/more/Chart.yaml", "name: more\n"),
         ["custom/own/charts/cache", "custom/own/charts/cache/charts/more"]),
        (without_entry("charts/custom/own/charts/part/charts/store"), ["custom/own/charts/part/charts/store"]),
        (put(f"{OWN}/charts/more-1.0.tgz", b""), ["custom/own/charts/more-1.0.tgz"]),
        (put(f"{OWN}/charts/web-1.2.3.tgz", b""), ["custom/own/charts/web-1.2.3.tgz"]),
        (put(f"{OWN}/values.yaml", "the team's work\n"), []),
        (gone(f"{OWN}/charts/cache/"), ["custom/own/charts/cache"]),
        (gone(PLACES.lock), ["custom/own/charts/cache", "custom/own/charts/part/charts/store", "external/versions.lock",
                             "external/web", "external/web/charts/db", "external/web/charts/db/charts/base",
                             "external/web/charts/redis-1.0.0.tgz"]),
        (without_entry("charts/external/web/charts/db"), ["external/web/charts/db"]),
        (in_lock("sha256:", "sha256:0"), ["custom/own/charts/cache"]),
        (in_lock("files: 2", "files: 3"), ["custom/own/charts/cache"]),
        (in_lock('    origin: "unknown"\n', ""), ["custom/own/charts/cache"]),
        (in_lock("charts/custom/own/charts/cache", "charts/external/z"),
         ["custom/own/charts/cache", "external/versions.lock", "external/z"]),
        (in_lock("version: 1\n", "version: 2\n"), ["external/versions.lock"]),
    ],
)  # fmt: skip
def test_a_fault_is_seen(change: Callable[[Files], None], fails: list[str]) -> None:
    files = locked()
    change(files)
    assert sorted(failing(files)) == fails


def test_it_is_asked_only_where_the_record_says_that_the_migration_wrote_a_lock() -> None:
    case = replace(small_platform.case(), charts=PLACES)
    assert not is_asked(case)
    record = replace(small_platform.record(), created=(RepoPath(PLACES.lock),))
    assert is_asked(replace(case, record=record))
    assert not is_asked(replace(case, record=record, charts=None))
