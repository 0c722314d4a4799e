"""Reads from what helmfile or helm printed whether it wanted the network, what for, and which host.

Measured with the network cut off: helmfile 0.166.0 and 1.7.4, helm 3.15.3, 3.22.0 and 4.3.1.
"""

from __future__ import annotations

import re

from migrate.model.reaching import Wish

_NETWORK = re.compile(
    r"dial (?:tcp|udp)|network is unreachable|no such host|Could not resolve host|name resolution|error downloading"
    r"|git must be available|failed to (?:do request|perform|fetch )|TLS handshake|no repository definition for"
    r"|no cached repository for|not a valid chart repository or cannot be reached|charts are not fetched"
    r"|\"[^\"\n]*://[^\"\n]*\" does not exist"  # an earlier call could not get it
    r"|pkg/remote\.HttpFileExists"  # helmfile crashes there when it can't ask for a values file
)
_LOCAL = re.compile(
    r"map has no entry for key|can't evaluate field|nil pointer evaluating|no releases found that matches|does not exist"
    r"|required env var|duplicate releases|undefined release|function \"\w+\" not defined|yaml: line|cycle detected"
)
_URL = re.compile(r"(?P<scheme>https?|oci|git|ssh|s3|gs|sftp|ref\+\w+|vault)://(?:[^\s\"'`/@]*@)?(?P<host>[\w.:\[\]-]*[\w\]])")
_HOST = re.compile(r"(?:lookup|resolve host:?) (?P<host>[\w.-]+\w)|dial tcp (?P<address>[\w.:\[\]-]+:\d+)")

_KINDS = (
    (re.compile(r"values don't meet the specifications|values\.schema\.json"), Wish.SCHEMA),
    (re.compile(r"error calling exec\b|hook\["), Wish.COMMAND),
    (re.compile(r"\bexpand \S+://|error calling (?:fetchSecretValues?|expandSecretRefs)"), Wish.SECRET),
    (
        re.compile(r"no repository definition|no cached repository|not a valid chart repository|charts are not fetched"),
        Wish.CHART,
    ),
    (re.compile(r"could not download oci:|could not download http"), Wish.CHART),
    (re.compile(r"\bget: |does not exist|error downloading|git must be available|pkg/remote\."), Wish.FILE),
)


def wants_network(text: str) -> bool:
    """Whether a failing program's own words say that it wanted the network."""
    return bool(_NETWORK.search(text))


def surely_local(text: str) -> bool:
    """Whether its words name a cause in the files that it was given, so that the network has nothing to do with it."""
    return not wants_network(text) and bool(_LOCAL.search(text))


def wish_of(text: str) -> Wish:
    """What it wanted the network for."""
    return next((wish for pattern, wish in _KINDS if pattern.search(text)), Wish.UNKNOWN)


def address_of(text: str) -> str:
    """The host that it wanted, as `https://host:port` where it says so; empty if it names none. Never user, path or query."""
    found = _URL.search(text)
    if found:
        return f"{found['scheme']}://{found['host']}"
    host = _HOST.search(text)
    return (host["host"] or host["address"]) if host else ""
