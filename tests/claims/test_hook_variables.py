"""Paths of a script behind a variable: the folders that they can count from."""

from __future__ import annotations

import pytest

from migrate.claims.hook_variables import Base, paths_by_variables

HOME, HERE = Base.HOME, Base.HERE


def both(path: str) -> list[tuple[Base, str]]:
    return [(HOME, path), (HERE, path)]


def led(text: str) -> list[tuple[Base, str]]:
    """Where the files `x` and `y` are looked for; a folder in an assignment is found as well."""
    return [(base, path) for base, path in paths_by_variables(text) if path[-1] in "xy"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cat x.yaml", []),
        ("cat $D", []),
        # a folder that the text itself names
        ("cat ${0%/*}/x", [(HOME, "x")]),
        ("cat ${BASH_SOURCE%/*}/x", [(HOME, "x")]),
        ("cat $(dirname $0)/x", [(HOME, "x")]),
        ('cat "$(dirname "$0")"/x', [(HOME, "x")]),
        ("cat $(dirname $0)/../x", [(HOME, "../x")]),
        ("cat $PWD/x", [(HERE, "x")]),
        ("cat ${PWD}/x", [(HERE, "x")]),
        ("cat $(pwd)/x", [(HERE, "x")]),
        ("cat $(git rev-parse)/x", both("x")),
        # a variable that nothing sets
        ("cat $D/x", both("x")),
        ("cat ${D}/x/y", both("x/y")),
        # one that the script sets
        ("D=$(dirname $0)\ncat $D/x", [(HOME, "x")]),
        ("D=`dirname $0`\ncat $D/x", [(HOME, "x")]),
        ("D=$(dirname $0)/../z\ncat $D/x", [(HOME, "../z/x")]),
        ("D=$(cd $(dirname $0)/../.. && pwd)\ncat $D/x", [(HOME, "../../x")]),
        ("D=$(dirname $0)/z\ncat $D/x", [(HOME, "z/x")]),
        ("D=${0%/*}/z\ncat $D/x", [(HOME, "z/x")]),
        ("D=$(cd $(dirname $0)/../z && pwd)/w\ncat $D/x", [(HOME, "../z/w/x")]),
        ("D=$(cd $(dirname $0) >/dev/null && pwd)\ncat $D/x", [(HOME, "x")]),
        ("D=$(dirname $(dirname $0))\ncat $D/x", [(HOME, "../x")]),
        ("D=$(dirname $(dirname $0))/z\ncat $D/x", [(HOME, "../z/x")]),
        ("D=$(pwd)/z\ncat $D/x", [(HERE, "z/x")]),
        ("D=`pwd`/z\ncat $D/x", [(HERE, "z/x")]),
        ("D=$(git rev-parse)/z\ncat $D/x", both("z/x")),
        ("D=$(pwd)\ncat $D/x", [(HERE, "x")]),
        ("D=$(pwd)/..\ncat $D/x", [(HERE, "../x")]),
        ("D=$PWD/..\ncat $D/x", [(HERE, "../x")]),
        ("D=conf\ncat $D/x", [(HERE, "conf/x")]),
        ("D=conf/\ncat $D/x", [(HERE, "conf/x")]),
        ('D="conf"\ncat $D/x', [(HERE, "conf/x")]),
        ("D='conf'; cat $D/x", [(HERE, "conf/x")]),
        ("D=\"conf #1\"\ncat $D/x", [(HERE, "conf/x")]),
        ("D=\"conf #1 #2\"\ncat $D/x", [(HERE, "conf/x")]),
        ("D=\ncat $D/x", both("x")),
        ("D=$(find . -name y)\ncat $D/x", both("x")),
        ("D=`find . -name y`\ncat $D/x", both("x")),
        ("D=$(find ../z)/..\ncat $D/x", both("../x")),
        ("D=a$E\ncat $D/x", both("x")),
        # each of the ways in which it is set
        ("D=a\nD=b\ncat $D/x", [(HERE, "a/x"), (HERE, "b/x")]),
        ("D=a\nE=b\ncat $D/x $E/y", [(HERE, "a/x"), (HERE, "b/y")]),
        # by way of other variables
        ("D=$(dirname $0)\nE=$D\ncat $E/x", [(HOME, "x")]),
        ("D=$(dirname $0)\nE=$D/conf\ncat $E/x", [(HOME, "conf/x")]),
        ("D=$(dirname $0)/..\nE=${D}/conf/a\ncat $E/x", [(HOME, "../conf/a/x")]),
        ("D=a\nE=$D/b\nF=$E/c\ncat $F/x", [(HERE, "a/b/c/x")]),
        ("E=$D/conf\ncat $E/x", both("conf/x")),
        ("E=$D/../conf\ncat $E/x", both("../conf/x")),
        ("E=${D:-y}/..\ncat $E/x", both("../x")),
        # round in a circle
        ("D=$E\nE=$D\ncat $D/x", both("x")),
    ],
)  # fmt: skip
def test_where_a_path_behind_a_variable_leads(text: str, found: list[tuple[Base, str]]) -> None:
    assert led(text) == found


def test_a_chain_of_variables_is_followed_far_enough() -> None:
    chain = "A=$(dirname $0)\nB=$A\nC=$B\nD=$C\nE=$D\n"
    assert [*led(f"{chain}cat $E/x")] == [(HOME, "x")]
    assert [*led(f"{chain}F=$E\ncat $F/x")] == [(HOME, "x")]
    assert [*led(f"{chain}F=$E\nG=$F\ncat $G/x")] == both("x")
