"""Which chart of which origin a release asks for, read off the helmfiles; and what is not pulled, with its reason."""

from __future__ import annotations

import pytest

from migrate.analyzers.survey import survey
from migrate.model.pulled import ChartRef, NotPulled
from migrate.model.settings import Settings
from migrate.vendoring.dependencies import missing_dependencies
from migrate.vendoring.wanted import wanted_charts
from tests.system.trees import tree_of

URL = "https://charts.example"
REPOSITORIES = f"repositories:\n- name: up\n  url: {URL}/\n- {{name: reg, url: host.example/path, oci: true}}\n"


def asked(release: str, repositories: str = REPOSITORIES, **files: str) -> ChartRef | NotPulled:
    """What the only release asks for."""
    tree = tree_of({"helmfile.yaml": f"{repositories}releases:\n- name: a\n{release}", **files})
    (found,) = wanted_charts(tree, survey(tree, Settings(), lambda _: frozenset())).values()
    return found


@pytest.mark.parametrize(
    ("release", "ref"),
    [
        ("  chart: up/demo\n  version: 1.2.3\n", ChartRef(URL, "demo", "1.2.3")),
        ("  chart: up/demo\n  version: ~1.2\n", ChartRef(URL, "demo", "~1.2")),
        ("  chart: up/demo\n", ChartRef(URL, "demo")),
        ("  chart: up/demo\n  devel: true\n", ChartRef(URL, "demo", "", devel=True)),
        ("  chart: reg/demo\n  version: 1.2.3\n", ChartRef("oci://host.example/path", "demo", "1.2.3")),
        ("  chart: reg/sub/demo\n  version: 1.2.3\n", ChartRef("oci://host.example/path/sub", "demo", "1.2.3")),
        ("  chart: oci://host.example/demo\n  version: 1.2.3\n", ChartRef("oci://host.example", "demo", "1.2.3")),
    ],
)
def test_a_release_asks_for_a_chart_of_an_origin(release: str, ref: ChartRef) -> None:
    assert asked(release) == ref


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ("  chart: other/demo\n", "no state file has a repository other"),
        ("  chart: up/sub/demo\n", "folder in it"),
        ("  chart: reg/demo\n", "needs a version"),
        ("  chart: oci://host.example/demo\n", "needs a version"),
        ("  chart: https://host.example/demo-1.2.3.tgz\n", "repositories and OCI registries only"),
        ("  chart: git::https://host.example/x@demo\n", "login"),
        ("  chart: up/demo\n  verify: true\n", "`verify`"),
        ("  chart: up/demo\n  version: {{ .Values.v }}\n", "does not tell its version"),
    ],
)
def test_what_is_not_pulled_has_a_reason(release: str, words: str) -> None:
    found = asked(release)
    assert isinstance(found, NotPulled)
    assert words in found.reason


@pytest.mark.parametrize("key", ["username: me", "caFile: ca.pem", "passCredentials: true", "certFile: c.pem"])
def test_a_repository_with_a_login_is_not_asked(key: str) -> None:
    found = asked("  chart: up/demo\n", f"repositories:\n- name: up\n  url: {URL}\n  {key}\n")
    assert found == NotPulled(
        f"its repository has `{key.partition(':')[0]}:`, and charts are pulled without logins and certificates"
    )


def test_a_login_in_an_address_is_not_used() -> None:
    found = asked("  chart: up/demo\n", "repositories:\n- name: up\n  url: https://me:word@charts.example\n")
    assert isinstance(found, NotPulled)
    assert "word" not in found.reason


def test_a_lock_is_never_guessed_without_helmfile() -> None:
    assert asked("  chart: up/demo\n  version: ~1.2\n", **{"helmfile.lock": "x"}) == NotPulled("helmfile does not tell its chart")


MANIFEST = "apiVersion: v2\nname: own\nversion: 1.0.0\ndependencies:\n- name: lib\n  version: ~0.5\n  repository: {}\n"


def lacking(manifest: str, **files: str) -> dict[tuple[str, str, str], ChartRef | NotPulled]:
    """The missing dependencies of the only release's chart."""
    tree = tree_of({"helmfile.yaml": "releases:\n- name: a\n  chart: ./own\n", "own/Chart.yaml": manifest, **files})
    return dict(missing_dependencies(tree, survey(tree, Settings(), lambda _: frozenset())))


LIB = ("own", "lib", "~0.5")


def test_a_dependency_that_is_not_there_is_asked_for() -> None:
    assert lacking(MANIFEST.format(URL)) == {LIB: ChartRef(URL, "lib", "~0.5")}


def test_the_lock_gives_the_version() -> None:
    lock = "dependencies:\n- name: lib\n  version: 0.5.7\n"
    assert lacking(MANIFEST.format(URL), **{"own/Chart.lock": lock}) == {LIB: ChartRef(URL, "lib", "0.5.7")}


@pytest.mark.parametrize("path", ["own/charts/lib/Chart.yaml", "own/charts/lib-0.5.1.tgz"])
def test_one_that_is_vendored_is_not(path: str) -> None:
    assert lacking(MANIFEST.format(URL), **{path: "apiVersion: v2\nname: lib\nversion: 0.5.1\n"}) == {}


def test_a_folder_of_the_repository_is_none() -> None:
    assert lacking(MANIFEST.format("file://../lib")) == {}


@pytest.mark.parametrize("repository", ['"@up"', '"alias:up"', '""'])
def test_a_repository_of_helms_own_list_is_not_guessed(repository: str) -> None:
    assert isinstance(lacking(MANIFEST.format(repository))[LIB], NotPulled)


def test_folders_beside_what_is_missing_are_not_packed() -> None:
    more = "- name: other\n  version: 1.0.0\n  repository: file://../other\n"
    assert isinstance(lacking(MANIFEST.format(URL) + more)[LIB], NotPulled)
