"""Which connections an entry speaks of, and in which way it says that one failed.

A flow of a capture and the request or log line that failed with it share the host and the port, and say the same.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import re2

from signal_pipeline.frame_schema import FLOW

MAX_PEERS = 16
ANY_HOST = "*"
"""In place of a name that no flow goes by, and of an address that no name is known of."""
_SCHEME_PORTS: dict[str, int] = {
    "http": 80, "ws": 80, "https": 443, "wss": 443, "grpc": 443, "postgres": 5432, "postgresql": 5432, "mysql": 3306,
    "mariadb": 3306, "redis": 6379, "rediss": 6379, "mongodb": 27017, "amqp": 5672, "amqps": 5671, "nats": 4222,
    "kafka": 9092, "ldap": 389, "ldaps": 636, "ftp": 21, "sftp": 22, "ssh": 22, "smtp": 25, "memcached": 11211,
}  # fmt: skip
_URL = re2.compile(
    r"(?i)\b([a-z]{2,10})://(?:[^/\s@\"']{1,80}@)?(\[?<IP:[0-9]{1,12}>\]?|\[[0-9a-f:.]{2,45}\]|[\w.-]{1,100})(?::([0-9]{1,5}))?"
)
_PORT = re2.compile(
    r"(?i)(\[?<IP:[0-9]{1,12}>\]?|\[[0-9a-f:.]{2,45}\]|[a-z0-9][a-z0-9_-]{0,62}(?:\.[a-z0-9_-]{1,62}){0,8})"
    r"(?::|\s?,?\s?\(?port[:=]?\s?)([0-9]{1,5})\b"
)
_ADDRESS = re2.compile(r"^[0-9.]+$|^[0-9a-f]*:[0-9a-f:.]*$")
_NAME = re2.compile(r"(?i)\b(?:[a-z0-9_-]{1,62}\.){1,8}[a-z][a-z0-9-]{1,62}\b")
# Ways to fail, by what codes and sentences call them. A code may be of several.
_WAYS: tuple[tuple[str, str], ...] = (
    ("refused", r"(?i)refused|\bREJ\b|actively refused|errno 111\b"),
    # The client gave up: no cause of what it says itself, but of what a server says about it.
    ("given up", r"^ECONNABORTED|(?i)broken pipe|EPIPE|client (?:has )?(?:closed|disconnected|went away|aborted)"
                 r"|connection aborted|closed by (?:the )?client"),
    ("reset", r"(?i)reset|EPIPE|broken pipe|hang up|connection (?:was )?(?:aborted|lost|forcibly)|broken connection"),
    ("closed", r"(?i)EMPTY_RESPONSE|CONNECTION_CLOSED|prematurely closed|unexpected (?:eof|end of)|server closed"
               r"|connection (?:was )?closed|remote ?disconnected|incomplete read|no response"),
    ("silent", r"(?i)time[d-]? ?out|time out|ETIMEDOUT|ENODATA|deadline exceeded"
               r"|RETRANSMISSION|ZERO_WINDOW|did not respond|_ABORTED\b|without an answer"),
    ("name", r"(?i)^DNS |NAME_NOT_RESOLVED|ENOTFOUND|EAI_AGAIN|getaddrinfo|no such host|name or service not known"
             r"|name resolution|unknown ?host|nodename nor servname|could not resolve|resolve host"),
    ("tls", r"(?i)\bD?TLS\b|\bSSL|ERR_CERT|certificate|handshake"),
    ("unreachable", r"(?i)unreachable|EHOSTUNREACH|ENETUNREACH|no route to host|EACCES|EMSGSIZE|TTL exceeded"
                    r"|ADDRESS_UNREACHABLE|prohibited|too big"),
)  # fmt: skip
_WAY_PATTERNS = tuple((way, re2.compile(pattern)) for way, pattern in _WAYS)


@dataclass(frozen=True)
class Connections:
    """What an entry says of connections: `peers` are `host:port`, and `host:` for the name alone; `ways` to fail."""

    peers: frozenset[str]
    ways: frozenset[str]

    def may_tell_of(self, flow: Connections) -> bool:
        """Whether this may be said about that failed flow; an entry that names no way to fail says nothing else."""
        if "given up" in flow.ways:
            return "given up" in self.ways
        return not self.ways or not flow.ways or bool(self.ways & flow.ways)


NO_CONNECTIONS = Connections(frozenset(), frozenset())


def connections_of(row: Mapping[str, Any], text: str, names: Mapping[str, frozenset[str]]) -> Connections:
    """Of a row of entries. `names` are the names of addresses (see `names_of_addresses`)."""
    if row["role"] == FLOW:
        return _of_flow(row, names)
    if row["status"]:
        return NO_CONNECTIONS  # the connection held: an answer came
    found = list(dict.fromkeys(_peers_in(text, row["url"])))[:MAX_PEERS]
    known = {name for some in names.values() for name in some}
    nameless = (ANY_HOST + peer[len(host) :] for peer in found if _is_name(host := peer.rpartition(":")[0], known))
    peers = frozenset((*found, *(peer for peer in nameless if peer != f"{ANY_HOST}:")))
    return Connections(peers, _ways(row["net_error"] or text)) if peers else NO_CONNECTIONS


def _of_flow(row: Mapping[str, Any], names: Mapping[str, frozenset[str]]) -> Connections:
    code = row["net_error"] or ""
    ways = _ways(code)
    if code.startswith("DNS "):
        subject = (row["error_text"] or "").rpartition(" for ")[2].lower().rstrip(".")
        return Connections(frozenset((f"{subject}:",)), ways)
    facts = json.loads(row["flow"] or "{}")
    hosts = {facts.get("target"), (facts.get("server_name") or "").lower()} - {None, ""}
    hosts |= {name for host in hosts for name in names.get(str(host), ())}
    if any(str(host).startswith("127.") or host == "::1" for host in hosts):
        hosts.add("localhost")
    if len(hosts) == 1:
        hosts.add(ANY_HOST)
    return Connections(frozenset(f"{host}:{facts.get('target_port')}" for host in hosts), ways)


def _is_name(host: str, known: Collection[str]) -> bool:
    """A name that no flow goes by: then it may be that of any address."""
    return host not in known and host != "localhost" and not host.startswith("<") and not _ADDRESS.match(host)


def _ways(text: str) -> frozenset[str]:
    return frozenset(way for way, pattern in _WAY_PATTERNS if pattern.search(text[:2_000]))


def _peers_in(text: str, url: str | None) -> Iterator[str]:
    for part in (url or "", text[:4_000]):
        for scheme, host, port in _URL.findall(part):
            number = port or _SCHEME_PORTS.get(scheme.lower())
            if number is not None:
                yield f"{_plain(host)}:{number}"
                yield f"{_plain(host)}:"
        for host, port in _PORT.findall(part):
            yield f"{_plain(host)}:{int(port)}"
            yield f"{_plain(host)}:"
    for name in _NAME.findall(text[:4_000]):
        yield f"{_plain(name)}:"


def _plain(host: str) -> str:
    return host if host.startswith("<") else host.strip("[]").lower().rstrip(".")


def names_of_addresses(entries: pl.DataFrame) -> dict[str, frozenset[str]]:
    """By address the names that clients used for it in any flow of the report."""
    if "flow" not in entries.columns:
        return {}
    flows = entries.filter(pl.col("role") == FLOW).select(
        address=pl.col("flow").str.extract(r'"target":"([^"]+)"'),
        name=pl.col("flow").str.extract(r'"server_name":"([^"]+)"').str.to_lowercase(),
    )
    found: dict[str, set[str]] = {}
    for address, name in flows.drop_nulls().unique().iter_rows():
        found.setdefault(address, set()).add(name)
    return {address: frozenset(some) for address, some in found.items()}
