"""Sides that tell what they were told beforehand and keep what they were asked, and what a proof gathers of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

from migrate.claims.side_facts import SideFacts
from migrate.measuring import gather
from migrate.model.case import ProofCase
from migrate.model.facts import EnvironmentFacts, Failure, HelmInputs, ReleaseId, Run, ValuesFile
from migrate.model.reaching import Prepared, ReachOut
from migrate.ports import COMMANDS, SideFactory
from tests.claims.told import FILES, STATE, case, facts, run, side
from tests.system.trees import Content

Told = Mapping[str, EnvironmentFacts]
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {}\n"
EMPTY = EnvironmentFacts("", (), (), MappingProxyType({}))


class ToldSide:
    """A side that has an answer for everything, and keeps what it was asked."""

    def __init__(self, told: SideFacts, name: str) -> None:
        self.tree, self.state_file, self.name = told.tree, told.state_file, name
        self.told = told.environments
        self.asked: list[tuple[object, ...]] = []
        self.rendered: Callable[[HelmInputs, bool], bytes | Failure] = lambda inputs, _: POD.format(inputs.argv[1]).encode()
        self.read: Callable[[Sequence[ValuesFile]], bytes | Failure] = lambda files: " ".join(f.digest for f in files).encode()
        self.recorded: Run = run("sync")
        self.files: Mapping[str, bytes] | None = {"Chart.yaml": b"name: x\n"}
        self.reached: tuple[ReachOut, ...] = ()

    def facts(self, environment: str, expected: Sequence[ReleaseId] = (), commands: Sequence[str] = COMMANDS) -> EnvironmentFacts:
        self.asked.append(("facts", environment, tuple(expected), tuple(commands)))
        return self.told.get(environment, replace(EMPTY, environment=environment))

    def render(self, inputs: HelmInputs, *, kube_version: str = "", built: bool = False) -> bytes | Failure:
        self.asked.append(("render", inputs.argv, built, kube_version))
        return self.rendered(inputs, built)

    def read_values(self, values: Sequence[ValuesFile]) -> bytes | Failure:
        self.asked.append(("read", tuple(file.digest for file in values)))
        return self.read(values)

    def record(self, environment: str, command: str, release: ReleaseId | None = None) -> Run:
        self.asked.append(("record", environment, command, release))
        return self.recorded

    def command(self, words: Sequence[str]) -> Run:
        self.asked.append(("command", tuple(words)))
        return run(self.name)

    def fetched(self, chart: str, version: str, *, devel: bool) -> Mapping[str, bytes] | None:
        self.asked.append(("fetched", chart, version, devel))
        return self.files

    def completed(self, chart: str) -> Mapping[str, bytes]:
        self.asked.append(("completed", chart))
        return {"charts/x.tgz": b"x"}

    def prepared(self, chart: str) -> Prepared:
        self.asked.append(("prepared", chart))
        return Prepared(wanted=True, address=chart)

    def reached_out(self) -> tuple[ReachOut, ...]:
        return self.reached

    def of(self, what: str) -> list[tuple[object, ...]]:
        """What it was asked of a kind, in any order."""
        return sorted((each[1:] for each in self.asked if each[0] == what), key=repr)


class ToldSides:
    """Opens the old side and the new one in turns, and helmfile 1.x's if it is asked for."""

    def __init__(self, old: ToldSide, new: ToldSide, modern: ToldSide | None = None, network: str = "no way to cut it") -> None:
        self.old, self.new, self.modern, self.network = old, new, modern, network
        self.opened: list[tuple[str, dict[str, Any]]] = []

    def open(self, _tree: object, state_file: str, **given: Any) -> Any:  # noqa: ANN401  (as given)
        turn = sum(name != "modern" for name, _ in self.opened) % 2
        found = self.modern if given.get("modern") else (self.old, self.new)[turn]
        assert found is not None
        assert found.state_file == state_file
        self.opened.append((found.name, given))
        return nullcontext(found)

    def without_network(self) -> str:
        return self.network

    def shell_complaint(self, script: bytes) -> str:
        return script.decode()

    def versions(self) -> Mapping[str, str]:
        return {"helmfile": "0.1", **({"modern helmfile": "1.0"} if self.modern else {})}


NEW_STATE = "helmfile/helmfile.yaml"
NEW_FILES: Mapping[str, Content] = {NEW_STATE: "", **{f"helmfile/{path}": text for path, text in FILES.items() if path != STATE}}


def sides_of(
    old: Told | None = None,
    new: Told | None = None,
    files: Mapping[str, Content] = FILES,
    more: Mapping[str, Content] = NEW_FILES,
) -> tuple[ToldSide, ToldSide]:
    """Both sides, with the environment `dev` unless told otherwise."""
    told = {"dev": facts()}
    before, after = side(files=files), side(files=more, state_file=NEW_STATE)
    return (
        ToldSide(SideFacts(before.tree, STATE, told if old is None else old), "old"),
        ToldSide(SideFacts(after.tree, NEW_STATE, told if new is None else new), "new"),
    )


def case_of(old: ToldSide, new: ToldSide, **changes: Any) -> ProofCase:  # noqa: ANN401  (fields of ProofCase)
    """The case of two told sides."""
    return case(SideFacts(old.tree, STATE, {}), SideFacts(new.tree, new.state_file, {}), **{"offline": False, **changes})


def measured(old: ToldSide, new: ToldSide, **changes: Any) -> Any:  # noqa: ANN401  (Gathered)
    """What is gathered of both sides."""
    only = changes.pop("only", "")
    network = changes.pop("network", "no way to cut it")
    modern = changes.pop("modern", None)
    sides = ToldSides(old, new, modern, network)
    return gather(case_of(old, new, **changes), cast(SideFactory, sides), lambda *_: None, only=only)
