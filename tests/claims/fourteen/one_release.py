"""A nested repository with one release to break and a sound one beside it, and the flat tree that it became.

Both sides are made of the same pieces, named without their folders: `entry` (lines of the release), `environment`,
`own.yaml.gotmpl`, `chart/...`; a name that begins with `/` is a path from the top. A test changes those of one side or of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from migrate.model.case import ProofCase
from migrate.model.facts import CellId, ReleaseId
from migrate.model.paths import RepoPath
from migrate.model.proof import Cell, CellVerdict, ClaimVerdict, Proof
from migrate.model.record import Record
from migrate.model.tree import Tree
from tests.claims import small_platform
from tests.system.trees import Content, tree_of

Pieces = Mapping[str, Content]

ONE, SOUND = ReleaseId("", "n", "one"), ReleaseId("", "n", "sound")
CELL = CellId("dev", ONE)

CHART = "apiVersion: v2\nname: one\nversion: 1.0.0\n"
TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: {{ .Values.a | quote }}}\n"
PIECES: Pieces = {
    "entry": "",
    "environment": "a: 1\n",
    "own.yaml.gotmpl": "a: {{ .Values.a }}\n",
    "chart/Chart.yaml": CHART,
    "chart/templates/one.yaml": TEMPLATE,
}

ENVIRONMENTS = "environments:\n  dev:\n    values:\n      - environments/dev.yaml\n---\n"
ROOT = ENVIRONMENTS + "helmfiles:\n  - path: apps/helmfile.yaml\n    values:\n      - {{ toYaml .Values | nindent 8 }}\n"
ENTRY = "  - name: one\n    namespace: n\n    chart: ./{chart}\n    values:\n      - {values}own.yaml.gotmpl\n"
SOUND_ENTRY = "  - name: sound\n    namespace: n\n    chart: ./{sound}\n"
OLD_STATE, NEW_STATE = "apps/helmfile.yaml", "helmfile/helmfile.yaml"
OLD_PLACES = {"chart": "one", "values": "", "sound": "sound"}
NEW_PLACES = {"chart": "charts/one", "values": "values/", "sound": "charts/sound"}


def old_files(changes: Pieces) -> dict[str, Content]:
    """The nested side."""
    pieces = {**PIECES, **changes}
    homes = {"environment": "environments/dev.yaml", "own": "apps/own", "chart/": "apps/one/", "sound/": "apps/sound/"}
    state = "releases:\n" + (ENTRY + str(pieces["entry"]) + SOUND_ENTRY).format(**OLD_PLACES)
    return {"helmfile.yaml": ROOT, OLD_STATE: state, **_sound("apps/sound"), **_placed(pieces, homes)}


def new_files(changes: Pieces) -> dict[str, Content]:
    """The flat side, without what is left of the nested one."""
    pieces = {**PIECES, **changes}
    homes = {
        "environment": "helmfile/environments/dev.yaml",
        "own": "helmfile/values/own",
        "chart/": "helmfile/charts/one/",
    }
    state = ENVIRONMENTS + "releases:\n" + (ENTRY + str(pieces["entry"]) + SOUND_ENTRY).format(**NEW_PLACES)
    return {NEW_STATE: state, **_sound("helmfile/charts/sound"), **_placed(pieces, homes)}


def case(old: Pieces, new: Pieces | None = None, **more: object) -> ProofCase:
    """The proof of both sides; the new side has the pieces of the old one unless it is told otherwise."""
    before = old_files(old)
    after = {**before, **new_files(old if new is None else new)}
    return case_of(tree_of(before), tree_of(after), **more)


def case_of(old: Tree, new: Tree, **more: object) -> ProofCase:
    """The proof of two trees, of which the second has everything of the first."""
    copies = _copies(old, new)
    created = tuple(path for path in new if path not in old and path not in dict(copies).values())
    recorded = Record(
        base="base",
        plan_digest="digest",
        legacy_state=RepoPath("helmfile.yaml"),
        new_state=RepoPath(NEW_STATE),
        tier_label="tier",
        copies=copies,
        created=created,
        edited=(),
        stages=((ONE, SOUND),),
    )
    return replace(small_platform.case(old, new, recorded=recorded), **more)  # type: ignore[arg-type] # fields of ProofCase


def case_together(pairs: Mapping[str, tuple[Pieces, Pieces]]) -> ProofCase:
    """One proof of many releases that wait for nobody, each named with its own `entry`, `own.yaml.gotmpl` and `chart/...`.

    One that fails takes down the runs of all: then each is asked about alone.
    """
    old: dict[str, Content] = {"helmfile.yaml": ROOT, "environments/dev.yaml": str(PIECES["environment"])}
    new: dict[str, Content] = {"helmfile/environments/dev.yaml": str(PIECES["environment"])}
    old_entries, new_entries = "", ""
    for name, (before, after) in pairs.items():
        old_entries += _named(name, before).format(chart=name, values="")
        new_entries += _named(name, after).format(chart=f"charts/{name}", values="values/")
        old |= _placed(
            {**PIECES, **before}, {"own": f"apps/{name}", "chart/": f"apps/{name}/", "environment": "environments/dev.yaml"}
        )
        homes = {
            "own": f"helmfile/values/{name}",
            "chart/": f"helmfile/charts/{name}/",
            "environment": "helmfile/environments/dev.yaml",
        }
        new |= _placed({**PIECES, **after}, homes)
    old[OLD_STATE], new[NEW_STATE] = "releases:\n" + old_entries, ENVIRONMENTS + "releases:\n" + new_entries
    asked = case_of(tree_of(old), tree_of({**old, **new}))
    assert asked.record
    return replace(asked, record=replace(asked.record, stages=(tuple(cell_named(name).release for name in pairs),)))


def cell_named(name: str) -> CellId:
    """The cell of one of many releases."""
    return CellId("dev", ReleaseId("", "n", name))


def failing_for(proof: Proof, cell: CellId) -> set[str]:
    """The claims with failing evidence on a cell, or on something of it."""
    marks = str(cell), f"{cell} "
    pieces = ((claim.claim, piece) for claim in proof.claims for piece in claim.evidence if not piece.holds)
    return {name for name, piece in pieces if piece.subject == marks[0] or piece.subject.startswith(marks[1])}


def _named(name: str, pieces: Pieces) -> str:
    entry = ENTRY.replace("name: one", f"name: {name}").replace("own.yaml", f"{name}.yaml")
    return entry + str(pieces.get("entry", ""))


def _copies(old: Tree, new: Tree) -> tuple[tuple[RepoPath, RepoPath], ...]:
    """Each new file with the legacy one that it comes from, whatever has become of it."""
    homes = {"helmfile/charts/one/": "apps/one/", "helmfile/charts/": "apps/", "helmfile/values/": "apps/", "helmfile/": ""}
    found = []
    for path in new:
        home, source = next(((home, source) for home, source in homes.items() if path.startswith(home)), ("", "?"))
        if path != NEW_STATE and path not in old and source + path[len(home) :] in old:
            found.append((RepoPath(source + path[len(home) :]), path))
    return tuple(found)


def verdict(proof: Proof, cell: CellId = CELL) -> CellVerdict:
    """The verdict of a cell."""
    return cell_of(proof, cell).verdict


def cell_of(proof: Proof, cell: CellId = CELL) -> Cell:
    """The cell itself."""
    return next(found for found in proof.cells if found.id == cell)


def failing(proof: Proof) -> set[str]:
    """The claims that fail."""
    return {claim.claim for claim in proof.claims if claim.verdict is ClaimVerdict.FAILS}


def _sound(folder: str) -> dict[str, Content]:
    return {f"{folder}/Chart.yaml": CHART.replace("one", "sound"), f"{folder}/templates/x.yaml": "kind: X\nmetadata: {name: x}\n"}


def _placed(pieces: Pieces, homes: Mapping[str, str]) -> dict[str, Content]:
    found: dict[str, Content] = {}
    for name, content in pieces.items():
        home = next((target + name[len(head) :] for head, target in homes.items() if name.startswith(head)), name.lstrip("/"))
        if name != "entry":
            found[home] = content
    return found
