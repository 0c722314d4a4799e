"""rehearsed, judged on runs told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrate.claims import rehearsed
from migrate.model.facts import HelmCall
from migrate.model.proof import ClaimVerdict
from migrate.model.rehearsal import Rehearsal
from tests.claims import small_platform
from tests.claims.told import A, B, call, wrong

BOTH = (call("upgrade"), call("upgrade", B))
RUN = Rehearsal(0, BOTH, {"environments/dev.yaml": "1", "out.txt": "2"}, ("kubectl get", "sudo"))
MOVED = replace(RUN, files={"helmfile/environments/dev.yaml": "1", "out.txt": "2"})


def judged(new: Rehearsal, old: Rehearsal = RUN) -> dict[str, str]:
    return {
        name.removeprefix("c: "): said for name, said in wrong(rehearsed.judge(small_platform.case(), {"c": (old, new)})).items()
    }


def test_a_run_that_does_the_same_at_the_new_places_holds() -> None:
    assert judged(MOVED) == {}
    assert rehearsed.judge(small_platform.case(), {"c": (RUN, MOVED)}).checked == 4
    assert rehearsed.judge(small_platform.case(), {}).verdict is ClaimVerdict.NOT_CHECKED
    assert judged(replace(MOVED, calls=BOTH[::-1])) == {}
    assert judged(replace(MOVED, calls=(*BOTH, call("list"), call("repo add", None)))) == {}


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (BOTH[:1], "2 calls became 1, or of other releases"),
        ((), "2 calls became 0, or of other releases"),
        ((*BOTH, BOTH[0]), "2 calls became 3, or of other releases"),
        ((BOTH[0], call("diff", B)), "2 calls became 2, or of other releases"),
        ((BOTH[0], call("upgrade", B, "--wait")), "upgrade n/b: arguments: --wait is only on the new side"),
        ((BOTH[0], call("upgrade", B, values=("w",))), "upgrade n/b: values: helm reads others"),
        ((call("upgrade", A, chart_digest="x"), BOTH[1]), "upgrade n/a: chart: other bytes"),
    ],
)
def test_other_calls_of_helm_are_seen(calls: tuple[HelmCall, ...], said: str) -> None:
    assert judged(replace(MOVED, calls=calls)) == {"helm": said}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"environments/dev.yaml": "1", "out.txt": "2"}, "other ones: environments/dev.yaml, helmfile/environments/dev.yaml"),
        ({**MOVED.files, "out.txt": "3"}, "other ones: out.txt"),
        ({**MOVED.files, "more.txt": ""}, "other ones: more.txt"),
        ({"out.txt": "2"}, "other ones: helmfile/environments/dev.yaml"),
    ],
)
def test_other_files_are_seen(files: Mapping[str, str], said: str) -> None:
    assert judged(replace(MOVED, files=files)) == {"files": said}


def test_another_end_and_other_stand_ins_are_seen() -> None:
    assert judged(replace(MOVED, exit_code=1)) == {"its end": "exit code 0 on the old side, 1 on the new side"}
    for stand_ins in ((), ("sudo", "kubectl get"), ("kubectl get", "sudo", "sudo")):
        assert judged(replace(MOVED, stand_ins=stand_ins)) == {"stand-ins": "called otherwise"}


def test_each_command_is_judged() -> None:
    pairs = {"c": (RUN, MOVED), "d": (RUN, replace(MOVED, exit_code=2))}
    assert list(wrong(rehearsed.judge(small_platform.case(), pairs))) == ["d: its end"]
