"""Each fault of a single release, and exactly the claims that must see it. All of them are in one new tree: see wide_platform."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrate.model.proof import CellVerdict, Proof
from tests.claims.conftest import Prove
from tests.claims.wide_platform import Change, Fault, Files, wide_case

INPUTS, RENDERS, DEPLOYS = "inputs_equal", "renders_equal", "deploys_equal"
HOOKS, COMMENTS, FILES, BYTES = "hooks_equal", "comments_kept", "every_file_has_a_verdict", "bytes_kept"

GIVEN = (INPUTS, DEPLOYS)
"""helm is given something else, and renders the same."""
SHOWN = (INPUTS, RENDERS, DEPLOYS)
"""helm is given something else, and it shows; or values vary from render to render, which then proves nothing."""

VALUES, FIRST, ALL = "values.yaml.gotmpl", "first.yaml", "chart/templates/all.yaml"
DB = "chart/templates/secret.yaml"


def fault(name: str, change: Change, *fails: str, chart: str = "web") -> Fault:
    return Fault(name, change, frozenset(fails), chart)


def replaced(piece: str, old: str, new: str) -> Change:
    """One text for another; it must be there once."""

    def change(files: Files) -> None:
        assert files[piece].count(old) == 1, f"{piece} must hold {old!r} once"
        files[piece] = files[piece].replace(old, new)

    return change


def appended(piece: str, text: str) -> Change:
    def change(files: Files) -> None:
        files[piece] = files.get(piece, "") + text

    return change


def removed(piece: str) -> Change:
    def change(files: Files) -> None:
        del files[piece]

    return change


def setting(text: str) -> Change:
    """A line more in the release's entry."""
    return replaced("entry", "    atomic: true\n", f"    atomic: true\n    {text}\n")


def first_values(files: Files) -> str:
    """The two lines of the entry that name its values files."""
    return "".join(line for line in files["entry"].splitlines(keepends=True) if "- values/" in line)


def values_turned_round(files: Files) -> None:
    lines = first_values(files)
    one, two = lines.splitlines(keepends=True)
    files["entry"] = files["entry"].replace(lines, two + one)


def first_values_left_out(files: Files) -> None:
    files["entry"] = files["entry"].replace(first_values(files).splitlines(keepends=True)[0], "")


def values_added(files: Files) -> None:
    lines = first_values(files)
    files["entry"] = files["entry"].replace(lines, lines + "      - {unread: 1}\n")


OF_VALUES = (
    fault("changed value", replaced(VALUES, "{{ .Values.domain }}", "x"), *SHOWN, BYTES),
    fault("renamed key", replaced(VALUES, "domain: {{", "domains: {{"), *SHOWN, BYTES),
    fault("other order of a list", replaced(VALUES, "[c, d]", "[d, c]"), *SHOWN, BYTES),
    fault("list item twice", replaced(VALUES, "[c, d]", "[c, d, d]"), *SHOWN, BYTES),
    fault("key that no template reads", appended(VALUES, "unread: true\n"), *GIVEN, BYTES),
    fault("null instead of nothing", appended(VALUES, "unread: null\n"), *GIVEN, BYTES),
    fault("values in another spelling", replaced(FIRST, "token: abc", 'token: "abc"'), BYTES),
    fault("values files turned round", values_turned_round, *SHOWN),
    fault("values file left out", first_values_left_out, *SHOWN),
    fault("values file added", values_added, *GIVEN),
    fault("changed secret", appended(VALUES, "key: other\n"), *SHOWN, BYTES),
    fault("comment of a values template lost", replaced(VALUES, "# which page\n", ""), COMMENTS, BYTES),
)

OF_CHARTS = (
    fault("object of another kind", replaced(ALL, "kind: Secret", "kind: ConfigMap"), *SHOWN, BYTES),
    fault("object dropped", lambda f: f.update({ALL: f[ALL][: f[ALL].rindex("---\n")]}), *SHOWN, BYTES),
    fault("object added", appended(ALL, "---\napiVersion: v1\nkind: Secret\nmetadata: {name: x}\n"), *SHOWN, BYTES),
    fault("objects of one name", appended(ALL, "---\napiVersion: v1\nkind: Secret\nmetadata: {name: x}\n" * 2), *SHOWN, BYTES),
    fault("type of a value", replaced(ALL, "{{ .Values.quoted | quote }}", "{{ .Values.quoted }}"), *SHOWN, BYTES),
    fault("key that DeepDiff skips by itself", replaced(ALL, '.Values.domain | default "none"', '"else"'), *SHOWN, BYTES),
    fault("line end in a text", replaced(ALL, "text: |\n", "text: |-\n"), *SHOWN, BYTES),
    fault("text that looks like a separator", replaced(ALL, "---x", "---y"), *SHOWN, BYTES),
    fault("CRD", replaced("chart/crds/thing.yaml", "pattern: =", "pattern: =="), *SHOWN, BYTES),
    fault("helm test", replaced("chart/templates/test.yaml", "containers: []", "containers: [{name: x}]"), *SHOWN, BYTES),
    fault("helm hook", replaced("chart/templates/test.yaml", "hook: test", "hook: post-install"), *SHOWN, BYTES),
    fault("chart's default", replaced("chart/values.yaml", "quoted: 'on'", "quoted: 'off'"), *SHOWN, BYTES),
    fault("chart's version", replaced("chart/Chart.yaml", "version: 2.0.0", "version: 2.0.1"), *GIVEN, BYTES),
    fault("comment in a template", appended(ALL, "# nothing\n"), *GIVEN, BYTES),
    fault("template file added", appended("chart/templates/_new.tpl", "x"), *GIVEN, FILES),
    fault("README of a chart", appended("chart/README.md", "More.\n"), BYTES, chart="db"),
    fault("copy missing", removed("chart/README.md"), BYTES, FILES, chart="db"),
    fault("text that no render shows", appended("chart/templates/NOTES.txt", "More.\n"), *SHOWN, BYTES, chart="db"),
    fault("schema", replaced("chart/values.schema.json", '{"type"', '{"title": "db", "type"'), *SHOWN, BYTES, chart="db"),
    fault("container twice", appended(DB, "        - name: sidecar\n          image: sidecar:1\n"), *SHOWN, BYTES, chart="db"),
    fault("random value made constant", replaced(DB, "randAlphaNum 16", '"0123456789abcdef"'), *SHOWN, BYTES, chart="db"),
    fault("random value made shorter", replaced(DB, "randAlphaNum 16", "randAlphaNum 15"), *SHOWN, BYTES, chart="db"),
    fault("secret beside a random one", replaced(DB, '"admin"', '"root"'), *SHOWN, BYTES, chart="db"),
    fault("other random source", replaced(DB, "randAlphaNum 16", "randAlpha 16"), *SHOWN, BYTES, chart="db"),
)

