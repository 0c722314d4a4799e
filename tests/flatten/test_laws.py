"""Laws of flattening: whatever the state files look like, no comment is lost or doubled, and no release changes but as meant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.formats.comments import comments
from migrate.formats.yaml_source import Node
from tests.fixtures.cases.case import application, repository, root
from tests.flatten.planning import Planned, as_value, entries, planned

WORDS = st.sampled_from(
    ["note", "# twice", "chart: old", "- x", "한국어 설명", "tab\there", "'quote", '"', "a: |", "[", "&x", "!"]
)
SCALARS = st.sampled_from(["plain", "'single # no comment'", '"double # no comment"', "5", "true", "한글"])


@dataclass
class Writer:
    """Lines of a state file, with comments where `draw` wants them."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def note(self, owner: str) -> str:
        self.count += 1
        return f"#{self.draw(st.sampled_from(['', ' ', '  ']))}{owner}-{self.count} {self.draw(WORDS)}"

    def gap(self, owner: str, deepest: int) -> None:
        """Blank lines and comments between two lines, at most as deep as said."""
        for kind in self.draw(st.lists(st.sampled_from(["comment", "blank", "blanks"]), max_size=2)):
            if kind == "comment":
                self.lines.append(" " * self.draw(st.integers(0, deepest)) + self.note(owner))
            else:
                self.lines.append("" if kind == "blank" else "   ")

    def line(self, text: str, owner: str, *, trailing: bool = True) -> None:
        wanted = trailing and self.draw(st.integers(0, 5)) == 0
        self.lines.append(text + (self.draw(st.sampled_from([" ", "\t", "   "])) + self.note(owner) if wanted else ""))


def write_release(out: Writer, name: str, dash: int, step: int) -> None:
    """One entry, its keys in any order and style."""
    draw, column = out.draw, dash + 1 + step
    pieces = {
        "name": [f"name: {name}"],
        "namespace": [f"namespace: {name}"],
        "chart": ["chart: ./chart"],
        "values": ["values:", *[f"{' ' * draw(st.sampled_from([0, 2]))}- values.yaml.gotmpl"]],
        "wait": [f"wait: {draw(st.sampled_from(['true', 'false']))}"],
        "labels": draw(
            st.sampled_from(
                [["labels:", "  app: web"], ["labels: {app: web}"], ["labels: {app: web,}"], ["labels:"], ["labels: ~"], []]
            )
        ),
        "set": ["set:", "- name: a.b", f"  value: {draw(SCALARS)}"],
        "env": ["set:", "- name: text", "  value: |", "    # no comment", "    line  ", "", "      deeper"],
    }
    pieces.pop(draw(st.sampled_from(["set", "env"])))
    keys = draw(st.permutations(list(pieces)))
    first = True
    for key in keys:
        for number, text in enumerate(pieces[key]):
            if not first:
                block = key == "env" and number > 2
                if not block:
                    out.gap(name, column if number == 0 else 0)
                out.line((" " * column + text) if text else "", name, trailing=not block and not text.endswith("|"))
            else:
                out.line(" " * dash + "-" + " " * step + text, name, trailing=not text.endswith("|"))
            first = False


@st.composite
def state_files(draw: st.DrawFn, app: str) -> tuple[str, list[str]]:
    """A state file and the names of its releases."""
    out = Writer(draw)
    names = [f"{app}{number}" for number in range(draw(st.integers(1, 2)))]
    dash, step = draw(st.sampled_from([0, 2, 4])), draw(st.sampled_from([1, 3]))
    out.gap("file", 0)
    if draw(st.booleans()):
        out.line("helmDefaults:", "file")
        out.gap("file", 2)
        out.line("  timeout: 300", "file")
        out.gap("file", 4)
    out.line("releases:", "file")
    for name in names:
        out.gap("between", dash)
        write_release(out, name, dash, step)
    out.gap("between", dash)
    endings = ["\n", "\n\n  \n"] + ([""] if out.lines[-1].strip() != "deeper" else [])
    text = "\n".join(out.lines) + draw(st.sampled_from(endings))
    return (text.replace("\n", "\r\n") if draw(st.booleans()) else text), names


@st.composite
def roots(draw: st.DrawFn) -> str:
    """The root with comments between its lines and one that is commented out."""
    out = Writer(draw)
    for text in root("one", "two").splitlines():
        out.gap("root", 4 if text.startswith(" ") else 0)
        out.line(text, "root")
    out.gap("root", 2)
    return "\n".join(out.lines) + "\n"


def texts(source: str) -> Counter[str]:
    return Counter(comment.text for comment in comments(source))


def own_words(result: Planned) -> Counter[str]:
    """The comments of the new state file without the ones that the tool writes itself."""
    mine = set(result.text.split("\n")[:2])
    return Counter(c.text for c in comments(result.text) if c.text not in mine and not c.text.endswith("-----"))


def without_changes(node: Node) -> dict[str, object]:
    """A release without what the migration may change."""
    value = as_value(node)
    assert isinstance(value, dict)
    labels = value.get("labels")
    kept = {key: entry for key, entry in labels.items() if key != "tier"} if isinstance(labels, dict) else {}
    return {k: v for k, v in value.items() if k not in ("chart", "values", "labels", "needs", "timeout")} | {"labels": kept}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(state_files("one"), state_files("two"), roots())
def test_every_comment_is_kept_once_and_no_release_changes(
    one: tuple[str, list[str]], two: tuple[str, list[str]], root_text: str
) -> None:
    files = repository("one", "two") | application("one", one[0]) | application("two", two[0]) | {"helmfile.yaml": root_text}
    result = planned(files)
    assert own_words(result) == texts(one[0]) + texts(two[0]) + texts(root_text)
    new = entries(result.text)
    for text, names in (one, two):
        old = entries(text)
        for name in names:
            assert without_changes(new[name]) == without_changes(old[name])
            assert new[name].get("labels") is not None
            assert as_value(new[name])["labels"]["tier"]  # type: ignore[index]  # a dict, as asserted above


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(state_files("one"), state_files("two"))
def test_a_comment_inside_a_release_stays_inside_it(one: tuple[str, list[str]], two: tuple[str, list[str]]) -> None:
    result = planned(repository("one", "two") | application("one", one[0]) | application("two", two[0]))
    for name in (*one[1], *two[1]):
        others = result.text.replace(result.entry_text(name), "")
        assert f"#{name}-" not in others.replace(" ", "")
