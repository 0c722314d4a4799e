from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import UnreadableSource
from migrate.model.references import Certainty, CommandLine
from tests.references.finding_in import found_in, rewritten, told

FILE = "docs/guide.md"

UNTOUCHED = [
    "All environments and applications.",
    "Our helmfile deploys the applications, helmfile sync is run by CI.",
    "See deployment-environments.md and docs/environments.md.",
    "[Environments](deployment-environments.md)",
    "[x](environments/dev/values.yaml)",  # docs/environments/… does not exist
    "https://example.org/environments/dev/values.yaml",
    "<https://example.org/org/repo/blob/main/environments/dev/values.yaml>",
    "[x](https://example.org/environments/dev/values.yaml)",
    "`~/applications/prod` and ~/applications/prod",
    "`/environments/dev`",
    "`$HOME/environments/dev`",
    "`helmfile/environments/dev/values.yaml`",
    "`kubespray/environments`/dev",
    "user@host:environments/dev/values.yaml",
    "```bash\nsudo mv x /usr/local/bin/helmfile\ncommand -v helmfile\n```",
    "```bash\nhelmfile version\n```",
    "```bash\nls ~/applications/web && cp -r ~/environments/dev ~/x\n```",
    "```\n┌──────────────┐\n│ environments │\n├──────────────┤\n│ applications │\n└──────────────┘\n```",
    "```yaml\nenvironments:\n  - dev\n  - prod\n```",
    "---\nsource: environments/dev/values.yaml\n---\n\ntext",
    "| environments | applications |\n|---|---|\n| 1 | 2 |",
    "- [ ] environments",
    "[x](mailto:a@environments/dev) [y](#environments/dev) [z](//environments/dev) [q](?environments/dev)",
    "applications: `*.yaml`, `*/values.yaml`, `monochart/../*.yaml`, `**`",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_names_nothing_that_moves_is_left_alone(text: str) -> None:
    assert rewritten(FILE, text) == text
    assert told(FILE, text) == []


N = "helmfile/environments/"
PROSE = [
    ("[x](../environments/dev/values.yaml#L3)", f"[x](../{N}dev/values.yaml#L3)"),
    ('[x](/environments/dev/values.yaml "title")', f'[x](/{N}dev/values.yaml "title")'),
    ("![x](<../environments/dev/>)", f"![x](<../{N}dev/>)"),
    ("[x]: ../environments/dev/values.yaml", f"[x]: ../{N}dev/values.yaml"),
    ('<a href="../environments/dev/values.yaml">x</a>', f'<a href="../{N}dev/values.yaml">x</a>'),
    ("[`environments/dev/`](../environments/dev/)", f"[`{N}dev/`](../{N}dev/)"),
    ("Edit `environments/prod/values.yaml`.", f"Edit `{N}prod/values.yaml`."),
    ("Edit ``environments/prod/values.yaml``.", f"Edit ``{N}prod/values.yaml``."),
    ("Edit environments/prod/values.yaml.", f"Edit {N}prod/values.yaml."),
    ("**environments/[환경]/values.yaml:**", f"**{N}[환경]/values.yaml:**"),
    ("`environments/{env}/values.yaml`에서", f"`{N}{{env}}/values.yaml`에서"),
    ("environments/prod/values.yaml에서 applications/web/values.yaml을", f"{N}prod/values.yaml에서 helmfile/values/web.yaml을"),
    ("`environments/<환경명>/values.yaml`", f"`{N}<환경명>/values.yaml`"),
    ("`environments/<your env>/values.yaml`", f"`{N}<your env>/values.yaml`"),
    ("`environments/$ENV/values.yaml`", f"`{N}$ENV/values.yaml`"),
    (
        "`(platform)environments/{환경명}/values.yaml`",
        "`(platform)environments/{환경명}/values.yaml`".replace("environments/", N),
    ),
    ("`applications/{app}/values.yaml`", "`helmfile/values/{app}.yaml`"),
    ("`applications/*/chart/`", "`helmfile/charts/custom/*/`"),
    ("environments/운영/values.yaml", f"{N}운영/values.yaml"),
    ("`../environments/dev`", f"`../{N}dev`"),
    ("| dev | `environments/dev/` | a\\|b |\n|---|---|---|\n| x | environments/prod/ | |", None),
    ("> - see `environments/dev/values.yaml`", f"> - see `{N}dev/values.yaml`"),
    ("Run `helmfile -e dev sync` now.", "Run `helmfile -f helmfile/helmfile.yaml -e dev sync` now."),
    ("Run helmfile -e dev sync now.", "Run helmfile -f helmfile/helmfile.yaml -e dev sync now."),
    ("Run `helmfile -e <env> sync`.", "Run `helmfile -f helmfile/helmfile.yaml -e <env> sync`."),
    ("Run `cat environments/<env>/values.yaml`.", f"Run `cat {N}<env>/values.yaml`."),
    ("~~environments/dev~~, *environments/dev/*, __environments/dev__, __`environments/dev`__", None),
    ("<!-- environments/dev/values.yaml -->", f"<!-- {N}dev/values.yaml -->"),
    ("<div>\nenvironments/dev/values.yaml\n</div>", f"<div>\n{N}dev/values.yaml\n</div>"),
    ("a `b\n` environments/dev/values.yaml", f"a `b\n` {N}dev/values.yaml"),
    ("\ufeff# environments/dev/\r\n\r\ntext", f"\ufeff# {N}dev/\r\n\r\ntext"),
]


@pytest.mark.parametrize(("text", "wanted"), PROSE)
def test_a_path_in_a_text_is_respelt(text: str, wanted: str | None) -> None:
    expected = text.replace("environments/", N) if wanted is None else wanted
    assert rewritten(FILE, text) == expected
    assert told(FILE, text) == []


F = " -f helmfile/helmfile.yaml"
BLOCKS = [
    ("```bash\nhelmfile -e dev -l app=web sync\n```", f"```bash\nhelmfile{F} -e dev -l app=web sync\n```"),
    ("~~~~ sh\n~~~\nvi environments/dev/values.yaml\n~~~~", f"~~~~ sh\n~~~\nvi {N}dev/values.yaml\n~~~~"),
    ("```bash\nvi environments/dev/values.yaml", f"```bash\nvi {N}dev/values.yaml"),
    ("```\nhelmfile -e dev sync\n```", f"```\nhelmfile{F} -e dev sync\n```"),
    ("```console\n$ helmfile -e dev sync\nreading environments/dev/values.yaml\n```", None),
    ("```console\nuser@host:~$ cat environments/dev/values.yaml\n```", f"```console\nuser@host:~$ cat {N}dev/values.yaml\n```"),
    ("```bash\nhelmfile -e <env> sync\n```", f"```bash\nhelmfile{F} -e <env> sync\n```"),
    ("```bash\ncat environments/{env}/values.yaml\n```", f"```bash\ncat {N}{{env}}/values.yaml\n```"),
    (
        "1. first\n\n   ```bash\n   cp -r environments/prod/* environments/lent/\n   ```\n",
        f"1. first\n\n   ```bash\n   cp -r {N}prod/* {N}lent/\n   ```\n",
    ),
    ("> ```bash\n> helmfile -e dev sync\n> ```\n", f"> ```bash\n> helmfile{F} -e dev sync\n> ```\n"),
    ("```yaml\n# environments/prod/values.yaml\nreplicas: 1\n```", f"```yaml\n# {N}prod/values.yaml\nreplicas: 1\n```"),
    ("```console\n$ tree environments\nenvironments\n├── dev\n└── prod\n```", None),
    ("```diff\n-environments/dev/values.yaml\n+environments/prod/values.yaml\n```", None),
    ("```yaml\nrun: helmfile sync\n```", f"```yaml\nrun: helmfile{F} sync\n```"),
    (
        "```yaml\ncommand: ['helmfile', 'sync']\n```",
        "```yaml\ncommand: ['helmfile', '-f', 'helmfile/helmfile.yaml', 'sync']\n```",
    ),
    ('```yaml\ntools: ["helmfile", "helm"] # helmfile and helm\n```', None),
    ("```dockerfile\nCOPY environments/dev /x\n```", f"```dockerfile\nCOPY {N}dev /x\n```"),
    ('```python\nopen("environments/dev/values.yaml")\n```', f'```python\nopen("{N}dev/values.yaml")\n```'),
    (
        '- x\n  ```python\n  run(["helmfile", "sync"])\n  ```',
        '- x\n  ```python\n  run(["helmfile", "-f", "helmfile/helmfile.yaml", "sync"])\n  ```',
    ),
    ('```python\n>>> open("environments/dev/values.yaml")\n```', f'```python\n>>> open("{N}dev/values.yaml")\n```'),
    ("```mermaid\nA[environments/dev/values.yaml] --> B\n```", f"```mermaid\nA[{N}dev/values.yaml] --> B\n```"),
    (
        "```bash\nmkdir -p environments/lent\nvi environments/lent/values.yaml # environments/dev\n```",
        f"```bash\nmkdir -p {N}lent\nvi {N}lent/values.yaml # {N}dev\n```",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), BLOCKS)
def test_a_code_block_is_read_by_its_language(text: str, wanted: str | None) -> None:
    expected = (
        text.replace("environments", "helmfile/environments").replace("helmfile -e", f"helmfile{F} -e")
        if wanted is None
        else wanted
    )
    assert rewritten(FILE, text) == expected
    assert told(FILE, text) == []


DRAWINGS = [
    (
        "environments/\n├── dev/   # one\n│   └── values.yaml\n└── prod/\n    └── values.yaml",
        "helmfile/environments/\n├── dev/   # one",
    ),
    ("environments\n|-- dev\n|   `-- values.yaml\n`-- prod", "helmfile/environments\n|-- dev"),
    (".\n├── README.md\n└── environments/\n    └── dev/values.yaml", "└── helmfile/environments/\n    └── dev/values.yaml"),
    ("platform/\n├── monochart/\n├── docs/\n└── environments/", "└── helmfile/environments/"),
    ("environments/\n  dev/\n    values.yaml\n  prod/ # two", "helmfile/environments/\n  dev/\n"),
    ("├── environments/{env}/\n│   └── values.yaml", "├── helmfile/environments/{env}/\n│   └── values.yaml"),
    ("airgap/\n└── offline/\n\nenvironments/\n└── dev/", "helmfile/environments/\n└── dev/"),
]


@pytest.mark.parametrize("language", ["", "text"])
@pytest.mark.parametrize(("text", "wanted"), DRAWINGS)
def test_a_drawing_is_mended_where_its_paths_can_be_put_together(text: str, wanted: str, language: str) -> None:
    block = f"```{language}\n{{}}\n```\n"
    after = rewritten(FILE, block.format(text))
    assert wanted in after
    assert after == block.format(text.replace("environments", "helmfile/environments"))
    assert told(FILE, block.format(text)) == []


TOLD = [
    ("```\nroot/\n├── applications/\n│   └── web/helmfile.yaml\n└── docs/\n```", ["several places", "merged"]),
    ("`applications/web/`", ["several places"]),
    ("`applications`", ["several places"]),
    ("the `environments` of helmfile", ["a word without a slash"]),
    ("`helmfile.yaml`", ["several files have this name"]),
    ("[x](../environments/%64ev/)", ["percent"]),
    (
        "```yaml\nenvironments:\n  dev:\n    values:\n      - environments/dev/values.yaml\n```",
        ["a sample of the old state file"],
    ),
    ("`platform/environments/dev/values.yaml`", ["where `platform` leads"]),
    ("```bash\ncat platform/environments/dev/values.yaml\n```", ["where `platform` leads"]),
    ("```bash\ncd platform\ncat environments/dev/values.yaml\n```", ["where `platform` leads"]),
    ("applications/my\\_app/values.yaml and environments/my\\_env", ["backslashes"]),
    ("```bash\ncd <folder>\nhelmfile -e dev sync\n```", ["the folder that it is run in is not known"]),
    ("```bash\ncd platform\nhelmfile -e dev sync\n```", ["whether `platform` is this repository"]),
    ("```bash\ncd $X\nhelmfile -e dev sync\n```", ["not known"]),
    ("```bash\ncat environments/dev/values.yaml\nls applications/web\n```", ["belong together", "several places"]),
]


@pytest.mark.parametrize(("text", "reasons"), TOLD)
def test_what_is_not_sure_is_left_and_told(text: str, reasons: list[str]) -> None:
    assert rewritten(FILE, text) == text
    why = [reason for _, reason in told(FILE, text)]
    for reason in reasons:
        assert any(reason in one for one in why), why


OWN = "Unpack it, then `ls platform/airgap/offline` and `platform/scripts/deploy.py`.\n\n"


def test_the_name_under_which_a_document_knows_the_repository_is_the_top() -> None:
    text = OWN + "`platform/environments/dev`, `/opt/platform/environments/dev`\n\n```bash\ncat platform/environments/dev\n```\n"
    assert rewritten(FILE, text) == text.replace("platform/environments", "platform/helmfile/environments")
    inside = OWN + "```bash\ncd platform\ncat environments/dev/values.yaml\nhelmfile -e dev sync\n```\n"
    assert rewritten(FILE, inside) == inside.replace("environments", "helmfile/environments").replace(
        "helmfile -e", f"helmfile{F} -e"
    )


WORDS = [
    (
        "Run helmfile -e dev sync. Then helmfile -l app=web -q diff, ok",
        [["helmfile", "-e", "dev", "sync"], ["helmfile", "-l", "app=web", "-q", "diff"]],
    ),
    ("Run helmfile -e <your env> sync now", [["helmfile", "-e", None, "sync"]]),
    ("Run `helmfile -e {env} sync`", [["helmfile", "-e", None, "sync"]]),
    ("```bash\nhelmfile -e <env> sync\n```", [["helmfile", "-e", None, "sync"]]),
    ("```yaml\n- helmfile --environment=dev apply\n```", [["helmfile", "--environment=dev", "apply"]]),
    ('```yaml\nc: ["helmfile", "-e", "dev", "sync"]\n```', [["helmfile", "-e", "dev", "sync"]]),
]


@pytest.mark.parametrize(("text", "wanted"), WORDS)
def test_a_call_has_the_words_that_are_known(text: str, wanted: list[list[str | None]]) -> None:
    calls = [found.origin for found in found_in(FILE, text) if isinstance(found.origin, CommandLine)]
    assert [[word.text for word in call.words] for call in calls] == wanted


HISTORY = [
    "CHANGELOG.md",
    "docs/history/old.md",
    "docs/meeting/x.md",
    "docs/2024-05-01-notes.md",
    "docs/roadmap-2024.05.md",
    "docs/20240501.md",
]


@pytest.mark.parametrize("path", HISTORY)
def test_history_is_left_and_told(path: str) -> None:
    text = "`environments/dev/values.yaml`\n\n```bash\nhelmfile -e dev sync\n```\n"
    assert rewritten(path, text) == text
    assert [line for line, reason in told(path, text) if "history" in reason] == [1, 4]


@pytest.mark.parametrize("path", ["docs/rfc-1234.md", "docs/port-30080.md", "docs/changes-nothing/x.md", "docs/v2024.md"])
def test_a_number_in_a_name_is_no_date(path: str) -> None:
    assert "helmfile/environments" in rewritten(path, "`environments/dev/values.yaml`\n")


def test_each_mention_of_a_text_stands_for_itself() -> None:
    text = "`applications/web/` and `environments/dev/`\n"
    assert rewritten(FILE, text) == "`applications/web/` and `helmfile/environments/dev/`\n"


def test_a_file_that_never_existed_is_no_damage() -> None:
    found = [
        one for one in found_in(FILE, "```yaml\n# applications/web/custom.yaml\n```\n") if one.certainty is Certainty.DANGLING
    ]
    assert len(found) == 1


def test_a_document_in_other_markup_is_read_as_prose() -> None:
    text = "Title\n=====\n\nSee ``environments/dev/values.yaml``::\n\n   helmfile -e dev sync\n"
    wanted = text.replace("environments", "helmfile/environments").replace("helmfile -e", f"helmfile{F} -e")
    assert rewritten("docs/guide.rst", text) == wanted


def test_a_document_that_is_no_utf_8_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableSource, match=r"docs/guide\.md:2"):
        found_in(FILE, b"ok\n" + "환경 environments/dev".encode("euc-kr"))


LINES = st.sampled_from(
    [
        "`environments/dev/values.yaml`\n",
        "- [x](../environments/prod/)\n",
        "```\n",
        "```bash\n",
        "~~~~yaml\n",
        "~~~~\n",
        "  helmfile -e dev sync\n",
        "> environments/{env}/x\n",
        "| a | `environments/` |\n",
        "|---|---|\n",
        "\n",
        "    vi environments/dev/values.yaml\n",
        "├── environments/\n",
        "한글 environments/운영/values.yaml에서\r\n",
        "# title\n",
        "1. item `\n",
        "<!-- environments/dev -->\n",
        "---\n",
        "\tx\n",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(LINES, max_size=10))
def test_what_is_respelt_is_found_again_at_its_new_place_and_nothing_else_changes(lines: list[str]) -> None:
    source = "".join(lines)
    after = rewritten(FILE, source)
    assert after.replace("helmfile/environments", "environments").replace(F, "") == source
    assert rewritten(FILE, after) == after


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="`~ \n\r\t>-*|[](){}<>#├─│abc/.\\\"'한", max_size=60))
def test_a_document_without_references_keeps_its_bytes(text: str) -> None:
    assert rewritten(FILE, text) == text
