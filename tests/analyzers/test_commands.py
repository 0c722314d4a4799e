"""Commands are found wherever helmfile would come to one: without consent it is not asked about such a commit at all."""

from __future__ import annotations

import pytest

from migrate.analyzers.survey import survey
from migrate.model.settings import Settings
from tests.system.trees import tree_of

HOOKS = "hooks:\n- events: [prepare]\n  command: /bin/sh\n"
NESTED = "".join(f"    {line}\n" for line in HOOKS.splitlines())
RELEASE = "releases:\n- name: web\n  chart: ./web\n"
EXEC = 'a: {{ exec "/bin/sh" (list "-c" "true") }}\n'

WAYS: dict[str, dict[str, str]] = {
    "templates": {"helmfile.yaml": f"templates:\n  default:\n{NESTED}{RELEASE}  inherit:\n  - template: default\n"},
    "merged templates": {"helmfile.yaml": f"templates:\n  default: &all\n{NESTED}{RELEASE}  <<: *all\n"},
    "a base": {"helmfile.yaml": f"bases: [base.yaml]\n---\n{RELEASE}", "base.yaml": HOOKS},
    "a template in a base": {"helmfile.yaml": f"bases: [base.yaml]\n---\n{RELEASE}", "base.yaml": EXEC},
    "a base of a base": {"helmfile.yaml": f"bases: [one.yaml]\n---\n{RELEASE}", "one.yaml": "bases: [two.yaml]\n"},
    "a base by a template": {"helmfile.yaml": f'bases: [{{{{ "base.yaml" }}}}]\n---\n{RELEASE}'},
    "a helmfile by a template": {"helmfile.yaml": 'helmfiles:\n- path: {{ "sub" }}/helmfile.yaml\n'},
    "values of a helmfile": {"helmfile.yaml": "helmfiles:\n- path: a/b.yaml\n  values: [v.yaml.gotmpl]\n", "v.yaml.gotmpl": EXEC},
    "values by a template": {
        "helmfile.yaml": RELEASE + '  values:\n  - {{ print "v.yaml" ".gotmpl" }}\n',
        "v.yaml.gotmpl": EXEC,
    },
    "a key by a template": {"helmfile.yaml": RELEASE + '  {{ print "hoo" "ks" }}:\n  - command: /bin/sh\n'},
    "hooks by a template": {"helmfile.yaml": RELEASE + '  hooks: {{ readFile "hooks.json" }}\n'},
    "a file that is read in": {
        "helmfile.yaml": RELEASE + '{{ readFile "more.yaml" }}\n',
        "more.yaml": "  hooks:\n  - command: /bin/sh\n",
    },
    "a template that is read in": {"helmfile.yaml": RELEASE + '  labels: {a: {{ tpl (readFile "a.txt") . }}}\n', "a.txt": EXEC},
}


def commands(files: dict[str, str]) -> list[str]:
    found = survey(tree_of(files), Settings(), lambda _: frozenset(), "helmfile").inventory.findings
    return [finding.where() for finding in found if finding.slug == "executes-commands"]


@pytest.mark.parametrize("way", WAYS)
def test_a_command_is_found_by_whichever_way_it_comes(way: str) -> None:
    assert commands(WAYS[way])


def test_what_only_looks_like_a_command_is_none() -> None:
    values = RELEASE + "  values:\n  - hooks: [a]\n    exec: b\n  labels: {hooks: a}\n"
    chart = {"web/Chart.yaml": "apiVersion: v2\nname: web\n", "web/templates/_exec.tpl": EXEC}
    others = {".pre-commit-config.yaml": HOOKS, "v.yaml.gotmpl": "{{/* exec */}}\nexec: {{ .Values.exec }}\n"}
    assert commands({"helmfile.yaml": values, **chart, **others}) == []
