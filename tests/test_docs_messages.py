"""Every message has its paragraph, every exception its exit code in the table, and nothing there is stale."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import migrate
from migrate import errors
from migrate.errors import MigrateError
from tests.test_docs import DOCS, headings

PACKAGE = Path(migrate.__file__).parent
MESSAGES = DOCS / "reference" / "messages.md"
EXIT_CODES = DOCS / "reference" / "exit-codes.md"

FINDERS = frozenset({"Finding", "block", "change", "blocking"})
"""What makes a finding; the slug is the first argument."""
PASSED_ON = frozenset({"slug"})
"""The parameter by which those that pass a slug on are given it."""

SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+|error")


def slugs_of(source: str) -> set[str]:
    """The slugs of every finding that a module makes. ValueError for one that can't be told without running it."""
    tree = ast.parse(source)
    values = literals(tree)
    found: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in FINDERS or not call.args:
            continue
        found |= texts_of(call.args[0], values)
    return found | returned(tree)


def returned(tree: ast.Module) -> set[str]:
    """The slugs that functions hand out together with a message: `return "slug", f"message"`."""
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Return))
    pairs = (value.elts for value in values if isinstance(value, ast.Tuple) and len(value.elts) > 1)
    return {text for first, *_ in pairs for text in constants(first) if SLUG.fullmatch(text) and "-" in text}


def literals(tree: ast.Module) -> dict[str, set[str]]:
    """Name -> the texts that it can stand for: by assignment, or as the target of a loop over a written-out tuple."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            pairs = [(node.targets[0].id, node.value)]
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Tuple):
            rows = [row.elts for row in node.iter.elts if isinstance(row, ast.Tuple)]
            names = [target.id for target in node.target.elts if isinstance(target, ast.Name)]
            pairs = [(name, row[at]) for row in rows for at, name in enumerate(names)]
        else:
            continue
        for name, value in pairs:
            found.setdefault(name, set()).update(constants(value))
    return found


def constants(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return constants(node.body) | constants(node.orelse) if isinstance(node, ast.IfExp) else set()


def texts_of(node: ast.expr, values: dict[str, set[str]]) -> set[str]:
    found = constants(node) or (values.get(node.id, set()) if isinstance(node, ast.Name) else set())
    if not found and not (isinstance(node, ast.Name) and node.id in PASSED_ON):
        raise ValueError(f"line {node.lineno}: the slug can't be told from the source")
    return found


def finding_slugs() -> set[str]:
    return {slug for file in PACKAGE.rglob("*.py") for slug in slugs_of(file.read_text(encoding="utf-8"))}


def refusals() -> list[type[MigrateError]]:
    """Every class of the exception tree."""
    found = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, MigrateError)]
    return sorted(found, key=lambda each: each.slug)


def test_every_message_has_a_paragraph_and_no_paragraph_is_stale() -> None:
    made = finding_slugs() | {each.slug for each in refusals()}
    documented = headings(MESSAGES, 3)
    assert len(documented) == len(set(documented))
    assert set(documented) - made == set(), "documented, and made nowhere"
    assert made - set(documented) == set(), "made, and not documented"


def test_every_paragraph_says_what_it_means_why_it_matters_and_what_to_do() -> None:
    sections = re.split(r"^### ", MESSAGES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    missing = [section.partition("\n")[0] for section in sections for word in ("**Why:**", "**Do:**") if word not in section]
    assert missing == []


def test_the_slugs_of_findings_are_read_off_the_source() -> None:
    source = (
        'A = "an-a"\n'
        "def one(b):\n    name = 'is-b' if b else 'no-b'\n    return [Finding(name, 1), block(A, 2), self.change('a-c', 3)]\n"
        "def two():\n    for key, why in (('x', 'an-x'), ('y', 'a-y')):\n        yield block(why, key)\n"
        "def three(slug):\n    return Finding(slug, 1)\n"
        "def four():\n    return 'handed-out', f'{1} times'\n"
    )
    assert slugs_of(source) == {"an-a", "is-b", "no-b", "a-c", "an-x", "a-y", "handed-out"}


def test_a_slug_that_is_computed_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        slugs_of("Finding(f'a-{b}', 1)")


def test_every_finding_looks_like_a_slug() -> None:
    assert [slug for slug in finding_slugs() if not SLUG.fullmatch(slug)] == []


def test_the_table_of_exit_codes_is_that_of_the_exceptions() -> None:
    rows = re.findall(r"^\| (\d+) \| `([a-z-]+)` \|", EXIT_CODES.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted((int(code), slug) for code, slug in rows) == sorted((each.exit_code, each.slug) for each in refusals())
