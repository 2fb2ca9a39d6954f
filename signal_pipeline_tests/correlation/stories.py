"""Entries of a report as a reader of files would yield them: short stories of requests and what was logged of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.correlation.timeline import Timeline, build_timeline
from signal_pipeline.frame_schema import EXCHANGE, RECORD
from signal_pipeline.schemas import PARSED, UTC_TIME

BEGIN = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)
COLUMNS = PARSED.polars | {
    "is_error": pl.Boolean(), "error_type": pl.String(), "severity": pl.String(), "signature_hash": pl.String(),
}  # fmt: skip


class Story:
    """Collects entries file by file. `ahead` is how far a file's clock is ahead, in seconds."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._count: dict[str, int] = {}
        self.ahead: dict[str, float] = {}

    def request(
        self, at: float, method: str, path: str, status: int, ms: float = 10.0, *, file: str = "har", **more: Any
    ) -> int:
        """Its ordinal. `more` are further columns of PARSED."""
        url = path if "://" in path else f"https://shop.example{path}"
        message = f"{method} {url.split('?')[0]} -> {status or 'no answer'}"
        return self._add(
            file, at, kind="har", role=EXCHANGE, method=method, url=url, status=status, duration_ms=ms, message=message,
            is_error=status >= 400 or status == 0, level="error" if status >= 500 or not status else "info", **more,
        )  # fmt: skip

    def record(self, at: float | None, message: str, level: str = "info", *, file: str = "server", **more: Any) -> int:
        return self._add(
            file, at, kind="log", role=RECORD, message=message, level=level, is_error=level == "error", **more
        )

    def _add(self, file: str, at: float | None, **columns: Any) -> int:
        ordinal = self._count.get(file, 0)
        self._count[file] = ordinal + 1
        moment = None if at is None else BEGIN + timedelta(seconds=at + self.ahead.get(file, 0.0))
        clock = columns.pop("clock_only", False)
        self._rows.append(
            {
                "report_id": "r", "signal_id": file, "signal_sha256": "0" * 64, "ordinal": ordinal,
                "timestamp": None if clock else moment, "clock_time": moment.time() if clock and moment else None,
                "line_number": ordinal + 1 if columns["kind"] == "log" else None,
                "entry_index": ordinal if columns["kind"] == "har" else None,
            }
            | columns
        )  # fmt: skip
        return ordinal

    def timeline(self, **settings: Any) -> Timeline:
        frame = pl.DataFrame(self._rows, schema=COLUMNS).with_columns(pl.col("timestamp").cast(UTC_TIME))
        return build_timeline(frame, CorrelationSettings(**settings))


def links(timeline: Timeline) -> dict[tuple[str, int], int]:
    """(file, ordinal of the record) to the ordinal of the request."""
    found = timeline.frame.filter(pl.col("request_ordinal").is_not_null())
    return {(f, o): r for f, o, r in found.select("signal_id", "ordinal", "request_ordinal").iter_rows()}


def roles(timeline: Timeline) -> dict[tuple[str, int], str]:
    found = timeline.frame.filter(pl.col("incident_role").is_not_null())
    return {(f, o): r for f, o, r in found.select("signal_id", "ordinal", "incident_role").iter_rows()}


def shopping(story: Story, *, log: bool = True) -> None:
    """Twelve requests that went well, at moments that do not repeat, each in the access log of the server."""
    moments = (0.0, 0.31, 1.02, 1.9, 3.3, 4.45, 5.0, 6.61, 7.77, 9.2, 9.9, 11.4)
    for number, at in enumerate(moments):
        path = ("/api/products", f"/api/products/{number}", "/api/cart")[number % 3]
        story.request(at, "GET", path, 200, 8.0 + number)
        if log:
            story.record(at + 0.007 + number / 1000, f"GET {path} 200 {6 + number} ms")
