"""Services that the first data of a flow name, on any port."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.parsing.pcap.content_marks import CONTENT_MARKS, ContentMark, service_by_content
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import CLIENT, SERVER, Connection, ip, pcap, udp

PORT = 40_001
STUN = b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)
DTLS = b"\x16\xfe\xfd" + bytes(8) + b"\0\4\1\0\0\0"


@pytest.mark.parametrize("mark", CONTENT_MARKS, ids=[f"{n}-{mark.service}" for n, mark in enumerate(CONTENT_MARKS)])
def test_each_row_names_its_example(mark: ContentMark) -> None:
    for transport in mark.transports:
        assert service_by_content(transport, mark.example) == mark.service


OTHERS = [b"", b"\0", b"\0" * 60, b"\xff" * 60, b"hello there, this is nothing that is known\n", bytes(range(256))]


@pytest.mark.parametrize("data", OTHERS, ids=range(len(OTHERS)))
@pytest.mark.parametrize("transport", [6, 17])
def test_other_data_have_no_name(transport: int, data: bytes) -> None:
    assert service_by_content(transport, data) is None


# name, packets, service
NAMED: list[tuple[str, list[bytes], str]] = [
    ("by the server", Connection(server_port=PORT).opened().send(1, b"SSH-2.0-x\r\n").packets, "ssh"),
    ("by the client", Connection(server_port=PORT).opened().send(0, b"AMQP\0\0\x09\1").packets, "amqp"),
    ("by the second to speak", Connection(server_port=PORT).opened().send(1, b"220 hello\r\n").send(0, b"EHLO a\r\n").packets, "smtp"),
    ("against its port", Connection(server_port=443).opened().send(1, b"SSH-2.0-x\r\n").packets, "ssh"),
    ("not by later data", Connection(server_port=443).opened().send(0, b"x").send(0, b"SSH-2.0-x\r\n").packets, "tls"),
    ("what follows STUN", [ip(udp(PORT, PORT + 1, data), CLIENT, SERVER, 17) for data in (STUN, DTLS)], "dtls"),
    ("STUN alone", [ip(udp(PORT, PORT + 1, STUN), CLIENT, SERVER, 17)], "stun"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "packets", "service"), NAMED, ids=[case[0] for case in NAMED])
def test_a_flow_is_named(name: str, packets: list[bytes], service: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(packets))
    frame = pl.concat(read_signal(path, redactor=Redactor(b"key")))
    assert frame["message"].str.extract(r"^(?:TCP|UDP) (\S+) ").to_list() == [service], name
