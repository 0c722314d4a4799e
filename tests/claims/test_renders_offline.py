"""renders_offline: whatever wants the network is seen with the network cut off, and is named; nothing else fails for it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, ClaimVerdict, Proof
from migrate.system.network import network_cut
from tests.claims import small_platform
from tests.claims.conftest import Prove
from tests.claims.small_platform import FLAT, OLD_STATES, new_files, old_files, tree

NAME = "renders_offline"
WEB, STATE = "apps/web/helmfile.yaml", "helmfile/helmfile.yaml"
REPOSITORY = "repositories:\n  - name: upstream\n    url: https://charts.example.org/web\n"
OLD_WEB, NEW_STATE = OLD_STATES[WEB].replace(REPOSITORY, ""), FLAT.replace(REPOSITORY, "")
VALUES = ("apps/web/values.yaml.gotmpl", "helmfile/values/web/values.yaml.gotmpl")
OLD_CHART, NEW_CHART = "apps/web/web/", "helmfile/charts/custom/web/"

pytestmark = pytest.mark.skipif(not network_cut().words, reason="wants a system that can cut the network off")


def proved(proving: Prove, changed: Mapping[str, str], of_chart: Mapping[str, str] | None = None) -> Proof:
    """The proof of the platform without its repository, with other files on both sides, and other files in web's chart."""
    charts = {place + name: text for place in (OLD_CHART, NEW_CHART) for name, text in (of_chart or {}).items()}
    old = {**old_files(), WEB: OLD_WEB, **charts, **changed}
    new = {**new_files(), WEB: OLD_WEB, STATE: NEW_STATE, **charts, **changed}
    case = small_platform.case(tree(old), tree(new), offline=True)
    assert case.record is not None
    also = {RepoPath(OLD_CHART + name): RepoPath(NEW_CHART + name) for name in of_chart or {}}
    copies = tuple(sorted({**dict(case.record.copies), **also}.items()))
    return proving(replace(case, record=replace(case.record, copies=copies)))


def both_states(old: str, new: str) -> Mapping[str, str]:
    """A line of web's entry put in another's place, on both sides."""
    assert old in OLD_WEB
    assert old in NEW_STATE
    return {WEB: OLD_WEB.replace(old, new), STATE: NEW_STATE.replace(old, new)}


def claim(proof: Proof) -> ClaimResult:
    return next(each for each in proof.claims if each.claim == NAME)


def failing(proof: Proof) -> set[str]:
    return {each.claim for each in proof.claims if each.verdict is not ClaimVerdict.HOLDS}


def told(proof: Proof) -> str:
    return "\n".join(f"{piece.subject}: {piece.detail}" for piece in claim(proof).evidence if not piece.holds)


@pytest.fixture
def server() -> Iterator[str]:
    """A web server on loopback that has a schema for everything."""

    class Schema(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Schema) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_address[1]}"
        served.shutdown()


def vendored(repository: str) -> Mapping[str, str]:
    """A chart with its dependency in charts/."""
    dependency = f"dependencies:\n  - name: sub\n    version: 1.2.3\n    repository: {repository}\n"
    return {
        "Chart.yaml": f"apiVersion: v2\nname: web\nversion: 2.0.0\n{dependency}",
        "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.2.3\n",
        "charts/sub/templates/all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sub\n",
    }


def test_a_tree_that_needs_no_network_holds(prove_dev: Prove) -> None:
    proof = prove_dev(
        proof_case := small_platform.case(
            tree({**old_files(), WEB: OLD_WEB}), tree({**new_files(), WEB: OLD_WEB, STATE: NEW_STATE}), offline=True
        )
    )
    assert proof_case.offline
    assert failing(proof) == set()
    assert NAME not in " ".join(proof.left_out)
    subjects = [piece.subject for piece in claim(proof).evidence]
    assert subjects == ["dev: template", "dev: sync", "dev/data/db", "dev/ops/agent", "dev/web/web"]


