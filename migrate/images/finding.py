"""Images that a rendered object names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.formats.manifests import Value, identity, readable
from migrate.model.images import Named, Place

POD_SPECS = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"), ("spec", "template", "spec")
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Kind -> where its pods are described (Kubernetes API, core/v1, apps/v1, batch/v1)."""
NATIVE = re.compile(r"(?:v1|apps/\w+|batch/\w+|extensions/\w+|(?:[\w.-]+\.)?k8s\.io/\w+)")
CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
WORD = re.compile(
    r"(?:[^\s=]*=)?(?P<image>[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?/[a-z0-9][\w./-]*(?::\w[\w.-]*|@sha256:[0-9a-f]{64}))"
)


def named_in(value: Value) -> Iterator[Named]:
    """Every image of one object; nothing of a Secret's or a ConfigMap's data, whose texts are not the cluster's to pull."""
    if not isinstance(value, dict):
        return
    subject, kind, version = identity(value), _string(value.get("kind")), _string(value.get("apiVersion"))
    if kind == "List":
        for item in _items(value.get("items")):
            yield from named_in(item)
    elif kind in POD_SPECS and NATIVE.fullmatch(version):
        yield from _of_pod(_inner(value, POD_SPECS[kind]), subject)
    elif not NATIVE.fullmatch(version):
        yield from _of_custom(value, subject, "")


def _of_pod(spec: Value, subject: str) -> Iterator[Named]:
    inner = spec if isinstance(spec, dict) else {}
    for key in CONTAINERS:
        for container in _items(inner.get(key)):
            if isinstance(container, dict):
                where = f"{key}/{_string(container.get('name'))}"
                if _string(container.get("image")):
                    yield Named(_string(container["image"]), Place.CONTAINER, subject, where)
                yield from _of_words(container, subject, where)
    for volume in _items(inner.get("volumes")):
        image = volume.get("image") if isinstance(volume, dict) else None
        if isinstance(image, dict) and _string(image.get("reference")):
            yield Named(_string(image["reference"]), Place.CONTAINER, subject, "volumes")


def _of_words(container: dict[str, Value], subject: str, where: str) -> Iterator[Named]:
    words = [_string(word) for key in ("command", "args") for word in _items(container.get(key))]
    words += [_string(entry.get("value")) for entry in _items(container.get("env")) if isinstance(entry, dict)]
    for word in words:
        found = WORD.fullmatch(word)
        if found:
            yield Named(found["image"], Place.ARGUMENT, subject, where)


def _of_custom(value: Value, subject: str, path: str) -> Iterator[Named]:
    """Keys `image` with text; beside `repository` and `version` or `tag` they are put together, as operators do."""
    if isinstance(value, list):
        for item in value:
            yield from _of_custom(item, subject, path)
    if not isinstance(value, dict):
        return
    image = _string(value.get("image"))
    if image:
        yield Named(_together(image, value), Place.CUSTOM, subject, f"{path}.image".lstrip("."))
    for key, inner in value.items():
        if isinstance(inner, (dict, list)):
            yield from _of_custom(inner, subject, f"{path}.{readable(key)}")


def _together(image: str, beside: dict[str, Value]) -> str:
    repository, version = _string(beside.get("repository")), _string(beside.get("version")) or _string(beside.get("tag"))
    if not repository or "/" in image:
        return image
    named = f"{repository.rstrip('/')}/{image}"
    if not version or ":" in image:
        return named
    return f"{named}@{version}" if version.startswith("sha256:") else f"{named}:{version}"


def _inner(value: Value, path: tuple[str, ...]) -> Value:
    for key in path:
        value = value.get(key, {}) if isinstance(value, dict) else {}
    return value


def _items(value: Value | None) -> list[Value]:
    return value if isinstance(value, list) else []


def _string(value: Value | None) -> str:
    return readable(value) if isinstance(value, str) else ""
