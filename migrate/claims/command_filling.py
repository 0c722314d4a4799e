"""What is put in for the unknown parts of a command line of helmfile, so that it can be run.

An option goes with its value: a value that may be anything takes its option along, and neither is ever cut off the other. The
options and subcommands are those of helmfile 0.166.0 and 1.7.4 (`--help` of each).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from migrate.claims.side_facts import SideFacts, release_id
from migrate.model.case import DEFAULT_ENVIRONMENT
from migrate.model.facts import BuiltState, Failure

Words = tuple[str, ...]
STATE, ENVIRONMENT = ("-f", "--file"), ("-e", "--environment")
SELECTOR, NAMESPACE = ("-l", "--selector"), ("-n", "--namespace")
HOLE = re.compile(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\(.*\)|\$[\w@*#]+|\{[^}]*\}|<[^>]*>|\[[^\]]*\]|%s")
"""An unknown part of a word, in the spelling of any language."""

SUBCOMMANDS = frozenset(
    "apply build cache charts completion create delete deps destroy diff doctor fetch help init lint list print-env repos"
    " show-dag status sync template test unittest version write-values".split()
)
SWITCHES = frozenset(
    "-h --help -i --interactive -q --quiet -v --version --allow-no-matching-release --cleanup --color --debug --debug-plugin"
    " --deleteTimeout --deleteWait --detailed-exitcode --disable-force-update --embed-values --enable-live-output"
    " --enforce-needs-are-installed --enforce-plugin-verification --fail-fast --force --hide-notes --include-crds --include-needs"
    " --include-tests --include-transitive-needs --keep-temp-dir --logs --no-color --no-hooks --oci-plain-http --purge"
    " --reset-values --reuse-values --sequential-helmfiles --show-secrets --skip-charts --skip-cleanup --skip-crds --skip-deps"
    " --skip-diff-on-install --skip-diff-validation-on-install --skip-needs --skip-refresh --skip-repos --skip-schema-validation"
    " --skip-tests --strip-args-values-on-exit-error --strip-trailing-cr --suppress-diff --suppress-secrets --sync-release-labels"
    " --take-ownership --track-fail-on-error --track-failed-logs --track-logs --validate --wait --wait-for-jobs"
    " --write-output".split()
)
"""Options without a value."""
SETTINGS = frozenset("--state-values-set --state-values-set-string --set --args --sync-args --diff-args --template-args".split())
"""Options whose value has a known head (`key=`), behind which any text will do."""
SOME = "1"
LEFT_OUT = frozenset("-i --interactive -b --helm-binary -k --kustomize-binary".split())
"""Options that would ask somebody, or take another program than the one that records."""


class Item(NamedTuple):
    """A piece of a command line: an option with its value (None if it takes none), or a word that is no option."""

    words: Words
    option: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put in. An environment that does not load says nothing of a command line, so one that does stands in for it."""

    environment: str
    broken: frozenset[str]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, side: SideFacts) -> Filling:
        """The first environment that loads, and the first value that its releases have of each label."""
        broken = frozenset(name for name, facts in side.environments.items() if isinstance(facts.states, Failure))
        environment = next((name for name in side.environments if name not in broken), DEFAULT_ENVIRONMENT)
        labels: dict[str, str] = {}
        for state in side.states(environment) if environment in side.environments else ():
            for release in state.releases:
                for key, value in seen_labels(state, release).items():
                    labels.setdefault(str(key), str(value or ""))
        return cls(environment, broken, labels)

    def arguments(self, words: Sequence[str]) -> Words:
        """The words with all unknown parts filled in; those that may be anything are left out."""
        found = [item for item in items(words) if item.option not in LEFT_OUT]
        named = any(item.words[0] in SUBCOMMANDS for item in found)
        filled: list[str] = []
        for item in found:
            if item.option:
                filled += self._option(item)
            elif not HOLE.search(item.words[0]):
                filled += item.words
            elif not named:
                filled.append("template")
                named = True
        return tuple(filled)

    def left_out(self, words: Sequence[str]) -> Words:
        """What is not run as it is meant: left out, or (a subcommand, a namespace) another one in its place."""
        unknown = (item for item in items(words) if item.option not in LEFT_OUT and any(map(HOLE.search, item.words)))
        kept = (item for item in unknown if item.option in NAMESPACE or not self._option(item))
        return tuple(item.option or "an argument" for item in kept)

    def takes(self, words: Sequence[str]) -> bool:
        """Whether a command line is run just as it is written."""
        return self.arguments(words) == tuple(words)

    def _option(self, item: Item) -> Words:
        known = not any(map(HOLE.search, item.words))
        if known and not (item.option in ENVIRONMENT and item.value in self.broken):
            return item.words
        value = None if item.value is None else self._value(item.option, item.value)
        if value is None:
            return ()
        return (item.option, value) if len(item.words) > 1 else (f"{item.option}={value}",)

    def _value(self, option: str, text: str) -> str | None:
        if option in ENVIRONMENT:
            return self.environment
        if option in SELECTOR:
            parts = [self._selector(part) for part in text.split(",")]
            return None if None in parts else ",".join(filter(None, parts))
        if option in NAMESPACE:
            return self.labels.get("namespace") or None
        head = text.partition("=")[0]
        return HOLE.sub(SOME, text) if option in SETTINGS and not HOLE.search(head) else None

    def _selector(self, text: str) -> str | None:
        key = text.partition("=")[0]
        if not HOLE.search(text):
            return text
        return f"{key}={self.labels[key]}" if key in self.labels else None


def seen_labels(state: BuiltState, release: Mapping[str, Any]) -> dict[str, Any]:
    """What a selector sees: name and namespace beat labels that are called so (`helmfile list` of 0.166.0)."""
    found = release_id(state, release)
    return {**(release.get("labels") or {}), "name": found.name, "namespace": found.namespace}


def items(words: Sequence[str]) -> Iterator[Item]:
    """The pieces of a command line, in order."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        option, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            yield Item((word,))
        elif word in SWITCHES:
            yield Item((word,), word)
        elif not word.startswith("--") and len(option) > len("-x"):
            yield Item((word,), word[:2], word[2:])
        elif equals:
            yield Item((word,), option, value)
        elif rest:
            value = rest.pop(0)
            yield Item((word, value), word, value)
        else:
            yield Item((word,), word)
