"""What counts as an image, how it is spelled whole, and how lists compare."""

from __future__ import annotations

import pytest

from migrate.formats.manifests import parse
from migrate.images import compare, gathered, named_in, read_list, whole
from migrate.model.facts import CellId, ReleaseId
from migrate.model.images import ImageReport, Named, Place
from migrate.report.images_text import image_list, images_text

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.2", "docker.io/library/nginx:1.2"),
        ("me/app", "docker.io/me/app:latest"),
        ("docker.io/nginx:1", "docker.io/library/nginx:1"),
        ("index.docker.io/me/app:1", "docker.io/me/app:1"),
        ("localhost/app:1", "localhost/app:1"),
        ("registry:5000/a/b:1", "registry:5000/a/b:1"),
        ("quay.io/a/b:1", "quay.io/a/b:1"),
        (f"quay.io/a/b@{DIGEST}", f"quay.io/a/b@{DIGEST}"),
        (f"quay.io/a/b:1@{DIGEST}", f"quay.io/a/b:1@{DIGEST}"),
        ("", ""),
        ("No Image", ""),
        ("quay.io/", ""),
        ("https://quay.io/a", ""),
    ],
)
def test_a_name_is_completed_as_docker_does_it(text: str, name: str) -> None:
    assert whole(text) == name


def found(document: str) -> set[tuple[str, Place, str]]:
    return {(named.text, named.place, named.where) for named in named_in(parse(document.encode()))}


POD = """\
containers:
- {name: web, image: 'web:1', args: ['--reloader=quay.io/x/reloader:v2', '--url=https://quay.io/x:1', 'a.b/c']}
initContainers: [{name: first, image: 'first:1'}]
ephemeralContainers: [{name: look, image: 'look:1'}]
volumes: [{name: v, image: {reference: 'files:1'}}]
"""
IN_POD = {
    ("web:1", Place.CONTAINER, "containers/web"),
    ("quay.io/x/reloader:v2", Place.ARGUMENT, "containers/web"),
    ("first:1", Place.CONTAINER, "initContainers/first"),
    ("look:1", Place.CONTAINER, "ephemeralContainers/look"),
    ("files:1", Place.CONTAINER, "volumes"),
}


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line + "\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "document",
    [
        f"apiVersion: v1\nkind: Pod\nspec:\n{indented(POD, 2)}",
        f"apiVersion: apps/v1\nkind: DaemonSet\nspec:\n  template:\n    spec:\n{indented(POD, 6)}",
        "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n"
        + indented(POD, 10),
        f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n{indented(POD, 4)}",
    ],
)
def test_all_kinds_of_containers_are_found(document: str) -> None:
    assert found(document) == IN_POD


def test_a_custom_resource_is_told_apart_and_put_together_from_its_neighbours() -> None:
    document = (
        "apiVersion: x.example.org/v1\nkind: Deployment\nspec:\n  image: a/b:1\n"
        "  driver: {image: d, repository: quay.io/x, version: '1.0'}\n"
        f"  other: {{image: e, repository: quay.io/x, tag: '{DIGEST}'}}\n"
    )
    custom = Place.CUSTOM
    assert found(document) == {
        ("a/b:1", custom, "spec.image"),
        ("quay.io/x/d:1.0", custom, "spec.driver.image"),
        (f"quay.io/x/e@{DIGEST}", custom, "spec.other.image"),
    }


@pytest.mark.parametrize(
    "document",
    [
        "apiVersion: v1\nkind: ConfigMap\ndata: {image: 'a:1'}\n",
        "apiVersion: v1\nkind: Secret\nstringData: {image: 'a:1'}\n",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: 'a:1'}\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: none}\n",
        "- image: a\n",
    ],
)
def test_data_and_definitions_name_no_images(document: str) -> None:
    assert found(document) == set()


def test_one_image_in_two_spellings_is_one_entry_with_all_its_users() -> None:
    cells = [CellId("dev", ReleaseId("", "web", "web")), CellId("prod", ReleaseId("", "web", "web"))]
    texts = ("nginx:1", "docker.io/library/nginx:1")
    (image,) = gathered((cell, Named(text, Place.CONTAINER, "Pod a", "x")) for cell, text in zip(cells, texts, strict=True))
    assert image.name == texts[1]
    assert image.texts == tuple(sorted(texts))
    assert [cell for cell, _ in image.uses] == cells


def test_a_list_is_read_with_its_comments_and_what_is_no_image_is_told() -> None:
    assert read_list("\ufeff# all\r\n\nnginx:1 # web\nNo Image\n") == (frozenset(("docker.io/library/nginx:1",)), (4,))


def test_missing_surplus_and_other_tags() -> None:
    rendered = ["quay.io/a/kept:1", "quay.io/a/newer:2", "quay.io/a/absent:1"]
    missing, (first, second) = compare(
        {"b.txt": "quay.io/a/newer:1\nquay.io/a/gone:1\n", "a.txt": "quay.io/a/kept:1\n"}, rendered
    )
    assert missing == ("quay.io/a/absent:1",)
    assert (first.path, first.surplus, first.other_tag) == ("a.txt", (), ())
    assert second.surplus == ("quay.io/a/gone:1", "quay.io/a/newer:1")
    assert second.other_tag == (("quay.io/a/newer:2", ("quay.io/a/newer:1",)),)


def test_other_tags_of_one_repository_are_one_line() -> None:
    rendered = ["quay.io/a/all:core-2", "quay.io/a/all:web-2", "quay.io/a/new:2"]
    listed = f"quay.io/a/all:core-1\nquay.io/a/all:web-1\nquay.io/a/new@sha256:{'0' * 64}\n"
    missing, lists = compare({"a.txt": listed}, rendered)
    text = images_text(ImageReport("c" * 40, "helmfile.yaml", (), (), missing, lists), verbose=False)
    assert "  other tag  quay.io/a/all:core-2, web-2; listed: core-1, web-1\n" in text
    assert f"  other tag  quay.io/a/new:2; listed: @sha256:{'0' * 64}\n" in text


def test_the_report_names_objects_and_spellings_when_asked() -> None:
    cell = CellId("dev", ReleaseId("", "web", "web"))
    images = gathered([(cell, Named("nginx:1", Place.CONTAINER, "Pod a (v1)", "containers/x"))])
    report = ImageReport("c" * 40, "helmfile.yaml", images, ((cell, "a cause"),), (), ())
    long, short = images_text(report, verbose=True), images_text(report, verbose=False)
    assert "      Pod a (v1) containers/x: nginx:1" in long
    assert "Pod a" not in short
    assert "  dev/web/web: a cause" in short
    assert image_list(report) == "docker.io/library/nginx:1\n"
