"""What DNS tells: failures over UDP and TCP, codes that EDNS extends, and what the servers of other flows are called."""

from __future__ import annotations

import struct
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.parsing.flow_facts import with_facts
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    CLIENT,
    RST,
    SERVER,
    SYN,
    Connection,
    dns,
    dns_answer,
    ip,
    pcap,
    udp,
)

RESOLVER = "198.51.100.53"


def read(packets: list[bytes], folder: Path) -> pl.DataFrame:
    path = folder / "a.pcap"
    path.write_bytes(pcap(packets))
    return with_facts(pl.concat(read_signal(path, redactor=Redactor(b"key"))))


def asked(name: str) -> bytes:
    return ip(udp(data=dns(name)), CLIENT, RESOLVER, 17)


def told(answer: bytes, client: str = CLIENT) -> bytes:
    return ip(udp(53, 50_123, answer), RESOLVER, client, 17)


REFUSED = Connection(50_200, 5432).send(0, flags=SYN).send(1, flags=RST | ACK).packets
# name, packets in front of the connection, what its server is called
NAMED: list[tuple[str, list[bytes], str | None]] = [
    ("an answer", [asked("db.shop.example"), told(dns_answer("db.shop.example", SERVER))], "db.shop.example"),
    ("an answer without its question", [told(dns_answer("db.shop.example", SERVER))], "db.shop.example"),
    ("an alias", [told(dns_answer("db.shop.example", SERVER, alias="db-7.cloud.example"))], "db.shop.example"),
    ("one of several", [told(dns_answer("db.shop.example", "192.0.2.1", SERVER))], "db.shop.example"),
    ("the last answer", [told(dns_answer("a.shop.example", SERVER)), told(dns_answer("b.shop.example", SERVER))], "b.shop.example"),
    ("the client's own", [told(dns_answer("a.shop.example", SERVER)), told(dns_answer("b.shop.example", SERVER), "10.0.0.3")], "a.shop.example"),
    ("somebody else's", [told(dns_answer("b.shop.example", SERVER), "10.0.0.3")], "b.shop.example"),
    ("another address", [told(dns_answer("db.shop.example", "192.0.2.1"))], None),
    ("nothing", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "server"), NAMED, ids=[case[0] for case in NAMED])
def test_a_server_is_called_what_dns_answered(
    name: str, before: list[bytes], server: str | None, tmp_path: Path
) -> None:
    found = read([*before, *REFUSED], tmp_path).filter(pl.col("net_error") == "ECONNREFUSED")
    assert found["server_name"].to_list() == [server], name
    if server is not None:
        assert found["error_text"].to_list() == [f"postgres connection refused by {server}"]


def lengthy(message: bytes) -> bytes:
    return struct.pack(">H", len(message)) + message


MISSING = lengthy(dns("api.shop.example", 3))
BAD_COOKIE = dns("api.shop.example", 7)[:10] + b"\0\1" + dns("api.shop.example", 7)[12:]
# name, packets, codes with their subjects
CODES: list[tuple[str, list[bytes], list[str]]] = [
    ("over TCP", Connection(server_port=53).opened().send(1, MISSING).packets, ["DNS NXDOMAIN for api.shop.example"]),
    (
        "over TCP, in two segments",
        Connection(server_port=53).opened().send(1, MISSING[:9]).send(1, MISSING[9:]).packets,
        ["DNS NXDOMAIN for api.shop.example"],
    ),
    (
        "over TCP, two in a segment",
        Connection(server_port=53).opened().send(1, MISSING + lengthy(dns("b.example", 2, 8))).packets,
        ["DNS NXDOMAIN for api.shop.example", "DNS SERVFAIL for b.example"],
    ),
    (
        "a code that EDNS extends",
        [told(BAD_COOKIE + b"\0\0\x29\x04\xd0\1\0\0\0\0\0")],
        ["DNS BADCOOKIE for api.shop.example"],
    ),
    (
        "on a port of its own",
        [ip(udp(5335, 50_123, dns("api.shop.example", 3)), RESOLVER, CLIENT, 17)],
        ["DNS NXDOMAIN for api.shop.example"],
    ),
    (
        "a reserved bit that is set",
        [told(b"\0\7\x81\xc3" + dns("api.shop.example", 3)[4:])],
        ["DNS NXDOMAIN for api.shop.example"],
    ),
    ("encrypted, on the port of DNS", [told(b"\0\7\x81\xc3" + bytes(range(200, 255)) * 2)], []),
    ("names of Windows on their own port", [ip(udp(137, 137, dns("FHEPFCELEHFCEPFFFACACACACACACAAA", 3)), RESOLVER, CLIENT, 17)], []),
    (
        "more names than are kept of a flow, answered all",
        [part for n in range(80) for part in (asked(f"n{n}.example"), told(dns_answer(f"n{n}.example", "192.0.2.1")))],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "packets", "codes"), CODES, ids=[case[0] for case in CODES])
def test_codes_of_failure(name: str, packets: list[bytes], codes: list[str], tmp_path: Path) -> None:
    found = read(packets, tmp_path).filter(pl.col("net_error").is_not_null())
    assert found["error_text"].to_list() == codes, name
