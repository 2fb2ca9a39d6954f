"""The business events in the files of a report, recorded beside those sent over the API: rules look at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import polars as pl

from signal_pipeline.event_rules.occurrences import EventFacts
from signal_pipeline.frame_schema import EVENT
from signal_pipeline.intake.event_acceptance import Accepted, accept_events, tallied
from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline.parsing.events.problems import VIOLATION
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.business_events import Incoming

AT_ONCE = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = ("event", "timestamp", "signal_sha256", "member", "entry_index", "exception_class", "error_text")


def record_events(platform: Platform, report_id: UUID, entries: pl.LazyFrame) -> Accepted:
    """Record the events among `entries` (schemas.PARSED); those that are known already change nothing."""
    rows = entries.filter(pl.col("role") == EVENT).select(_COLUMNS).collect()
    if rows.is_empty():
        return Accepted(0, 0, 0)
    place = ["signal_sha256", "member", "entry_index"]
    violated = rows.filter(pl.col("exception_class") == VIOLATION).group_by(place).agg(pl.col("error_text").unique())
    own = rows.filter(pl.col("event").is_not_null()).drop("error_text")
    joined = own.join(violated, on=place, how="left", nulls_equal=True, maintain_order="left")
    events = [_incoming(row, report_id) for row in joined.iter_rows(named=True)]
    rules = event_checks(platform.limits.event_schemas, platform.limits.event_rules).rules
    return tallied(
        accept_events(platform.database, events[start : start + AT_ONCE], rules)
        for start in range(0, len(events), AT_ONCE)
    )


def _incoming(row: dict[str, Any], report_id: UUID) -> Incoming:
    event = msgspec.json.decode(row["event"])
    at = row["timestamp"]
    # Without an id, an event is identified by its place in the file.
    id_ = event["id"] or f"{row['signal_sha256'][:24]}:{row['member'] or ''}:{row['entry_index']}"
    micros = 0 if at is None else (at - _EPOCH) // timedelta(microseconds=1)
    facts = EventFacts(event["source"], id_, event["type"], micros, event["fields"])
    return Incoming(facts, tuple(sorted(row["error_text"] or ())), at is not None, report_id)
