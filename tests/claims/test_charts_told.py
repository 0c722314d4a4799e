"""Charts that come from elsewhere, links, and `skipDeps`: the questions that claims ask of two trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import chart_labels, deploys_equal, skip_deps
from migrate.claims.fetched import Address, address_of, has_all_it_got, still_asks
from migrate.claims.links import leads_elsewhere
from migrate.claims.side_facts import Definition
from migrate.claims.vendoring import builds_from_folders
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode
from tests.claims.told import CELL, FILES, STATE, B, case, entry, gathered, side, state, wrong
from tests.system.trees import Content, tree_of

Files = Mapping[str, Content]
OCI = {"name": "up", "url": "oci://h.example.org/x/", "oci": True}


@pytest.mark.parametrize(
    ("settings", "document", "address"),
    [
        ({"chart": "./c"}, {}, None),
        ({"chart": "c"}, {}, None),
        ({"chart": "../gone"}, {}, None),
        ({"chart": "/gone"}, {}, None),
        ({"chart": ""}, {}, None),
        ({"chart": "up/c"}, {}, Address("up/c", "", False)),
        ({"chart": "up/../../../c"}, {}, Address("up/../../../c", "", False)),
        ({"chart": "up/c", "version": "1", "devel": True}, {}, Address("up/c", "1", True)),
        ({"chart": "up/c"}, {"helmDefaults": {"devel": True}}, Address("up/c", "", True)),
        ({"chart": "up/c"}, {"repositories": [OCI]}, Address("oci://h.example.org/x/c", "", False)),
        ({"chart": "up/c"}, {"repositories": [{**OCI, "oci": False}]}, Address("up/c", "", False)),
        ({"chart": "up/c"}, {"repositories": [{**OCI, "name": "down"}]}, Address("up/c", "", False)),
    ],
)
def test_how_a_chart_is_asked_for(settings: dict[str, Any], document: dict[str, Any], address: Address | None) -> None:
    assert address_of(tree_of(FILES), Definition(state(**document), entry(**settings))) == address


def test_skip_deps_takes_nothing_from_a_release_whose_chart_holds_what_it_got() -> None:
    told = case(side(), side())
    local, remote = Definition(state(), entry()), Definition(state(), entry(chart="up/c"))
    assert has_all_it_got(told, remote, local)
    assert not has_all_it_got(told, remote, remote)
    assert not has_all_it_got(told, local, local)
    assert has_all_it_got(replace(told, incomplete=("c",)), local, local)
    assert not has_all_it_got(replace(told, incomplete=("c",)), local, remote)
    outside = Definition(state(), entry(chart="../../c"))
    assert not has_all_it_got(replace(told, incomplete=("c",)), outside, local)


def test_skip_deps_may_be_new_where_the_old_chart_was_fetched_and_the_new_one_is_there() -> None:
    def differs(old: dict[str, Any], new: dict[str, Any]) -> bool:
        before, after = (side(states=(state(entry(**settings), entry(B)),)) for settings in (old, new))
        return "`skipDeps` differs" in wrong(deploys_equal.judge(gathered(before, after))).get(f"{CELL} definition", "")

    remote: dict[str, Any] = {"chart": "up/c"}
    assert not differs(remote, {"skipDeps": True})
    assert differs({}, {"skipDeps": True})
    assert differs(remote, {**remote, "skipDeps": True})
    assert differs({**remote, "skipDeps": True}, {})
    assert not differs(remote, {})


ADDRESS = "https://h.example.org/x/"


def asks(manifest: str = "", name: str = "Chart.yaml", **settings: Any) -> bool:  # noqa: ANN401  (whatever YAML holds)
    files = {**FILES, f"c/{name}": manifest} if manifest else FILES
    told = side(files=files, states=(state(entry(**settings), entry(B)),))
    return still_asks(told, "dev", "up", ["https://more.example.org", ADDRESS, ""])


def test_who_still_asks_a_repository() -> None:
    assert not asks()
    assert asks(chart="up/c")
    assert not asks(chart="upper/c")
    assert asks(dependencies=[{"chart": "up/lib"}])
    assert not asks(dependencies=[{"chart": "down/lib"}, "x"])
    for text in ("'@up'", "alias:up", "https://h.example.org/x"):
        for name in ("Chart.yaml", "requirements.yaml"):
            assert asks(f"repository: {text}\n", name)
    for text in ("'@upper'", "'@up-er'", "https://i.example.org"):
        assert not asks(f"repository: {text}\n")
    assert not asks(chart="../../out")
    assert not asks(chart=None)


def test_a_chart_whose_dependencies_are_not_built_asks_no_repository() -> None:
    files = {**FILES, "c/Chart.yaml": "repository: '@up'\n"}
    both = [entry(skipDeps=True), entry(B, skipDeps=True)]
    assert not still_asks(side(files=files, states=(state(*both),)), "dev", "up", [])
    assert still_asks(side(files=files, states=(state(both[0], entry(B)),)), "dev", "up", [])
    top = side(files={"Chart.yaml": "repository: '@up'\n"}, states=(state(entry(chart="./")),))
    assert still_asks(top, "dev", "up", [])


def link(text: str) -> Content:
    return text, Mode.LINK


LINKS = {"l": "x", "d": "dir", "gone": "nowhere", "out": "../../z", "abs": "/etc/x", "ring": "ring", "far": "l", "through": "d/y"}
OLD: Files = {"a/x": "x", "a/dir/y": "y", **{f"a/{name}": link(text) for name, text in LINKS.items()}}


@pytest.mark.parametrize(
    ("name", "files", "same"),
    [
        ("l", {"b/l": link("x"), "b/x": "x"}, True),
        ("l", {"b/l": link("x"), "b/x": "y"}, False),
        ("l", {"b/l": link("x")}, False),
        ("l", {"b/l": link("../a/x")}, True),
        ("l", {"b/l": link("x"), "b/x": "../a/x"}, False),
        ("l", {"b/l": link("x"), "b/x": ("x", Mode.EXECUTABLE)}, False),
        ("d", {"b/d": link("dir"), "b/dir/y": "y"}, True),
        ("d", {"b/d": link("dir"), "b/dir/y": "y", "b/dir/z": "z"}, False),
        ("d", {"b/d": link("dir"), "b/dir/z": "y"}, False),
        ("gone", {"b/gone": link("nowhere")}, True),
        ("gone", {"b/gone": link("nowhere"), "b/nowhere": ""}, False),
        ("out", {"b/out": link("../../z")}, False),
        ("abs", {"b/abs": link("/etc/x")}, True),
        ("abs", {"b/abs": link("/etc/y")}, False),
        ("far", {"b/far": link("l"), "b/l": link("x"), "b/x": "x"}, True),
        ("far", {"b/far": link("l"), "b/l": link("x"), "b/x": "y"}, False),
        ("through", {"b/through": link("d/y"), "b/d": link("dir"), "b/dir/y": "y"}, True),
        ("through", {"b/through": link("d/y"), "b/d": link("dir"), "b/dir/y": "z"}, False),
        ("through", {"b/through": link("../top/y"), "top": link("a/dir")}, True),
        ("through", {"b/through": link("../top/y"), "top": link("b"), "b/y": "z"}, False),
        ("l", {"b/l": link("d/under/x"), "b/d": link("dir"), "b/dir/under/x": "x"}, True),
        ("d", {"b/d": link("top"), "b/top": link("../a/dir")}, True),
        ("gone", {"b/gone": link("d/none"), "b/d": link("dir"), "b/dir/y": "y"}, True),
        ("x", {"b/x": "y"}, True),
    ],
)
def test_a_copied_link_is_the_same_if_it_leads_to_the_same(name: str, files: Files, same: bool) -> None:
    told = case(side(files={**FILES, **OLD}), side(files={**FILES, **OLD, **files}))
    said = "" if same else "a link that leads to something else from its new place"
    assert leads_elsewhere(told, RepoPath(f"a/{name}"), RepoPath(f"b/{name}")) == said


def test_a_link_that_leads_out_from_the_same_folder_is_the_same() -> None:
    told = case(side(files=OLD), side(files=OLD))
    assert leads_elsewhere(told, RepoPath("a/out"), RepoPath("a/out")) == ""
    assert leads_elsewhere(told, RepoPath("a/ring"), RepoPath("a/ring")) == ""


@pytest.mark.parametrize(
    ("modules", "known"),
    [
        ('[submodule "a"]\n\tpath = b/m\n', True),
        ('path="b/m"\n', True),
        ("\tpath = b/m \n", True),
        ("\tpath = b/mm\n", False),
        ("\tpath = c/b/m\n", False),
        ("\tpath = bxm\n", False),
        (None, False),
    ],
)
def test_a_copied_submodule_is_known_by_its_new_path(modules: str | None, known: bool) -> None:
    commit: Content = ("0" * 40, Mode.SUBMODULE)
    files = {"b/m": commit, **({".gitmodules": modules} if modules else {})}
    told = case(side(files={"a/m": commit}), side(files=files))
    said = "" if known else "a submodule that .gitmodules does not name at b/m"
    assert leads_elsewhere(told, RepoPath("a/m"), RepoPath("b/m")) == said


FOLDER, AWAY, NONE = "    repository: file://../x\n", "    repository: https://h\n", ""


@pytest.mark.parametrize(
    ("repositories", "builds"),
    [
        ((FOLDER,), True),
        ((FOLDER, FOLDER), True),
        ((FOLDER, NONE), True),
        ((FOLDER, AWAY), False),
        ((AWAY,), False),
        ((NONE,), False),
        ((), False),
    ],
)
def test_a_chart_builds_without_the_network_if_it_depends_on_folders_alone(repositories: tuple[str, ...], builds: bool) -> None:
    text = "name: c\ndependencies:\n" + "".join(f"  - name: d\n{each}" for each in repositories)
    for folder, path in (("c", "c/Chart.yaml"), ("c", "c/requirements.yaml"), ("", "Chart.yaml")):
        assert builds_from_folders(tree_of({path: text}), folder) is builds
    away = "dependencies:\n  - name: e\n" + AWAY
    assert not builds_from_folders(tree_of({"c/Chart.yaml": text, "c/requirements.yaml": away}), "c")


@pytest.mark.parametrize("text", ["- a\n", "dependencies: x\n", "dependencies: [x]\n", "a: [\n"])
def test_a_manifest_that_can_not_be_read_depends_on_nothing(text: str) -> None:
    assert not builds_from_folders(tree_of({"c/Chart.yaml": text}), "c")


VENDORED: Files = {
    **FILES,
    "c/Chart.yaml": "name: c\nversion: 1.0.0\ndependencies:\n  - name: d\n    version: 1.0.0\n    repository: https://h\n",
    "c/charts/d/Chart.yaml": "name: d\nversion: 1.0.0\n",
}


def test_new_skip_deps_is_declared_where_the_chart_is_vendored_whole() -> None:
    def declared(files: Files, old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
        sides = (
            side(files=files, states=(state(entry(**old), entry(B)),)),
            side(files=files, states=(state(entry(**new), entry(B)),)),
        )
        told = tuple(skip_deps.declared(gathered(*sides)))
        differs = wrong(deploys_equal.judge(gathered(*sides))).get(f"{CELL} definition", "")
        assert ("`skipDeps` differs" in differs) is (old.get("skipDeps", False) != new.get("skipDeps", False) and not told)
        return told

    said = ("n/a is deployed with what charts/ holds, by `skipDeps: true` (dev)",)
    skips: dict[str, Any] = {"skipDeps": True}
    assert declared(VENDORED, {}, skips) == said
    assert declared(VENDORED, {"skipDeps": False}, skips) == said
    assert declared(VENDORED, {}, {}) == declared(VENDORED, skips, skips) == declared(VENDORED, {}, {"skipDeps": "yes"}) == ()
    assert declared(FILES, {}, skips) == ()
    top = {path.removeprefix("c/"): text for path, text in VENDORED.items() if path.startswith("c/")}
    assert declared({STATE: "", **top}, {}, {**skips, "chart": "./"}) == said
    twice = side(files=VENDORED, states=(state(entry(**skips), entry(**skips)),))
    assert not tuple(skip_deps.declared(gathered(side(files=VENDORED), twice)))
    assert not tuple(skip_deps.declared(gathered(twice, side(files=VENDORED))))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("./charts/a", "../charts/b", ["`-l chart=a` selects n/a no more; `-l chart=b` does"]),
        ("./charts/a", "../more/a", []),
        ("./", "../charts/a", []),
        (None, "../charts/a", []),
    ],
)
def test_a_chart_with_another_last_word_is_selected_by_another_one(old: str | None, new: str, said: list[str]) -> None:
    before, after = (side(states=(state(entry(chart=chart), entry(B)),)) for chart in (old, new))
    assert list(chart_labels.declared(gathered(before, after))) == said