def test_without_a_way_to_cut_the_network_off_it_is_left_out_and_said(prove_dev: Prove, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.claims.conftest import RememberingSides  # noqa: PLC0415  # only here

    monkeypatch.setattr(RememberingSides, "without_network", lambda _: "there is no `unshare`")
    proof = prove_dev(small_platform.case(offline=True))
    assert NAME not in {each.claim for each in proof.claims}
    assert "renders_offline: there is no `unshare`" in proof.left_out


def test_a_repository_that_is_added_before_each_run_is_named(prove_dev: Prove) -> None:
    proof = prove_dev(small_platform.case(offline=True))
    assert failing(proof) == {NAME}
    assert "dev: repository upstream at https://charts.example.org/web" in told(proof)


def test_a_vendored_chart_whose_dependency_is_looked_for_in_a_repository_is_named(prove_dev: Prove) -> None:
    proof = proved(prove_dev, {}, vendored("https://charts.example.org/stable"))
    assert failing(proof) == {NAME}
    assert "dev/web/web: `helm dependency build` fetches sub from https://charts.example.org/stable" in told(proof)
    assert "(helmfile/charts/custom/web/Chart.yaml:5)" in told(proof)


def test_a_dependency_of_a_registry_is_named(prove_dev: Prove) -> None:
    assert "sub from oci://registry.example.org/charts" in told(
        proved(prove_dev, {}, vendored("oci://registry.example.org/charts"))
    )


def test_with_skip_deps_the_same_chart_needs_no_network(prove_dev: Prove) -> None:
    states = both_states("    atomic: true\n", "    atomic: true\n    skipDeps: true\n")
    assert failing(proved(prove_dev, states, vendored("https://charts.example.org/stable"))) == set()


def test_a_dependency_in_a_folder_needs_no_network(prove_dev: Prove) -> None:
    assert failing(proved(prove_dev, {}, vendored("file://charts/sub"))) == set()


def test_a_schema_of_elsewhere_is_named_and_all_else_is_judged_with_the_network(prove_dev: Prove, server: str) -> None:
    schema = f'{{"properties":\n {{"replicas": {{"$ref": "{server}/replicas.json"}}}}}}\n'
    proof = proved(prove_dev, {}, {"values.schema.json": schema})
    assert failing(proof) == {NAME}
    wanted = f"dev/web/web: a schema that values.schema.json names with `$ref` from {server} is wanted"
    assert f"{wanted} ({NEW_CHART}values.schema.json:2)" in told(proof)


def test_a_values_file_of_git_is_named(prove_dev: Prove) -> None:
    here = "    set:\n      - name: replicas\n        value: 2\n"
    there = "      - git::https://somebody:word@git.example.org/org/repo.git@values.yaml?ref=main\n"
    proof = proved(prove_dev, both_states(here, there + here))
    wanted = "dev: template: a values file (git:: or a URL) from https://git.example.org is wanted (helmfile/helmfile.yaml:"
    assert wanted in told(proof)
    assert "word" not in told(proof)


def test_a_chart_of_a_repository_is_named(prove_dev: Prove) -> None:
    states = {WEB: OLD_WEB.replace("chart: ./web", "chart: upstream/web")}
    states[STATE] = NEW_STATE.replace("chart: ./charts/custom/web", "chart: upstream/web")
    assert "dev/web/web: the chart upstream/web is fetched when it is deployed" in told(proved(prove_dev, states))


def test_a_chart_of_a_registry_is_named(prove_dev: Prove) -> None:
    chart = "chart: oci://registry.example.org/charts/web\n    version: 2.0.0"
    states = {WEB: OLD_WEB.replace("chart: ./web", chart), STATE: NEW_STATE.replace("chart: ./charts/custom/web", chart)}
    assert "dev: chart oci://registry.example.org/charts/web" in told(proved(prove_dev, states))


def test_a_command_that_fails_without_the_network_is_named(prove_dev: Prove, server: str) -> None:
    port = server.rpartition(":")[2]
    talk = f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo x"
    text = f'{{{{ exec "bash" (list "-c" `{talk}`) | quote }}}}'
    values = dict.fromkeys(
        ("apps/web/values.yaml.gotmpl", "helmfile/values/web/values.yaml.gotmpl"), f"domain: a\nname: {text}\n"
    )
    proof = proved(prove_dev, values)
    assert failing(proof) == {NAME}
    assert "dev: template: a command of the repository (`exec` or a hook)" in told(proof)


def test_a_release_that_fails_on_both_sides_for_a_cause_in_its_files_wants_no_network(prove_dev: Prove) -> None:
    text = "domain: {{ .Values.nowhere }}\n"
    values = dict.fromkeys(VALUES, text)
    proof = proved(prove_dev, values)
    assert NAME not in failing(proof)
    assert not told(proof)


def test_a_secret_of_a_store_is_named(prove_dev: Prove) -> None:
    entry = "    set:\n      - name: replicas\n        value: 2\n"
    proof = proved(prove_dev, both_states(entry, "      - token: ref+vault://secret/web#/token\n" + entry))
    assert "dev: sync: a secret of a store (vals, `ref+…`) from" in told(proof)


def skipping(chart: Mapping[str, str], proving: Prove) -> Proof:
    """The proof where the migration alone adds `skipDeps: true`."""
    state = NEW_STATE.replace("    atomic: true\n", "    atomic: true\n    skipDeps: true\n")
    return proved(proving, {STATE: state}, chart)


def test_skip_deps_that_is_new_is_declared_where_all_is_vendored(prove_dev: Prove) -> None:
    proof = skipping(vendored("https://charts.example.org/stable"), prove_dev)
    assert failing(proof) == set()
    assert "web/web is deployed with what charts/ holds, by `skipDeps: true` (dev)" in proof.declared_changes


def test_skip_deps_that_is_new_is_a_fault_elsewhere(prove_dev: Prove) -> None:
    other = {"charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.2.4\n"}
    proof = skipping({**vendored("https://charts.example.org/stable"), **other}, prove_dev)
    assert failing(proof) == {"deploys_equal"}
    assert not [line for line in proof.declared_changes if "skipDeps" in line]
