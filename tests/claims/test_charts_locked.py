"""The claim on versions.lock: it finds each fault that is put into the lock or into a chart."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from migrate.charts.locking import lock_of
from migrate.claims.charts_locked import is_asked, judge
from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import SideFacts
from migrate.model.chart_lock import ChartPlaces
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, ClaimVerdict
from migrate.model.tree import Mode, Tree, blob_id
from tests.charts.kept import OWN, PLACES, WEB, kept_files
from tests.claims import small_platform
from tests.system.trees import Content, tree_of

Files = dict[str, Content]
ASKED = "dependencies: [{name: more, repository: https://charts.example.org}]\n"
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
    return judged_tree(tree_of(files))


def judged_tree(tree: Tree, places: ChartPlaces | None = PLACES) -> ClaimResult:
    case = replace(small_platform.case(), new=tree, charts=places)
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


def in_own(dependency: str) -> Callable[[Files], None]:
    """One more dependency of the team's own chart."""
    return put(f"{OWN}/Chart.yaml", str(kept_files()[f"{OWN}/Chart.yaml"]) + f"- {dependency}\n")


def both(*changes: Callable[[Files], None]) -> Callable[[Files], None]:
    return lambda files: [change(files) for change in changes].clear()


def deep(name: str, levels: int) -> Callable[[Files], None]:
    """Charts in the `charts/` of one another; only the outermost names a project."""
    folders = [OWN + f"/charts/{name}" * level for level in range(1, levels + 1)]
    first = put(f"{folders[0]}/Chart.yaml", f"name: {name}\nhome: https://example.org\n")
    return both(first, *(put(f"{folder}/Chart.yaml", f"name: {name}\n") for folder in folders[1:]))


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
        (in_lock('    name: "cache"\n', ""), ["custom/own/charts/cache"]),
        (in_lock('    version: "v3.0.0"\n', ""), ["custom/own/charts/cache"]),
        (in_lock('    appVersion: "7.10"\n', ""), ["custom/own/charts/cache"]),
        (put(f"{OWN}/charts/more/Chart.yaml", "version: 1.0.0\n"), ["custom/own/charts/more"]),
        (put(f"{OWN}/charts/more/Chart.yaml", "- name: more\n"), ["custom/own/charts/more"]),
        (put(f"{OWN}/charts/more/Chart.yaml", "name: more\nicon: https://example.org/i.png\n"), ["custom/own/charts/more"]),
        (put(f"{OWN}/charts/more/Chart.yaml", "name: more\nsources: [https://example.org]\n"), ["custom/own/charts/more"]),
        (put(f"{OWN}/charts/part/requirements.yaml", "dependencies: [{name: store}]\n"), []),
        (both(put(f"{OWN}/charts/more/Chart.yaml", "name: more\n"), in_own("name: more\n  repository: oci://r.example.org/c")),
         ["custom/own/charts/more"]),
        (both(put(f"{OWN}/charts/more/Chart.yaml", "name: more\n"), in_own("name: more")), []),
        (both(put(f"{OWN}/charts/more/Chart.yaml", "name: more\n"), in_own("name: less\n  repository: oci://r.example.org")), []),
        (both(put(f"{OWN}/charts/more/Chart.yaml", "name: more\n"), put(f"{OWN}/requirements.yaml", ASKED)),
         ["custom/own/charts/more"]),
        (both(put(f"{OWN}/charts/part/charts/more/Chart.yaml", "name: more\n"),
              put(f"{OWN}/charts/part/requirements.yaml", "dependencies: more\n")), []),
        (both(put(f"{OWN}/charts/part/charts/more/Chart.yaml", "name: more\n"),
              put(f"{OWN}/charts/part/requirements.yaml", "dependencies: [more]\n")), []),
        (both(put(f"{OWN}/charts/part/charts/more/Chart.yaml", "name: more\n"),
              put(f"{OWN}/charts/part/requirements.yaml", "dependencies: 5\n")), []),
        (both(put(f"{OWN}/charts/folder/Chart.yaml", "version: 1.0.0\n"), put(f"{OWN}/charts/folder-1.0.0.tgz", b"")),
         ["custom/own/charts/folder"]),
        (deep("more", 8), ["custom/own/" + "/".join(["charts/more"] * number) for number in range(1, 9)]),
    ],
)  # fmt: skip
def test_a_fault_is_seen(change: Callable[[Files], None], fails: list[str]) -> None:
    files = locked()
    change(files)
    assert sorted(failing(files)) == fails


