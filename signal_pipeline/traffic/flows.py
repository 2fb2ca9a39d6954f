"""The flows of a report as a table, and as the columns that CICFlowMeter writes."""

from __future__ import annotations

import polars as pl

from signal_pipeline.frame_schema import FLOW, Column, FrameSchema
from signal_pipeline.parsing.flow_facts import FEATURES_COLUMN, FLOW_FACTS, with_facts
from signal_pipeline.parsing.pcap.flow_features import FEATURES

FLOWS = FrameSchema(
    "flows",
    (
        Column("signal_id", pl.String(), "file of the report, a UUID"),
        Column("member", pl.String(), "file inside an archive; null when there is no archive"),
        Column("number", pl.Int64(), "place in the capture, by first packet", nullable=False),
        *FLOW_FACTS.columns,
        Column("failures", pl.List(pl.String()), "codes of what failed, in order; empty where nothing did"),
        Column(FEATURES_COLUMN, pl.List(pl.Float64()), "values of FEATURES, in their order"),
    ),
)
NEEDED = ("signal_id", "member", "role", "entry_index", "ordinal", "net_error", "flow")
"""Columns of `schemas.PARSED` that the table is made of."""
_FILE = ("signal_id", "member", "number")
_PROTOCOL_NUMBERS = {"TCP": 6, "UDP": 17, "ICMP": 1, "ICMPv6": 58, "SCTP": 132}
_ABOUT = (
    (
        "Flow ID",
        pl.concat_str("Src IP", "Dst IP", "Src Port", "Dst Port", "Protocol", separator="-", ignore_nulls=True),
    ),
)


def flows_of(entries: pl.LazyFrame) -> pl.DataFrame:
    """FLOWS from entries with the columns NEEDED: a row for each flow, in order of its first packet."""
    rows = entries.filter((pl.col("role") == FLOW) & pl.col("flow").is_not_null()).select(NEEDED)
    found = (
        rows.rename({"entry_index": "number"})
        .group_by(_FILE)
        .agg(pl.col("flow").first(), failures=pl.col("net_error").sort_by("ordinal").drop_nulls())
        .collect()
    )
    return FLOWS.conform(with_facts(found)).sort("started_at", *_FILE)


def flow_meter_table(flows: pl.DataFrame) -> pl.DataFrame:
    """CICFlowMeter's columns as far as they are computed, by its names, then what it does not have."""
    features = [
        pl.col(FEATURES_COLUMN).list.get(place, null_on_oob=True).alias(name) for place, name in enumerate(FEATURES)
    ]
    protocol = pl.col("protocol").replace_strict(_PROTOCOL_NUMBERS, default=None, return_dtype=pl.Int64())
    table = flows.select(
        pl.col("source").alias("Src IP"),
        pl.col("source_port").alias("Src Port"),
        pl.col("target").alias("Dst IP"),
        pl.col("target_port").alias("Dst Port"),
        protocol.fill_null(pl.col("protocol").str.extract(r"^IP ([0-9]+)$").cast(pl.Int64())).alias("Protocol"),
        pl.col("started_at").dt.strftime("%Y-%m-%d %H:%M:%S%.6f").alias("Timestamp"),
        *features,
        pl.lit("NeedManualLabel").alias("Label"),
        pl.col("number").alias("Flow"),
        pl.col("service").alias("Service"),
        pl.col("state").alias("State"),
        pl.col("handshake_ms").alias("Handshake ms"),
        pl.col("failures").list.join(" ").alias("Failures"),
    )
    return table.select(*(expression.alias(name) for name, expression in _ABOUT), pl.all())
