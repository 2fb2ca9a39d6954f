"""The headers that are read at once are those that are read layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from io import BytesIO

import pytest

from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.parsing.pcap import headers
from signal_pipeline.parsing.pcap.header_columns import Transports
from signal_pipeline.parsing.pcap.headers import HeaderReader
from signal_pipeline.parsing.pcap.packets import PacketBatch
from signal_pipeline.parsing.pcap.pcap_file import MAGICS, pcap_batches
from signal_pipeline.parsing.pcap.pcapng_file import pcapng_batches
from signal_pipeline_tests.parsing.pcap.packets import Connection, client_hello, dns, ethernet, ip, pcap, tcp, udp
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data

TALK = Connection().opened().send(0, client_hello("shop.example")).closed().packets
MIXED = [
    *TALK,
    ip(udp(data=dns("shop.example")), protocol=17),
    ip(udp(9, 4789, b"\x08\0\0\0\0\0\1\0" + ethernet(TALK[0])), protocol=17),
    ip(tcp(options=b"\1" * 8)),
    ip(tcp()[:12]),
    ip(udp(9, 9, b"x" * 20)[:24], protocol=17, fragment=0x2000),
    ip(udp(9, 9)[:4] + b"\0\0\0\0" + b"x" * 9, protocol=17),
    ip(bytes(8), protocol=1),
    b"\x46" + TALK[0][1:20] + bytes(4) + TALK[0][20:],
    TALK[0][:2] + b"\0\0" + TALK[0][4:],
    TALK[0][:2] + b"\xff\xff" + TALK[0][4:],
    TALK[3] + bytes(20),
]
FORMS = {
    "raw": pcap(MIXED),
    "Ethernet": pcap([ethernet(packet) for packet in MIXED], 1),
    "Linux cooked": pcap([bytes(14) + b"\x08\0" + packet for packet in MIXED], 113),
}


def batches(content: bytes) -> Iterator[PacketBatch]:
    read = pcap_batches if content[:4] in MAGICS else pcapng_batches
    yield from read(BytesIO(content), OutcomeNotes(kind="pcap"))


def layered(batch: PacketBatch, patch: pytest.MonkeyPatch) -> Transports:
    with patch.context() as patched:
        patched.setattr(headers, "plain_headers", lambda _: None)
        return HeaderReader(batch).read()


def same(content: bytes, patch: pytest.MonkeyPatch) -> int:
    read = 0
    for batch in batches(content):
        at_once, one_by_one = HeaderReader(batch).read(), layered(batch, patch)
        for field in fields(Transports):
            assert getattr(at_once, field.name).tolist() == getattr(one_by_one, field.name).tolist(), field.name
        read += len(at_once.row)
    return read


@pytest.mark.parametrize("form", FORMS)
def test_headers_at_once(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert same(FORMS[form], monkeypatch) > len(MIXED)


@needs_real_data
def test_headers_of_real_captures(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [path for path in sorted((REAL_DATA / "pcap").glob("*/*.pcap*")) if path.suffix in (".pcap", ".pcapng")]
    assert sum(same(path.read_bytes(), monkeypatch) for path in paths[::3]) > 1_000
