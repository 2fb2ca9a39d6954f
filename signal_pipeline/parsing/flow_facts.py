"""What is known of a flow beside its sentence: columns of their own, which travel in one column of the entries.

Entries of other roles have nothing here, so the columns are kept together as JSON text until flows are asked for.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from signal_pipeline.frame_schema import Column, FrameSchema

UTC_TIME = pl.Datetime("us", "UTC")
FLOW_FACTS = FrameSchema(
    "flow_facts",
    (
        Column("protocol", pl.String(), "TCP, UDP, ICMP and so on"),
        Column("source", pl.String(), "address of the originator, redacted"),
        Column("source_port", pl.Int32(), "its port; null where the protocol has none"),
        Column("target", pl.String(), "address of the responder, redacted"),
        Column("target_port", pl.Int32(), "its port"),
        Column("service", pl.String(), "by content, otherwise by port"),
        Column("server_name", pl.String(), "what the client called the responder, redacted"),
        Column("tls_version", pl.String(), "as the responder chose it"),
        Column("state", pl.String(), "state of the connection as Zeek names it"),
        Column("started_at", UTC_TIME, "first packet, UTC"),
        Column("ended_at", UTC_TIME, "last packet, UTC"),
        Column("packets_out", pl.Int64(), "packets of the originator"),
        Column("bytes_out", pl.Int64(), "their bytes on the wire"),
        Column("payload_out", pl.Int64(), "their bytes above the transport"),
        Column("packets_in", pl.Int64(), "packets of the responder"),
        Column("bytes_in", pl.Int64(), "their bytes on the wire"),
        Column("payload_in", pl.Int64(), "their bytes above the transport"),
        Column("handshake_ms", pl.Float64(), "from the SYN to its answer, ms"),
        Column("retransmitted", pl.Int64(), "segments sent again"),
        Column("out_of_order", pl.Int64(), "segments out of order"),
        Column("zero_windows", pl.Int64(), "segments that announce a full receive window"),
        Column("resets", pl.Int64(), "segments with RST"),
        Column("clear_login", pl.String(), "how a password was sent without encryption"),
        Column("certificate_ends", UTC_TIME, "when the certificate of the responder expires"),
        Column("self_signed", pl.Boolean(), "whether that certificate names its own issuer"),
    ),
)
FEATURES_COLUMN = "features"
FEATURE_DIGITS = 3


def facts_column(facts: pl.DataFrame, features: NDArray[np.float64]) -> pl.Series:
    """The facts of flows and their features, a row for each flow, as the texts of one column."""
    lists = pl.Series(FEATURES_COLUMN, features.round(FEATURE_DIGITS)).arr.to_list()
    return facts.with_columns(lists).select(pl.struct(pl.all()).struct.json_encode()).to_series()


def with_facts(flows: pl.DataFrame) -> pl.DataFrame:
    """Entries of role flow with FLOW_FACTS and `features` as columns instead of the one `flow`."""
    dtype = pl.Struct({**FLOW_FACTS.polars, FEATURES_COLUMN: pl.List(pl.Float64())})
    return flows.with_columns(pl.col("flow").str.json_decode(dtype)).unnest("flow")
