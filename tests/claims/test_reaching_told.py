"""renders_offline and loads_on_current, judged on calls told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from migrate.claims import loads_on_current, renders_offline
from migrate.claims.outgoing import built_chart, built_charts, dependencies_from, foreign_charts, hosts_named_in, preparing
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import HelmCall
from migrate.model.proof import ClaimVerdict
from migrate.model.reaching import COPY, Offline, Prepared, ReachOut, Wish
from tests.claims.told import CELL, FILES, STATE, STOP, A, B, call, gathered, line, run, side, wrong
from tests.system.trees import Content, tree_of

DEPENDING = (
    "name: c\nversion: 1.0.0\ndependencies:\n"
    "  - name: d\n    version: 1.0.0\n    repository: https://h.example.org/x\n"
    "  - name: e\n    version: 1.0.0\n    repository: https://i.example.org\n"
    "  - name: f\n    version: 1.0.0\n    repository: file://../f\n"
)
MORE: Mapping[str, Content] = {**FILES, "c/Chart.yaml": DEPENDING}


def asked(verb: str, *words: str, **changes: Any) -> HelmCall:  # noqa: ANN401  (fields of HelmCall)
    """A call of helm for no release."""
    return replace(
        call(verb, None), argv=(*verb.split(), *words), **{"chart": "", "chart_folder": "", "chart_digest": "", **changes}
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (asked("repo add", "--force-update", "up", "https://a:b@h.example.org/x"), ["repository up at https://h.example.org/x"]),
        (asked("repo add", "up"), []),
        (asked("repo update"), []),
        (asked("registry login", "h"), ["login to a registry"]),
        (asked("pull", "oci://h/c", "--version", "1"), ["chart oci://h/c"]),
        (asked("fetch", "up/c"), ["chart up/c"]),
        (asked("pull", "--help"), []),
        (call(), []),
    ],
)
def test_what_is_fetched_before_anything_is_rendered_is_named(told: HelmCall, said: list[str]) -> None:
    assert list(preparing(told)) == said


def test_charts_that_lie_elsewhere_are_named_once() -> None:
    away: dict[str, Any] = {"chart": "up/c", "chart_digest": ""}
    calls = [
        call(**away),
        call("upgrade", **away),
        call(),
        call("diff", **{**away, "chart": "up/d"}),
        call(chart="", chart_digest=""),
    ]
    assert list(foreign_charts(calls)) == ["up/c"]
    assert list(foreign_charts([call("upgrade", **away)])) == ["up/c"]


@pytest.mark.parametrize(
    ("told", "chart"),
    [
        (asked("dependency build", "./c", "--skip-refresh"), "c"),
        (asked("dependency build", "--skip-refresh", "c/../d", folder="x"), "x/d"),
        (asked("dependency build", ".", folder=""), ""),
        (asked("dependency up", "/away/x", chart_digest="sha256:1"), f"{COPY}sha256:1"),
        (asked("dependency build"), None),
        (asked("template", "x", "./c"), None),
        (asked("repo add", "./c"), None),
    ],
)
def test_the_chart_whose_dependencies_are_built(told: HelmCall, chart: str | None) -> None:
    assert built_chart(told) == chart


def building(*charts: str, files: Mapping[str, Content] = MORE) -> SideFacts:
    calls = [asked("dependency build", chart) for chart in charts]
    return side(run("template", *calls, call(), call(of=B)), run("sync", call("upgrade"), call("upgrade", B)), files=files)


def test_a_chart_without_dependencies_asks_for_nothing() -> None:
    assert built_charts(building("./c", "./c")) == ("c",)
    assert built_charts(building("./c", files=FILES)) == ()
    assert built_charts(building("./gone")) == ("gone",)
    assert built_charts(building("/away/x")) == (COPY,)
    assert built_charts(building("./c", files={**FILES, "c/Chart.yaml": "a: [\n"})) == ("c",)
    assert built_charts(side()) == ()


def test_the_dependencies_at_an_address_are_named_or_all_that_lie_elsewhere() -> None:
    tree = tree_of(MORE)
    assert [d.name for d in dependencies_from(tree, "c", "https://h.example.org")] == ["d"]
    assert [d.name for d in dependencies_from(tree, "c", "i.example.org")] == ["e"]
    assert [d.name for d in dependencies_from(tree, "c", "https://other")] == ["d", "e"]
    assert [d.name for d in dependencies_from(tree, "c", "")] == ["d", "e"]
    assert dependencies_from(tree, "gone", "") == ()


def test_the_first_file_and_line_that_names_a_host_is_told() -> None:
    tree = tree_of(
        {
            "a.txt": "h.example.org\n",
            "c/b.yaml": "x\nhttps://h.example.org/\n",
            "c/s.json": "h.example.org",
            "d.yaml": "h.example.org",
        }
    )
    assert hosts_named_in(tree, "c", "https://h.example.org") == "c/b.yaml:2"
    assert hosts_named_in(tree, "", "h.example.org") == "c/b.yaml:2"
    assert hosts_named_in(tree, "c", "h.example.org", ("s.json",)) == "c/s.json:1"
    assert hosts_named_in(tree, "c", "other.example.org") == ""
    assert hosts_named_in(tree, "c", "") == ""


@pytest.mark.parametrize(
    ("name", "read"), [(f"c/x{end}", end != ".md") for end in (".yaml", ".yml", ".gotmpl", ".json", ".tpl", ".tmpl", ".md")]
)
def test_a_host_is_looked_for_in_what_helm_and_helmfile_read(name: str, *, read: bool) -> None:
    tree = tree_of({name: "h.example.org"}, {"c/absent.yaml": "0" * 40})
    assert hosts_named_in(tree, "c", "h.example.org") == (f"{name}:1" if read else "")
    assert hosts_named_in(tree, "", "") == ""


OUT = ReachOut(Wish.FILE, "https://h.example.org", "dev", "template")


def offline(new: SideFacts, *reached: ReachOut, prepared: Mapping[str, Prepared] | None = None) -> dict[str, str]:
    return wrong(renders_offline.judge(gathered(side(), new, offline=Offline(reached, prepared or {}))))


def test_a_side_that_wants_nothing_holds_and_each_run_and_cell_counts() -> None:
    assert offline(side()) == {}
    result = renders_offline.judge(gathered(side(), side(), offline=Offline()))
    assert [piece.subject for piece in result.evidence] == ["dev: template", "dev: sync", "dev/n/a", "dev/n/b"]
    assert renders_offline.judge(gathered(side(), side())).verdict is ClaimVerdict.NOT_CHECKED
    without = renders_offline.judge(gathered(side(), side(run("sync")), offline=Offline()))
    assert [piece.subject for piece in without.evidence] == ["dev: sync"]


def test_a_run_that_wanted_the_network_fails_by_its_command() -> None:
    said = "a values file (git:: or a URL) from https://h.example.org is wanted"
    assert offline(side(), OUT) == {"dev: template": said}
    assert offline(side(), replace(OUT, command="sync")) == {"dev: sync": said}
    assert offline(side(), replace(OUT, command="diff")) == {"dev: diff": said}
    assert offline(side(), replace(OUT, environment="prod")) == {}
    assert offline(side(), OUT, replace(OUT, address="")) == {
        "dev: template": f"{said}; a values file (git:: or a URL) is wanted"
    }
    named = side(files={**FILES, STATE: "# https://h.example.org\n"})
    assert offline(named, OUT) == {"dev: template": f"{said} ({STATE}:1)"}


def test_a_render_that_wanted_the_network_fails_by_its_cell() -> None:
    schema = replace(OUT, wish=Wish.SCHEMA, environment="", command="", argv=call().argv, chart_folder="c")
    files = {**FILES, "c/values.schema.json": "h.example.org", "c/a.json": "h.example.org"}
    told = "a schema that values.schema.json names with `$ref` from https://h.example.org is wanted (c/values.schema.json:1)"
    assert offline(side(files=files), schema) == {str(CELL): told}
    assert offline(side(), replace(schema, chart_folder="d")) == {}
    assert offline(side(), replace(schema, argv=("x",))) == {}


def test_charts_from_elsewhere_and_repositories_fail_whoever_needs_them() -> None:
    away: dict[str, Any] = {"chart": "up/c", "chart_digest": ""}
    fetched = "the chart up/c is fetched when it is deployed"
    assert offline(side(run("template", call(**away), call(of=B)))) == {str(CELL): fetched}
    assert offline(side(run("template", call()), run("sync", call("upgrade", **away)))) == {str(CELL): fetched}
    adding = side(run("template", asked("repo add", "up", "https://h.example.org"), call(), call(of=B)))
    assert offline(adding) == {
        "dev: repository up at https://h.example.org": "each run asks for it first, whether a release needs it or not"
    }


def test_dependencies_that_are_fetched_again_fail() -> None:
    wanted = Prepared(STOP, wanted=True, address="https://h.example.org")
    said = (
        "`helm dependency build` fetches d from https://h.example.org/x (c/Chart.yaml:4); "
        "`skipDeps: true` on the release takes what charts/ holds"
    )
    found = offline(building("./c"), prepared={"c": wanted})
    assert found.keys() == {"dev/n/a", "dev/n/b"}
    assert found["dev/n/a"] == said
    assert offline(building("./c"), prepared={"c": replace(wanted, wanted=False)}) == {}
    assert offline(building("./c"), prepared={"d": wanted}) == {}
    unread = side(files={path: text for path, text in FILES.items() if path != "c/Chart.yaml"})
    assert "fetches https://h.example.org;" in offline(unread, prepared={"c": wanted})["dev/n/a"]
    copied = offline(building("/away/x"), prepared={COPY: wanted})
    assert copied == {
        "dev: dependencies": "`helm dependency up` of a chart that helmfile changes fetches something from https://h.example.org"
    }
    assert offline(building("/away/x"), prepared={COPY: replace(wanted, wanted=False)}) == {}
    assert offline(building("/away/x")) == {}


def current(new: SideFacts, modern: SideFacts | None, **merged: Any) -> dict[str, str]:  # noqa: ANN401  (fields of Gathered)
    return wrong(loads_on_current.judge(gathered(side(), new, modern=modern, **merged)))


def test_helmfile_1_must_give_helm_the_same() -> None:
    assert current(side(), side()) == {}
    assert loads_on_current.judge(gathered(side(), side(), modern=side())).checked == 4
    assert loads_on_current.judge(gathered(side(), side())).verdict is ClaimVerdict.NOT_CHECKED
    waiting = side(run("template", call("template", A, "--wait"), call(of=B)), run("sync", call("upgrade"), call("upgrade", B)))
    assert current(side(), waiting) == {"dev/n/a template": "arguments: --wait is only on the new side"}
    fewer = side(run("template", call(), call(of=B)), run("sync", call("upgrade", B)))
    assert current(side(), fewer) == {"dev/n/a sync": "helm is called 1 times; with helmfile 1.x 0"}
    stuck = side(run("template", call(of=B), failure=STOP), run("sync", call("upgrade"), call("upgrade", B)))
    assert current(side(), stuck) == {"dev/n/a template": "helm is called 1 times; with helmfile 1.x 0: stop"}
    assert current(side(), side(listed=(line(enabled=False), line(B)))) == {
        str(CELL): "listed; with helmfile 1.x: disabled by its condition"
    }


def test_values_are_compared_as_helm_reads_them() -> None:
    other = side(run("template", call(values=("w",)), call(of=B)), run("sync", call("upgrade"), call("upgrade", B)))
    read = {"new_merged": {("v",): "read"}, "modern_merged": {("w",): "read"}}
    assert current(side(), other, **read) == {}
    assert current(side(), other, new_merged={("v",): "read"}, old_merged={("w",): "read"}) == {
        "dev/n/a template": "values: helm reads others"
    }


FAILS = side(run("template", call(of=B), failure=STOP), run("sync", call("upgrade", B)))


def test_what_only_helmfile_1_gets_through_is_told_and_no_fault() -> None:
    assert current(FAILS, FAILS) == current(FAILS, side()) == {}
    result = loads_on_current.judge(gathered(side(), FAILS, modern=side()))
    assert result.evidence[0].detail == "fails; gets further with 1.x"
    assert loads_on_current.judge(gathered(side(), FAILS, modern=FAILS)).evidence[0].detail == "fails on both"
    said = "fails with this helmfile and not with 1.x, so what that deploys is compared with nothing"
    assert loads_on_current.declared_changes(gathered(side(), FAILS, modern=side())) == (f"dev: n/a {said}",)
    both = side(run("template", failure=STOP))
    assert loads_on_current.declared_changes(gathered(side(), both, modern=side())) == (f"dev: n/a, n/b {said}",)
    assert loads_on_current.declared_changes(gathered(side(), FAILS, modern=FAILS)) == ()
    assert loads_on_current.declared_changes(gathered(side(), side(), modern=FAILS)) == ()
    assert loads_on_current.declared_changes(gathered(side(), FAILS)) == ()


def test_a_release_that_is_deployed_and_not_rendered_is_compared_still() -> None:
    deployed = side(run("template", call(of=B), failure=STOP), run("sync", call("upgrade"), call("upgrade", B)))
    assert current(deployed, side()) == {"dev/n/a template": "helm is called 0 times; with helmfile 1.x 1"}
    quiet = side(run("template", call(of=B)), run("sync", call("upgrade", B)))
    assert current(quiet, side())
