"""Whether the index of a chart repository lists an archive."""

from __future__ import annotations

import pytest

from migrate.formats.chart_index import listed_digest

SUM, OTHER = "a" * 64, "b" * 64
INDEX = f"""\
apiVersion: v1
entries:
  demo:
  - digest: {OTHER}
    name: demo
  bare:
  - name: bare
    urls:
    - bare-1.0.0.tgz
  demo-two:
  - digest: {OTHER}
"""


def test_an_archive_with_the_listed_digest_is_listed() -> None:
    assert listed_digest(INDEX.encode(), "demo", OTHER)


def test_another_one_is_not() -> None:
    assert not listed_digest(INDEX.encode(), "demo", SUM)


def test_nothing_contradicts_where_the_chart_has_no_digest() -> None:
    assert listed_digest(INDEX.encode(), "bare", SUM)


@pytest.mark.parametrize(
    "index", [f'{{"entries": {{"demo": [{{"digest": "{OTHER}"}}]}}}}', f'entries: {{demo: [{{"digest": "{OTHER}"}}]}}']
)
def test_an_index_in_another_form_is_searched_as_a_whole(index: str) -> None:
    assert not listed_digest(index.encode(), "demo", SUM)
