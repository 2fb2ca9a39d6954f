"""Tables of flow meters as a kind of signal: CSV whose header names the ends and the packets of flows."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from signal_pipeline.errors import RejectionCode
from signal_pipeline.frame_schema import FLOW
from signal_pipeline.parsing.flow_tables.columns import NEEDED, columns_of
from signal_pipeline.parsing.signal_kind import SignalKind, Source

MAX_HEADER_BYTES = 8_000


def _claims(head: bytes) -> bool:
    first = head[:MAX_HEADER_BYTES].removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    if first.count(b",") < len(NEEDED):
        return False
    return set(NEEDED) <= columns_of(first.decode("utf-8", "replace").strip().split(",")).keys()


def _read(source: Source) -> Iterator[pl.DataFrame]:
    from signal_pipeline.parsing.flow_tables.reader import read_flow_table

    return read_flow_table(source)


FLOW_TABLE = SignalKind(
    name="flow_table",
    role=FLOW,
    unit="flow",
    claims=_claims,
    read=_read,
    not_one=RejectionCode.TABLE,
    sample=(
        b"Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Total Fwd Packet,Total Bwd packets\n"
        b"10.0.0.2,50123,10.0.0.9,5432,6,2024-03-01 10:00:00.000000,300,1,1\n"
    ),
)
