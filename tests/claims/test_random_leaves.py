"""What passes as one more draw of a random value, and what does not."""

from __future__ import annotations

import base64

import pytest

from migrate.claims.random_leaves import is_another_draw


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def pem(length: int, letter: str) -> str:
    body = letter * length
    lines = "\n".join(body[i : i + 64] for i in range(0, length, 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


DRAWS = [
    (["aB3x", "Zz9k"], "q1W2"),
    (["user:aaaa@host", "user:bbbb@host"], "user:cccc@host"),
    (
        [encoded("password: aaaa\nuser: admin\n"), encoded("password: bbbb\nuser: admin\n")],
        encoded("password: cccc\nuser: admin\n"),
    ),
    ([encoded(pem(1560, "a")), encoded(pem(1564, "b"))], encoded(pem(1536, "c"))),
    (["\0=int 31234", "\0=int 30001"], "\0=int 32222"),
    (["ab-", "ab-cd"], "ab-c"),
    (["ab cd", "a b c"], "abcde"),
    (["a-" * 32 + "a", "b-" * 32 + "b"], "c-" * 36 + "c"),
]

NO_DRAWS = [
    (["same", "same"], "same"),
    (["aB3x"], "q1W2"),
    (["aB3x", "Zz9k"], "q1W2e"),
    (["aB3x", "Zz9k"], ""),
    (["user:aaaa@host", "user:bbbb@host"], "root:cccc@host"),
    (["user:aaaa@host", "user:bbbb@host"], "user:cccc@host:x"),
    (
        [encoded("password: aaaa\nuser: admin\n"), encoded("password: bbbb\nuser: admin\n")],
        encoded("password: cccc\nuser: roots\n"),
    ),
    ([encoded(pem(1560, "a")), encoded(pem(1564, "b"))], encoded(pem(2048, "c"))),
    (["\0=int 31234", "\0=int 30001"], "32222"),
    (["ab cd", "a b c"], "abcdef"),
    (["a-" * 32, "b-" * 32], "c-" * 32 + "c"),
    (["a-" * 32 + "a", "b-" * 32 + "b"], "c-" * 37),
    (["YWJj:YWJj", "YWJj:eHl6"], "YWJk:YWJj"),
]


@pytest.mark.parametrize(("seen", "new"), DRAWS)
def test_is_another_draw(seen: list[str], new: str) -> None:
    assert is_another_draw(seen, new)


@pytest.mark.parametrize(("seen", "new"), NO_DRAWS)
def test_is_something_else(seen: list[str], new: str) -> None:
    assert not is_another_draw(seen, new)
