"""The whole proof: two trees in, the matrix and the claims out, as text and as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from migrate.cli.app import Commands
from migrate.cli.explain import explain_command
from migrate.cli.prove import ProofRequest, prove_command
from migrate.errors import BadInput, NoStoredProof, ProofFailed
from migrate.measuring import gather
from migrate.model.case import Attributes, ProofCase
from migrate.model.facts import CellId
from migrate.model.proof import ClaimResult, ClaimVerdict, Proof
from migrate.model.record import Record
from migrate.model.stored_proof import Conditions, StoredProof
from migrate.model.tree import Tree
from migrate.pipeline.stored import stored_proof
from migrate.ports import Progress, SideFactory
from migrate.prover import prove
from migrate.report.explain import explain, explanation_text, find_cell
from migrate.report.proof_json import proof_json
from migrate.report.proof_text import print_proof
from tests.claims import small_platform
from tests.claims.conftest import Prove, RememberingSides, prove_dev, prove_it, quiet, sides
from tests.claims.small_platform import AGENT, DB, FLAT, WEB, new_files, old_files, tree

__all__ = ["prove_dev", "prove_it", "sides"]
STATE = "helmfile/helmfile.yaml"
VALUES = "helmfile/values/web/values.yaml.gotmpl"


def failing(proof: Proof) -> set[str]:
    return {claim.claim for claim in proof.claims if claim.verdict is not ClaimVerdict.HOLDS}


def text_of(proof: Proof, *, verbose: bool = False) -> str:
    file = io.StringIO()
    print_proof(proof, Console(file=file, width=100), verbose=verbose)
    return file.getvalue()


def faulty() -> ProofCase:
    """A value and a Secret changed."""
    return small_platform.case(new=tree({**new_files(), VALUES: new_files()[VALUES] + "key: topsecret\n"}))


def test_every_environment_and_release_has_a_cell(prove_it: Prove) -> None:
    proof = prove_it(small_platform.case())
    assert {cell.id for cell in proof.cells} == {
        CellId(name, release) for name in ("default", "dev") for release in (DB, WEB, AGENT)
    }
    assert proof.holds
    assert all(claim.checked for claim in proof.claims)


def test_an_environment_that_nobody_named_is_found_and_judged(prove_it: Prove) -> None:
    old = old_files()["helmfile.yaml"].replace("  dev:\n", "  more: {}\n  dev:\n")
    new = FLAT.replace("  dev:\n", "  more: {}\n  dev:\n")
    case = small_platform.case(
        tree({**old_files(), "helmfile.yaml": old}), tree({**new_files(), "helmfile.yaml": old, STATE: new})
    )
    assert "more" in {cell.id.environment for cell in prove_it(case).cells}


def test_leaves_that_vary_are_counted(prove_it: Prove) -> None:
    cells = {cell.id: cell for cell in prove_it(small_platform.case()).cells}
    assert cells[CellId("dev", DB)].masked_leaves == 2
    assert cells[CellId("dev", WEB)].masked_leaves == 0


def test_a_tree_flattened_by_hand_is_proved_without_a_record(prove_it: Prove) -> None:
    untiered = (
        FLAT.replace("      tier: infrastructure\n", "")
        .replace("      tier: applications\n", "")
        .replace("    labels:\n    needs", "    needs")
    )
    new = {**new_files(), STATE: untiered, "scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    proof = prove_it(small_platform.case(new=tree(new), without_record=True))
    assert failing(proof) == set()
    assert proof.holds


def test_a_label_that_no_record_explains_fails(prove_it: Prove) -> None:
    assert "deploys_equal" in failing(prove_it(small_platform.case(without_record=True)))


def test_an_order_that_the_record_declares_is_told(prove_dev: Prove) -> None:
    turned = FLAT.replace("- data/db", "- ops/agent").replace("- web/web", "- data/db")
    recorded: Record = replace(small_platform.record(), stages=((DB,), (AGENT,), (WEB,)))
    proof = prove_dev(small_platform.case(new=tree({**new_files(), STATE: turned}), recorded=recorded))
    assert failing(proof) == set()
    assert proof.declared_changes == ("ops/agent now before web/web (dev)",)


def test_a_record_can_not_declare_a_barrier_away(prove_dev: Prove) -> None:
    free = FLAT.replace("    needs:\n      - data/db\n", "").replace("    needs:\n      - web/web\n", "")
    recorded = replace(small_platform.record(), stages=((DB, WEB, AGENT),))
    proof = prove_dev(small_platform.case(new=tree({**new_files(), STATE: free}), recorded=recorded))
    assert failing(proof) == {"order_kept"}


def test_a_lent_file_lets_its_environment_be_judged(prove_it: Prove) -> None:
    content = old_files()["environments/dev.yaml"].encode()
    old = {path: text for path, text in old_files().items() if path != "environments/dev.yaml"}
    lost = "environments/dev.yaml"
    new = {path: text for path, text in new_files().items() if path not in (lost, "helmfile/" + lost)}
    recorded = replace(small_platform.record(), copies=tuple(c for c in small_platform.record().copies if c[0] != lost))
    case = small_platform.case(tree(old), tree(new), recorded=recorded)
    alone = prove_it(case)
    assert not alone.cells
    assert not alone.holds
    lent = replace(case, lent_old={lost: content}, lent_new={"helmfile/" + lost: content})
    assert prove_it(lent).holds
    other = replace(case, lent_old={lost: content}, lent_new={"helmfile/" + lost: content + b"more: 1\n"})
    assert "values_equal" in failing(prove_it(other))


def test_two_trees_without_releases_prove_nothing(prove_it: Prove) -> None:
    empty = tree({"helmfile.yaml": "releases: []\n", "helmfile/helmfile.yaml": "releases: []\n"})
    proof = prove_it(small_platform.case(empty, empty, without_record=True))
    assert not proof.cells
    assert not proof.holds


def test_progress_is_told_up_to_the_end(sides: RememberingSides) -> None:
    told: list[tuple[str, int, int]] = []
    prove(small_platform.case(), sides, lambda what, done, of: told.append((what, done, of)))
    for what in ("asking helmfile", "rendering"):
        counts = [(done, of) for name, done, of in told if name == what]
        assert counts[0][0] == 0
        assert counts[-1][0] == counts[-1][1] > 0


def test_no_more_is_asked_once_the_user_interrupts(sides: RememberingSides) -> None:
    """The command lines and the renders are asked for at the same time; neither may go on without the other."""
    told: list[str] = []

    def interrupted(what: str, done: int, _: int) -> None:
        told.append(what)
        if what == "rendering" and done == 0:
            raise KeyboardInterrupt

    script = "".join(f"helmfile -e dev -l name=web template --set n={number}\n" for number in range(60))
    commented = {"scripts/many.sh": script}
    case = small_platform.case(tree({**old_files(), **commented}), tree({**new_files(), **commented}))
    with pytest.raises(KeyboardInterrupt):
        gather(case, sides, interrupted)
    assert told.count("running command lines") < 60


def test_json_has_a_schema_and_every_cell(prove_it: Prove) -> None:
    data = json.loads(proof_json(prove_it(small_platform.case())))
    assert data["schema"] == "migrate/proof/1"
    assert data["holds"] is True
    assert data["counts"] == {"equal": 3, "equal failure": 3}
    assert len(data["cells"]) == 6
    assert {claim["verdict"] for claim in data["claims"]} == {"holds"}


def test_text_shows_the_matrix_and_what_fails(prove_it: Prove) -> None:
    good, bad = text_of(prove_it(small_platform.case())), text_of(prove_it(faulty()))
    assert "The proof holds: 6 cells: 3 equal, 3 equal failure" in good
    assert "data/db" in good
    assert "fails alike" in good
    assert "The proof FAILS" in bad
    assert "DIFFERENT dev: web/web: Secret web-key (v1) stringData.key differs" in bad
    assert "\x1b[" not in good


def test_no_column_of_the_matrix_is_cut(prove_it: Prove) -> None:
    proof = prove_it(small_platform.case())
    wide = replace(proof, cells=tuple(replace(c, id=replace(c.id, environment=c.id.environment * 20)) for c in proof.cells))
    assert "dev" * 20 in text_of(wide).splitlines()[0]


def test_no_report_tells_a_value(prove_it: Prove, sides: RememberingSides) -> None:
    proof = prove_it(faulty())
    gathered = gather(faulty(), sides, quiet, only="dev")
    explained = explanation_text(explain(gathered, find_cell(gathered, "dev", "web")))
    for text in (text_of(proof, verbose=True), proof_json(proof), explained):
        assert "topsecret" not in text
        assert "fixed" not in text


def test_explain_shows_what_helm_is_given_and_where_it_comes_from(sides: RememberingSides) -> None:
    gathered = gather(faulty(), sides, quiet, only="dev")
    text = explanation_text(explain(gathered, find_cell(gathered, "dev", "web")))
    assert "dev/web/web: different: Secret web-key (v1) stringData.key differs" in text
    assert "helmfile/values/web/values.yaml.gotmpl  sha256:" in text
    assert "apps/web/values.yaml.gotmpl  sha256:" in text
    assert "--set 'replicas=…'" in text
    assert "helmfile --file helmfile.yaml --environment dev --selector name=web,namespace=web template" in text
    assert "inputs_equal fails: dev/web/web: values: helm reads others" in text


def test_explain_refuses_a_release_that_is_not_there(sides: RememberingSides) -> None:
    gathered = gather(small_platform.case(), sides, quiet, only="dev")
    assert find_cell(gathered, "dev", "web/web") == find_cell(gathered, "dev", "web")
    with pytest.raises(BadInput, match="no release of that name"):
        find_cell(gathered, "dev", "wob")


class Wiring:
    """A wiring that judges one case whatever is asked."""

    def __init__(self, case: ProofCase, sides: SideFactory) -> None:
        self._case, self._sides = case, sides
        self.request: ProofRequest | None = None

    def case(self, request: ProofRequest) -> ProofCase:
        self.request = request
        return self._case

    def sides(self, _request: ProofRequest) -> SideFactory:
        return self._sides

    def stored(self, _request: ProofRequest, case: ProofCase, proof: Proof) -> StoredProof:
        return stored_proof(proof, case, Conditions("0.1.0", ""), branch=case.branch)

    def stored_before(self, _request: ProofRequest, case: ProofCase) -> StoredProof:
        raise NoStoredProof(case.branch)

    def authorship(self, case: ProofCase) -> ClaimResult:
        return ClaimResult.of("authorship_kept", case.branch, ())

    def attributes(self, tree: Tree) -> Attributes:
        return small_platform.attributes(tree)

    def progress(self) -> Progress:
        return quiet


@pytest.fixture
def run(sides: RememberingSides) -> Callable[..., tuple[int, str, Wiring]]:
    def running(case: ProofCase, *arguments: str) -> tuple[int, str, Wiring]:
        wiring = Wiring(case, sides)
        group = Commands("migrate", commands={"prove": prove_command(wiring), "explain": explain_command(wiring)})
        result = CliRunner().invoke(group, arguments)
        return result.exit_code, result.output, wiring

    return running


Run = Callable[..., tuple[int, str, Wiring]]


def test_prove_exits_with_0_only_if_every_claim_holds(run: Run) -> None:
    code, output, _ = run(small_platform.case(), "prove", "--branch", "b")
    assert (code, "The proof holds" in output) == (0, True)
    code, output, _ = run(faulty(), "prove", "--branch", "b")
    assert code == ProofFailed.exit_code
    assert "proof-failed" in output


def test_prove_passes_on_what_it_is_asked(run: Run) -> None:
    arguments = [
        "--base",
        "main",
        "--branch",
        "b",
        "--new-file",
        "n.yaml",
        "--env-file",
        "prod=a/b.yaml",
        "--run-commands",
        "--json",
    ]
    code, output, wiring = run(small_platform.case(), "prove", *arguments)
    assert code == 0
    assert json.loads(output)["holds"] is True
    assert wiring.request is not None
    assert wiring.request.env_files == (("prod", Path("a/b.yaml")),)
    assert (wiring.request.base, wiring.request.new_file, wiring.request.run_commands) == ("main", "n.yaml", True)


def test_a_malformed_env_file_is_refused(run: Run) -> None:
    code, output, _ = run(small_platform.case(), "prove", "--branch", "b", "--env-file", "prod")
    assert code == BadInput.exit_code
    assert "ENV=PATH" in output


def test_explain_prints_one_cell(run: Run) -> None:
    code, output, _ = run(small_platform.case(), "explain", "dev/db", "--branch", "b", "--json")
    assert code == 0
    assert json.loads(output)["verdict"] == "equal"
    code, output, _ = run(small_platform.case(), "explain", "dev", "--branch", "b")
    assert code == BadInput.exit_code
