"""What is on a timeline for which a report has too many entries."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import polars as pl
from polars.testing import assert_frame_equal

from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.frame_schema import EXCHANGE, RECORD
from signal_pipeline.pipeline.timeline import ReportTimeline, StoredReport, report_timelines
from signal_pipeline.schemas import ERRORS, PARSED


def entries(*rows: dict[str, object]) -> pl.LazyFrame:
    same = {"report_id": "r", "signal_sha256": "0" * 64, "kind": "log", "signal_id": "s"}
    same |= {"message": "quiet", "level": "info"}
    role = {"har": EXCHANGE}
    numbered = [
        same | {"ordinal": number, "role": role.get(str(row.get("kind")), RECORD)} | row
        for number, row in enumerate(rows)
    ]
    return pl.DataFrame(numbered, schema=PARSED.polars).lazy()


def timeline_of(told: pl.LazyFrame, errors: pl.LazyFrame, settings: CorrelationSettings) -> ReportTimeline:
    (found,) = report_timelines({uuid4(): StoredReport(told, errors)}, settings)
    return found[1]


def test_quiet_records_without_a_tie_are_left_out_first() -> None:
    quiet = [{} for _ in range(50)]
    found = timeline_of(
        entries(
            *quiet,
            {
                "signal_id": "h",
                "kind": "har",
                "method": "GET",
                "url": "http://h/pay",
                "status": 500,
                "trace_id": "abcdef12",
            },
            *quiet,
            {"message": "loud", "level": "error"},
            {"message": "names GET /pay", "level": "info"},
            {"message": "has the id", "trace_id": "abcdef12"},
        ),
        ERRORS.empty().lazy(),
        CorrelationSettings(max_entries=6),
    )
    messages = found.timeline.frame["message"].to_list()
    assert found.left_out == 98 and len(messages) == 6
    assert {"loud", "names GET /pay", "has the id"} < set(messages)


def test_errors_keep_their_type_and_signature() -> None:
    errors = ERRORS.conform(
        entries({}, {"message": "broke", "level": "error"}).collect().filter(pl.col("ordinal") == 1)
    ).with_columns(error_type=pl.lit("TypeError"), severity=pl.lit("high"), signature_hash=pl.lit("f" * 64))
    found = timeline_of(entries({}, {"message": "broke", "level": "error"}), errors.lazy(), CorrelationSettings())
    told = found.timeline.frame.select("is_error", "error_type", "signature_hash").rows()
    assert told == [(False, None, None), (True, "TypeError", "f" * 64)]


def test_reports_worked_together_have_the_timelines_that_each_has_alone() -> None:
    def request(path: str, status: int, second: int) -> dict[str, object]:
        at = datetime(2026, 1, 1, 12, 0, second, tzinfo=UTC)
        return {
            "signal_id": "h", "kind": "har", "method": "GET", "url": f"http://h{path}", "status": status,
            "timestamp": at, "duration_ms": 20.0, "message": f"GET {path} {status}",
        }  # fmt: skip

    def record(text: str, second: int) -> dict[str, object]:
        return {"message": text, "level": "error", "timestamp": datetime(2026, 1, 1, 12, 0, second, tzinfo=UTC)}

    stored = {
        uuid4(): StoredReport(entries(*rows), ERRORS.empty().lazy())
        for rows in (
            [request("/pay", 500, 1), record("POST /pay failed", 1), record("GET /pay 500 20 ms", 1)],
            [record("nothing to do with a request", 5)],
            [],
            [request("/cart", 200, 1), request("/pay", 502, 3), record("upstream of GET /pay is gone", 3)],
        )
    }
    together = dict(report_timelines(stored, CorrelationSettings()))
    assert together.keys() == stored.keys()
    for report_id, one in stored.items():
        ((_, alone),) = report_timelines({report_id: one}, CorrelationSettings())
        assert_frame_equal(together[report_id].timeline.frame, alone.timeline.frame)
        assert together[report_id].timeline.clocks == alone.timeline.clocks
    assert [one.timeline.frame["link_confidence"].count() > 0 for one in together.values()] == [
        True,
        False,
        False,
        True,
    ]
