"""The documentation against the code: links, options, JSON. Messages and exit codes are in test_docs_messages.py."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import migrate
from migrate.cli import main
from migrate.model.inventory import Inventory
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.record import Record
from migrate.model.stored_proof import Conditions, stored
from migrate.report.inventory_json import inventory_json
from migrate.report.proof_json import proof_json

PACKAGE = Path(migrate.__file__).parent
TOP = PACKAGE.parent
DOCS = TOP / "docs"
COMMAND_LINE = DOCS / "reference" / "command-line.md"
SEMANTICS = DOCS / "explanation" / "helmfile-semantics.md"

LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every Markdown file of the project's own."""
    return [TOP / "README.md", TOP / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def name_of(page: Path) -> str:
    return str(page.relative_to(TOP))


def outside_fences(text: str) -> str:
    return FENCE.sub("", text)


def headings(page: Path, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} `?([^`\n]+)`?$", outside_fences(page.read_text(encoding="utf-8")), re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as Git hosts make them of Latin text."""
    found = re.findall(r"^#+ +(.+)$", outside_fences(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in found}


def broken_links(page: Path) -> Iterator[str]:
    """Links to files or headings that are not there. Those that lead out of the project are left alone."""
    for match in LINK.finditer(outside_fences(page.read_text(encoding="utf-8"))):
        target = match["target"]
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        if not file.exists():
            yield f"{target}: no such file"
        elif anchor and anchor not in anchors(file):
            yield f"{target}: no such heading"


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_every_page_is_reached_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    named = {(DOCS / match["target"].partition("#")[0]).resolve() for match in LINK.finditer(index)}
    assert [name_of(page) for page in sorted(DOCS.rglob("*.md")) if page != DOCS / "README.md" and page not in named] == []


def test_a_link_to_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One heading\n\n[a](page.md#one-heading) [b](gone.md) [c](#two) [d](https://example.org)\n")
    assert list(broken_links(page)) == ["gone.md: no such file", "#two: no such heading"]


# Command line


def commands(group: click.Group, words: tuple[str, ...] = ("migrate",)) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, the group itself included."""
    yield " ".join(words), group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


ALL = dict(commands(main))


def options_of(command: click.Command) -> dict[str, click.Parameter]:
    """Long name -> option; `--help` is left out, for every command has it."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    return {name: each for each in options for name in each.opts if name.startswith("--")}


def documented_options(section: str) -> set[str]:
    """The options in the first column of a section's table."""
    cells = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"--[a-z-]+", cell)}


@pytest.mark.parametrize("name", ALL)
def test_the_page_of_the_command_line_has_every_option(name: str) -> None:
    parts = re.split(r"^## `?([^`\n]+)`?$", COMMAND_LINE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert name in sections
    shared = documented_options(sections["Options of a repository"]) if "[repository]" in sections[name] else set()
    assert documented_options(sections[name]) | shared == set(options_of(ALL[name]))


def test_the_page_of_the_command_line_has_no_command_too_many() -> None:
    assert {name for name in headings(COMMAND_LINE, 2) if name.startswith("migrate")} == set(ALL)


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words of each line of a code block that begins with `migrate `, after a prompt too; continued lines joined."""
    for fence in FENCE.finditer(page.read_text(encoding="utf-8")):
        for line in fence["text"].replace("\\\n", " ").splitlines():
            text = line.strip().removeprefix("$ ").removeprefix("run: ").removeprefix("- ")
            if text.startswith("migrate ") and fence["kind"] in ("", "sh", "yaml", "console"):
                yield shlex.split(text, comments=True)


def wrong_words(words: list[str]) -> list[str]:
    """The subcommand or the options of a command line that do not exist."""
    command: click.Command = main
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return [rest[0]]
        command, rest = command.commands[rest[0]], rest[1:]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}
    until = rest.index("|") if "|" in rest else len(rest)
    return [word for word in rest[:until] if word.startswith("-") and word.partition("=")[0] not in known]


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_command_of_a_code_block_has_options_that_exist(page: Path) -> None:
    assert {" ".join(words): wrong for words in command_lines(page) if (wrong := wrong_words(words))} == {}


def test_commands_of_code_blocks_are_found() -> None:
    assert sum(len(list(command_lines(page))) for page in pages()) > 20
    assert wrong_words(["migrate", "plan", "--nonsense", "x"]) == ["--nonsense"]
    assert wrong_words(["migrate", "nonsense"]) == ["nonsense"]
    assert wrong_words(["migrate", "tools", "install", "--set=all", "-h"]) == []


# JSON, configuration, semantics


def schemas() -> set[str]:
    """Every schema name that the code prints."""
    texts = (file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    return {name for text in texts for name in re.findall(r'"(migrate/[a-z]+/\d+)"', text)}


def test_every_json_schema_has_a_section() -> None:
    assert {name for name in headings(DOCS / "reference" / "json.md", 2) if name.startswith("migrate/")} == schemas()


def test_the_pages_that_the_code_names_are_there() -> None:
    named = {page for file in (TOP / "migrate").rglob("*.py") for page in re.findall(r"docs/[\w./-]+\.md", file.read_text())}
    assert {"docs/explanation/re-run.md", "docs/reference/messages.md"} <= named
    assert [page for page in sorted(named) if not (TOP / page).is_file()] == []


def test_the_sections_of_the_semantics_that_the_code_names_are_there() -> None:
    there = set(re.findall(r"^#{2,3} (\d+[a-z]?)\b", SEMANTICS.read_text(encoding="utf-8"), re.MULTILINE))
    named: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for sentence in re.findall(r"[^.;]*semantics[^;]*", file.read_text(encoding="utf-8").replace("\n", " ")):
            for numbers in re.findall(r"sections? ((?:\d+[a-z]?(?:, | and )?)+)", sentence):
                named |= set(re.findall(r"\d+[a-z]?", numbers))
    assert named
    assert named - there == set()


def fields_of(page: Path, section: str) -> set[str]:
    """The names in the first column of a section's table; of the whole page for an empty section."""
    text = page.read_text(encoding="utf-8")
    part = text if not section else text.split(f"## `{section}`")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*`) \|", part, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_fields_of_the_json_documents_are_those_that_are_printed() -> None:
    file = RepoPath("helmfile.yaml")
    inventory = Inventory("c", file, (), (), (), (), (), (), (), ())
    proof = Proof("a", "b", {}, (), ())
    record = Record("c", "d", file, file, "tier", (), (), (), ())
    page = DOCS / "reference" / "json.md"
    assert fields_of(page, "migrate/inventory/1") == json.loads(inventory_json(inventory)).keys() - {"schema"}
    assert fields_of(page, "migrate/proof/1") == json.loads(proof_json(proof)).keys() - {"schema"}
    assert fields_of(DOCS / "reference" / "record.md", "") == json.loads(record.to_json()).keys()
    kept = stored(proof, branch="b", tree="t", states=(file, file), conditions=Conditions("0", "s"))
    assert fields_of(DOCS / "reference" / "stored-proof.md", "") == json.loads(kept.to_json()).keys()
