"""Two renders compared: with renders that are told beforehand, so that chance has no part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrate.claims.rendering import Difference, RenderResult, both_ways, compare_renders
from migrate.model.facts import Failure

OBJECT = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  password: {}\n  user: admin\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  command: [a, b]\n"


def renders(*texts: str | Failure) -> Callable[[], bytes | Failure]:
    """Gives one text after the other, the last one again and again."""
    left = list(texts)

    def render() -> bytes | Failure:
        text = left.pop(0) if len(left) > 1 else left[0]
        return text if isinstance(text, Failure) else text.encode()

    return render


def stream(*documents: str) -> str:
    return "".join(f"---\n{document}" for document in documents)


def compared(old: list[str], new: list[str]) -> RenderResult:
    return compare_renders(renders(*old), renders(*new))


def test_equal_bytes_are_equal_without_a_second_render() -> None:
    calls = []

    def render() -> bytes:
        calls.append(1)
        return stream(POD).encode()

    result = compare_renders(render, render)
    assert result.equal
    assert result.documents == 1
    assert len(calls) == 2


def test_comments_and_the_order_of_keys_make_no_difference() -> None:
    other = POD.replace("apiVersion: v1\nkind: Pod\n", "kind: Pod\n# x\napiVersion: v1\n")
    assert compared([stream(POD)], [stream(other)]).equal


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (stream(POD.replace("[a, b]", "[b, a]")), "Pod p (v1) spec.command[0] differs"),
        (stream(POD.replace("[a, b]", "[a, b, b]")), "Pod p (v1) spec.command[2] is only on the new side"),
        (stream(POD.replace("[a, b]", "[a]")), "Pod p (v1) spec.command[1] is only on the old side"),
        (stream(POD + "  x: 1\n"), "Pod p (v1) spec.x is only on the new side"),
        (stream(POD + "  __x: 1\n"), "Pod p (v1) spec.__x is only on the new side"),
        (stream(POD.replace("[a, b]", "a")), "Pod p (v1) spec.command differs in kind"),
        (stream(POD, OBJECT), "Secret s (v1) is only on the new side"),
        (stream(POD, POD), "Pod p (v1) is only on the new side"),
        ("", "Pod p (v1) is only on the old side"),
        (stream(POD + "spec: {}\n"), "Pod p (v1) differs and can't be compared: a key twice in one mapping"),
    ],
)
def test_names_what_differs(new: str, said: str) -> None:
    result = compared([stream(POD)], [new])
    assert not result.equal
    assert str(result.differences[0]) == said


def test_items_of_a_list_are_compared_place_by_place() -> None:
    """Nothing else says which item of another render a leaf is."""
    old, new = (stream(POD.replace("[a, b]", items)) for items in ("[a, b, c]", "[b, c, d]"))
    assert [(found.path, found.what) for found in compared([old], [new]).differences] == [
        (f"spec.command[{place}]", "differs") for place in range(3)
    ]


def test_the_order_of_objects_counts() -> None:
    other = POD.replace("name: p", "name: q")
    assert not compared([stream(POD, other)], [stream(other, POD)]).equal


def test_a_leaf_that_varies_on_both_sides_is_masked_and_counted() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "bbbb")]
    new = [stream(OBJECT.format(word)) for word in ("cccc", "dddd")]
    result = compared(old, new)
    assert result.equal
    assert result.masked == 1


def test_a_leaf_that_varies_late_is_found() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "aaaa", "aaaa", "bbbb")]
    new = [stream(OBJECT.format(word)) for word in ("cccc", "dddd")]
    assert compared(old, new).masked == 1


def test_a_leaf_that_does_not_vary_on_the_new_side_differs() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "bbbb")]
    result = compared(old, [stream(OBJECT.format("cccc"))])
    assert str(result.differences[0]) == "Secret s (v1) data.password varies on the old side and not on the new side"


def test_a_leaf_that_does_not_vary_on_the_old_side_differs() -> None:
    new = [stream(OBJECT.format(word)) for word in ("cccc", "dddd")]
    result = compared([stream(OBJECT.format("aaaa"))], new)
    assert str(result.differences[0]) == "Secret s (v1) data.password differs"


def test_a_difference_beside_a_varying_leaf_is_seen() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "bbbb")]
    new = [stream(OBJECT.format(word).replace("admin", "root")) for word in ("cccc", "dddd")]
    result = compared(old, new)
    assert [str(difference) for difference in result.differences] == [
        "Secret s (v1) data.password varies between two renders; others differ",
        "Secret s (v1) data.user differs",
    ]
    assert not result.masked


def test_a_varying_leaf_of_another_length_differs() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "bbbb")]
    new = [stream(OBJECT.format(word)) for word in ("ccccc", "ddddd")]
    assert not compared(old, new).equal


def test_an_old_side_that_renders_other_objects_each_time_masks_nothing() -> None:
    old = [stream(OBJECT.format("aaaa")), stream(OBJECT.format("bbbb"), POD)]
    new = [stream(OBJECT.format(word)) for word in ("cccc", "dddd")]
    assert not compared(old, new).equal


def test_failures_are_kept_apart_by_side() -> None:
    failure = Failure(1, "no chart")
    assert compare_renders(renders(failure), renders(stream(POD))) == RenderResult(0, old_failure=failure)
    assert compare_renders(renders(stream(POD)), renders(failure)) == RenderResult(0, new_failure=failure)


def test_no_difference_tells_a_value() -> None:
    result = compared([stream(OBJECT.format("hunter2"))], [stream(OBJECT.format("other1"))])
    assert result.differences
    assert "hunter2" not in str(result)
    assert "other1" not in str(result)


def test_beside_equal_inputs_a_leaf_that_never_varies_differs_still() -> None:
    result = compare_renders(renders(stream(OBJECT.format("a"))), renders(stream(OBJECT.format("b"))), certified=True)
    assert str(result.differences[0]) == "Secret s (v1) data.password differs"


def test_beside_equal_inputs_it_is_enough_that_both_sides_had_one_value_once() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "bbbb")]
    new = [stream(OBJECT.format(word)) for word in ("cc", "bbbb")]
    assert compare_renders(renders(*old), renders(*new), certified=True).masked == 1
    assert not compare_renders(renders(*old), renders(*new)).equal


def test_a_key_more_is_seen_beside_a_leaf_that_varies() -> None:
    old = [stream(OBJECT.format(word)) for word in ("aaaa", "bbbb")]
    new = [stream(OBJECT.format(word) + "  more: x\n") for word in ("cccc", "dddd")]
    assert list(map(str, compared(old, new).differences)) == [
        "Secret s (v1) data.more is only on the new side",
        "Secret s (v1) data.password differs",
    ]


def test_objects_that_are_drawn_by_lot_meet_only_beside_equal_inputs() -> None:
    one, two = stream(POD), stream(POD, OBJECT.format("a"))
    assert compare_renders(renders(one, two), renders(two), certified=True).masked == 1
    assert not compare_renders(renders(one, two), renders(two)).equal
    assert not compare_renders(renders(one), renders(two), certified=True).equal


@pytest.mark.parametrize("stopped", ["old", "new", "both"])
def test_renders_that_fail_later_do_not_meet(stopped: str) -> None:
    one, two = stream(POD), stream(POD, OBJECT.format("a"))
    old = renders(one, STOP, two) if stopped != "new" else renders(one)
    new = renders(two, STOP, one) if stopped != "old" else renders(two)
    assert str(compare_renders(old, new, certified=True).differences[0]) == "Secret s (v1) is only on the new side"


def test_objects_of_one_side_are_named_and_no_others() -> None:
    other = POD.replace("name: p", "name: o")
    old, new = stream(POD, other, OBJECT), stream(OBJECT + "  more: x\n")
    assert list(map(str, compared([old], [new]).differences)) == [
        "Pod o (v1) is only on the old side",
        "Pod p (v1) is only on the old side",
    ]


def test_equal_objects_need_not_be_comparable() -> None:
    twice = POD + "spec: {}\n"
    result = compared([stream(twice, OBJECT.format("a"))], [stream(twice, OBJECT.format("b"))])
    assert list(map(str, result.differences)) == ["Secret s (v1) data.password differs"]


def test_what_differs_is_told_in_the_order_of_names() -> None:
    one, other = OBJECT, OBJECT.replace("name: s", "name: r")
    hard = [text + "  more: x\n" for text in (one, other)]
    differing = [text.replace("admin", "root") for text in (one, other)]
    for new in (hard, differing):
        told = [difference.document for difference in compared([stream(one, other)], [stream(*new)]).differences]
        assert told == ["Secret r (v1)", "Secret s (v1)"]


def test_objects_that_differ_are_no_equal_ones_though_nobody_can_name_the_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepdiff.DeepDiff", lambda *_values, **_settings: {})
    result = compared([stream(OBJECT.format("a"))], [stream(OBJECT.format("b"))])
    assert list(map(str, result.differences)) == ["Secret s (v1) differs in a way that DeepDiff does not name"]


VARYING = POD.replace("[a, b]", "[{}, {}]")


def two_leaves(*words: str) -> list[str]:
    return [stream(VARYING.format(*word)) for word in words]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["ax", "ax", "ax", "ax", "ax", "bx", "ay"], ["by"]),
        (["by"], ["ax", "ax", "ax", "ax", "ax", "bx", "ay"]),
    ],
)
def test_beside_equal_inputs_values_that_vary_seldom_are_waited_for_on_both_sides(old: list[str], new: list[str]) -> None:
    """Here both sides never render the same bytes: each leaf has to be seen by itself."""
    assert compare_renders(renders(*two_leaves(*old)), renders(*two_leaves(*new)), certified=True).masked == 2
    assert not compare_renders(renders(*two_leaves(*old)), renders(*two_leaves(*new))).equal


def counted(old: list[str], new: list[str], *, certified: bool) -> tuple[int, int]:
    """How often each side is rendered."""
    calls = [0, 0]

    def counting(side: int, texts: list[str]) -> Callable[[], bytes | Failure]:
        render = renders(*texts)

        def again() -> bytes | Failure:
            calls[side] += 1
            return render()

        return again

    compare_renders(counting(0, old), counting(1, new), certified=certified)
    return calls[0], calls[1]


@pytest.mark.parametrize(
    ("old", "new", "certified", "times"),
    [
        ([stream(POD)], [stream(POD + "# x\n")], True, (1, 1)),
        ([stream(POD)], [stream(POD + "  x: 1\n")], False, (1, 1)),
        ([stream(OBJECT.format("a"))], [stream(OBJECT.format("b"))], False, (4, 1)),
        ([stream(OBJECT.format("a"))], [stream(OBJECT.format("b"))], True, (4 + 24 + 24, 1 + 24 + 24)),
        ([stream(OBJECT.format(word)) for word in "abcd"], [stream(OBJECT.format(word)) for word in "efgh"], True, (2, 2)),
        (two_leaves("ax", "bx", "ay"), two_leaves("cz", "cw", "ez"), False, (3, 3)),
    ],
)  # fmt: skip
def test_a_side_is_rendered_no_more_often_than_it_must(
    old: list[str], new: list[str], times: tuple[int, int], *, certified: bool
) -> None:
    assert counted(old, new, certified=certified) == times


STOP, OTHER = Failure(1, "stop"), Failure(1, "other")
GOOD, WRONG = RenderResult(2), RenderResult(2, (Difference("Pod p (v1)", "spec", "differs"),))
UNVENDORED = RenderResult(0, old_failure=STOP, new_failure=STOP)
OTHERWISE = replace(UNVENDORED, new_failure=replace(STOP, hidden="x"))


@pytest.mark.parametrize(
    ("plain", "built", "judged"),
    [
        (GOOD, GOOD, replace(GOOD, built=True)),
        (GOOD, WRONG, WRONG),
        (WRONG, GOOD, replace(WRONG, built=True)),
        (WRONG, WRONG, WRONG),
        (WRONG, replace(WRONG, documents=3), WRONG),
        (UNVENDORED, GOOD, replace(GOOD, built=True)),
        (UNVENDORED, WRONG, WRONG),
        (GOOD, UNVENDORED, GOOD),
        (WRONG, UNVENDORED, WRONG),
        (UNVENDORED, UNVENDORED, UNVENDORED),
        (GOOD, replace(GOOD, new_failure=STOP), replace(GOOD, new_failure=STOP)),
        (GOOD, replace(GOOD, old_failure=STOP), replace(GOOD, old_failure=STOP)),
        (GOOD, replace(UNVENDORED, new_failure=OTHER), replace(UNVENDORED, new_failure=OTHER)),
        (GOOD, OTHERWISE, OTHERWISE),
        (replace(GOOD, old_failure=STOP), GOOD, replace(GOOD, old_failure=STOP, built=True)),
        (replace(GOOD, new_failure=STOP), GOOD, replace(GOOD, new_failure=STOP, built=True)),
    ],
)  # fmt: skip
def test_a_chart_must_render_alike_as_it_is_and_with_its_dependencies_built(
    plain: RenderResult, built: RenderResult, judged: RenderResult
) -> None:
    assert both_ways(plain, built) == judged
