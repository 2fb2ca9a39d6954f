"""What a stream of progress says: each thing once, in the order in which a reader can follow it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.reports.progress import Snapshot, changes
from signal_pipeline.storage.intake import IntakeStatus
from signal_pipeline.storage.outcomes import FileOutcome
from signal_pipeline.storage.report_log import LogEntry

BEGIN = datetime(2026, 3, 1, 10, tzinfo=UTC)
REPORT = uuid4()


def request(state: str, progress: int, attempt: int = 1, reason: str | None = None) -> IntakeStatus:
    return IntakeStatus(
        uuid4(), REPORT, state, attempt, progress, reason, None, None, BEGIN, BEGIN, BEGIN, None, "report", 0, []
    )


def line(second: int, text: str, level: str = "info") -> LogEntry:
    return LogEntry(BEGIN + timedelta(seconds=second), "intake", text, level)


def outcome(name: str, status: str) -> FileOutcome:
    return FileOutcome(uuid4(), name, status, "log", None, None, 1.0, 7, 9, [], {}, None)


def told(before: Snapshot | None, now: Snapshot) -> list[tuple[str, object]]:
    first = {"log": "text", "stage": "stage", "file": "name", "progress": "progress", "end": "state"}
    return [(event.kind, event.data[first[event.kind]]) for event in changes(before, now)]


def test_each_look_says_what_is_new() -> None:
    waiting = Snapshot(ReportStatus(REPORT, request("PENDING", 0), []), {}, [line(0, "requested: PENDING")])
    assert told(None, waiting) == [("log", "requested: PENDING"), ("progress", 0)]
    assert told(waiting, waiting) == []
    good, bad = outcome("a.log", "ok"), outcome("b.har", "failed")
    reading = Snapshot(
        ReportStatus(REPORT, request("RUNNING", 30), [good, bad]),
        {"raw_signals": 0.1, "parsed_entries": 1.5},
        [*waiting.log, line(1, "attempt 1: PENDING → RUNNING")],
    )
    assert told(waiting, reading) == [
        ("log", "attempt 1: PENDING → RUNNING"),
        ("stage", "raw_signals"),
        ("stage", "parsed_entries"),
        ("file", "a.log"),
        ("file", "b.har"),
        ("progress", 30),
    ]
    *_, last = changes(waiting, reading)
    assert last.data["files"] == {"ok": 1, "partial": 0, "failed": 1}
    assert last.data["last_stage"] == "parsed_entries"
    done = replace(
        reading, status=ReportStatus(REPORT, request("COMPLETED", 100, reason="1 file not read"), [good, bad])
    )
    assert told(reading, done) == [("progress", 100), ("end", "COMPLETED")]


def test_the_steps_of_another_attempt_are_said_again() -> None:
    first = Snapshot(ReportStatus(REPORT, request("RUNNING", 30), []), {"raw_signals": 0.1}, [])
    second = Snapshot(ReportStatus(REPORT, request("RUNNING", 10, attempt=2), []), {"raw_signals": 0.2}, [])
    assert told(first, second) == [("stage", "raw_signals"), ("progress", 10)]
