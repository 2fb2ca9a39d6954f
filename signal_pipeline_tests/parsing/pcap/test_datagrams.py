"""Fragments of IP: what a datagram says is read where all of it is there, and from its first fragment otherwise."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    CLIENT,
    RST,
    SERVER,
    SYN,
    Connection,
    dns_answer,
    ip,
    pcap,
    tcp,
    udp,
)

RESOLVER = "198.51.100.53"
MORE = 0x2000
UNITS = 5  # of eight bytes in a fragment
ANSWER = udp(53, 50_000, dns_answer("db.shop.example", SERVER, alias="a-long-name-of-a-host.pool.shop.example"))
REFUSED = Connection(50_001, 5432).send(0, flags=SYN).send(1, flags=RST).packets
Part = tuple[int, bytes, bool]


def parts(whole: bytes, units: int = UNITS) -> list[Part]:
    """(offset in units of eight bytes, bytes, whether more follow) of each fragment."""
    size = units * 8
    return [(at // 8, whole[at : at + size], at + size < len(whole)) for at in range(0, len(whole), size)]


def on_4(pieces: Sequence[Part], protocol: int = 17, source: str = RESOLVER, target: str = CLIENT) -> list[bytes]:
    return [
        ip(data, source, target, protocol, fragment=offset | (MORE if more else 0), identification=9)
        for offset, data, more in pieces
    ]


def on_6(pieces: Sequence[Part]) -> list[bytes]:
    ends = ip_address("fd00::53").packed + ip_address("fd00::2").packed
    made = []
    for offset, data, more in pieces:
        body = struct.pack(">BBHI", 17, 0, offset << 3 | more, 70_000) + data
        made.append(struct.pack(">IHBB", 6 << 28, len(body), 44, 64) + ends + body)
    return made


def hosts(packets: Sequence[bytes | tuple[float, bytes]], folder: Path) -> set[str | None]:
    """The names of the servers of a capture of these and a connection to the server that the answer names."""
    path = folder / "a.pcap"
    later = [(100.0 + number / 1000, packet) for number, packet in enumerate(REFUSED)]
    path.write_bytes(pcap([*packets, *later]))
    frames = list(read_signal(path, redactor=Redactor(b"key")))
    return {name for frame in frames for name in frame.select("component").to_series().to_list()}


FIRST, *LATER = parts(ANSWER)
WHOLE = [
    ("in order", [FIRST, *LATER]),
    ("from the end", [*LATER[::-1], FIRST]),
    ("some of them twice", [FIRST, LATER[0], *LATER, FIRST]),
]


@pytest.mark.parametrize(("name", "pieces"), WHOLE, ids=[case[0] for case in WHOLE])
def test_an_answer_in_fragments_is_read(name: str, pieces: list[Part], tmp_path: Path) -> None:
    assert "db.shop.example" in hosts(on_4(pieces), tmp_path), name


BROKEN = [
    ("one is missing", [FIRST, *LATER[1:]]),
    ("two overlap", [FIRST, (UNITS - 1, b"x" * 8 + LATER[0][1], LATER[0][2]), *LATER[1:]]),
    ("one comes again with other bytes", [FIRST, (UNITS, bytes(UNITS * 8), True), *LATER]),
    ("the end is missing", [FIRST, *LATER[:-1]]),
]


@pytest.mark.parametrize(("name", "pieces"), BROKEN, ids=[case[0] for case in BROKEN])
def test_what_is_not_whole_is_not_put_together(name: str, pieces: list[Part], tmp_path: Path) -> None:
    assert "db.shop.example" not in hosts(on_4(pieces), tmp_path), name


def test_fragments_that_come_too_late_are_of_another_datagram(tmp_path: Path) -> None:
    first, *rest = on_4([FIRST, *LATER])
    assert "db.shop.example" not in hosts([first, *((40.0, packet) for packet in rest)], tmp_path)


def test_fragments_of_ipv6_are_put_together(tmp_path: Path) -> None:
    assert "db.shop.example" in hosts(on_6([FIRST, *LATER]), tmp_path)


def test_a_request_in_fragments_is_read(tmp_path: Path) -> None:
    """Its host is in the last fragment."""
    ask = b"GET /orders/of/a/customer HTTP/1.1\r\nAccept: text/html\r\nHost: shop.example\r\n\r\n"
    segment = tcp(50_002, 80, ACK, ask, seq=1)
    assert "shop.example" in hosts(on_4(parts(segment), 6, CLIENT, SERVER), tmp_path)
