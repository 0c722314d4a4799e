"""The network is cut off for real, or a reason says why it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.system import network
from migrate.system.network import network_cut, what_is_up
from migrate.system.process import run

ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin"}
ALONE = "Inter-|   Receive\n face |bytes\n    lo:       0    0\n\n"


@pytest.mark.skipif(not network_cut().words, reason="wants a system that can cut the network off")
def test_not_even_the_loopback_interface_answers() -> None:
    script = "exec 3<>/dev/tcp/127.0.0.1/9"
    outcome = run([*network_cut().words, "bash", "-c", script], folder=Path("/"), environment=ENVIRONMENT, timeout=120)
    assert b"unreachable" in outcome.stderr


def test_without_unshare_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    network_cut.cache_clear()
    try:
        assert (network_cut().words, "no `unshare`" in network_cut().reason) == ((), True)
    finally:
        network_cut.cache_clear()


def test_a_system_that_refuses_is_cited(tmp_path: Path) -> None:
    refusing = tmp_path / "unshare"
    refusing.write_text("#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n")
    refusing.chmod(0o755)
    assert "Operation not permitted" in network._tried((str(refusing),)).reason


@pytest.mark.parametrize(
    ("look", "up"),
    [
        (ALONE, ""),
        (ALONE.replace("lo:", "lo:       0    0\n  eth0:"), "the interface eth0"),
        (ALONE + "Local:\n        |-- 127.0.0.1\n           /32 host LOCAL\n", "an address"),
        (ALONE + "00000000000000000000000000000001 01 80 10 80       lo\n", "an address"),
    ],
)
def test_an_interface_or_an_address_is_no_cut(look: str, up: str) -> None:
    assert what_is_up(look) == up