OF_ENTRIES = (
    fault("wait lost", replaced("entry", "    wait: true\n", ""), DEPLOYS),
    fault("wait for jobs", setting("waitForJobs: true"), DEPLOYS),
    fault("timeout", replaced("entry", "timeout: 300", "timeout: 301"), DEPLOYS),
    fault("atomic lost", replaced("entry", "    atomic: true\n", ""), DEPLOYS),
    fault("createNamespace", setting("createNamespace: false"), DEPLOYS),
    fault("historyMax", setting("historyMax: 3"), DEPLOYS),
    fault("force", setting("force: true"), DEPLOYS),
    fault("cleanupOnFail", setting("cleanupOnFail: true"), DEPLOYS),
    fault("deleteWait", setting("deleteWait: true"), DEPLOYS),
    fault("disableOpenAPIValidation", setting("disableOpenAPIValidation: true"), DEPLOYS),
    fault("suppressDiff", setting("suppressDiff: true"), DEPLOYS),
    fault("version asked for", setting("version: 2.0.0"), *GIVEN),
    fault("label changed", replaced("entry", "kind: page", "kind: shop"), DEPLOYS),
    fault("label lost", replaced("entry", "      team: front\n", ""), DEPLOYS),
    fault("tier of another release", replaced("entry", "tier: applications", "tier: security"), DEPLOYS),
    fault("tier lost", replaced("entry", "      tier: applications\n", ""), DEPLOYS),
    fault("label added", replaced("entry", "      team: front\n", "      team: front\n      more: x\n"), DEPLOYS),
    fault("condition lost", replaced("entry", "    condition: agent.enabled\n", ""), DEPLOYS),
    fault("set value", replaced("entry", "value: 3", "value: 4"), *SHOWN),
    fault("set order", lambda f: f.update(entry=_set_turned_round(f["entry"])), *SHOWN),
    fault("set twice", replaced("entry", "        value: 3\n", "        value: 3\n      - {name: replicas, value: 3}\n"), *GIVEN),
    fault("hook lost", lambda f: f.update(entry=f["entry"][: f["entry"].index("    hooks:")]), HOOKS),
    fault("hook at another event", replaced("entry", "[presync]", "[postsync]"), HOOKS),
    fault("hook's argument", replaced("entry", "args: [web]", "args: [db]"), HOOKS),
)


def _set_turned_round(entry: str) -> str:
    return entry.replace("value: 2", "value: x").replace("value: 3", "value: 2").replace("value: x", "value: 3")


NO_FAULT = fault("nothing", lambda _: None)
NO_RANDOM_FAULT = fault("nothing random", lambda _: None, chart="db")
FAULTS = (*OF_VALUES, *OF_CHARTS, *OF_ENTRIES)


@pytest.fixture(scope="module")
def proof(prove_dev: Prove) -> Proof:
    return prove_dev(wide_case((NO_FAULT, NO_RANDOM_FAULT, *FAULTS)))


def failing(proof: Proof, fault: Fault) -> frozenset[str]:
    """The claims with failing evidence that names the release or one of its files."""
    marks: tuple[Callable[[str], bool], ...] = (
        lambda subject: subject == str(fault.cell) or subject.startswith(f"{fault.cell} "),
        lambda subject: f"/{fault.release}/" in subject,
    )
    return frozenset(
        claim.claim
        for claim in proof.claims
        for piece in claim.evidence
        if not piece.holds and any(mark(piece.subject) for mark in marks)
    )


def verdict(proof: Proof, fault: Fault) -> CellVerdict:
    return next(cell.verdict for cell in proof.cells if cell.id == fault.cell)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_seen_by_its_claims(fault: Fault, proof: Proof) -> None:
    assert fault.fails
    assert failing(proof, fault) == fault.fails
    assert (verdict(proof, fault) is CellVerdict.EQUAL) == fault.fails.isdisjoint((*SHOWN, HOOKS))
    assert not proof.holds


@pytest.mark.parametrize("fault", [NO_FAULT, NO_RANDOM_FAULT], ids=lambda fault: fault.name)
def test_a_release_without_a_fault_is_equal_among_faulty_ones(fault: Fault, proof: Proof) -> None:
    assert not failing(proof, fault)
    assert verdict(proof, fault) is CellVerdict.EQUAL
