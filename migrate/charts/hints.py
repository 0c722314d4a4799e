"""What a helmfile and a Chart.yaml say of where charts came from, commented-out lines included. An origin is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.analyzers.chart_kind import without_credentials
from migrate.formats.comments import Comment, comments

OCI = "oci://"
_ORIGIN = re.compile(r"(?:https?|oci)://[^\s\"'{}<>]+")
_CHART = re.compile(r"""#[#\s-]*chart:\s*["']?([^\s"'#]+)""")
_KEY = re.compile(r"""#[#\s]*(?P<item>-\s+)?(?P<key>name|url|oci):\s*["']?(?P<value>[^\s"'#]+)""")
_REPOSITORY = re.compile(r"""#[#\s-]*repository:\s*["']?([^\s"'#]+)""")
_VERSION = re.compile(r"(?:@sha256:[0-9a-f]+|:[^/:]+)$")


@dataclass(frozen=True, slots=True)
class StateHints:
    """What a state file names: charts as releases write them (`repository/name`, `oci://…`), and repositories.

    `repositories` has the URL of each name, `""` for a name with two.
    """

    charts: tuple[str, ...]
    repositories: Mapping[str, str]


def state_hints(text: str, charts: Sequence[str], repositories: Sequence[tuple[str, str]]) -> StateHints:
    """The hints of a state file's text, together with the charts and repositories that it really names."""
    found = comments(text)
    named = [match[1] for comment in found if (match := _CHART.match(comment.text))]
    urls: dict[str, str] = {}
    for name, url in (*repositories, *_commented_repositories(found)):
        urls[name] = url if urls.get(name, url) == url else ""
    return StateHints((*charts, *named), urls)


def repository_url(url: str, *, oci: bool) -> str:
    """The URL of a repository as an origin's beginning; empty for what is none, or is made by a template."""
    plain = without_credentials(url.strip()).rstrip("/")
    whole = plain if "://" in plain or not oci else OCI + plain
    return whole if _ORIGIN.fullmatch(whole) else ""


def origin_in(url: str, name: str) -> str:
    """The origin of a chart in a repository: for a registry with the chart's name."""
    return f"{url}/{name}" if url.startswith(OCI) else url


def origin_of(hints: StateHints, name: str) -> str | None:
    """Where the state file says that a chart of this name comes from: None if it says nothing, empty if it says two things."""
    found = {origin for chart in hints.charts if (origin := _named(chart, name, hints.repositories))}
    return None if not found else found.pop() if len(found) == 1 else ""


def only_repository(hints: StateHints, name: str) -> str:
    """The URL of the only repository that a state file names, if the chart's name is a whole part of it; else empty."""
    urls = [url for url in hints.repositories.values() if url]
    named = len(hints.repositories) == 1 and len(urls) == 1 and name in urls[0].split("/")
    return origin_in(urls[0], name) if named else ""


def dependency_comments(text: str, first: int, last: int) -> tuple[str, ...]:
    """The commented-out `repository:` between two lines (both counted), as URLs."""
    found = [match[1] for c in comments(text) if first <= c.line <= last and (match := _REPOSITORY.match(c.text))]
    return tuple(url for each in found if (url := repository_url(each, oci=False)))


def _named(chart: str, name: str, repositories: Mapping[str, str]) -> str:
    """The origin, if the text of a `chart:` names this chart."""
    plain = _VERSION.sub("", without_credentials(chart)) if chart.startswith(OCI) else chart
    repository, _, last = plain.rpartition("/")
    if last != name or not repository:
        return ""
    if chart.startswith(OCI):
        return plain if _ORIGIN.fullmatch(plain) else ""
    url = repositories.get(repository, "")
    return origin_in(url, name) if url else ""


def _commented_repositories(found: Sequence[Comment]) -> Iterator[tuple[str, str]]:
    """Name and URL of each commented-out entry of `repositories:`; its keys stand in lines that follow each other."""
    item: dict[str, str] = {}
    line = 0
    for comment in found:
        match = _KEY.match(comment.text)
        if match is None or match["item"] or comment.line != line + 1:
            yield from _entry(item)
            item = {}
        line = comment.line
        if match is not None:
            item.setdefault(match["key"], match["value"])
    yield from _entry(item)


def _entry(item: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    url = repository_url(item.get("url", ""), oci=item.get("oci") == "true")
    if "name" in item and url:
        yield item["name"], url
