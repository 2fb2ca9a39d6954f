"""The flows of a report as a table, and as the columns that CICFlowMeter writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from signal_pipeline.frame_schema import FLOW
from signal_pipeline.parsing.flow_facts import FEATURES_COLUMN, with_facts
from signal_pipeline.parsing.pcap.flow_features import FEATURES
from signal_pipeline.traffic.columns import FLOWS, TRAFFIC_FLOWS

NEEDED = ("signal_id", "member", "role", "entry_index", "ordinal", "net_error", "flow")
"""Columns of `schemas.PARSED` that the table is made of."""
ROWS_AT_ONCE = 20_000
Classify = Callable[[pl.DataFrame], pl.DataFrame]
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
    found = _merged(_of_role(entries)).collect()
    return FLOWS.conform(with_facts(found)).sort("started_at", *_FILE)


def compact_flows(entries: pl.LazyFrame, classify: Classify) -> pl.DataFrame:
    """TRAFFIC_FLOWS from the same entries, ROWS_AT_ONCE at a time: the features of all flows of a large capture at once
    would fill the memory. `classify` gives `likely_protocol` and `likelihood` to a table with the columns of FLOWS.
    """
    parts: list[pl.DataFrame] = []
    for rows in _of_role(entries).collect_batches(chunk_size=ROWS_AT_ONCE):
        flows = FLOWS.conform(with_facts(_merged(rows.lazy()).collect()))
        parts.append(TRAFFIC_FLOWS.conform(classify(flows)))
    return joined_flows(parts)


def joined_flows(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """TRAFFIC_FLOWS of several tables with its columns, in order of the first packet."""
    if not parts:
        return TRAFFIC_FLOWS.empty()
    # A flow with several failures may have been cut apart.
    others = [pl.col(name).first() for name in TRAFFIC_FLOWS.names if name not in (*_FILE, "failures")]
    whole = pl.concat(parts).group_by(_FILE).agg(*others, pl.col("failures").explode().drop_nulls())
    return TRAFFIC_FLOWS.conform(whole).sort("started_at", *_FILE)


def _of_role(entries: pl.LazyFrame) -> pl.LazyFrame:
    return entries.filter((pl.col("role") == FLOW) & pl.col("flow").is_not_null()).select(NEEDED)


def _merged(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each flow, whose failures have a row each."""
    return (
        rows.rename({"entry_index": "number"})
        .group_by(_FILE)
        .agg(pl.col("flow").first(), failures=pl.col("net_error").sort_by("ordinal").drop_nulls())
    )


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
