"""What stands on a timeline for which a report has too many entries."""

from __future__ import annotations

import polars as pl

from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.schemas import ERRORS, PARSED
from signal_pipeline.steps.timeline import report_timeline


def entries(*rows: dict[str, object]) -> pl.LazyFrame:
    same = {"report_id": "r", "signal_sha256": "0" * 64, "kind": "log", "signal_id": "s"}
    same |= {"message": "quiet", "level": "info"}
    numbered = [same | {"ordinal": number} | row for number, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema=PARSED.polars).lazy()


def test_quiet_records_without_a_tie_are_left_out_first() -> None:
    quiet = [{} for _ in range(50)]
    found = report_timeline(
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
    found = report_timeline(entries({}, {"message": "broke", "level": "error"}), errors.lazy(), CorrelationSettings())
    told = found.timeline.frame.select("is_error", "error_type", "signature_hash").rows()
    assert told == [(False, None, None), (True, "TypeError", "f" * 64)]
