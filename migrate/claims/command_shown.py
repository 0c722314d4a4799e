"""A command line of helmfile as reports show it: what it sets is left out, for that may be a password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.claims.command_filling import ENVIRONMENT, NAMESPACE, SELECTOR, STATE, Item, items

HIDDEN = "…"
PLAIN = frozenset(
    (
        *STATE,
        *ENVIRONMENT,
        *SELECTOR,
        *NAMESPACE,
        *("-o", "--output", "--output-dir", "--output-dir-template", "--output-file-template", "--log-level"),
        *("--kube-context", "-c", "--chart", "--concurrency", "--context", "--values", "--state-values-file", "--kubeconfig"),
        *("--cascade", "--timeout", "--track-mode"),
    )
)
"""Options whose value is a name, a number or a path."""
KEYED = frozenset("--set --state-values-set --state-values-set-string".split())
"""Options whose value begins with the name of a key."""


def shown(words: Sequence[str]) -> str:
    """The words, with a sign in place of each value that may hold a secret. Of `KEY=VALUE` the key stays."""
    return " ".join(("helmfile", *(word for item in items(words) for word in _of(item))))


def _of(item: Item) -> Iterator[str]:
    if item.value is None:
        yield from (_headed(word) if "=" in word else word for word in item.words)
    elif item.option in PLAIN:
        yield from item.words
    else:
        value = _headed(item.value) if item.option in KEYED else HIDDEN
        yield from (item.option, value) if len(item.words) > 1 else (f"{item.option}={value}",)


def _headed(text: str) -> str:
    head, equals, _ = text.partition("=")
    return f"{head}={HIDDEN}" if equals else HIDDEN
