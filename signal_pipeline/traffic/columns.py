"""What the tables about network traffic have as columns: flows, windows of time, alerts."""

from __future__ import annotations

import polars as pl

from signal_pipeline.frame_schema import Column, FrameSchema
from signal_pipeline.parsing.flow_facts import FEATURES_COLUMN, FLOW_FACTS, UTC_TIME

_PLACE = (
    Column("signal_id", pl.String(), "file of the report, a UUID"),
    Column("member", pl.String(), "file inside an archive; null when there is no archive"),
    Column("number", pl.Int64(), "place in the capture, by first packet", nullable=False),
)
_FAILURES = Column("failures", pl.List(pl.String()), "codes of what failed, in order; empty where nothing did")
HAS_FAILED = pl.col("failures").list.len() > 0
_PROTOCOL = (
    Column("likely_protocol", pl.String(), "what the shape of a flow suggests where its content does not say it"),
    Column("likelihood", pl.Float64(), "how sure that is, 0 to 1"),
)

FLOWS = FrameSchema(
    "flows_with_features",
    (
        *_PLACE,
        *FLOW_FACTS.columns,
        _FAILURES,
        Column(FEATURES_COLUMN, pl.List(pl.Float64()), "values of FEATURES, in their order"),
    ),
)

# What the asset flows stores. Features stay in parsed_entries: they are eight times as large as the rest.
TRAFFIC_FLOWS = FrameSchema("flows", (*_PLACE, *FLOW_FACTS.columns, _FAILURES, *_PROTOCOL))

MEASURES = (
    Column("flows", pl.Int64(), "flows that began"),
    Column("sources", pl.Int64(), "originators"),
    Column("targets", pl.Int64(), "responders"),
    Column("target_ports", pl.Int64(), "ports of responders"),
    Column("packets", pl.Int64(), "packets both ways"),
    Column("bytes_out", pl.Int64(), "bytes of originators"),
    Column("bytes_in", pl.Int64(), "bytes of responders"),
    Column("failed", pl.Int64(), "flows in which something failed"),
    Column("unanswered", pl.Int64(), "connections that were refused or never answered"),
    Column("retransmitted", pl.Int64(), "segments sent again"),
    Column("resets", pl.Int64(), "segments with RST"),
    Column("mean_duration_ms", pl.Float64(), "of the flows, ms"),
    Column("mean_handshake_ms", pl.Float64(), "of the connections, ms; null without any"),
)
"""Of the flows that began in a window: what windows are compared by."""

TRAFFIC_WINDOWS = FrameSchema(
    "traffic_windows",
    (
        Column("started_at", UTC_TIME, "beginning of the window, UTC", nullable=False),
        Column("seconds", pl.Int32(), "length of the window", nullable=False),
        *MEASURES,
        Column("isolation", pl.Float64(), "how unlike the others it is, 0 to 1; 0.5 is usual; null of too few"),
        Column("compared_with", pl.Int32(), "windows that it was compared with", nullable=False),
        Column("differs", pl.String(), "what is far above the median of those, in words; null where nothing is"),
    ),
)

TRAFFIC_ALERTS = FrameSchema(
    "traffic_alerts",
    (
        Column("rule", pl.String(), "name of the rule", nullable=False),
        Column("severity", pl.String(), "high, medium or low", nullable=False),
        Column("sentence", pl.String(), "what was seen, in words", nullable=False),
        Column("source", pl.String(), "originator, where the alert is about one"),
        Column("target", pl.String(), "responder, where the alert is about one"),
        Column("count", pl.Int64(), "flows that it is about", nullable=False),
        Column("first_at", UTC_TIME, "first packet of the first of them, UTC"),
        Column("last_at", UTC_TIME, "last packet of the last of them, UTC"),
        Column(
            "flows",
            pl.List(pl.Struct({"signal_id": pl.String(), "member": pl.String(), "number": pl.Int64()})),
            "some of them",
            nullable=False,
        ),
    ),
)
