"""`migrate.yaml` -> `Settings`. Every key is described in docs/reference/configuration.md.

A key that is unknown, repeated or of the wrong kind is refused with its line: what the user wrote and the tool ignored would be
a silent difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from migrate.errors import BadConfiguration, UnreadableSource
from migrate.formats.checked_yaml import CheckedYaml
from migrate.formats.plain_yaml import Path, load_plain
from migrate.layout import FIELDS as LAYOUT_KEYS
from migrate.layout import layout_problem
from migrate.model.charts import ChartKind
from migrate.model.phases import SUB_ISSUES
from migrate.model.settings import Accepted, Order, Settings, Unproved
from migrate.tiers import tier_table

FILE_NAME = "migrate.yaml"
"""where the settings lie, from the top of the repository, unless `--config` says otherwise"""

LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?")
RESERVED_LABELS = ("name", "namespace", "chart")
"""labels that helmfile sets itself (state/state.go of helmfile 0.166)"""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STATE_VALUE = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CLOSED_VARIABLES = re.compile(r"HELM_.*|HELMFILE_.*|XDG_.*|PATH|HOME|TMPDIR")
"""variables that every call of helmfile and helm gets from `migrate` alone"""


def parse_settings(text: str, where: str) -> Settings:
    """The settings that the text of a `migrate.yaml` asks for; an empty text gives the defaults.

    `where` is named in errors. BadConfiguration, with `path` and `line`, for anything that is not understood.
    """
    try:
        document = load_plain(text.encode(), where)
    except UnreadableSource as error:
        raise BadConfiguration(error.message, path=where, line=error.line, hint="mend the YAML") from error
    source = CheckedYaml(document)
    fields: dict[str, object] = {}
    for key, value in source.mapping({} if document.value is None else document.value, (), tuple(READERS)).items():
        if value is not None:
            fields |= READERS[key](source, value, (key,))
    settings = Settings(**fields)  # type: ignore[arg-type]  # each reader gives its own field the right type
    _check_layout(source, settings)
    return settings


Reader = Callable[[CheckedYaml, Any, Path], dict[str, object]]


def _layout(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    paths = source.mapping(value, at, tuple(LAYOUT_KEYS))
    return {"layout": MappingProxyType({key: source.text(path, (*at, key)) for key, path in paths.items()})}


def _check_layout(source: CheckedYaml, settings: Settings) -> None:
    problem = layout_problem(settings)
    if problem:
        raise source.refusal(("layout", problem.key), problem.message)


def _tiers(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    names = tier_table().names
    entries = source.mapping(value, at).items()
    return {"tiers": MappingProxyType({release: source.choice(tier, (*at, release), names) for release, tier in entries})}


def _tier_label(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    label = source.matching(value, at, LABEL, "label that a selector can name")
    if label in RESERVED_LABELS:
        raise source.refusal(at, f"helmfile sets the label {label} itself")
    return {"tier_label": label}


def _order(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"order": Order(source.choice(value, at, tuple(Order)))}


def _charts(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    kinds: dict[str, ChartKind] = {}
    for chart, entry in source.mapping(value, at).items():
        keys = source.mapping(entry, (*at, chart), ("kind",))
        if "kind" not in keys:
            raise source.refusal((*at, chart), "`kind` is missing")
        kinds[chart] = ChartKind(source.choice(keys["kind"], (*at, chart, "kind"), ("external", "custom")))
    return {"charts": MappingProxyType(kinds)}


def _names(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    entries = source.mapping(value, at).items()
    names = {release: str(source.path(name, (*at, release))) for release, name in entries}
    for release, name in names.items():
        if list(names.values()).count(name) > 1:
            raise source.refusal((*at, release), f"{name!r} is given to two releases")
    return {"names": MappingProxyType(names)}


def _root(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"root": source.path(value, at)}


def _accept(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"accept": tuple(_accepted(source, entry, (*at, n)) for n, entry in enumerate(source.items(value, at)))}


def _accepted(source: CheckedYaml, value: object, at: Path) -> Accepted:
    entry = source.mapping(value, at, ("finding", "path", "reason"))
    for key in ("finding", "reason"):
        if key not in entry:
            raise source.refusal(at, f"`{key}` is missing")
    return Accepted(
        finding=source.matching(entry["finding"], (*at, "finding"), SLUG, "name of a finding"),
        path=source.path(entry["path"], (*at, "path")) if "path" in entry else "",
        reason=source.text(entry["reason"], (*at, "reason")),
    )


def _unproved(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"unproved": tuple(_vouched(source, entry, (*at, n)) for n, entry in enumerate(source.items(value, at)))}


def _vouched(source: CheckedYaml, value: object, at: Path) -> Unproved:
    keys = ("release", "environment", "cause", "reason")
    entry = source.mapping(value, at, keys)
    for key in keys:
        if key not in entry:
            raise source.refusal(at, f"`{key}` is missing")
    return Unproved(*(source.text(entry[key], (*at, key)) for key in keys))


def _pass_env(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    names = []
    for index, item in enumerate(source.items(value, at)):
        name = source.matching(item, (*at, index), VARIABLE, "name of an environment variable")
        if CLOSED_VARIABLES.fullmatch(name):
            raise source.refusal((*at, index), f"{name} can't be passed: the proof must not depend on it")
        names.append(name)
    return {"pass_env": tuple(dict.fromkeys(names))}


def _offline(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"offline": source.boolean(value, at)}


def _offline_registry(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"offline_registry": source.matching(value, at, STATE_VALUE, "path of a state value, as in offline.registry")}


def _image_lists(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"image_lists": tuple(source.text(item, (*at, index)) for index, item in enumerate(source.items(value, at)))}


def _issue(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    return {"issue": source.text(value, at)}


def _sub_issues(source: CheckedYaml, value: object, at: Path) -> dict[str, object]:
    numbers = tuple(str(number) for number in SUB_ISSUES)
    entries = source.mapping(value, at, numbers).items()
    return {"sub_issues": MappingProxyType({int(number): source.text(key, (*at, number)) for number, key in entries})}


READERS: Mapping[str, Reader] = {
    "layout": _layout,
    "tiers": _tiers,
    "tierLabel": _tier_label,
    "order": _order,
    "charts": _charts,
    "names": _names,
    "root": _root,
    "accept": _accept,
    "unproved": _unproved,
    "passEnv": _pass_env,
    "offline": _offline,
    "offlineRegistry": _offline_registry,
    "imageLists": _image_lists,
    "issue": _issue,
    "subIssues": _sub_issues,
}
"""key of migrate.yaml -> what reads it into fields of `Settings`"""
