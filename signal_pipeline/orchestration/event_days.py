"""Partitions of business events: a day (UTC) and a source. Sources become partitions as soon as events of them come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.event_days import days_received_since, known_sources

SOURCES = "event_sources"
FIRST_DAY = "2024-01-01"
"""Events of earlier days are recorded and judged like others, but have no partition."""
EVENT_DAYS = dg.MultiPartitionsDefinition(
    {
        "day": dg.DailyPartitionsDefinition(start_date=FIRST_DAY, end_offset=1),
        "source": dg.DynamicPartitionsDefinition(name=SOURCES),
    }
)
MAX_RUNS = 50
"""That one night starts."""
_LOOKS_BACK = timedelta(hours=25)
_NAMELESS = "(none)"
_MAX_KEY_CHARS = 200


def key_of(source: str) -> str:
    """The source as a part of a partition key, in which `|` separates the parts."""
    return source.replace("|", "¦").strip()[:_MAX_KEY_CHARS] or _NAMELESS


def add_sources(platform: Platform, instance: dg.DagsterInstance) -> None:
    """Make each source of events a partition."""
    with platform.database.transaction() as connection:
        keys = dict.fromkeys(key_of(source) for source in known_sources(connection))
    new = keys.keys() - set(instance.get_dynamic_partitions(SOURCES)) if keys else set()
    if new:
        instance.add_dynamic_partitions(SOURCES, [key for key in keys if key in new])


def day_and_sources(platform: Platform, key: dg.MultiPartitionKey) -> tuple[date, list[str]]:
    """The day, and the sources that the key stands for."""
    parts = key.keys_by_dimension
    with platform.database.transaction() as connection:
        sources = [source for source in known_sources(connection) if key_of(source) == parts["source"]]
    return date.fromisoformat(parts["day"]), sources


def due_days(platform: Platform, now: datetime) -> Iterator[dg.RunRequest]:
    """A run for each day and source of which events have come since the night before, the latest days first."""
    with platform.database.transaction() as connection:
        found: Sequence[tuple[date, str]] = days_received_since(connection, now - _LOOKS_BACK, MAX_RUNS)
    first, last = date.fromisoformat(FIRST_DAY), now.astimezone(UTC).date()
    keys = dict.fromkeys((day.isoformat(), key_of(source)) for day, source in found if first <= day <= last)
    for day, source in keys:
        yield dg.RunRequest(
            run_key=f"{now.date()}:{day}|{source}", partition_key=dg.MultiPartitionKey({"day": day, "source": source})
        )
