"""The events in the files of a report beside all others: once each, whatever is run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from signal_pipeline.intake.event_batch import checks_of, read_batch, record
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.parsing.events.checked import EventChecker
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.pipeline.report_events import AT_ONCE, record_events
from signal_pipeline.platform.platform import Platform

SHIPPED = ("shipped_unpaid", "A-3")


def cloud(id_: str | None, type_: str, minute: int, **data: Any) -> dict[str, Any]:
    event = {"specversion": "1.0", "source": "/shop/report", "type": type_, "time": f"2024-03-01T10:{minute:02d}:00Z"}
    return event | ({"id": id_} if id_ else {}) | {"data": data}


EVENTS = [
    cloud("e1", "order.placed", 0, order_id="A-1", amount="x", currency="EUR"),
    cloud("e2", "shipment.sent", 1, order_id="A-3"),
    cloud(None, "stock.counted", 2, count=3),
    cloud("e1", "order.placed", 0, order_id="A-1", amount="x", currency="EUR"),
]
BODY = b"".join(json.dumps(event).encode() + b"\n" for event in EVENTS)


@pytest.fixture
def report(platform: Platform, tmp_path: Path) -> tuple[UUID, pl.LazyFrame]:
    path = tmp_path / "orders.events.ndjson"
    path.write_bytes(BODY)
    report_id = submit_report(platform, [path], title=None).report_id
    reading = read_signal(path, redactor=platform.redactor(), report_id=str(report_id), signal_id=str(UUID(int=1)))
    return report_id, pl.concat(list(reading)).lazy()


def stored(platform: Platform) -> tuple[list[tuple[Any, ...]], set[tuple[str, str]]]:
    with platform.database.transaction() as connection:
        events = connection.execute("select event_id, type, report_id from business_events order by number").fetchall()
        signals = connection.execute("select rule, key from business_signals").fetchall()
    return events, set(signals)


def test_each_event_counts_once_however_often_the_step_runs(
    platform: Platform, report: tuple[UUID, pl.LazyFrame]
) -> None:
    report_id, entries = report
    first = record_events(platform, report_id, entries)
    assert (first.accepted, first.duplicates, first.violations) == (3, 1, 1)
    events, signals = stored(platform)
    assert [type_ for _, type_, _ in events] == ["order.placed", "shipment.sent", "stock.counted"]
    assert {report for *_, report in events} == {report_id}
    assert {SHIPPED, ("schema", "schema order.placed 1: /amount type")} <= signals
    again = record_events(platform, report_id, entries)
    assert (again.accepted, again.duplicates) == (0, 4)
    assert stored(platform) == (events, signals)


def test_what_was_sent_before_the_report_is_not_doubled_by_it(
    platform: Platform, report: tuple[UUID, pl.LazyFrame]
) -> None:
    checks = checks_of(platform)
    batch = read_batch(BODY.splitlines()[1], EventChecker(checks, platform.redactor()))
    assert record(platform, [batch], checks).accepted == 1
    assert record_events(platform, *report).accepted == 2
    events, signals = stored(platform)
    assert [(id_, report) for id_, _, report in events if id_ == "e2"] == [("e2", None)]
    assert len(events) == 3 and SHIPPED in signals


def test_a_report_without_events_and_one_with_more_than_a_batch(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "many.events.ndjson"
    many = [cloud(f"m{n}", "stock.counted", 5, count=n) for n in range(AT_ONCE + 7)]
    path.write_bytes(b"".join(json.dumps(event).encode() + b"\n" for event in many))
    report_id = submit_report(platform, [path], title=None).report_id
    reading = read_signal(path, redactor=platform.redactor(), report_id=str(report_id), signal_id=str(UUID(int=1)))
    entries = pl.concat(list(reading)).lazy()
    assert record_events(platform, report_id, entries.limit(0)).accepted == 0
    assert record_events(platform, report_id, entries).accepted == len(many)
