"""Which segments were sent again, which came out of order, and which are neither, as Wireshark tells them apart."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.parsing.flow_facts import with_facts
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import ACK, CLIENT, FIN, SERVER, SYN, Timed, ip, pcap, tcp


def sent(at: float, data: bytes = b"", seq: int = 1, ack: int = 1, flags: int = ACK) -> Timed:
    return at, ip(tcp(flags=flags, data=data, seq=seq, ack=ack))


def answered(at: float, data: bytes = b"", seq: int = 1, ack: int = 1, flags: int = ACK) -> Timed:
    return at, ip(tcp(80, 50_123, flags, data, seq, ack), SERVER, CLIENT)


OPEN = [sent(0, seq=0, ack=0, flags=SYN), answered(0.05, seq=0, flags=SYN | ACK), sent(0.1)]
HUNDRED = b"x" * 100
# name, packets, sent again, out of order
CASES: list[tuple[str, list[Timed], int, int]] = [
    ("in order", [*OPEN, sent(1, HUNDRED), sent(1, HUNDRED, 101)], 0, 0),
    ("the same later", [*OPEN, sent(1, HUNDRED), sent(2, HUNDRED)], 1, 0),
    ("the same at once", [*OPEN, sent(1, HUNDRED), sent(1.001, HUNDRED)], 1, 0),
    ("behind a later one, within the round trip", [*OPEN, sent(1, HUNDRED, 101), sent(1.02, HUNDRED)], 0, 1),
    ("behind a later one, after the round trip", [*OPEN, sent(1, HUNDRED, 101), sent(1.2, HUNDRED)], 1, 0),
    ("behind a later one, without a handshake", [sent(1, HUNDRED, 101), sent(1.02, HUNDRED)], 1, 0),
    ("behind a later one at once, without a handshake", [sent(1, HUNDRED, 101), sent(1.002, HUNDRED)], 0, 1),
    ("what was acknowledged", [*OPEN, sent(1, HUNDRED), sent(1, HUNDRED, 101), answered(1.01, ack=201), sent(1.02, HUNDRED)], 1, 0),
    (
        "asked for by three acknowledgements",
        [*OPEN, sent(1, HUNDRED, 101), *[answered(1.01 + n / 1000, ack=1) for n in range(3)], sent(1.02, HUNDRED)],
        1,
        0,
    ),
    (
        "asked for long before",
        [*OPEN, sent(1, HUNDRED, 101), *[answered(1.01 + n / 1000, ack=1) for n in range(3)], sent(1.09, HUNDRED)],
        0,
        1,
    ),
    ("a keep-alive", [*OPEN, sent(1, HUNDRED), sent(9, b"x", 100), sent(18, b"", 100)], 0, 0),
    ("new data behind a probe of the window", [*OPEN, sent(1, HUNDRED), sent(9, HUNDRED, 100)], 0, 0),
    ("a SYN", [sent(0, seq=0, ack=0, flags=SYN), sent(0.001, seq=0, ack=0, flags=SYN)], 1, 0),
    ("a FIN", [*OPEN, sent(1, seq=1, flags=FIN | ACK), sent(1.001, seq=1, flags=FIN | ACK)], 1, 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "packets", "again", "late"), CASES, ids=[case[0] for case in CASES])
def test_segments_that_repeat(name: str, packets: list[Timed], again: int, late: int, tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(packets))
    flow = with_facts(pl.concat(read_signal(path, redactor=Redactor(b"key")))).row(0, named=True)
    assert (flow["retransmitted"], flow["out_of_order"]) == (again, late), name
