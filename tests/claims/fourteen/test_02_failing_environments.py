"""What a failing `sync` and a failing `apply` of a whole environment reach, before and after, is in the plan; cells behind the
failure are proved one by one.
"""

from __future__ import annotations

from migrate.model.facts import CellId, ReleaseId
from migrate.model.proof import CellVerdict
from migrate.reach import Measured, measure_reach
from tests.claims.conftest import Prove, RememberingSides, quiet
from tests.claims.fourteen.one_release import CHART, NEW_STATE, case_of, verdict
from tests.system.trees import Content, tree_of

RELEASE = "- name: {0}\n  namespace: n\n  chart: ./{1}\n"
ORDER = ("a", "b", "c")
ENVIRONMENT = "environments: {dev: {}}\n---\n"


def chart(folder: str) -> dict[str, Content]:
    return {f"{folder}/Chart.yaml": CHART, f"{folder}/templates/x.yaml": "kind: X\nmetadata: {name: x}\n"}


def nested() -> dict[str, Content]:
    """Three sub-helmfiles, one after the other; the template of the second fails."""
    root = ENVIRONMENT + "helmfiles:\n" + "".join(f"- {{path: apps/{x}/helmfile.yaml, values: [{{}}]}}\n" for x in ORDER)
    files: dict[str, Content] = {"helmfile.yaml": root, "apps/b/b.yaml.gotmpl": "a: {{ .Values.nope }}\n"}
    for name in ORDER:
        values = "  values: [b.yaml.gotmpl]\n" if name == "b" else ""
        files |= {
            f"apps/{name}/helmfile.yaml": "releases:\n" + RELEASE.format(name, "chart") + values,
            **chart(f"apps/{name}/chart"),
        }
    return files


def flat() -> dict[str, Content]:
    """The same in one file, with the same barriers."""
    entries = [RELEASE.format(name, f"charts/{name}") for name in ORDER]
    entries[1] += "  needs: [n/a]\n  values: [values/b.yaml.gotmpl]\n"
    entries[2] += "  needs: [n/b]\n"
    files = {
        NEW_STATE: ENVIRONMENT + "releases:\n" + "".join(entries),
        "helmfile/values/b.yaml.gotmpl": "a: {{ .Values.nope }}\n",
    }
    return {**nested(), **files, **{k: v for name in ORDER for k, v in chart(f"helmfile/charts/{name}").items()}}


def test_the_plan_tells_what_sync_and_apply_reach_today_and_afterwards(sides: RememberingSides) -> None:
    measured = Measured((tree_of(nested()), "helmfile.yaml"), (tree_of(flat()), NEW_STATE), ("dev",))
    found = {r.command: (r.before, r.after) for r in measure_reach(sides, measured, quiet, None)}
    assert found == {"sync": (("n/a",), ("n/a",)), "apply": (("n/a",), ())}


def test_releases_behind_the_failure_are_proved_one_by_one(prove_dev: Prove) -> None:
    new = flat()
    new["helmfile/charts/c/templates/x.yaml"] = "kind: Y\nmetadata: {name: x}\n"
    cells = {name: CellId("dev", ReleaseId("", "n", name)) for name in ORDER}
    same, changed = (prove_dev(case_of(tree_of(nested()), tree_of(files))) for files in (flat(), new))
    assert [verdict(same, cells[name]) for name in ORDER] == [CellVerdict.EQUAL, CellVerdict.EQUAL_FAILURE, CellVerdict.EQUAL]
    assert verdict(changed, cells["c"]) is CellVerdict.DIFFERENT
    assert any("apply fails; before that it reached n/a, now nothing" in line for line in same.declared_changes)
