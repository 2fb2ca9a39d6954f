"""Network captures as a kind of signal: how one is recognised by its first bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import polars as pl

from signal_pipeline.errors import RejectionCode
from signal_pipeline.frame_schema import FLOW
from signal_pipeline.parsing.pcap.pcap_file import MAGICS
from signal_pipeline.parsing.pcap.pcapng_file import MAGIC
from signal_pipeline.parsing.signal_kind import SignalKind, Source

_ORDER_MARKS = (b"\x4d\x3c\x2b\x1a", b"\x1a\x2b\x3c\x4d")


def _claims(head: bytes) -> bool:
    return head[:4] in MAGICS or (head[:4] == MAGIC and head[8:12] in _ORDER_MARKS)


def _read(source: Source) -> Iterator[pl.DataFrame]:
    from signal_pipeline.parsing.pcap.reader import read_capture

    return read_capture(source)


def _sample() -> bytes:
    """A connection that is refused: a SYN, and the reset that answers it."""
    packets = []
    for number, (flags, client_first) in enumerate(((2, True), (20, False))):
        ends = [(b"\x0a\x00\x00\x02", 50123), (b"\x0a\x00\x00\x09", 5432)]
        (source, port), (target, target_port) = ends if client_first else ends[::-1]
        tcp = struct.pack(
            ">HHIIBBHHH",
            port,
            target_port,
            1000 if client_first else 0,
            0 if client_first else 1001,
            0x50,
            flags,
            1024,
            0,
            0,
        )
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), number, 0, 64, 6, 0, source, target)
        packets.append(struct.pack("<IIII", 1709287200, number * 300, 40, 40) + ip + tcp)
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101) + b"".join(packets)


PCAP = SignalKind(
    name="pcap",
    role=FLOW,
    unit="flow",
    claims=_claims,
    read=_read,
    not_one=RejectionCode.NOT_CAPTURE,
    sample=_sample(),
)
