"""Captures that are cut, lie about lengths or are made to hurt: each has an outcome, and none breaks the reader."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    RST,
    SYN,
    Connection,
    client_hello,
    dns,
    ip,
    pcap,
    pcapng,
    tcp,
    udp,
)
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data

PARTS = 50
ASK = b"GET /orders HTTP/1.1\r\nHost: shop.example\r\n\r\n"
ANSWER = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno"
TALK = Connection().opened().send(0, ASK).send(1, ANSWER).closed().packets
TLS = Connection(50_124, 443).opened().send(0, client_hello("pay.example")).send(1, flags=RST | ACK).packets
MIXED = [*TALK, *TLS, ip(udp(5_000, 53, dns("a.example", rcode=3)), protocol=17)]
WHOLE = {
    "pcap": pcap(MIXED),
    "pcap, other order": pcap(MIXED, order=">", nanoseconds=True),
    "pcapng": pcapng([(101, b"")], [(0, 1_700_000_000_000_000 + n, packet) for n, packet in enumerate(MIXED)]),
}


def outcome(content: bytes, folder: Path) -> SignalOutcome:
    path = folder / "a.pcap"
    path.write_bytes(content)
    reading = read_signal(path, redactor=Redactor(b"key"))
    assert sum(frame.height for frame in reading) >= 0
    return reading.outcome


def good(found: SignalOutcome) -> bool:
    return "internal_error" not in str(found)


@pytest.mark.parametrize("name", WHOLE)
def test_a_capture_that_is_cut_anywhere(name: str, tmp_path: Path) -> None:
    whole = WHOLE[name]
    for part in range(1, PARTS):
        found = outcome(whole[: len(whole) * part // PARTS], tmp_path)
        assert good(found) and (part < 3 or found.status in ("ok", "partial")), (part, found)


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_a_capture_with_bytes_changed_anywhere(name: str, tmp_path: Path) -> None:
    rng = random.Random(name)
    for _ in range(150):
        broken = bytearray(WHOLE[name])
        for _ in range(rng.choice((1, 3, 20))):
            broken[rng.randrange(24, len(broken))] = rng.randrange(256)
        assert good(outcome(bytes(broken), tmp_path))


def _record(captured: int, original: int, data: bytes = b"") -> bytes:
    return struct.pack("<IIII", 1_700_000_000, 0, captured, original) + data


def _looped(name: bytes) -> bytes:
    """A DNS answer whose name is this."""
    return struct.pack(">HHHHHH", 7, 0x8183, 1, 0, 0, 0) + name + struct.pack(">HH", 1, 1)


def _fragments(*pieces: tuple[int, int, bool]) -> bytes:
    """A capture of fragments of one DNS answer: (units of eight bytes before it, bytes, whether more follow)."""
    whole = udp(53, 9, dns("a.example", rcode=3)) + bytes(70_000)
    made = []
    for offset, size, more in pieces:
        part = whole[offset * 8 : offset * 8 + size]
        made.append(ip(part, protocol=17, fragment=offset | more << 13, identification=9))
    return pcap(made)


HEADER = pcap([])
PING = ip(tcp(flags=SYN))
# name, content
BAD: list[tuple[str, bytes]] = [
    ("a packet of four gigabytes", HEADER + _record(0xFFFFFFFF, 0xFFFFFFFF) + PING),
    ("a packet longer than the file", HEADER + _record(len(PING), len(PING), PING) + _record(60_000, 60_000, PING)),
    ("no bytes captured", HEADER + _record(0, 1_500) * 20),
    ("captured more than sent", HEADER + _record(len(PING), 1, PING)),
    ("a segment with all options", pcap([ip(tcp(flags=SYN, options=b"\x01" * 40))])),
    ("an option of no length", pcap([ip(tcp(flags=SYN, options=b"\x02\x00\x02\x00"))])),
    ("a header longer than the packet", pcap([b"\x4f" + PING[1:]])),
    ("a total length of nothing", pcap([PING[:2] + b"\0\0" + PING[4:]])),
    ("a total length of too much", pcap([PING[:2] + b"\xff\xff" + PING[4:]])),
    ("a DNS name that points to itself", pcap([ip(udp(53, 9, _looped(b"\xc0\x0c")), protocol=17)])),
    ("DNS names that point to each other", pcap([ip(udp(53, 9, _looped(b"\xc0\x0e\xc0\x0c")), protocol=17)])),
    ("a DNS name without an end", pcap([ip(udp(53, 9, _looped(b"\x3f" + b"a" * 20)), protocol=17)])),
    ("a DNS name of many labels", pcap([ip(udp(53, 9, _looped(b"\x01a" * 300 + b"\0")), protocol=17)])),
    ("DNS over TCP, messages of no length", pcap(Connection(server_port=53).opened().send(0, bytes(60_000)).send(0, b"\xff").packets)),
    ("DNS with records that are not there", pcap([ip(udp(53, 9, struct.pack(">HHHHHH", 7, 0x8180, 1, 65_535, 0, 65_535) + b"\xc0\x0c\0\1\0\1\xc0\x0c"), protocol=17)])),
    ("labels of MPLS without an end", pcap([bytes(12) + b"\x88\x47" + b"\0\0\0\x40" * 300], 1)),
    ("options of 65,535 bytes", pcapng([(101, struct.pack("<HH", 1, 65_535) + bytes(65_536))], [(0, 1, PING)])),
    ("a second section in the other byte order", pcapng([(101, b"")], [(0, 1, PING)]) + pcapng([(101, b"")], [(0, 1, PING)], ">")),
    ("segments that overlap", pcap([*TALK[:4], ip(tcp(data=b"POST /x", seq=1_010)), *TALK[4:]])),
    ("a TLS record that lies", pcap(Connection(9, 443).send(0, b"\x16\x03\x01\xff\xff\x01\xff\xff\xff").packets)),
    ("a head without an end", pcap(Connection().send(0, b"GET /" + b"x" * 60_000).send(0, b"y" * 60_000).packets)),
    ("a chunk of too much", pcap(Connection().send(0, ASK).send(1, ANSWER[:40] + b"\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n").packets)),
    ("a block of pcapng without length", WHOLE["pcapng"][:28] + struct.pack("<II", 6, 0)),
    ("an option of pcapng beyond its block", pcapng([(101, struct.pack("<HH", 9, 60_000))], [(0, 1, PING)])),
    ("an interface that is not there", pcapng([(101, b"")], [(9, 1, PING)])),
    ("time beyond all clocks", pcapng([(101, b"\x09\0\1\0\0\0\0\0")], [(0, (1 << 64) - 1, PING)])),
    ("fragments that overlap", _fragments((0, 48, True), (3, 48, True), (6, 8, False))),
    ("a fragment inside another", _fragments((0, 64, True), (2, 8, False))),
    ("fragments with a gap", _fragments((0, 24, True), (9, 24, False))),
    ("fragments beyond 65,535 bytes", _fragments((0, 24, True), (3, 60_000, True), (8_191, 1_000, False))),
    ("fragments that never end", _fragments(*((3 * n, 24, True) for n in range(2_000)))),
    ("two ends of one datagram", _fragments((0, 24, True), (3, 24, False), (6, 24, False))),
    ("as many bytes as announced, not in one piece, again and again", _fragments((0, 24, True), *((4 + 2 * n, 8, True) for n in range(1_000)), (1_003, 8, False), *((0, 24, True),) * 2_000)),
    ("fragments of nothing", _fragments((0, 24, True), (3, 0, True), (3, 0, False))),
    ("tunnels in tunnels", pcap([ip(ip(ip(ip(ip(ip(PING, protocol=4), protocol=4), protocol=4), protocol=4), protocol=4), protocol=4)])),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), BAD, ids=[case[0] for case in BAD])
def test_a_bad_capture_has_an_outcome(name: str, content: bytes, tmp_path: Path) -> None:
    assert good(outcome(content, tmp_path)), name


@needs_real_data
def test_real_captures_that_are_cut(tmp_path: Path) -> None:
    captures = sorted((REAL_DATA / "pcap").glob("*/*.pcap*"), key=lambda path: path.stat().st_size)
    for number, path in enumerate(path for path in captures[::7] if path.suffix in (".pcap", ".pcapng")):
        content = path.read_bytes()[: 1 << 20]
        for part in (1, 7 + number % 11, 33, 49):
            assert good(outcome(content[: len(content) * part // PARTS], tmp_path)), (path.name, part)
