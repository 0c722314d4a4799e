"""Which charts are fetched for although they are vendored whole: only what charts/ holds at the wanted version counts."""

from __future__ import annotations

import pytest

from migrate.analyzers.vendored import fetched_in_vain
from tests.system.trees import tree_of

REMOTE = "https://charts.example.org"


def manifest(*dependencies: tuple[str, str, str]) -> str:
    entries = "".join(f"- {{name: {n}, version: '{v}', repository: '{r}'}}\n" for n, v, r in dependencies)
    return f"apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n{entries}"


def sub(name: str = "sub", version: str = "1.2.3") -> dict[str, str]:
    return {f"web/charts/{name}/Chart.yaml": f"name: {name}\nversion: {version}\n"}


LOCK = {"web/Chart.lock": "dependencies:\n- {name: sub, repository: x, version: 1.2.3}\n"}


@pytest.mark.parametrize(
    ("dependency", "others"),
    [
        (("sub", "1.2.3", REMOTE), {}),
        (("sub", "1.2.3", REMOTE), sub(version="1.2.4")),
        (("sub", "~1.2", REMOTE), sub()),
        (("sub", "~1.2", REMOTE), {**sub(version="1.2.4"), **LOCK}),
        (("sub", "1.2.3", REMOTE), {"web/charts/sub/charts/sub/Chart.yaml": "name: sub\nversion: 1.2.3\n"}),
        (("sub", "1.2.3", "file://charts/sub"), sub()),
        (("sub", "1.2.3", ""), sub()),
    ],
)
def test_what_is_not_whole_or_not_fetched_is_none(dependency: tuple[str, str, str], others: dict[str, str]) -> None:
    assert fetched_in_vain(tree_of({"web/Chart.yaml": manifest(dependency), **others}), "web") == ()


@pytest.mark.parametrize(
    ("version", "others"),
    [
        ("1.2.3", sub()),
        ("v1.2.3", sub()),
        ("~1.2", {**sub(), **LOCK}),
        ("1.2.3", {"web/charts/sub-1.2.3.tgz": "packed"}),
    ],
)
@pytest.mark.parametrize("repository", [REMOTE, "oci://registry.example.org/charts", "@stable"])
def test_a_whole_one_is_found(version: str, others: dict[str, str], repository: str) -> None:
    tree = tree_of({"web/Chart.yaml": manifest(("sub", version, repository)), **others})
    assert [dependency.name for dependency in fetched_in_vain(tree, "web")] == ["sub"]


def test_one_that_is_missing_spoils_the_rest() -> None:
    both = manifest(("sub", "1.2.3", REMOTE), ("other", "1.0.0", "file://../other"))
    assert fetched_in_vain(tree_of({"web/Chart.yaml": both, **sub()}), "web") == ()
    whole = {**sub(), **sub("other", "1.0.0")}
    assert [d.name for d in fetched_in_vain(tree_of({"web/Chart.yaml": both, **whole}), "web")] == ["sub"]


def test_no_chart_and_no_dependencies_are_none() -> None:
    assert fetched_in_vain(tree_of({"web/a": ""}), "web") == ()
    assert fetched_in_vain(tree_of({"web/Chart.yaml": "name: web\nversion: 1.0.0\n"}), "web") == ()