@pytest.mark.parametrize(
    "change",
    [
        put(f"{OWN}/charts/notes.txt", "none"),
        put(f"{OWN}/files/more-1.0.0.tgz", b""),
        put("helmfile/charts/external/notes/README.md", "none"),
        put("helmfile/charts/custom/more/charts/more-1.0.0.tgz", b""),
        put(f"{OWN}/charts/cache-v3.0.0.tgz", b""),
        put(f"{OWN}/charts/part-0.1.0.tgz", b""),
        both(put(f"{OWN}/charts/folder/Chart.yaml", "name: named\n"), put(f"{OWN}/charts/named-1.0.0.tgz", b"")),
        put("helmfile/charts/custom/more/Chart.yaml", "name: more\nhome: https://example.org\n"),
        put("helmfile/charts/external/Chart.yaml", "name: no-chart\n"),
        put("helmfile/charts/custom/Chart.yaml", "name: no-chart\n"),
        put(f"{OWN}/examples/Chart.yaml", "name: no-chart\nhome: https://example.org\n"),
        put(f"{OWN}/examples/charts/more/Chart.yaml", "name: no-chart\nhome: https://example.org\n"),
        both(
            put("applications/old/Chart.yaml", "name: old\n"),
            put("applications/old/charts/more/Chart.yaml", "name: more\nhome: https://example.org\n"),
        ),
    ],
)
def test_what_needs_no_lock_is_left_alone(change: Callable[[Files], None]) -> None:
    files = locked()
    change(files)
    assert failing(files) == []


def test_a_chart_of_the_teams_own_that_the_lock_names_is_held_to_it() -> None:
    files = locked()
    copy = {path.replace(f"{WEB}/charts/db", f"{OWN}/charts/db"): text for path, text in files.items() if "/charts/db" in path}
    entries = str(files[PLACES.lock]).split("  - path: ")
    named = [each.replace("external/web", "custom/own") for each in entries if each.startswith("charts/external/web/charts/db")]
    files |= copy | {PLACES.lock: "  - path: ".join([entries[0], *sorted([*entries[1:], *named])])}
    assert failing(files) == []
    files[f"{OWN}/charts/db/more"] = ""
    assert failing(files) == ["custom/own/charts/db"]


def test_an_entry_for_no_files_at_all_is_a_fault() -> None:
    files = locked()
    nothing = f"sha256:{hashlib.sha256().hexdigest()}"
    texts = "".join(f'    {key}: ""\n' for key in ("name", "version", "appVersion", "origin"))
    entry = f"  - path: charts/external/zero\n{texts}    digest: {nothing}\n    files: 0\n"
    files[PLACES.lock] = str(files[PLACES.lock]) + entry
    assert failing(files) == ["external/zero"]


def test_a_chart_with_a_file_that_this_clone_has_not_is_no_locked_one() -> None:
    held = locked()
    entry = str(held.pop(f"{OWN}/charts/cache/values.yaml"))
    result = judged_tree(tree_of(held, {f"{OWN}/charts/cache/values.yaml": blob_id(entry.encode())}))
    assert [piece.detail for piece in result.evidence if not piece.holds] == ["its content is not in this clone"]


def test_without_places_for_charts_nothing_is_judged() -> None:
    assert judged_tree(tree_of(locked()), None).evidence == ()


def test_it_is_asked_only_where_the_record_says_that_the_migration_wrote_a_lock() -> None:
    case = replace(small_platform.case(), charts=PLACES)
    assert not is_asked(case)
    assert not is_asked(replace(case, record=None))
    record = replace(small_platform.record(), created=(RepoPath(PLACES.lock),))
    assert is_asked(replace(case, record=record))
    assert not is_asked(replace(case, record=record, charts=None))
