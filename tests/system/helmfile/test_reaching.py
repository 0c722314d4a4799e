"""What is read of words that helmfile and helm said when the network was cut off: each was seen, hosts were changed."""

from __future__ import annotations

import pytest

from migrate.model.reaching import Wish
from migrate.system.helmfile.reaching import address_of, surely_local, wants_network, wish_of

LOOKUP = "dial tcp: lookup charts.example.org on 10.0.0.53:53: dial udp 10.0.0.53:53: connect: network is unreachable"
SEEN = [
    (
        "Error: no repository definition for https://charts.example.org/stable. Please add",
        Wish.CHART,
        "https://charts.example.org",
    ),
    (
        f'...Unable to get an update from "https://charts.example.org/x": Get: {LOOKUP}',
        Wish.UNKNOWN,
        "https://charts.example.org",
    ),
    (
        'Error: could not download oci://registry.example.org/charts/common: failed to perform "FetchReference"',
        Wish.CHART,
        "oci://registry.example.org",
    ),
    (
        f'values don\'t meet the specifications of the schema(s)\nGet "https://schemas.example.org/x.json": {LOOKUP}',
        Wish.SCHEMA,
        "https://schemas.example.org",
    ),
    (
        "get: error downloading 'https://me:word@git.example.org:8443/org/repo.git?ref=main': /usr/bin/git exited with 128",
        Wish.FILE,
        "https://git.example.org:8443",
    ),
    ("get: git must be available and on the PATH", Wish.FILE, ""),
    ("panic: x\ngithub.com/helmfile/helmfile/pkg/remote.HttpFileExists({0xc0, 0x2f})", Wish.FILE, ""),
    ('values file matching "git::https://git.example.org/a.git@b.yaml" does not exist', Wish.FILE, "https://git.example.org"),
    (
        'expand vault://secret/foo#/bar: Get "https://127.0.0.1:8200/v1": dial tcp 127.0.0.1:8200: connect: refused',
        Wish.SECRET,
        "vault://secret",
    ),
    (LOOKUP, Wish.UNKNOWN, "charts.example.org"),
]


@pytest.mark.parametrize(("text", "wish", "address"), SEEN)
def test_what_wanted_the_network_is_named_by_its_own_words(text: str, wish: Wish, address: str) -> None:
    assert wants_network(text)
    assert not surely_local(text)
    assert (wish_of(text), address_of(text)) == (wish, address)


@pytest.mark.parametrize(
    "text", ['map has no entry for key "a"', 'values file matching "a.yaml" does not exist', "yaml: line 3: did not find"]
)
def test_a_cause_in_the_files_is_no_wish_for_the_network(text: str) -> None:
    assert surely_local(text)


def test_a_command_that_fails_may_have_wanted_it() -> None:
    text = "error calling exec: command exited with non-zero status"
    assert not surely_local(text)
    assert not wants_network(text)
    assert wish_of(text) is Wish.COMMAND
